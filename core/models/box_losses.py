"""What a detector makes small: boxes, objectness and classes, each told apart.

Everything is written with `keras.ops` alone, so that an exported script holds these very
functions.

Sources: Redmon et al. 2016, "You only look once", equation 3 (squared errors and the weights);
Redmon & Farhadi 2018, section 2 (logistic objectness and classes); Rezatofighi et al. 2019
(GIoU); Zheng et al. 2020 (CIoU).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

TINY = 1e-7
"""Added to what is divided by."""
MOST = 8.0
"""Widths and heights grow to e^8 anchors at most; beyond, a float32 would overflow."""


def decoded(raw: Any, anchors: Sequence[tuple[float, float]], side: int) -> tuple[Any, Any]:  # noqa: ANN401 - tensors
    """Boxes and the other raw numbers.

    Args:
        raw: (n, S, S, anchors x (5 + C)) of the network.
        anchors: width and height of each, in pixels.
        side: of the picture, in pixels.

    Returns:
        (n, S, S, anchors, 4) xyxy in pixels, and (n, S, S, anchors, 1 + C) logits.
    """
    cells = raw.shape[1]
    raw = ops.reshape(raw, (-1, cells, cells, len(anchors), raw.shape[3] // len(anchors)))
    steps = ops.arange(cells, dtype="float32")
    columns, rows = ops.meshgrid(steps, steps)
    corner = ops.stack([columns, rows], axis=-1)[:, :, None, :]
    centre = (ops.sigmoid(raw[..., :2]) + corner) * (side / cells)
    sizes = ops.convert_to_tensor(anchors, dtype="float32")
    half = ops.exp(ops.minimum(raw[..., 2:4], MOST)) * sizes / 2
    return ops.concatenate([centre - half, centre + half], axis=-1), raw[..., 4:]


def overlap(one: Any, two: Any) -> tuple[Any, Any]:  # noqa: ANN401 - tensors
    """IoU, and the area that both cover together."""
    low = ops.maximum(one[..., :2], two[..., :2])
    high = ops.minimum(one[..., 2:], two[..., 2:])
    both = ops.prod(ops.maximum(high - low, 0.0), axis=-1)
    either = area(one) + area(two) - both
    return both / (either + TINY), either


def area(boxes: Any) -> Any:  # noqa: ANN401 - tensors
    """Of each box."""
    return ops.prod(boxes[..., 2:] - boxes[..., :2], axis=-1)


def hull(one: Any, two: Any) -> Any:  # noqa: ANN401 - tensors
    """Width and height of the smallest box around both."""
    low = ops.minimum(one[..., :2], two[..., :2])
    return ops.maximum(one[..., 2:], two[..., 2:]) - low


def giou_loss(truth: Any, said: Any, side: int) -> Any:  # noqa: ANN401 - tensors
    """1 - GIoU, 0 to 2."""
    iou, either = overlap(truth, said)
    around = ops.prod(hull(truth, said), axis=-1)
    return 1 - iou + (around - either) / (around + TINY)


def ciou_loss(truth: Any, said: Any, side: int) -> Any:  # noqa: ANN401 - tensors
    """1 - CIoU: IoU, how far the centres are apart, and whether the proportions agree."""
    iou, _ = overlap(truth, said)
    apart = ops.sum((truth[..., :2] + truth[..., 2:] - said[..., :2] - said[..., 2:]) ** 2, -1)
    longest = ops.sum(hull(truth, said) ** 2, axis=-1)
    angles = proportion(truth) - proportion(said)
    shape = 4 / 3.141592653589793**2 * angles**2
    weight = ops.stop_gradient(shape / (1 - iou + shape + TINY))
    return 1 - iou + apart / 4 / (longest + TINY) + weight * shape


def proportion(boxes: Any) -> Any:  # noqa: ANN401 - tensors
    """The angle whose tangent is width by height."""
    sizes = boxes[..., 2:] - boxes[..., :2]
    return ops.arctan(sizes[..., 0] / (sizes[..., 1] + TINY))


def squared_loss(truth: Any, said: Any, side: int) -> Any:  # noqa: ANN401 - tensors
    """Squared errors of centre and of the roots of width and height, as YOLO began.

    In shares of the picture's side; the roots make an error of a small box weigh more.
    """
    centres = (truth[..., :2] + truth[..., 2:] - said[..., :2] - said[..., 2:]) / 2 / side
    lengths = [
        ops.sqrt(ops.maximum(boxes[..., 2:] - boxes[..., :2], 0.0) / side + TINY)
        for boxes in (truth, said)
    ]
    return ops.sum(centres**2 + (lengths[0] - lengths[1]) ** 2, axis=-1)


BOX_LOSSES = {"ciou": ciou_loss, "giou": giou_loss, "squared": squared_loss}


def logistic(target: Any, logits: Any) -> Any:  # noqa: ANN401 - tensors
    """Cross-entropy of a yes or no, without an overflow."""
    return ops.maximum(logits, 0.0) - logits * target + ops.log1p(ops.exp(-ops.abs(logits)))


def costs(
    target: Any,  # noqa: ANN401 - tensors
    raw: Any,  # noqa: ANN401
    anchors: Sequence[tuple[float, float]],
    side: int,
    box_loss: Callable[[Any, Any, int], Any],
    weights: tuple[float, float, float],
) -> Any:  # noqa: ANN401
    """What each picture's boxes, objectness and classes cost.

    Args:
        target: (n, S, S, anchors, 6) as `core.architecture.detector.assign` gives it.
        raw: of the network.
        anchors: width and height of each, in pixels.
        side: of the picture, in pixels.
        box_loss: of the boxes.
        weights: of the boxes, of objectness where there is nothing, and of the classes.

    Returns:
        (n, 3), weighted: their sum is what is made small.
    """
    said, logits = decoded(raw, anchors, side)
    there = target[..., 4]
    boxes = box_loss(target[..., :4], said, side) * there
    empty = weights[1] * (1 - there)
    objectness = logistic(there, logits[..., 0]) * (there + empty)
    classes = logits.shape[-1] - 1
    wanted = ops.one_hot(ops.cast(target[..., 5], "int32"), classes)
    named = ops.sum(logistic(wanted, logits[..., 1:]), axis=-1) * there
    parts = (weights[0] * boxes, objectness, weights[2] * named)
    return ops.stack([ops.sum(part, axis=(1, 2, 3)) for part in parts], axis=-1)


def mean_overlap(
    target: Any,  # noqa: ANN401 - tensors
    raw: Any,  # noqa: ANN401
    anchors: Sequence[tuple[float, float]],
    side: int,
) -> Any:  # noqa: ANN401
    """Mean IoU of the boxes that answer for an object with that object's."""
    said, _ = decoded(raw, anchors, side)
    there = target[..., 4]
    iou, _ = overlap(target[..., :4], said)
    return ops.sum(iou * there) / ops.maximum(ops.sum(there), 1.0)
