"""The arithmetic of two boxes, line by line: the words are here, the numbers are filled in.

The browser fills the same lines in while a box is dragged, so a line is a text with holes:
`{name}` takes a number, `{name!}` puts it in brackets where it is below 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.vision.metrics import BoxOverlap

_HOLE = re.compile(r"\{(\w+)(!?)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        key: name of its result among the values.
        title: what it is.
        text: with holes; the result stands behind it.
        part: which measure it belongs to.
    """

    key: str
    title: str
    text: str
    part: str


LINES = (
    Line("area_a", "area of A", "({ax2} - {ax1}{plus}) * ({ay2} - {ay1}{plus}) = {aw} * {ah}",
         "iou"),
    Line("area_b", "area of B", "({bx2} - {bx1}{plus}) * ({by2} - {by1}{plus}) = {bw} * {bh}",
         "iou"),
    Line("sw", "shared width", "max(0, min({ax2}, {bx2}) - max({ax1}, {bx1}){plus})", "iou"),
    Line("sh", "shared height", "max(0, min({ay2}, {by2}) - max({ay1}, {by1}){plus})", "iou"),
    Line("shared", "intersection", "{sw} * {sh}", "iou"),
    Line("union", "union", "{area_a} + {area_b} - {shared}", "iou"),
    Line("iou", "IoU", "{shared} / {union}", "iou"),
    Line("enclosing", "box round both", "{cw} * {ch}", "giou"),
    Line("giou", "GIoU", "{iou} - ({enclosing} - {union}) / {enclosing}", "giou"),
    Line("apart", "centres apart, squared", "{dx!}^2 + {dy!}^2", "diou"),
    Line("diagonal", "diagonal, squared", "{cw}^2 + {ch}^2", "diou"),
    Line("diou", "DIoU", "{iou} - {apart} / {diagonal}", "diou"),
    Line("v", "v, of the shapes", "4 / pi^2 * (atan({aw} / {ah}) - atan({bw} / {bh}))^2",
         "ciou"),
    Line("alpha", "alpha", "{v} / (1 - {iou} + {v})", "ciou"),
    Line("ciou", "CIoU", "{diou!} - {alpha} * {v}", "ciou"),
)  # fmt: skip
"""All lines in order."""
MEASURES = ("iou", "giou", "diou", "ciou")


def values_of(overlap: BoxOverlap) -> dict[str, float]:
    """Every number that a line can name, of two single boxes."""
    a, b, c = overlap.a.tolist(), overlap.b.tolist(), overlap
    named = {
        **dict(zip(("ax1", "ay1", "ax2", "ay2"), a, strict=True)),
        **dict(zip(("bx1", "by1", "bx2", "by2"), b, strict=True)),
        "aw": c.wh_a[0], "ah": c.wh_a[1], "bw": c.wh_b[0], "bh": c.wh_b[1],
        "area_a": c.area_a, "area_b": c.area_b,
        "sw": c.wh_shared[0], "sh": c.wh_shared[1], "shared": c.intersection,
        "union": c.union, "iou": c.iou,
        "cw": c.wh_enclosing[0], "ch": c.wh_enclosing[1],
        "enclosing": c.enclosing_area, "giou": c.giou,
        "dx": (a[0] + a[2] - b[0] - b[2]) / 2, "dy": (a[1] + a[3] - b[1] - b[3]) / 2,
        "apart": c.distance_squared, "diagonal": c.diagonal_squared, "diou": c.diou,
        "v": c.aspect, "alpha": c.aspect_weight, "ciou": c.ciou,
    }  # fmt: skip
    return {name: float(value) for name, value in named.items()}


def say(value: float) -> str:
    """A number for a person: whole numbers in full, others with four digits.

    Halves are rounded up, in the browser too, so that both say the same.

    Example:
        >>> say(76800.0), say(1 / 7), say(153.255), say(10.125), say(1.62e-5), say(-0.5)
        ('76800', '0.1429', '153.26', '10.13', '1.62e-05', '-0.5')
    """
    if abs(value - round(value)) < _WHOLE:
        return str(round(value))
    nudged = value * (1 + _NUDGE)
    if abs(value) >= _LARGE:
        return f"{nudged:.2f}".rstrip("0").rstrip(".")
    return f"{nudged:.4g}"


_WHOLE, _NUDGE, _LARGE = 1e-9, 1e-12, 100


def spelled(line: Line, values: Mapping[str, float], *, plus_one: bool) -> str:
    """A line with its numbers, and its result.

    Example:
        >>> spelled(LINES[6], {"shared": 1, "union": 7, "iou": 1 / 7}, plus_one=False)
        '1 / 7 = 0.1429'
    """

    def fill(hole: re.Match[str]) -> str:
        if hole[1] == "plus":
            return " + 1" if plus_one else ""
        number = say(values[hole[1]])
        return f"({number})" if hole[2] and values[hole[1]] < 0 else number

    return f"{_HOLE.sub(fill, line.text)} = {say(values[line.key])}"
