"""What is where in a picture: asked of the engine, which keeps the networks warm.

detections = detect(image, confidence=0.25, iou=0.45)
detections.boxes, detections.scores, detections.labels
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine, connect
from core.vision.candidates import LEAST, Candidates, Choice, Detections, choose
from core.vision.classify import ANSWER_WITHIN, Stages
from core.vision.letterbox import Letterbox, letterbox_of, put_in
from core.vision.yolo_head import YoloHead, decode_tiny
from core.zoo.detectors import DETECTORS, TINY, Detector
from core.zoo.entry import ZooError

__all__ = ["DetectError", "candidates", "check_image", "choose", "detect", "network"]

_MAPS = "core.vision.worker.detect:maps"

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class DetectError(ValueError):
    """A picture in which nothing can be looked for; the message says why and what works."""


def detect(
    image: Image,
    model: str = TINY,
    confidence: float = 0.25,
    iou: float = 0.45,
    side: int | None = None,
) -> Detections:
    """Boxes around the objects of a picture.

    Args:
        image: (H, W, 3) uint8 RGB.
        model: slug of `core.zoo.detectors`.
        confidence: lowest score of a box, 0 to 1.
        iou: a box is suppressed when its IoU with a surer one of its class is above that.
        side: of the square that the network sees, in pixels; None for the usual one.

    Returns:
        Boxes (xyxy in pixels of the picture), scores and labels, the surest first.

    Raises:
        DetectError: it is no such picture.
        MetricError: a threshold is no share.
        ZooError: there is no such network, or its hub cannot be reached.
        AssetError: the network's file is not on this machine.
        EngineError: the engine does not start.
    """
    return choose(candidates(connect(), image, model, side), Choice(confidence, iou))


def candidates(
    engine: Engine, image: Image, model: str = TINY, side: int | None = None
) -> Candidates:
    """Everything that a detector considers, once: thresholds then act without the network.

    The answer depends on nothing but the pixels, so that it can be kept by their digest.

    Args:
        engine: connected.
        image: (H, W, 3) uint8 RGB.
        model: slug of `core.zoo.detectors`.
        side: of the square that the network sees, in pixels; None for the usual one.

    Raises:
        DetectError: it is no such picture, or the network takes no such side.
        ZooError: there is no such network, or its hub cannot be reached.
        AssetError: the network's file is not on this machine.
    """
    check_image(image)
    entry = network(model)
    begun = perf_counter()
    box = letterbox(image, model, side)
    pixels = put_in(image, box, entry.fill)
    sent = perf_counter()
    outputs, total, *times = engine.call_by_name(
        "inference", _MAPS, pixels, model, LEAST, timeout=ANSWER_WITHIN
    )
    back = perf_counter()
    travel_ms = (back - sent) * 1000 - sum(times)
    stages = Stages((sent - begun) * 1000, travel_ms, times[0], times[1], times[2])
    boxes, scores, heads = _decoded(outputs, entry, box.side)
    return Candidates(
        box.undo(boxes),
        scores,
        entry.class_names,
        (box.width, box.height),
        total,
        stages,
        (perf_counter() - back) * 1000,
        heads,
    )


def network(model: str) -> Detector:
    """The entry of a detector.

    Raises:
        ZooError: there is none of that name.
    """
    if model not in DETECTORS:
        raise ZooError(f"{model!r} finds no objects. Try {', '.join(DETECTORS)}.")
    return DETECTORS[model]


def letterbox(image: Image, model: str = TINY, side: int | None = None) -> Letterbox:
    """Where a picture lies in the square of a network.

    Raises:
        ZooError: there is no such network.
        DetectError: the network takes no such side.
    """
    entry = network(model)
    side = side or entry.side
    if side not in entry.sides:
        raise DetectError(
            f"{entry.title} takes no picture of {side} x {side} pixels. Use one of "
            f"{', '.join(map(str, entry.sides))}."
        )
    return letterbox_of(image.shape[0], image.shape[1], side, entry.corner)


def check_image(image: Image) -> None:
    """Refuse what is no colour picture.

    Raises:
        DetectError: with what it is.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise DetectError(
            f"This picture is {image.dtype} of shape {image.shape}. Detection takes uint8 of "
            "shape (height, width, 3) in red, green, blue; repeat a grey one three times."
        )


def _decoded(
    outputs: Sequence[Floats], entry: Detector, side: int
) -> tuple[Floats, Floats, tuple[YoloHead, ...]]:
    """Boxes in pixels of the square and scores of all candidates; of YOLOv3 its maps, too."""
    if entry.slug != TINY:
        boxes, scores = outputs
        return boxes, scores, ()
    heads = decode_tiny(outputs, side)
    return (
        np.concatenate([head.boxes.reshape(-1, 4) for head in heads]),
        np.concatenate([head.scores.reshape(-1, head.classes) for head in heads]),
        heads,
    )
