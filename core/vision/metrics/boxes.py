"""Two boxes: what they share, what they cover together, and the measures made of that.

A box is xyxy: left, top, right, bottom, right and bottom exclusive, so that it is as wide as
right - left says. With `plus_one` the edges are pixels that belong to the box, and it is one
wider: VOC's evaluation counted so, and half of the old numbers do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.vision.metrics.masks import MetricError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BoxOverlap:
    """Boxes against boxes, with every number on the way to IoU, GIoU, DIoU and CIoU.

    All of them have the shape to which the boxes' own shapes (without the last axis) spread.

    Attributes:
        a: (..., 4) float64, xyxy.
        b: (..., 4) float64, xyxy.
        plus_one: whether the edges are pixels of the box.
    """

    a: Floats
    b: Floats
    plus_one: bool = False

    @property
    def _extra(self) -> float:
        return 1.0 if self.plus_one else 0.0

    @cached_property
    def wh_a(self) -> tuple[Floats, Floats]:
        """Width and height of a."""
        return _sides(self.a, self._extra)

    @cached_property
    def wh_b(self) -> tuple[Floats, Floats]:
        """Width and height of b."""
        return _sides(self.b, self._extra)

    @cached_property
    def shared(self) -> Floats:
        """(..., 4): the larger left and top, the smaller right and bottom.

        Where right - left (+ 1) or bottom - top (+ 1) is not above 0, nothing is shared.
        """
        corners = (
            np.maximum(self.a[..., :2], self.b[..., :2]),
            np.minimum(self.a[..., 2:], self.b[..., 2:]),
        )
        return np.concatenate(corners, axis=-1)

    @cached_property
    def wh_shared(self) -> tuple[Floats, Floats]:
        """Width and height of what is shared, 0 where nothing is."""
        width, height = _sides(self.shared, self._extra)
        return np.maximum(width, 0.0), np.maximum(height, 0.0)

    @cached_property
    def enclosing(self) -> Floats:
        """(..., 4): the smallest box round both."""
        corners = (
            np.minimum(self.a[..., :2], self.b[..., :2]),
            np.maximum(self.a[..., 2:], self.b[..., 2:]),
        )
        return np.concatenate(corners, axis=-1)

    @cached_property
    def wh_enclosing(self) -> tuple[Floats, Floats]:
        """Width and height of the smallest box round both."""
        return _sides(self.enclosing, self._extra)

    @cached_property
    def area_a(self) -> Floats:
        """Area of a."""
        return self.wh_a[0] * self.wh_a[1]

    @cached_property
    def area_b(self) -> Floats:
        """Area of b."""
        return self.wh_b[0] * self.wh_b[1]

    @cached_property
    def intersection(self) -> Floats:
        """Area of what is shared."""
        return self.wh_shared[0] * self.wh_shared[1]

    @cached_property
    def union(self) -> Floats:
        """Area of both together: the shared part counts once."""
        return self.area_a + self.area_b - self.intersection

    @cached_property
    def iou(self) -> Floats:
        """Intersection over union, 0 to 1; 0 where both boxes are empty."""
        return _over(self.intersection, self.union)

    @cached_property
    def enclosing_area(self) -> Floats:
        """Area of the smallest box round both."""
        return self.wh_enclosing[0] * self.wh_enclosing[1]

    @cached_property
    def giou(self) -> Floats:
        """IoU less the share of the enclosing box that neither covers, -1 to 1.

        Source: Rezatofighi et al. 2019, "Generalized intersection over union", algorithm 1.
        """
        return self.iou - _over(self.enclosing_area - self.union, self.enclosing_area)

    @cached_property
    def distance_squared(self) -> Floats:
        """Square of the distance between the centres."""
        apart = (self.a[..., :2] + self.a[..., 2:] - self.b[..., :2] - self.b[..., 2:]) / 2
        return np.asarray((apart**2).sum(-1))

    @cached_property
    def diagonal_squared(self) -> Floats:
        """Square of the diagonal of the smallest box round both."""
        width, height = self.wh_enclosing
        return width**2 + height**2

    @cached_property
    def diou(self) -> Floats:
        """IoU less the squared distance of the centres over the squared diagonal.

        Source: Zheng et al. 2020, "Distance-IoU loss", equation 6.
        """
        return self.iou - _over(self.distance_squared, self.diagonal_squared)

    @cached_property
    def aspect(self) -> Floats:
        """How far the shapes differ, v of CIoU: 4 / pi^2 * (difference of atan(w / h))^2."""
        angles = [np.arctan2(width, height) for width, height in (self.wh_a, self.wh_b)]
        return 4 / math.pi**2 * (angles[0] - angles[1]) ** 2

    @cached_property
    def aspect_weight(self) -> Floats:
        """Weight of v in CIoU, alpha: v / (1 - IoU + v); 0 where v is 0."""
        return _over(self.aspect, 1 - self.iou + self.aspect)

    @cached_property
    def ciou(self) -> Floats:
        """DIoU less alpha * v.

        Source: Zheng et al. 2020, equations 8 to 11.
        """
        return self.diou - self.aspect_weight * self.aspect


def compare_boxes(a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool = False) -> BoxOverlap:
    """Lay boxes over boxes, each over the one at the same place.

    Args:
        a: (4,) or (n, 4) numbers, xyxy.
        b: the same, or one box for all.
        plus_one: whether the edges are pixels of the box.

    Raises:
        MetricError: a box has not four finite numbers, or its right is left of its left.

    Example:
        >>> both = compare_boxes((0, 0, 2, 2), (1, 1, 3, 3))
        >>> float(both.intersection), float(both.union), round(float(both.iou), 4)
        (1.0, 7.0, 0.1429)
    """
    boxes = as_boxes(a), as_boxes(b)
    if all(box.ndim == 2 for box in boxes) and len(boxes[0]) != len(boxes[1]):
        raise MetricError(
            f"{len(boxes[0])} and {len(boxes[1])} boxes do not pair up. Give as many of each, "
            "or take box_iou, which compares every box with every other."
        )
    return BoxOverlap(*boxes, plus_one)


def box_iou(
    a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool = False
) -> float | npt.NDArray[np.float64]:
    """Intersection over union of boxes, 0 to 1.

    Args:
        a: (4,) or (n, 4) numbers, xyxy.
        b: (4,) or (m, 4).
        plus_one: whether the edges are pixels of the box, as VOC's evaluation had it.

    Returns:
        A number for two boxes; (n, m) float64 for many of both, every one with every other;
        (n,) or (m,) where only one side has many.

    Raises:
        MetricError: a box has not four finite numbers, or its right is left of its left.

    Source: Everingham et al. 2010, "The Pascal visual object classes challenge", equation 3.

    Example:
        >>> box_iou((0, 0, 10, 10), (5, 0, 15, 10))
        0.3333333333333333
    """
    return _each_with_each(a, b, plus_one, "iou")


def box_giou(
    a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool = False
) -> float | npt.NDArray[np.float64]:
    """Generalised IoU, -1 to 1: below 0 where boxes lie far apart. See `box_iou`."""
    return _each_with_each(a, b, plus_one, "giou")


def box_diou(
    a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool = False
) -> float | npt.NDArray[np.float64]:
    """Distance IoU, -1 to 1: counts how far the centres are apart. See `box_iou`."""
    return _each_with_each(a, b, plus_one, "diou")


def box_ciou(
    a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool = False
) -> float | npt.NDArray[np.float64]:
    """Complete IoU: distance and aspect ratio count as well. See `box_iou`."""
    return _each_with_each(a, b, plus_one, "ciou")


def as_boxes(values: npt.ArrayLike) -> Floats:
    """(4,) or (n, 4) float64 of what should be boxes.

    Raises:
        MetricError: they have not four finite numbers, or a side below 0.
    """
    boxes = np.asarray(values, np.float64)
    if boxes.size == 0 and boxes.ndim < 3:
        return np.zeros((0, 4))
    if boxes.ndim not in (1, 2) or boxes.shape[-1] != 4:
        raise MetricError(
            f"boxes have the shape {boxes.shape}. Give four numbers each: (4,) or (n, 4)."
        )
    rows = np.atleast_2d(boxes)
    odd = ~np.isfinite(rows).all(1)
    if odd.any():
        raise MetricError(f"box {int(odd.argmax())} holds {_said(rows[odd][0])}: no numbers.")
    odd = (rows[:, 2] < rows[:, 0]) | (rows[:, 3] < rows[:, 1])
    if odd.any():
        raise MetricError(
            f"box {int(odd.argmax())} is {_said(rows[odd][0])}: its right or bottom comes "
            "before its left or top. Boxes are left, top, right, bottom; xywh has to be "
            "converted first."
        )
    return boxes


def _each_with_each(
    a: npt.ArrayLike, b: npt.ArrayLike, plus_one: bool, measure: str
) -> float | Floats:
    one, other = as_boxes(a), as_boxes(b)
    rows = one[:, None] if one.ndim == other.ndim == 2 else one
    found: Floats = getattr(BoxOverlap(rows, other, plus_one), measure)
    return found if found.ndim else float(found)


def _sides(boxes: Floats, extra: float) -> tuple[Floats, Floats]:
    return boxes[..., 2] - boxes[..., 0] + extra, boxes[..., 3] - boxes[..., 1] + extra


def _over(part: Floats, whole: Floats) -> Floats:
    """A quotient, 0 where it is over 0."""
    out = np.zeros(np.broadcast_shapes(part.shape, whole.shape))
    return np.asarray(np.divide(part, whole, out=out, where=whole != 0))


def _said(box: Floats) -> str:
    return ", ".join(f"{value:g}" for value in box)
