"""What the last layer of a one-stage detector gives: how many numbers, and what each means.

Four heads are told apart. Two have boxes of their own in each cell (YOLO v1 without anchors,
v2 and v3 with), two have one point in each cell and measure from it to the four edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["v1", "v3", "fcos", "v8"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BINS = 16
"""Bins of each edge's distribution in YOLOv8 (`reg_max`)."""
SOURCES: dict[Kind, str] = {
    "v1": "Redmon et al. 2016, section 2",
    "v3": "Redmon & Farhadi 2017 (equations of 2), 2018 (section 2.1)",
    "fcos": "Tian et al. 2019, sections 3.1 and 3.2",
    "v8": "Ultralytics 2023; Li et al. 2020, equation 5",
}
TITLES: dict[Kind, str] = {
    "v1": "YOLO v1",
    "v3": "YOLO v2, v3 (anchors)",
    "fcos": "FCOS",
    "v8": "YOLOv8 (DFL)",
}


class HeadError(ValueError):
    """A head that there is not; the message says what works."""


@dataclass(frozen=True, slots=True)
class Part:
    """Numbers of one cell that belong together.

    Attributes:
        name: short, as in the formulas.
        count: how many numbers.
        meaning: what they say.
        box: which box of the cell they belong to, from 1; 0 for all of them.
    """

    name: str
    count: int
    meaning: str
    box: int


@dataclass(frozen=True, slots=True)
class HeadShape:
    """The output of a head.

    Attributes:
        kind: which head.
        grids: cells along a side, of each scale.
        boxes: of one cell.
        classes: how many are told apart.
        parts: the numbers of one cell, in order.
    """

    kind: Kind
    grids: tuple[int, ...]
    boxes: int
    classes: int
    parts: tuple[Part, ...]

    @property
    def a_cell(self) -> int:
        """Numbers of one cell."""
        return sum(part.count for part in self.parts)

    @property
    def cells(self) -> int:
        """Cells of all scales."""
        return sum(grid * grid for grid in self.grids)

    @property
    def numbers(self) -> int:
        """Numbers of the whole output."""
        return self.cells * self.a_cell

    @property
    def total_boxes(self) -> int:
        """Boxes before any is thrown away."""
        return self.cells * self.boxes


def head(kind: Kind, grids: Sequence[int], boxes: int, classes: int) -> HeadShape:
    """The output of a head.

    Args:
        kind: which one.
        grids: cells along a side, one number for each scale.
        boxes: B of each cell; a head that measures from a point has 1.
        classes: C.

    Raises:
        HeadError: a number is below 1, or there are several boxes at a point.

    Example:
        >>> voc = head("v1", [7], boxes=2, classes=20)
        >>> voc.a_cell, voc.numbers, voc.total_boxes
        (30, 1470, 98)
        >>> head("v3", [13, 26, 52], boxes=3, classes=80).total_boxes
        10647
    """
    if min(*grids, boxes, classes, 10**9) < 1:
        raise HeadError("a head needs at least one cell, one box and one class.")
    if kind in ("fcos", "v8") and boxes != 1:
        raise HeadError(f"{boxes} boxes of one point would be the same. Use 1.")
    return HeadShape(kind, tuple(grids), boxes, classes, _parts(kind, boxes, classes))


def _parts(kind: Kind, boxes: int, classes: int) -> tuple[Part, ...]:
    if kind == "v1":
        own = [part for number in range(1, boxes + 1) for part in _v1_box(number)]
        return (*own, Part("classes", classes, "Pr(class | object), shared by the boxes", 0))
    if kind == "v3":
        return tuple(part for n in range(1, boxes + 1) for part in _v3_box(n, classes))
    if kind == "fcos":
        return (
            Part("l, t, r, b", 4, "distances to the edges, before e^(s t)", 1),
            Part("centre-ness", 1, "how near the point is to the middle, before sigmoid", 1),
            Part("classes", classes, "one score each, before sigmoid", 1),
        )
    edges = ("left", "top", "right", "bottom")
    return (
        *(
            Part(edge, BINS, f"how likely the {edge} edge is 0 to {BINS - 1} cells away", 1)
            for edge in edges
        ),
        Part("classes", classes, "one score each, before sigmoid; no objectness", 1),
    )


def _v1_box(number: int) -> tuple[Part, ...]:
    return (
        Part("x, y", 2, "centre, as a share of the cell", number),
        Part("sqrt w, h", 2, "roots of width and height, as shares of the picture", number),
        Part("conf", 1, "Pr(object) * IoU", number),
    )


def _v3_box(number: int, classes: int) -> tuple[Part, ...]:
    return (
        Part("tx, ty", 2, "centre in the cell, before sigmoid", number),
        Part("tw, th", 2, "size as a power of e, times the anchor", number),
        Part("to", 1, "objectness, before sigmoid", number),
        Part("classes", classes, "one probability each, before sigmoid", number),
    )


def pyramid(side: int, strides: Sequence[int]) -> tuple[int, ...]:
    """Cells along a side of each scale; what does not divide is rounded up.

    Example:
        >>> pyramid(640, (8, 16, 32))
        (80, 40, 20)
    """
    return tuple(-(-side // stride) for stride in strides)


@dataclass(frozen=True, slots=True)
class Known:
    """A detector that was published.

    Attributes:
        title: its name.
        kind: of its head.
        strides: pixels between cells, of each scale.
        boxes: of one cell.
        classes: it was published with.
        sides: the input that it was published with; None: any multiple of the strides.
    """

    title: str
    kind: Kind
    strides: tuple[int, ...]
    boxes: int
    classes: int
    side: int | None = None

    def at(self, side: int) -> HeadShape:
        """Its head for a square input; v1's grid is fixed by its dense layers."""
        used = self.side or side
        return head(self.kind, pyramid(used, self.strides), self.boxes, self.classes)


KNOWN: dict[str, Known] = {
    "v1": Known("YOLO v1 (VOC)", "v1", (64,), 2, 20, 448),
    "v2": Known("YOLO v2 (VOC)", "v3", (32,), 5, 20),
    "v3-tiny": Known("YOLOv3-tiny (COCO)", "v3", (32, 16), 3, 80),
    "v3": Known("YOLOv3 (COCO)", "v3", (32, 16, 8), 3, 80),
    "v8": Known("YOLOv8 (COCO)", "v8", (8, 16, 32), 1, 80),
    "fcos": Known("FCOS (COCO)", "fcos", (8, 16, 32, 64, 128), 1, 80),
}
"""Published heads, by slug."""
