"""The parts of a detector's script that KerasCV's YOLOv8 has otherwise than the grid."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import core
from core.architecture.yolov8 import Yolov8, points
from core.export.model_code import wrapped
from core.export.parts_code import parts_in_a_script
from core.training.detection import YOLOV8_PARTS, DetectionSpec

_LOSSES = Path(core.__path__[0]) / "models" / "yolov8_losses.py"

Shape = tuple[int, int, int]


def answers(side: int) -> str:
    """Boxes and classes of every picture as one array."""
    return dedent(f"""\
        # Box and class of each object of a picture; -1 where there are fewer than the most.
        SIDE, MOST = {side}, max(map(len, boxes))


        def answering(boxes, labels):
            target = np.full((MOST, 5), -1, "float32")
            target[: len(boxes), :4], target[: len(boxes), 4] = boxes, labels
            return target
        """)


def network(spec: DetectionSpec, detector: Yolov8, shape: Shape, classes: int) -> str:
    """The network by KerasCV's own classes."""
    backbone = [
        f"stackwise_channels={list(detector.channels)}",
        f"stackwise_depth={list(detector.depths)}",
        "include_rescaling=True",
        f"input_shape={shape}",
    ]
    detects = [
        f"num_classes={classes}", 'bounding_box_format="xyxy"', "backbone=backbone",
        f"fpn_depth={detector.neck_depth}",
    ]  # fmt: skip
    lines = [
        "# The same seed gives the same first weights.",
        f"keras.utils.set_random_seed({spec.seed})",
        wrapped("backbone = keras_cv.models.YOLOV8Backbone(", backbone, ")"),
        wrapped("detector = keras_cv.models.YOLOV8Detector(", detects, ")"),
        f"# {points(shape[0])} cells x (4 x 16 numbers of the edges, {classes} probabilities).",
        'output = detector.get_layer("box_outputs").output',
        'model = keras.Model(detector.input, output, name="yolov8")',
        "# At first every cell says that there is hardly an object.",
        "for place in (1, 2, 3):",
        '    last = detector.get_layer(f"yolo_v8_head_{place}_class_3_conv")',
        f"    last.bias.assign([np.log(0.01 / 0.99)] * {classes})",
    ]
    return "\n".join(lines)


def mirrored(spec: DetectionSpec) -> str:
    """Pictures and boxes turned together, as the run draws it."""
    return dedent(f"""\
        # Picture and boxes are mirrored together, each way with a chance of one half.
        draws = tf.random.Generator.from_seed({spec.seed})


        def mirrored(seen):
            pictures, truth = images[seen], targets[seen]
            there = truth[..., 4] >= 0
            for at in range(0, len(seen), {spec.batch_size}):
                part = slice(at, at + {spec.batch_size})
                batch, wanted = pictures[part], truth[part]
                turns = draws.uniform((2, len(batch))).numpy() < 0.5
                for axis, low, high, turn in zip((1, 2), (1, 0), (3, 2), turns):
                    batch[turn] = np.flip(batch[turn], axis)
                    turned = there[part] & turn[:, None]
                    ends = wanted[turned]
                    ends[:, low], ends[:, high] = SIDE - ends[:, high], SIDE - ends[:, low]
                    wanted[turned] = ends
            return pictures, truth
        """)


def losses(spec: DetectionSpec) -> str:
    """What the run makes small, with KerasCV's encoder."""
    weights = f"WEIGHTS = ({float(spec.box_weight)!r}, {float(spec.class_weight)!r})  # of them"
    return parts_in_a_script(
        _LOSSES,
        ["costs"],
        "# What boxes and classes cost, picture by picture.",
        weights,
        "costs(target, raw, SIDE, WEIGHTS)",
        YOLOV8_PARTS,
    )


FOUND = dedent("""\
    # The boxes of a test picture: sure enough, and not suppressed by a surer one.
    corners, scores = said(model(images[test[:1]]), SIDE)
    for label in range(scores.shape[-1]):
        surest = tf.image.non_max_suppression(corners[0], scores[0, :, label], 20, 0.45, 0.3)
        for place in surest.numpy():
            box = corners[0, place].numpy()
            print(f"class {label}, {scores[0, place, label]:.2f}: {box}")""")
