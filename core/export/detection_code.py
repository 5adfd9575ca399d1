"""A run that learns boxes as a Keras script that gives the same curve."""

from __future__ import annotations

import math
from pathlib import Path
from textwrap import dedent

import core
from core.architecture import HEAD_DROPOUT
from core.architecture.detector import Detector, anchors, convolutions
from core.architecture.plan import MOMENTUM
from core.architecture.yolov8 import Yolov8
from core.export import yolov8_code
from core.export.loop_code import Fed, compiling, ending, taught
from core.export.model_code import wrapped
from core.export.optimizer_code import largest
from core.export.parts_code import parts_in_a_script
from core.export.training_pictures_code import PICTURES_FILE
from core.training.detection import PARTS, DetectionSpec, largest_of
from core.training.judging import at_once

_LOSSES = Path(core.__path__[0]) / "models" / "box_losses.py"

Shape = tuple[int, int, int]


def detection_script(spec: DetectionSpec, input_shape: Shape, classes: int) -> str:
    """A script that trains as the run did: same weights at first, same order, same steps.

    It reads pictures and boxes from `PICTURES_FILE`, since the scenes are drawn by this
    package. Sections are set apart by blank lines and begin with a comment.

    Args:
        spec: the run, with the changes made on the way.
        input_shape: (height, width, channels) of a picture.
        classes: number of classes.

    Raises:
        ArchitectureError: the side is no whole number of cells.
    """
    # The network's picture and what batch norm and ReLU give are no larger.
    side, _, channels = input_shape
    largest = largest_of(spec.detector, side, channels, classes)[1]
    fed = _fed(spec, at_once(max(math.prod(input_shape), largest)))
    parts = [
        _imports(spec),
        _pictures(),
        *_learnt(spec, input_shape, classes),
        compiling(spec, fed),
        *taught(spec, classes, fed),
        ending(spec, fed),
        "" if spec.finds else _found(spec),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _learnt(spec: DetectionSpec, input_shape: Shape, classes: int) -> list[str]:
    """What is wanted, the network, how pictures are drawn, and the losses."""
    detector, side = spec.detector, input_shape[0]
    if isinstance(detector, Yolov8):
        return [
            yolov8_code.answers(side),
            yolov8_code.network(spec, detector, input_shape, classes),
            yolov8_code.mirrored(spec) if _flips(spec) else "",
            yolov8_code.losses(spec),
        ]
    return [
        _answers(detector, side),
        _network(spec, detector, input_shape, classes),
        _mirrored(spec),
        _losses(spec),
    ]


def _flips(spec: DetectionSpec) -> bool:
    return spec.augmentation == "flip"


def _fed(spec: DetectionSpec, judged_at_once: int) -> Fed:
    flips = _flips(spec)
    return Fed(
        seen="pictures" if flips else "images[seen]",
        wanted="truth" if flips else "targets[seen]",
        drawn="pictures, truth = mirrored(seen)" if flips else "",
        judged_at_once=judged_at_once,
        targets="targets = np.stack([answering(*both) for both in zip(boxes, labels)])",
        loss=(_total(),),
        metrics=", ".join(f"{part}_loss" for part in spec.parts),
    )


def _imports(spec: DetectionSpec) -> str:
    own = isinstance(spec.detector, Yolov8)
    lines = [
        "# Keras 3 on TensorFlow.",
        "import keras",
        "import keras_cv" * own,
        "import numpy as np",
        "import tensorflow as tf" * (_flips(spec) or not spec.finds),
        "from keras import ops" if own else "from keras import layers, ops",
    ]
    return "\n".join(line for line in lines if line)


def _pictures() -> str:
    return dedent(f"""\
        # Pictures and boxes (left, top, right, bottom) as the run saw them, and three parts.
        data = np.load("{PICTURES_FILE}")
        images, ends = data["images"], np.cumsum(data["box_counts"])[:-1]
        boxes, labels = np.split(data["boxes"], ends), np.split(data["box_labels"], ends)
        training, validation, test = data["training"], data["validation"], data["test"]""")


def _answers(detector: Detector, side: int) -> str:
    pairs = ", ".join(f"({width!r}, {height!r})" for width, height in anchors(detector, side))
    return dedent(f"""\
        # The cell that a box's centre lies in answers for it, with the anchor of its shape.
        SIDE, CELL = {side}, {detector.stride}
        ANCHORS = np.array([{pairs}], "float32")


        def answering(boxes, labels):
            cells = SIDE // CELL
            target = np.zeros((cells, cells, len(ANCHORS), 6), "float32")
            sizes = boxes[:, 2:] - boxes[:, :2]
            for place in np.argsort(-sizes.prod(1), kind="stable"):
                centre = (boxes[place, :2] + boxes[place, 2:]) / 2
                column, row = np.minimum(centre // CELL, cells - 1).astype(int)
                both = np.minimum(sizes[place], ANCHORS).prod(-1)
                ious = both / (sizes[place].prod() + ANCHORS.prod(-1) - both)
                for anchor in np.argsort(-ious, kind="stable"):
                    if not target[row, column, anchor, 4]:
                        target[row, column, anchor] = (*boxes[place], 1, labels[place])
                        break
            return target
        """)


def _network(spec: DetectionSpec, network: Detector, input_shape: Shape, classes: int) -> str:
    *body, output = convolutions(network, input_shape[0], input_shape[2], classes)
    lines = [
        "# The same seed gives the same first weights.",
        f"keras.utils.set_random_seed({spec.seed})",
        f'inputs = keras.Input({input_shape}, name="image")',
        'x = layers.Rescaling(1 / 127.5, -1.0, name="rescale")(inputs)',
    ]
    for row in body:
        options = [
            str(row.maps), "3", f"strides={row.step}", 'padding="same"',
            f"use_bias={not network.norm}", 'kernel_initializer="he_normal"',
            f'name="{row.name}"',
        ]  # fmt: skip
        lines.append(wrapped("x = layers.Conv2D(", options, ")(x)"))
        if network.norm:
            name = f'name="{row.name}_norm"'
            lines.append(f"x = layers.BatchNormalization(momentum={MOMENTUM}, {name})(x)")
        lines.append(f'x = layers.ReLU(name="{row.name}_relu")(x)  # {row.side} x {row.side}')
    later = largest(spec, "dropout") if not spec.dropout else 0.0
    rate = spec.dropout or later
    lines += [
        f'x = layers.Dropout({rate!r}, seed={spec.seed}, name="{HEAD_DROPOUT}")(x)',
        f"# Each of {output.side} x {output.side} cells: {network.boxes} x (5 + {classes}).",
        f'last = layers.Conv2D({output.maps}, 1, name="{output.name}")',
        'model = keras.Model(inputs, last(x), name="detector")',
        "# At first every box says that there is hardly an object.",
        f'bias = np.zeros(({network.boxes}, {output.maps // network.boxes}), "float32")',
        "bias[:, 4] = np.log(0.01 / 0.99)",
        "last.bias.assign(bias.ravel())",
    ]
    if later:
        lines += [
            "# Made with a rate, the layer can draw later; at first it does not.",
            f'model.get_layer("{HEAD_DROPOUT}").rate = 0.0',
        ]
    return "\n".join(lines)


def _mirrored(spec: DetectionSpec) -> str:
    if not _flips(spec):
        return ""
    return dedent(f"""\
        # Picture and boxes are mirrored together, each way with a chance of one half.
        draws = tf.random.Generator.from_seed({spec.seed})


        def mirrored(seen):
            pictures, truth = images[seen], targets[seen]
            for at in range(0, len(seen), {spec.batch_size}):
                part = slice(at, at + {spec.batch_size})
                batch, wanted = pictures[part], truth[part]
                turns = draws.uniform((2, len(batch))).numpy() < 0.5
                for axis, low, high, turn in zip((1, 2), (1, 0), (3, 2), turns):
                    batch[turn] = np.flip(batch[turn], axis)
                    turned = np.flip(wanted[turn], axis)
                    wanted[turn] = turned
                    there = turned[..., 4]
                    wanted[turn, ..., low] = (SIDE - turned[..., high]) * there
                    wanted[turn, ..., high] = (SIDE - turned[..., low]) * there
            return pictures, truth
        """)


def _losses(spec: DetectionSpec) -> str:
    weights = ", ".join(repr(float(weight)) for weight in spec.weights)
    return parts_in_a_script(
        _LOSSES,
        ["costs", f"{spec.box_loss}_loss"],
        "# What boxes, objectness and classes cost, picture by picture.",
        f"WEIGHTS = ({weights})  # of boxes, empty cells, classes",
        f"costs(target, raw, ANCHORS, SIDE, {spec.box_loss}_loss, WEIGHTS)",
        PARTS,
    )


def _total() -> str:
    total = "    return ops.mean(ops.sum(parts(target, raw), axis=-1))"
    return f"\n\ndef loss(target, raw):\n{total}\n\n"


def _found(spec: DetectionSpec) -> str:
    if isinstance(spec.detector, Yolov8):
        return yolov8_code.FOUND
    return dedent("""\
        # The boxes of a test picture: sure enough, and not suppressed by a surer one.
        said, logits = decoded(model(images[test[:1]]), ANCHORS, SIDE)
        scores = ops.sigmoid(logits[..., :1]) * ops.sigmoid(logits[..., 1:])
        said, scores = ops.reshape(said, (-1, 4)), ops.reshape(scores, (-1, scores.shape[-1]))
        for label in range(scores.shape[-1]):
            kept = tf.image.non_max_suppression(said, scores[:, label], 20, 0.45, 0.3)
            for place in kept.numpy():
                print(f"class {label}, {scores[place, label]:.2f}: {said[place].numpy()}")""")
