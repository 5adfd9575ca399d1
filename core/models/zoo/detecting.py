"""The Keras model of a detector of the zoo, with its weights."""

from __future__ import annotations

from typing import Any

import keras
import keras_cv

from core.assets import here
from core.models import yolov3_tiny
from core.models.zoo.darknet_weights import read_darknet
from core.zoo.detectors import DETECTORS, TINY, Detector
from core.zoo.entry import ZooError

FORMAT = "xyxy"
_KINDS = {
    "yolov8-m-voc": keras_cv.models.YOLOV8Detector,
    "retinanet-resnet50-voc": keras_cv.models.RetinaNet,
}


class AllCandidates(keras.layers.Layer):  # type: ignore[misc]
    """In place of KerasCV's non-maximum suppression: every box with its scores."""

    def __init__(self, from_logits: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Keras' own
        """Say whether the scores that come are logits."""
        super().__init__(**kwargs)
        self.from_logits = from_logits
        self.bounding_box_format = FORMAT

    def call(
        self,
        box_prediction: keras.KerasTensor,
        class_prediction: keras.KerasTensor,
        images: keras.KerasTensor | None = None,
        image_shape: tuple[int, ...] | None = None,
    ) -> dict[str, keras.KerasTensor]:
        """Boxes (n, candidates, 4) and scores (n, candidates, classes), 0 to 1."""
        del images, image_shape
        scores = class_prediction
        if self.from_logits:
            scores = keras.ops.sigmoid(scores)
        return {"boxes": box_prediction, "classes": scores}


def load_detector(slug: str) -> keras.Model:
    """Build a network that finds objects.

    Args:
        slug: of `core.zoo.detectors.DETECTORS`.

    Returns:
        A model from (n, side, side, 3) float32, preprocessed as the entry says. YOLOv3-tiny
        takes any side that is a multiple of 32, and gives its two raw maps (see
        `core.vision.yolo_head`); the others give (n, candidates, 4) boxes, xyxy in pixels of
        the input, and (n, candidates, classes) scores, 0 to 1, before any suppression. Its
        `zoo_slug` is the slug.

    Raises:
        ZooError: there is no such network, or its hub cannot be reached.
        AssetError: its file is not on this machine.
        DarknetError: its file holds another network.
    """
    if slug not in DETECTORS:
        raise ZooError(f"There is no detector {slug!r} in the zoo. Try {TINY}.")
    entry = DETECTORS[slug]
    model = _tiny(entry) if entry.source == "package" else _from_hub(entry)
    model.zoo_slug = slug
    return model


def _tiny(entry: Detector) -> keras.Model:
    model = yolov3_tiny.build(None, len(entry.class_names))
    yolov3_tiny.fill(model, read_darknet(here(entry.call).read_bytes()))
    return model


def _from_hub(entry: Detector) -> keras.Model:
    try:
        detector = _KINDS[entry.slug].from_preset(
            entry.call, load_weights=True, bounding_box_format=FORMAT
        )
    # kagglehub raises whatever it met.
    except Exception as error:
        raise ZooError(
            f"{entry.title} ({entry.size_mb:.0f} MB) could not be fetched from its hub: there "
            "is no network, or it is blocked. YOLOv3-tiny and the face detector need no hub. "
            f"({type(error).__name__})"
        ) from error
    return EveryCandidate(detector, entry.side)


class EveryCandidate(keras.Model):  # type: ignore[misc]
    """A detector of KerasCV that gives every candidate, decoded."""

    def __init__(self, detector: keras.Model, side: int) -> None:
        """Take the suppression out of a detector.

        Args:
            detector: a `YOLOV8Detector` or `RetinaNet` with boxes in xyxy.
            side: height and width of the pictures that it is given.
        """
        super().__init__(name=detector.name)
        logits = isinstance(detector, keras_cv.models.RetinaNet)
        detector.prediction_decoder = AllCandidates(from_logits=logits, name="all_candidates")
        self.detector = detector
        self.named = logits  # RetinaNet wants its input under a name
        self.input_shape = (None, side, side, 3)
        self.built = True

    def call(self, given: keras.KerasTensor, training: bool = False) -> list[keras.KerasTensor]:
        """Boxes (n, candidates, 4) and scores (n, candidates, classes)."""
        said = self.detector({"images": given} if self.named else given, training=training)
        found = self.detector.decode_predictions(said, given)
        return [found["boxes"], found["classes"]]
