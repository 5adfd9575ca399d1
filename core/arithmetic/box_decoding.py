"""From the numbers of one cell to a box: the published decodings, with every value on the way.

All boxes are xyxy in pixels of the square input. A cell's column and row count from 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.detection_heads import BINS, HeadError

Box = tuple[float, float, float, float]
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid.

    Attributes:
        row: from 0.
        column: from 0.
        grid: cells along a side, S.
        side: of the input in pixels.
    """

    row: int
    column: int
    grid: int
    side: float

    def __post_init__(self) -> None:
        """Refuse a cell that is not in the grid."""
        if not (0 <= self.row < self.grid and 0 <= self.column < self.grid):
            raise HeadError(
                f"row {self.row}, column {self.column} is not in a grid of {self.grid} x "
                f"{self.grid}. Use 0 to {self.grid - 1}."
            )

    @property
    def stride(self) -> float:
        """Side of a cell in pixels."""
        return self.side / self.grid

    @property
    def box(self) -> Box:
        """The cell itself."""
        left, top = self.column * self.stride, self.row * self.stride
        return left, top, left + self.stride, top + self.stride


@dataclass(frozen=True, slots=True)
class Decoded:
    """A box with everything that was computed for it.

    Attributes:
        box: xyxy in pixels of the input; it may leave it.
        point: (x, y) that it grows from, in pixels: its centre, or the middle of the cell.
        prior: (width, height) of the anchor in pixels; None without one.
        objectness: what the scores of the classes are multiplied by; None where there is none.
        classes: probability of each class.
        values: every number by its name in the formulas.
    """

    box: Box
    point: Pair
    prior: Pair | None
    objectness: float | None
    classes: tuple[float, ...]
    values: dict[str, float]

    @property
    def scores(self) -> tuple[float, ...]:
        """Of each class: its probability, times the objectness."""
        factor = 1.0 if self.objectness is None else self.objectness
        return tuple(factor * share for share in self.classes)

    @property
    def best(self) -> int:
        """The class with the highest score; of equal ones the first."""
        return int(np.argmax(self.scores))


def sigmoid(value: float) -> float:
    """1 / (1 + e^-value), for any size of value.

    Example:
        >>> sigmoid(0.0), round(sigmoid(-800.0), 3)
        (0.5, 0.0)
    """
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    power = math.exp(value)
    return power / (1 + power)


def decode_v1(
    raw: Sequence[float], confidence: float, classes: Sequence[float], cell: Cell
) -> Decoded:
    """YOLO v1: all outputs are linear, width and height are predicted as roots.

    Args:
        raw: x, y (shares of the cell), and the roots of width and height (shares of the input).
        confidence: Pr(object) * IoU, as it comes.
        classes: Pr(class | object), as they come.
        cell: where.

    Source: Redmon et al. 2016, sections 2 and 2.2, equation 1.
    """
    x, y, root_w, root_h = raw
    bx, by = (cell.column + x) / cell.grid, (cell.row + y) / cell.grid
    bw, bh = root_w**2 * cell.side, root_h**2 * cell.side
    point = bx * cell.side, by * cell.side
    values = {"tx": x, "ty": y, "tw": root_w, "th": root_h, "bx": bx, "by": by}
    return _centred(point, (bw, bh), None, confidence, tuple(classes), values, cell)


def decode_anchor(
    raw: Sequence[float],
    objectness: float,
    classes: Sequence[float],
    cell: Cell,
    anchor: Pair,
) -> Decoded:
    """YOLO v2 and v3: a sigmoid holds the centre in its cell, the anchor is stretched.

    Args:
        raw: tx, ty, tw, th.
        objectness: to, before the sigmoid.
        classes: one logit each.
        cell: where.
        anchor: (width, height) in pixels of the input.

    Source: Redmon & Farhadi 2018, section 2.1: b_x = sigmoid(t_x) + c_x, b_w = p_w e^(t_w).
    The classes have a sigmoid each, as in v3 (v2 has a softmax).
    """
    tx, ty, tw, th = raw
    sx, sy = sigmoid(tx), sigmoid(ty)
    bx, by = (sx + cell.column) / cell.grid, (sy + cell.row) / cell.grid
    size = anchor[0] * math.exp(tw), anchor[1] * math.exp(th)
    point = bx * cell.side, by * cell.side
    values = {
        "tx": tx, "ty": ty, "tw": tw, "th": th, "sx": sx, "sy": sy, "bx": bx, "by": by,
        "pw": anchor[0], "ph": anchor[1], "ew": math.exp(tw), "eh": math.exp(th),
        "to": objectness, "logit": max(classes),
    }  # fmt: skip
    shares = tuple(sigmoid(logit) for logit in classes)
    return _centred(point, size, anchor, sigmoid(objectness), shares, values, cell)


def encode_anchor(box: Box, cell: Cell, anchor: Pair) -> tuple[float, float, float, float]:
    """The other way: tx, ty, tw, th that give a box; infinite where its centre is on an edge.

    Args:
        box: xyxy in pixels of the input, with its centre in the cell.
        cell: where.
        anchor: (width, height) in pixels.

    Raises:
        HeadError: no t gives a centre outside of the cell, or a box without a size.
    """
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        raise HeadError("a box without width or height has no t.")
    shares = (
        (left + right) / 2 / cell.stride - cell.column,
        (top + bottom) / 2 / cell.stride - cell.row,
    )
    if not all(0 <= share <= 1 for share in shares):
        raise HeadError("the centre is not in this cell, and no t gives it.")
    x, y = (
        math.copysign(math.inf, share - 0.5)
        if share in (0, 1)
        else math.log(share / (1 - share))
        for share in shares
    )
    return x, y, math.log((right - left) / anchor[0]), math.log((bottom - top) / anchor[1])


def decode_distances(
    raw: Sequence[float],
    centreness: float,
    classes: Sequence[float],
    cell: Cell,
    scale: float,
) -> Decoded:
    """FCOS: from the middle of the cell to the four edges, each e^(s t) pixels.

    Args:
        raw: t of left, top, right, bottom.
        centreness: before the sigmoid.
        classes: one logit each.
        cell: where.
        scale: s, which the network learns for each scale.

    Source: Tian et al. 2019, equation 1 and section 3.2.
    """
    point = (cell.column + 0.5) * cell.stride, (cell.row + 0.5) * cell.stride
    away = [math.exp(scale * t) for t in raw]
    names = dict(zip(("tx", "ty", "tw", "th"), map(float, raw), strict=True))
    values = {**names, "scale": scale, "to": centreness}
    return _from_point(point, away, sigmoid(centreness), classes, values, cell)


def decode_dfl(
    logits: npt.ArrayLike, classes: Sequence[float], cell: Cell
) -> tuple[Decoded, npt.NDArray[np.float64]]:
    """YOLOv8: each edge is a distribution over 16 bins; its mean is the distance in cells.

    Args:
        logits: (4, 16): left, top, right, bottom.
        classes: one logit each.
        cell: where.

    Returns:
        The box, and the (4, 16) shares of the bins.

    Raises:
        HeadError: other numbers of logits.

    Source: Li et al. 2020, equation 5 (the mean of a general distribution); Ultralytics 2023
    (anchor points at column + 0.5, row + 0.5, times the stride).
    """
    given = np.asarray(logits, np.float64)
    if given.shape != (4, BINS):
        raise HeadError(f"four edges with {BINS} bins are needed, not {given.shape}.")
    powers = np.exp(given - given.max(1, keepdims=True))
    shares = powers / powers.sum(1, keepdims=True)
    means = (shares @ np.arange(BINS)).tolist()
    point = (cell.column + 0.5) * cell.stride, (cell.row + 0.5) * cell.stride
    away = [mean * cell.stride for mean in means]
    values = dict(zip(("el", "et", "er", "eb"), means, strict=True))
    return _from_point(point, away, None, classes, values, cell), shares


def hump(peak: float, spread: float) -> npt.NDArray[np.float64]:
    """(16,) logits of a hump: -(bin - peak)^2 / (2 spread^2)."""
    return np.asarray(-((np.arange(BINS) - peak) ** 2) / (2 * spread**2), np.float64)


def _centred(
    point: Pair,
    size: Pair,
    prior: Pair | None,
    objectness: float,
    classes: tuple[float, ...],
    values: dict[str, float],
    cell: Cell,
) -> Decoded:
    (x, y), (w, h) = point, size
    box = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
    known = {**values, "px": x, "py": y, "bw": w, "bh": h, "obj": objectness}
    return Decoded(
        box, point, prior, objectness, classes, _named(known, cell, box, classes, objectness)
    )


def _from_point(
    point: Pair,
    away: Sequence[float],
    factor: float | None,
    logits: Sequence[float],
    values: dict[str, float],
    cell: Cell,
) -> Decoded:
    (x, y), (left, top, right, bottom) = point, away
    box = (x - left, y - top, x + right, y + bottom)
    classes = tuple(sigmoid(logit) for logit in logits)
    known = {**values, "px": x, "py": y, "l": left, "t": top, "r": right, "b": bottom}
    known["logit"] = max(logits)
    if factor is not None:
        known["obj"] = factor
    return Decoded(box, point, None, factor, classes, _named(known, cell, box, classes, factor))


def _named(
    values: dict[str, float],
    cell: Cell,
    box: Box,
    classes: tuple[float, ...],
    factor: float | None,
) -> dict[str, float]:
    """The values with those that all heads have."""
    scores = [share * (1.0 if factor is None else factor) for share in classes]
    best = int(np.argmax(scores))
    return {
        **values,
        **dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)),
        "cx": float(cell.column), "cy": float(cell.row), "s": float(cell.grid),
        "side": float(cell.side), "stride": cell.stride,
        "prob": classes[best], "score": scores[best],
    }  # fmt: skip
