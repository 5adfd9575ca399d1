"""YOLOv8 in five steps with KerasCV: load, train, validate, predict, export.

The presets of KerasCV are on a hub: naming one asks the network. The generic classes with the
numbers of a preset build the very same network without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five.

    Attributes:
        title: a word or two.
        text: what happens, for a person.
        code: Python, which goes on from the steps before.
    """

    title: str
    text: str
    code: str


def _step(title: str, text: str, code: str) -> Step:
    return Step(title, text, dedent(code).strip())


STEPS = (
    _step(
        "Load",
        "the smallest YOLOv8 by its numbers (3.4 million parameters). "
        '`YOLOV8Detector.from_preset("yolo_v8_m_pascalvoc")` would bring weights, where '
        "there is a network.",
        """
        import keras
        import keras_cv
        import numpy as np

        CLASSES = ["square", "disc"]
        backbone = keras_cv.models.YOLOV8Backbone(
            stackwise_channels=[32, 64, 128, 256],
            stackwise_depth=[1, 2, 2, 1],
            include_rescaling=True,
            input_shape=(96, 96, 3),
        )
        model = keras_cv.models.YOLOV8Detector(
            num_classes=len(CLASSES),
            bounding_box_format="xyxy",
            backbone=backbone,
            fpn_depth=1,
        )
        """,
    ),
    _step(
        "Train",
        "pictures with their boxes; here a bright shape each, drawn on the spot. The loss is "
        "CIoU for boxes and binary cross-entropy for classes; there is no objectness. The "
        "first step takes the better part of a minute: the graph is built.",
        """
        def drawn(count, seed):
            random = np.random.default_rng(seed)
            images = random.integers(0, 60, (count, 96, 96, 3)).astype("float32")
            low = random.integers(4, 50, (count, 2))
            high = low + random.integers(24, 40, (count, 2))
            classes = random.integers(0, 2, count)
            rows, columns = np.mgrid[:96, :96] + 0.5
            for image, (x0, y0), (x1, y1), kind in zip(images, low, high, classes):
                across = abs((columns - (x0 + x1) / 2) / ((x1 - x0) / 2))
                down = abs((rows - (y0 + y1) / 2) / ((y1 - y0) / 2))
                far = np.hypot(across, down) if kind else np.maximum(across, down)
                image[far < 1] += 180
            boxes = np.concatenate([low, high], axis=1).astype("float32")
            classes = classes.astype("float32")
            return images, {"boxes": boxes[:, None], "classes": classes[:, None]}


        EPOCHS, PICTURES = 20, 256
        images, truth = drawn(PICTURES, seed=0)
        model.compile(
            optimizer=keras.optimizers.Adam(0.001, global_clipnorm=10.0),
            box_loss="ciou",
            classification_loss="binary_crossentropy",
        )
        history = model.fit(images, truth, batch_size=8, epochs=EPOCHS, verbose=2)
        """,
    ),
    _step(
        "Validate",
        "average precision on other pictures. `compile` of this model takes no metric: COCO's "
        "is computed of its answers (it needs pycocotools).",
        """
        others, expected = drawn(32, seed=1)
        model.prediction_decoder = keras_cv.layers.NonMaxSuppression(
            bounding_box_format="xyxy",
            from_logits=False,
            confidence_threshold=0.05,
            iou_threshold=0.5,
        )
        measured = keras_cv.metrics.BoxCOCOMetrics(
            bounding_box_format="xyxy", evaluate_freq=1
        )
        measured.update_state(expected, model.predict(others, verbose=0))
        precision = measured.result(force=True)
        print({name: round(float(value), 3) for name, value in precision.items()})
        """,
    ),
    _step(
        "Predict",
        "boxes, classes and confidences of a picture; places beyond `num_detections` are "
        "filled with -1.",
        """
        found = model.predict(others[:1], verbose=0)
        count = int(found["num_detections"][0])
        for place in range(count):
            name = CLASSES[int(found["classes"][0, place])]
            print(name, found["confidence"][0, place], found["boxes"][0, place])
        """,
    ),
    _step(
        "Export",
        "as one file that Keras opens again, and as TensorFlow's SavedModel for a server.",
        """
        model.save("detector.keras")
        again = keras.models.load_model("detector.keras")
        np.testing.assert_allclose(
            again(others[:1])["classes"], model(others[:1])["classes"], atol=1e-5
        )
        model.export("detector_saved_model", verbose=False)
        """,
    ),
)
"""In their order."""


def whole() -> str:
    """All five as one script."""
    parts = [f"# {number}. {s.title}\n{s.code}" for number, s in enumerate(STEPS, start=1)]
    return "\n\n".join(parts) + "\n"
