"""Settings of the page "Boxes": two boxes to drag, and detections to be judged."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from core.lessons.base import Lesson, marks
from core.vision.anchors import Rule as AnchorRule
from core.vision.metrics.matching import Rule

Box = tuple[float, float, float, float]
Board = Literal["grid", "picture"]
BOARDS: dict[Board, tuple[int, int]] = {"grid": (12, 9), "picture": (320, 240)}
"""Width and height of what the boxes lie on."""
_CORNERS = r"^-?\d{1,4}(\.\d{1,2})?(,-?\d{1,4}(\.\d{1,2})?){3}$"
_DRAWN = (
    r"^(none|\d(@\d{1,3})?:\d{1,4}(,\d{1,4}){3}(;\d(@\d{1,3})?:\d{1,4}(,\d{1,4}){3}){0,59})?$"
)
MOST_BOXES = 60
"""Boxes that can be drawn by hand."""
NAMES = 6
"""Classes that they can have."""
ALL = 300
"""Detections drawn, claims made: all there are."""
_SHARE = r" *(0\.0[1-9]\d?|0\.[1-9]\d?|[1-9](\.\d{1,2})?) *"
_SHARES = f"^{_SHARE}(,{_SHARE}){{0,4}}$"


class BoxesLesson(Lesson):
    """Two boxes with their measures; ground truth and detections with theirs."""

    page: ClassVar[str] = "boxes"

    box_board: Board = Field(
        "grid",
        title="Board",
        description="grid: 12 x 9 cells, to count by hand. picture: 320 x 240 pixels, where a "
        "pixel more or less is little.",
    )
    box_one: str = Field(
        "2,2,7,6",
        max_length=40,
        pattern=_CORNERS,
        title="Box A",
        description="Left, top, right, bottom. Drag the box or its corners, or type.",
    )
    box_two: str = Field(
        "4,3,10,8",
        max_length=40,
        pattern=_CORNERS,
        title="Box B",
        description="Left, top, right, bottom. Drag the box or its corners, or type.",
    )
    box_snap: float = Field(
        1.0,
        ge=0.1,
        le=10,
        title="Drag in steps of",
        description="Cells or pixels by which a dragged edge jumps.",
        json_schema_extra=marks(0.1, 0.25, 0.5, 1, 5, 10),
    )
    plus_pixel: bool = Field(
        False,
        title="Edges are pixels (+ 1)",
        description="Old VOC's way: a box from pixel 2 to pixel 7 is 7 - 2 + 1 = 6 wide. Off: "
        "edges are lines, and it is 5 wide.",
    )
    match_at: float = Field(
        0.5,
        ge=0.05,
        le=1,
        title="IoU threshold",
        description="From this IoU on a detection has found its object. 0.5 in VOC and MLC.",
        json_schema_extra=marks(*(number / 20 for number in range(1, 20))),
    )
    ap_example: Literal["small", "published", "shapes", "hand", "files"] = Field(
        "small",
        title="Detections",
        description="small: five of cups. published: the 24 of a paper. shapes: drawn scenes, "
        "their boxes disturbed as the sliders say. hand: you draw them. files: your own "
        "(COCO, VOC, YOLO).",
    )
    hand_on: Literal["paper", "scene", "image"] = Field(
        "paper",
        title="Drawn on",
        description="paper: 160 x 120 squared pixels. scene: shapes with their true boxes. "
        "image: the current image.",
    )
    hand_classes: str = Field(
        "cup, plate",
        max_length=80,
        title="Classes",
        description="Names of what can be drawn, with commas between them; six at most. "
        "Scenes have their own.",
    )
    hand_boxes: str = Field(
        "",
        max_length=2400,
        pattern=_DRAWN,
        title="Boxes drawn",
        description="They are drawn on the picture below. As text: "
        "class:left,top,right,bottom, with @score in percent behind the class of a detection.",
    )
    ap_rule: Rule = Field(
        "voc",
        title="Matching",
        description="voc: a detection may claim only the object that it fits best. coco: the "
        "best that is still free.",
    )
    ap_label: str = Field(
        "",
        max_length=60,
        title="Listed class",
        description="The class whose detections are listed; empty for the first one.",
    )
    ap_drawn: int = Field(
        ALL,
        ge=0,
        le=ALL,
        title="Detections drawn",
        description="How many of the list are on the curve, the surest first; 300 for all.",
    )
    ap_scenes: int = Field(
        6, ge=1, le=24, title="Scenes", description="How many pictures of shapes are drawn."
    )
    ap_seed: int = Field(
        7, ge=0, le=99, title="Seed", description="Other shapes, other mistakes."
    )
    ap_shift: int = Field(
        14,
        ge=0,
        le=60,
        title="Boxes off by (%)",
        description="How far the edges of a detected box lie off, as a share of its sides: the "
        "standard deviation.",
    )
    ap_missed: int = Field(
        10,
        ge=0,
        le=100,
        title="Missed (%)",
        description="Share of the shapes that are not detected at all.",
    )
    ap_doubled: int = Field(
        30,
        ge=0,
        le=100,
        title="Doubled (%)",
        description="Share of the shapes with a second box, as without suppression.",
    )
    ap_invented: int = Field(
        14,
        ge=0,
        le=60,
        title="Invented",
        description="Boxes where there is nothing, in all scenes together.",
    )
    ap_sure: int = Field(
        40,
        ge=0,
        le=100,
        title="Scores know (%)",
        description="How much a score says about how good its box is. 0: nothing at all.",
    )

    anchor_on: Literal["book", "scene", "drawn"] = Field(
        "book",
        title="Objects",
        description="book: the dog and the cat of Dive into Deep Learning. scene: shapes, by "
        "the seed of the detections. drawn: the ground truth that you draw (Detections: hand).",
    )
    anchor_set: Literal["book", "grid"] = Field(
        "book",
        title="Anchors",
        description="book: the five of the worked example. grid: round every cell, in all "
        "sizes and ratios.",
    )
    anchor_cells: int = Field(
        3,
        ge=1,
        le=13,
        title="Cells",
        description="The grid has so many rows and columns; each cell its own anchors.",
    )
    anchor_sizes: str = Field(
        "0.75, 0.5, 0.25",
        max_length=40,
        pattern=_SHARES,
        title="Sizes",
        description="Shares of the picture's height, five at most. With n sizes and m ratios "
        "a cell has n + m - 1 anchors.",
    )
    anchor_ratios: str = Field(
        "1, 2, 0.5",
        max_length=40,
        pattern=_SHARES,
        title="Ratios",
        description="Width over height, five at most; sizes after the first have the first "
        "ratio only.",
    )
    anchor_rule: AnchorRule = Field(
        "ssd",
        title="Who claims what",
        description="ssd: each object its best anchor, then all anchors from the threshold on. "
        "yolo: each object one anchor, other good ones are ignored. retinanet: as ssd, and "
        "what is less than 0.1 below the threshold is ignored.",
    )
    anchor_claims: int = Field(
        ALL,
        ge=0,
        le=ALL,
        title="Claims made",
        description="How many claims are drawn, in the order in which they are made; 300 for "
        "all.",
    )
    anchor_shown: int = Field(
        1,
        ge=0,
        le=1_999,
        title="Anchor",
        description="The anchor whose numbers are written out. Press one in the picture.",
    )

    @property
    def sizes(self) -> tuple[float, ...]:
        """Of the anchors, shares of the picture's height."""
        return tuple(map(float, self.anchor_sizes.split(",")))

    @property
    def ratios(self) -> tuple[float, ...]:
        """Of the anchors, width over height."""
        return tuple(map(float, self.anchor_ratios.split(",")))

    @property
    def hand_names(self) -> tuple[str, ...]:
        """Names of the classes that can be drawn, none of them twice."""
        parts = (part.strip() for part in self.hand_classes.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))[:NAMES] or ("object",)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the board."""
        return BOARDS[self.box_board]

    @property
    def boxes(self) -> tuple[Box, Box]:
        """Box A and box B, on the board, their corners in order."""
        return self._box(self.box_one), self._box(self.box_two)

    def _box(self, text: str) -> Box:
        x1, y1, x2, y2 = map(float, text.split(","))
        width, height = (side - self.plus_pixel for side in self.size)
        left, right = sorted(min(max(x, 0.0), float(width)) for x in (x1, x2))
        top, bottom = sorted(min(max(y, 0.0), float(height)) for y in (y1, y2))
        return left, top, right, bottom
