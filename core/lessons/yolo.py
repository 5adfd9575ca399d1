"""Settings of the page "Inside YOLO": one cell of the output, its heads, and suppression."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from core.arithmetic.detection_heads import Kind
from core.lessons.base import Lesson, marks
from core.vision.metrics.suppression import Rule

Subject = Literal["hand", "photo"]
BOXES: dict[Kind, int] = {"v1": 2, "v3": 3, "fcos": 1, "v8": 1}
"""Boxes of a cell in the example by hand."""
SIDE = 416
"""Side of the input in pixels, in the examples without a network."""
STRIDES = {"coarse": 32, "fine": 16}
"""Pixels between the cells of YOLOv3-tiny's outputs."""
_LOGIT = marks(*(number / 4 for number in range(-24, 25)))
_RAW = marks(*(number / 10 for number in range(-40, 41)))
_EDGE = marks(*(number / 4 for number in range(61)))


class YoloLesson(Lesson):
    """What is on the stage: a cell and its box, or boxes that are suppressed."""

    page: ClassVar[str] = "yolo"

    yolo_shows: Literal["cell", "suppression"] = Field(
        "cell",
        title="On the stage",
        description="cell: from the numbers of one cell to a box. suppression: from all boxes "
        "to the ones that stay.",
    )
    yolo_subject: Subject = Field(
        "hand",
        title="Numbers",
        description="hand: set by the sliders, no network needed. photo: what YOLOv3-tiny "
        "gives for the current image.",
    )
    yolo_head: Kind = Field(
        "v3",
        title="Head",
        description="v1: shares of the cell, no anchors. v3: sigmoid and anchors, as v2. "
        "fcos: distances to the edges. v8: a distribution for each edge.",
    )
    yolo_cells: int = Field(
        7, ge=2, le=16, title="Grid (S)", description="Cells along a side of the picture."
    )
    yolo_scale: Literal["coarse", "fine"] = Field(
        "coarse",
        title="Output",
        description="YOLOv3-tiny has two: of 416 pixels 13 x 13 cells with large anchors, and "
        "26 x 26 with smaller ones.",
    )
    yolo_input: Literal["224", "320", "416", "608"] = Field(
        "416",
        title="Input",
        description="Side of the network's input in pixels. What fills a photo is found better "
        "in a small one, what is small in a large one.",
    )
    yolo_row: int = Field(
        1, ge=0, le=37, title="Row", description="Of the cell, from 0; or press a cell."
    )
    yolo_column: int = Field(
        3, ge=0, le=37, title="Column", description="Of the cell, from 0; or press a cell."
    )
    yolo_box: int = Field(
        1,
        ge=1,
        le=3,
        title="Box",
        description="Which of the cell's boxes: with anchors, which anchor.",
    )
    yolo_scene: int = Field(3, ge=0, le=30, title="Scene", description="Other shapes.")
    yolo_tx: float = Field(
        1.0, ge=-4, le=4, title="X (left)", json_schema_extra=_RAW,
        description="v1, v3: x of the centre. FCOS: t of the left edge.",
    )  # fmt: skip
    yolo_ty: float = Field(
        0.4, ge=-4, le=4, title="Y (top)", json_schema_extra=_RAW,
        description="v1, v3: y of the centre. FCOS: t of the top edge.",
    )  # fmt: skip
    yolo_tw: float = Field(
        0.4, ge=-4, le=4, title="W (right)", json_schema_extra=_RAW,
        description="v1: root of the width. v3: power of e of the width. FCOS: right edge.",
    )  # fmt: skip
    yolo_th: float = Field(
        -0.1, ge=-4, le=4, title="H (bottom)", json_schema_extra=_RAW,
        description="v1: root of the height. v3: power of e of the height. FCOS: bottom edge.",
    )  # fmt: skip
    yolo_to: float = Field(
        2.0, ge=-6, le=6, title="Objectness", json_schema_extra=_LOGIT,
        description="v3: before the sigmoid. v1: the confidence itself. FCOS: centre-ness.",
    )  # fmt: skip
    yolo_circle: float = Field(
        1.5, ge=-6, le=6, title="Circle", json_schema_extra=_LOGIT,
        description="Before the sigmoid; in v1 the probability itself.",
    )  # fmt: skip
    yolo_square: float = Field(
        -1.0, ge=-6, le=6, title="Square", json_schema_extra=_LOGIT,
        description="Before the sigmoid; in v1 the probability itself.",
    )  # fmt: skip
    yolo_triangle: float = Field(
        -2.0, ge=-6, le=6, title="Triangle", json_schema_extra=_LOGIT,
        description="Before the sigmoid; in v1 the probability itself.",
    )  # fmt: skip
    yolo_left: float = Field(
        1.5, ge=0, le=15, title="Left", json_schema_extra=_EDGE,
        description="Bin at which the left edge's distribution has its hump.",
    )  # fmt: skip
    yolo_top: float = Field(
        1.5, ge=0, le=15, title="Top", json_schema_extra=_EDGE,
        description="Bin at which the top edge's distribution has its hump.",
    )  # fmt: skip
    yolo_right: float = Field(
        1.5, ge=0, le=15, title="Right", json_schema_extra=_EDGE,
        description="Bin at which the right edge's distribution has its hump.",
    )  # fmt: skip
    yolo_bottom: float = Field(
        1.5, ge=0, le=15, title="Bottom", json_schema_extra=_EDGE,
        description="Bin at which the bottom edge's distribution has its hump.",
    )  # fmt: skip
    yolo_spread: float = Field(
        0.75,
        ge=0.25,
        le=4,
        title="Spread",
        description="How unsure the edges are, in cells. The box hears only their means.",
        json_schema_extra=marks(0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4),
    )
    out_cells: int = Field(7, ge=1, le=52, title="S", description="Cells along a side.")
    out_boxes: int = Field(2, ge=1, le=9, title="B", description="Boxes of each cell.")
    out_classes: int = Field(20, ge=1, le=100, title="C", description="Classes.")
    out_side: Literal["320", "416", "512", "608", "640", "1280"] = Field(
        "416", title="Input", description="Side in pixels, for the published heads."
    )
    nms_subject: Literal["hand", "shapes", "photo"] = Field(
        "hand",
        title="Boxes",
        description="hand: eight boxes with a tie, an IoU of exactly 0.5 and two classes. "
        "shapes: a scene with many boxes on each shape. photo: YOLOv3-tiny's.",
    )
    nms_score: float = Field(
        0.25,
        ge=0.01,
        le=0.95,
        title="Confidence from",
        description="Boxes with a lower score are not looked at.",
        json_schema_extra=marks(0.01, 0.03, *(number / 20 for number in range(1, 20))),
    )
    nms_iou: float = Field(
        0.5,
        ge=0,
        le=1,
        title="IoU threshold",
        description="A box is suppressed when its IoU with a kept one is above this.",
        json_schema_extra=marks(*(number / 20 for number in range(21))),
    )
    nms_classwise: bool = Field(
        True,
        title="Class by class",
        description="On: boxes of different classes leave each other alone.",
    )
    nms_rule: Rule = Field(
        "hard",
        title="Rule",
        description="hard: the box is gone. linear, gaussian: soft-NMS, its score falls.",
    )
    nms_sigma: float = Field(
        0.5,
        ge=0.05,
        le=2,
        title="Sigma",
        description="Of soft-NMS' Gaussian: score times e^(-IoU^2 / sigma).",
        json_schema_extra=marks(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2),
    )
    nms_crowd: int = Field(
        5, ge=1, le=12, title="Boxes a shape", description="How many times a shape is found."
    )
    nms_off: int = Field(
        12,
        ge=0,
        le=40,
        title="Off by (%)",
        description="How far their edges lie off, as a share of the sides.",
    )
    nms_seed: int = Field(5, ge=0, le=99, title="Seed", description="Other shapes and boxes.")

    @property
    def grid(self) -> int:
        """Cells along a side of what the stage shows."""
        if self.yolo_subject == "photo":
            return int(self.yolo_input) // STRIDES[self.yolo_scale]
        return self.yolo_cells

    @property
    def kind(self) -> Kind:
        """Whose head the stage shows."""
        return "v3" if self.yolo_subject == "photo" else self.yolo_head

    @property
    def row(self) -> int:
        """Of the cell, within the grid: a smaller grid has fewer."""
        return min(self.yolo_row, self.grid - 1)

    @property
    def column(self) -> int:
        """Of the cell, within the grid."""
        return min(self.yolo_column, self.grid - 1)

    @property
    def box(self) -> int:
        """Which of the cell's boxes, from 0."""
        return min(self.yolo_box, BOXES[self.kind]) - 1
