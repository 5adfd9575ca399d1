"""What YOLOv8 makes small: boxes and classes, of the points that fit an object best.

Which points answer for an object is decided anew in every step, by how well they do already
(task-aligned assignment); KerasCV's own encoder does that. Everything else is written with
`keras.ops` alone, so that an exported script holds these very functions.

Sources: Feng et al. 2021 (assignment); Li et al. 2020 (edges as distributions); Zheng et al.
2020 (CIoU); KerasCV 0.9, `YOLOV8Detector.compute_loss`, whose numbers these are.
"""

from __future__ import annotations

from typing import Any

import keras
import keras_cv
from keras import ops

STRIDES = (8, 16, 32)
EDGES = 4
BINS = 16
TINY = 1e-7
"""Added to what is divided by."""


def points(side: int) -> tuple[Any, Any]:
    """Middles of all cells, the finest map first.

    Args:
        side: of the picture, in pixels.

    Returns:
        (points, 2) x and y in pixels, and (points, 1) height and width of the cell.
    """
    found, sizes = [], []
    for stride in STRIDES:
        steps = (ops.arange(side // stride, dtype="float32") + 0.5) * stride
        across, down = ops.meshgrid(steps, steps)
        found.append(ops.reshape(ops.stack([across, down], axis=-1), (-1, 2)))
        sizes.append(ops.full((found[-1].shape[0], 1), float(stride)))
    return ops.concatenate(found), ops.concatenate(sizes)


def said(raw: Any, side: int) -> tuple[Any, Any]:  # noqa: ANN401 - tensors
    """Boxes and probabilities.

    Args:
        raw: (n, points, 64 + C) of the network.
        side: of the picture, in pixels.

    Returns:
        (n, points, 4) xyxy in pixels, and (n, points, C).
    """
    spots, strides = points(side)
    edges = ops.reshape(raw[..., : EDGES * BINS], (-1, raw.shape[1], EDGES, BINS))
    shares = ops.softmax(edges, axis=-1)
    away = ops.sum(shares * ops.arange(BINS, dtype="float32"), axis=-1) * strides
    low, high = spots - away[..., :2], spots + away[..., 2:]
    return ops.concatenate([low, high], axis=-1), raw[..., EDGES * BINS :]


def assigned(target: Any, boxes: Any, named: Any, side: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Which point answers for which object, and how well its class is to be known.

    Args:
        target: (n, k, 5) xyxy in pixels and class; -1 five times where there is no object.
        boxes: (n, points, 4) as `said` gives them.
        named: (n, points, C) probabilities.
        side: of the picture, in pixels.

    Returns:
        (n, points, 4) the box of its object, and (n, points, C) the wanted probabilities, all
        of them 0 for a point that answers for nothing.
    """
    encoder = keras_cv.models.yolov8.LabelEncoder(num_classes=named.shape[-1])
    truth, labels = target[..., :4], target[..., 4]
    there = labels[..., None] >= 0
    aims, wanted, _ = encoder(named, boxes, points(side)[0], labels, truth, there)
    return aims, wanted


def costs(target: Any, raw: Any, side: int, weights: tuple[float, float]) -> Any:  # noqa: ANN401
    """What each picture's boxes and classes cost; the mean over a batch is what is made small.

    They are divided by how much of all the batch's objects is answered for, so that a
    picture's costs depend on those beside it.

    Args:
        target: (n, k, 5) as `assigned` takes it.
        raw: of the network.
        side: of the picture, in pixels.
        weights: of the boxes and of the classes.

    Returns:
        (n, 2), weighted.
    """
    boxes, named = said(raw, side)
    aims, wanted = assigned(target, boxes, named, side)
    strides = points(side)[1]
    answers = ops.sum(wanted, axis=-1)
    ciou = keras_cv.losses.CIoULoss(bounding_box_format="xyxy", reduction="none")
    apart = ops.sum(ciou(aims / strides, boxes / strides) * answers, axis=-1)
    wrong = ops.sum(keras.losses.binary_crossentropy(wanted, named), axis=-1)
    share = ops.maximum(ops.sum(answers), 1.0) / ops.cast(ops.shape(raw)[0], "float32")
    return ops.stack([weights[0] * apart, weights[1] * wrong], axis=-1) / share


def mean_overlap(target: Any, raw: Any, side: int) -> Any:  # noqa: ANN401 - tensors
    """Mean IoU of the points that answer for an object with that object's box."""
    boxes, named = said(raw, side)
    aims, wanted = assigned(target, boxes, named, side)
    there = ops.cast(ops.sum(wanted, axis=-1) > 0, "float32")
    low = ops.maximum(aims[..., :2], boxes[..., :2])
    high = ops.minimum(aims[..., 2:], boxes[..., 2:])
    both = ops.prod(ops.maximum(high - low, 0.0), axis=-1)
    areas = [ops.prod(each[..., 2:] - each[..., :2], axis=-1) for each in (aims, boxes)]
    iou = both / (areas[0] + areas[1] - both + TINY)
    return ops.sum(iou * there) / ops.maximum(ops.sum(there), 1.0)
