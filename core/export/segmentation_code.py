"""A run that learns masks as a Keras script that gives the same curve."""

from __future__ import annotations

from textwrap import dedent

from core.architecture.deeplab import largest_maps
from core.architecture.unet import output_size
from core.export.loop_code import Fed, compiling, ending, taught
from core.export.segmentation_network_code import Shape, network_code
from core.export.training_pictures_code import PICTURES_FILE
from core.training.judging import at_once
from core.training.segmentation import FOCUS, SegmentationSpec

SMOOTH = 1.0
"""Of Dice's fraction, as in the run."""


def reads_backbone(spec: SegmentationSpec) -> bool:
    """Whether the script needs `core.export.transfer_code.BACKBONE_FILE` beside it."""
    return spec.encoder != "unet"


def segmentation_script(spec: SegmentationSpec, input_shape: Shape, classes: int) -> str:
    """A script that trains as the run did: same weights at first, same order, same steps.

    It reads pictures and masks from `PICTURES_FILE`, since the scenes are drawn by this
    package. Sections are set apart by blank lines and begin with a comment.

    Args:
        spec: the run, with the changes made on the way.
        input_shape: (height, width, channels) of a picture.
        classes: number of classes, the background included.

    Raises:
        ArchitectureError: the size does not go through the network.
    """
    fed = _fed(spec, input_shape, classes)
    parts = [
        _imports(spec),
        _pictures(spec, input_shape),
        *network_code(spec, input_shape, classes),
        _mirrored(spec),
        compiling(spec, fed),
        *taught(spec, classes, fed),
        ending(spec, fed),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _fed(spec: SegmentationSpec, input_shape: Shape, classes: int) -> Fed:
    flips = spec.augmentation == "flip"
    if spec.encoder == "unet":
        rung = spec.largest_rung(input_shape, classes)
        numbers = rung.side_hw[0] * rung.side_hw[1] * rung.channels
    else:
        numbers = max(size for _, size in largest_maps(input_shape[:2]))
    return Fed(
        trainer="model" if spec.encoder == "unet" else "trainer",
        seen="pictures" if flips else "images[seen]",
        wanted="truth" if flips else "targets[seen]",
        drawn="pictures, truth = mirrored(seen)" if flips else "",
        judged_at_once=at_once(numbers),
        targets="targets = masks",
        loss=tuple(_loss(spec, classes)),
        metrics="mean_iou",
    )


def _imports(spec: SegmentationSpec) -> str:
    lines = ["# Keras 3 on TensorFlow.", "import keras", "import numpy as np"]
    if spec.augmentation == "flip":
        lines.append("import tensorflow as tf")
    return "\n".join([*lines, "from keras import layers, ops"])


def _pictures(spec: SegmentationSpec, input_shape: Shape) -> str:
    lines = [
        "# Pictures and masks as the run saw them, and their three parts.",
        f'data = np.load("{PICTURES_FILE}")',
        'images, masks = data["images"], data["masks"][..., None]',
        'training, validation, test = data["training"], data["validation"], data["test"]',
    ]
    if spec.encoder == "unet" and spec.unet.padding == "valid":
        height, width = output_size(spec.unet, input_shape[:2])
        top, left = (input_shape[0] - height) // 2, (input_shape[1] - width) // 2
        lines += [
            "# The network says nothing of the rim.",
            f"masks = masks[:, {top}:{top + height}, {left}:{left + width}]",
        ]
    return "\n".join(lines)


def _mirrored(spec: SegmentationSpec) -> str:
    if spec.augmentation != "flip":
        return ""
    return dedent(f"""\
        # Picture and mask are mirrored together, each way with a chance of one half.
        draws = tf.random.Generator.from_seed({spec.seed})


        def mirrored(seen):
            pictures, truth = images[seen], masks[seen]
            for at in range(0, len(seen), {spec.batch_size}):
                part = slice(at, at + {spec.batch_size})
                count = len(seen[part])
                turns = draws.uniform((2, count, 1, 1, 1)).numpy() < 0.5
                for values in (pictures, truth):
                    for axis, turn in zip((1, 2), turns):
                        flipped = np.flip(values[part], axis)
                        values[part] = np.where(turn, flipped, values[part])
            return pictures, truth
        """)


def _loss(spec: SegmentationSpec, classes: int) -> list[str]:
    """The function `loss`, of classes (n, h, w, 1) and logits (n, h, w, classes)."""
    kind = spec.mask_loss
    body = [f'target = ops.one_hot(ops.cast(target[..., 0], "int32"), {classes})']
    if kind != "crossentropy":
        body.append("shares = ops.softmax(logits)")
    if kind != "dice":
        body.append("each = ops.categorical_crossentropy(target, logits, from_logits=True)")
    if kind == "focal":
        body += [
            "right = ops.sum(target * shares, axis=-1)",
            f"return ops.mean((1 - right) ** {FOCUS} * each)",
        ]
    if kind in ("dice", "both"):
        body += [
            "both = ops.sum(target * shares, axis=(0, 1, 2))",
            "sizes = ops.sum(target + shares, axis=(0, 1, 2))",
            f"dice = ops.mean((2 * both + {SMOOTH}) / (sizes + {SMOOTH}))",
        ]
    returned = {
        "crossentropy": ["return ops.mean(each)"],
        "dice": ["return 1 - dice"],
        "both": ["return ops.mean(each) + 1 - dice"],
        "focal": [],
    }[kind]
    lines = [f"    {line}" for line in [*body, *returned]]
    return [
        "", "", "def loss(target, logits):", *lines, "", "",
        "mean_iou = keras.metrics.MeanIoU(",
        f'    {classes}, sparse_y_pred=False, name="mean_iou"',
        ")",
    ]  # fmt: skip
