"""Boxes on their way through a pipeline: as outlines, so that turning twice loosens nothing.

An outline is a convex polygon (m, 2): x and y in pixels, where pixel (row, column) covers
[column, column + 1] x [row, row + 1]. A map between pictures counts from the pixels' centres,
half a pixel further.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from core.augment.result import Boxes

Polygon = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One box on its way.

    Attributes:
        picture: whose box it was.
        row: which of that picture's boxes.
        polygon: (m, 2), what can be seen of it; empty where nothing can.
        seen: share of its area that can be seen.
    """

    picture: int
    row: int
    polygon: Polygon
    seen: float = 1.0

    def dropped(self, keep: float) -> bool:
        """Whether too little can be seen of it."""
        return len(self.polygon) < 3 or self.seen < keep


def outlines_of(picture: int, boxes: npt.ArrayLike, height: int, width: int) -> list[Outline]:
    """The outlines of one picture's boxes; what lies beyond the border is cut off.

    Args:
        picture: its place in the batch.
        boxes: (k, 4) left, top, right, bottom in pixels.
        height: rows of the picture.
        width: columns of the picture.
    """
    found = []
    for row, (left, top, right, bottom) in enumerate(np.reshape(boxes, (-1, 4)).tolist()):
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
        polygon = clip(corners, 0, 0, width, height)
        found.append(Outline(picture, row, polygon))
    return found


def boxes_of(outlines: list[Outline], keep: float) -> Boxes:
    """The boxes round the outlines, without those of which too little is seen.

    Args:
        outlines: of one picture.
        keep: least share of the area.
    """
    kept = [outline for outline in outlines if not outline.dropped(keep)]
    gone = [[o.picture, o.row] for o in outlines if o.dropped(keep)]
    bounds = [[*o.polygon.min(axis=0), *o.polygon.max(axis=0)] for o in kept]
    return Boxes(
        np.array(bounds, np.float32).reshape(-1, 4),
        np.array([o.picture for o in kept], np.int64),
        np.array([o.row for o in kept], np.int64),
        np.array([o.seen for o in kept], np.float32),
        np.array(gone, np.int64).reshape(-1, 2),
    )


def warped(
    outline: Outline, matrix: npt.NDArray[np.float64], height: int, width: int
) -> Outline:
    """The outline after a projective map; what leaves the picture is cut off.

    Args:
        outline: in the old picture.
        matrix: (3, 3), from the new picture to the old one.
        height: rows of the picture.
        width: columns of the picture.
    """
    if len(outline.polygon) < 3:
        return outline
    forward = np.linalg.inv(matrix)
    places = np.column_stack([outline.polygon - 0.5, np.ones(len(outline.polygon))])
    moved = places @ forward.T
    polygon = moved[:, :2] / moved[:, 2:] + 0.5
    return _cut(outline, polygon, clip(polygon, 0, 0, width, height))


def bent(outline: Outline, columns: Places, rows: Places) -> Outline:
    """The outline after every pixel has moved by a way of its own.

    It becomes the hull of the new pixels that are read from inside of the old outline.

    Args:
        outline: in the old picture.
        columns: (H, W), where in the old picture each new pixel is read.
        rows: (H, W), the same.
    """
    if len(outline.polygon) < 3:
        return outline
    inside = filled(outline.polygon, *columns.shape).astype(np.uint8)
    read = cv2.remap(
        inside, columns, rows, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    ).astype(bool)
    # How much of the old picture each new pixel stands for.
    across = np.gradient(columns, axis=1) * np.gradient(rows, axis=0)
    along = np.gradient(columns, axis=0) * np.gradient(rows, axis=1)
    seen = float(np.abs(across - along)[read].sum() / max(inside.sum(), 1))
    return replace(outline, polygon=hull(read), seen=outline.seen * min(seen, 1.0))


def uncovered(outline: Outline, visible: Mask) -> Outline:
    """The outline where only some pixels are still this picture's own.

    Args:
        outline: in the picture.
        visible: (H, W), the pixels that are.
    """
    if len(outline.polygon) < 3:
        return outline
    inside = filled(outline.polygon, *visible.shape)
    if not (inside & ~visible).any():
        return outline
    left = inside & visible
    seen = float(left.sum() / max(inside.sum(), 1))
    return replace(outline, polygon=hull(left), seen=outline.seen * seen)


def clip(polygon: Polygon, left: float, top: float, right: float, bottom: float) -> Polygon:
    """The part of a convex polygon within a rectangle.

    Source: Sutherland & Hodgman 1974, "Reentrant polygon clipping".

    Example:
        >>> square = np.array([[-1, 0], [1, 0], [1, 2], [-1, 2]], float)
        >>> clip(square, 0, 0, 9, 9).tolist()
        [[0.0, 0.0], [1.0, 0.0], [1.0, 2.0], [0.0, 2.0]]
    """
    for axis, sign, bound in ((0, 1, left), (0, -1, -right), (1, 1, top), (1, -1, -bottom)):
        polygon = _clip_at(polygon, axis, sign, bound)
    return polygon


def _clip_at(polygon: Polygon, axis: int, sign: int, bound: float) -> Polygon:
    """The part on which sign * coordinate is at least the bound."""
    kept = []
    for here, last in zip(polygon, np.roll(polygon, 1, axis=0), strict=True):
        inside, was_inside = sign * here[axis] >= bound, sign * last[axis] >= bound
        if inside != was_inside:
            share = (bound - sign * last[axis]) / (sign * here[axis] - sign * last[axis])
            kept.append(last + share * (here - last))
        if inside:
            kept.append(here)
    return np.array(kept, float).reshape(-1, 2)


def area(polygon: Polygon) -> float:
    """Pixels that a polygon covers, by the shoelace formula."""
    x, y = polygon.reshape(-1, 2).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def filled(polygon: Polygon, height: int, width: int) -> Mask:
    """(height, width): the pixels whose centre lies in a convex polygon."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    left, right = np.ones((2, height, width), bool)
    for (x, y), (next_x, next_y) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        side = (next_x - x) * (rows - y) - (next_y - y) * (columns - x)
        left &= side >= 0
        right &= side <= 0
    return left | right


def hull(pixels: Mask) -> Polygon:
    """(m, 2): the smallest convex polygon round whole pixels; empty where there are none."""
    rows, columns = np.nonzero(pixels)
    if not len(rows):
        return np.empty((0, 2))
    corners = [np.column_stack([columns + dx, rows + dy]) for dx in (0, 1) for dy in (0, 1)]
    found = cv2.convexHull(np.concatenate(corners).astype(np.float32))
    return np.asarray(found, float).reshape(-1, 2)


def _cut(outline: Outline, whole: Polygon, left: Polygon) -> Outline:
    full = area(whole)
    seen = area(left) / full if full > 0 else 0.0
    return replace(outline, polygon=left, seen=outline.seen * min(seen, 1.0))
