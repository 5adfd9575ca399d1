"""Contour lines of a height field, as closed rings round everything that is lower."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Ring = list[tuple[float, float]]
Corner = tuple[int, int, int]


def rings(heights: FloatArray, level: float) -> list[Ring]:
    """The border of all that lies below a level, by marching squares.

    Rings run along the edge of the field where the low land leaves it, so that they can be
    filled (even-odd); holes are rings of their own. Between two neighbours a line crosses where
    linear interpolation reaches the level. A saddle in a square is parted by its mean.

    Args:
        heights: (rows, columns), finite, at least 2 x 2.
        level: height of the line.

    Returns:
        Rings of (column, row) in units of the grid, 0 to columns - 1 and 0 to rows - 1; each
        ends where it begins.

    Source: Lorensen & Cline 1987, in two dimensions; Wyvill, McPheeters & Wyvill 1986 for the
    saddle.
    """
    framed = np.pad(heights - level, 1, constant_values=np.inf)
    framed[framed == 0] = np.finfo(np.float64).tiny  # on the line counts as above it
    links = _links(framed)
    rows, columns = heights.shape
    return [
        [
            (min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0))
            for x, y in (_crossing(framed, corner) for corner in ring)
        ]
        for ring in _closed(links)
    ]


def _links(framed: FloatArray) -> dict[Corner, list[Corner]]:
    """Which crossings are joined inside of the squares.

    A crossing is named (row, column, 0) on the edge to the right neighbour and (row, column, 1)
    on the edge to the one below.
    """
    low = framed < 0
    kinds = low[:-1, :-1] * 8 + low[:-1, 1:] * 4 + low[1:, 1:] * 2 + low[1:, :-1] * 1
    links: dict[Corner, list[Corner]] = defaultdict(list)
    for row, column in np.argwhere((kinds > 0) & (kinds < 15)).tolist():
        edges: dict[str, Corner] = {
            "top": (row, column, 0),
            "left": (row, column, 1),
            "bottom": (row + 1, column, 0),
            "right": (row, column + 1, 1),
        }
        for one, other in _pairs(framed, row, column, int(kinds[row, column])):
            links[edges[one]].append(edges[other])
            links[edges[other]].append(edges[one])
    return links


_CASES: dict[int, tuple[tuple[str, str], ...]] = {
    1: (("left", "bottom"),), 2: (("bottom", "right"),), 3: (("left", "right"),),
    4: (("top", "right"),), 6: (("top", "bottom"),), 7: (("left", "top"),),
    8: (("left", "top"),), 9: (("top", "bottom"),), 11: (("top", "right"),),
    12: (("left", "right"),), 13: (("bottom", "right"),), 14: (("left", "bottom"),),
}  # fmt: skip
_APART = {
    5: (("left", "bottom"), ("top", "right")), 10: (("left", "top"), ("bottom", "right")),
}  # fmt: skip
_JOINED = {5: _APART[10], 10: _APART[5]}


def _pairs(framed: FloatArray, row: int, column: int, kind: int) -> tuple[tuple[str, str], ...]:
    if kind in _CASES:
        return _CASES[kind]
    middle = framed[row : row + 2, column : column + 2].mean()
    return _JOINED[kind] if middle < 0 else _APART[kind]


def _closed(links: dict[Corner, list[Corner]]) -> list[list[Corner]]:
    """Follow the links until each ring comes back; every crossing has two of them."""
    found = []
    while links:
        start = next(iter(links))
        ring, here = [start], start
        while True:
            others = links.pop(here)
            onward = [corner for corner in others if corner in links]
            if not onward:
                break
            here = onward[0]
            ring.append(here)
        found.append([*ring, start])
    return found


def _crossing(framed: FloatArray, corner: Corner) -> tuple[float, float]:
    """(x, y) of a crossing in the grid without its frame."""
    row, column, downwards = corner
    one = framed[row, column]
    other = framed[row + downwards, column + 1 - downwards]
    share = _share(float(one), float(other))
    x, y = column - 1.0, row - 1.0
    return (x, y + share) if downwards else (x + share, y)


def _share(one: float, other: float) -> float:
    """How far from one to the other 0 is reached; the frame is infinitely high."""
    if math.isinf(one):
        return 1.0
    if math.isinf(other):
        return 0.0
    return one / (one - other)


def simplified(ring: Ring, tolerance: float) -> Ring:
    """The ring with fewer points, none of those left out further away than the tolerance.

    Source: Douglas & Peucker 1973.
    """
    points = np.array(ring)
    keep = np.zeros(len(points), dtype=np.bool_)
    # A ring ends where it begins: its farthest point parts it into two lines.
    far = int(np.argmax(np.hypot(*(points - points[0]).T)))
    keep[[0, far, len(points) - 1]] = True
    spans = [(0, far), (far, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        off = _distances(points[first + 1 : last], points[first], points[last])
        worst = int(np.argmax(off))
        if off[worst] > tolerance:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return [(float(x), float(y)) for x, y in points[keep]]


def _distances(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Distance of points from the line between two others, which ends at them."""
    along = end - start
    offsets = points - start
    squared = float(along @ along)
    share = np.clip(offsets @ along / squared, 0.0, 1.0) if squared else np.zeros(len(points))
    distances: FloatArray = np.hypot(*(offsets - share[:, None] * along).T)
    return distances
