"""Settings of the page "Detector": scenes with boxes, the network, and how it is trained."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from core.architecture.detector import Detector, Stride, nearest_side
from core.architecture.yolov8 import SMALLEST_WIDTH, STRIDES, Yolov8
from core.architecture.yolov8 import nearest_side as nearest_of_yolov8
from core.data import shapes
from core.data.boxed import BoxSceneSpec
from core.data.masked import FEWEST_IMAGES, SCENES
from core.data.settings import LARGEST_SIDE
from core.data.spec import OWN
from core.lessons.base import Lesson, marks
from core.lessons.data import NOISES
from core.lessons.training import RATES, SHARES, WEIGHT_DECAYS
from core.training.detection import NOT_YOLOV8, BoxLoss, DetectionSpec
from core.training.spec import Optimizer

NAMES = tuple(shapes.SHAPES)
"""Every shape that can be drawn, in the order in which they are taken."""
WEIGHTS = marks(0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 20, 50, 100)
EMPTY_WEIGHTS = marks(0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
CONFIDENCES = marks(0.01, 0.02, *(place / 20 for place in range(1, 20)), 0.99)
OVERLAPS = marks(*(place / 20 for place in range(21)))
STEPS = {
    "objects_count": (20, 40, 80, 150, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000),
    "objects_side": (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256),
    "detector_width": (4, 8, 12, 16, 24, 32, 48, 64),
    "detector_batch": (1, 2, 4, 8, 16, 32, 64),
    "objects_training_percent": range(20, 81, 10),
    "objects_validation_percent": (10, 15, 20, 30, 40, 50, 60, 70),
}
"""Where the sliders stand that do not go through all whole numbers."""
Cell = Literal["4", "8", "16"]
Network = Literal["grid", "yolov8"]
YOLOV8_CLIP = 10.0
"""Longest gradient of YOLOv8, as KerasCV's own example clips it."""


class DetectorLesson(Lesson):
    """A detector before it is trained, and how its boxes are shown."""

    page: ClassVar[str] = "detector"
    repair_order = ("objects_most", "objects_largest", "objects_validation_percent")

    objects_data: Literal["scenes", "own"] = Field(
        "scenes", title="Pictures",
        description="scenes: shapes drawn by rule, whose boxes are exact. own: your pictures "
        "with boxes from COCO, VOC or YOLO files, uploaded below under Data.",
    )  # fmt: skip
    objects_count: int = Field(
        2_000, ge=FEWEST_IMAGES, le=5_000, title="Scenes", description="How many are drawn."
    )
    objects_side: int = Field(
        96, ge=32, le=256, title="Side",
        description="Height and width of a picture in pixels: whole cells of the grid.",
    )  # fmt: skip
    objects_kinds: int = Field(
        6, ge=2, le=len(NAMES), title="Kinds of shapes",
        description=f"So many of {', '.join(NAMES)}: the classes.",
    )  # fmt: skip
    objects_fewest: int = Field(
        1, ge=1, le=8, title="Fewest shapes", description="In a scene, at least."
    )
    objects_most: int = Field(
        3, ge=1, le=8, title="Most shapes", description="In a scene, at most."
    )
    objects_smallest: int = Field(
        20, ge=10, le=80, title="Smallest (%)",
        description="Smallest diameter of a shape, in percent of the side.",
    )  # fmt: skip
    objects_largest: int = Field(
        40, ge=10, le=80, title="Largest (%)",
        description="Largest diameter of a shape, in percent of the side.",
    )  # fmt: skip
    objects_overlap: bool = Field(
        False, title="Overlap", description="Shapes may cover parts of each other."
    )
    objects_background: shapes.Background = Field(
        "noise", title="Background",
        description="One colour, a ramp between two, or soft clouds of colour.",
    )  # fmt: skip
    objects_noise: float = Field(
        15.0, ge=0, le=100, title="Noise", json_schema_extra=NOISES,
        description="Standard deviation of the noise, in levels of 0 to 255.",
    )  # fmt: skip
    objects_seed: int = Field(
        0, ge=0, le=99, title="Seed of the scenes", description="Decides what is drawn."
    )
    objects_training_percent: int = Field(
        70, ge=20, le=80, title="Training (%)", description="Share of the pictures."
    )
    objects_validation_percent: int = Field(
        15, ge=10, le=70, title="Validation (%)",
        description="Share of the pictures; what both leave is the test set.",
    )  # fmt: skip
    detector_network: Network = Field(
        "grid", title="Network",
        description="grid: one map of cells, each with its boxes, on a few convolutions, as "
        "YOLO began; made so that a lecture can wait for it. yolov8: KerasCV's YOLOV8Detector "
        "from its first weights, three maps, no anchors, no objectness; it takes minutes.",
    )  # fmt: skip
    kerascv_width: int = Field(
        SMALLEST_WIDTH, ge=8, le=64, multiple_of=8, title="Width",
        description="Channels of the first stack, doubled from stack to stack. 32 is KerasCV's "
        "smallest preset, yolo_v8_xs.",
    )  # fmt: skip
    kerascv_depth: int = Field(
        1, ge=1, le=3, title="Depth",
        description="Blocks of the first and last stack; those between have twice as many.",
    )  # fmt: skip
    kerascv_box_weight: float = Field(
        7.5, gt=0, le=100, title="Weight of boxes", json_schema_extra=WEIGHTS,
        description="What the CIoU loss is multiplied by; 7.5 in KerasCV.",
    )  # fmt: skip
    kerascv_class_weight: float = Field(
        0.5, gt=0, le=100, title="Weight of classes", json_schema_extra=WEIGHTS,
        description="What the classes' loss is multiplied by; 0.5 in KerasCV.",
    )  # fmt: skip
    detector_cell: Cell = Field(
        "8", title="Cell (pixels)",
        description="A cell of the grid stands for so many pixels in height and width: the "
        "picture is halved twice, three or four times.",
    )  # fmt: skip
    detector_boxes: int = Field(
        1, ge=1, le=3, title="Boxes a cell",
        description="Each has a square anchor of its own: 30 % of the side; 20 and 40 %; or "
        "15, 30 and 50 %.",
    )  # fmt: skip
    detector_width: int = Field(
        16, ge=4, le=64, title="Width",
        description="Maps of the first convolution; each halving doubles them.",
    )  # fmt: skip
    detector_depth: int = Field(
        3, ge=1, le=6, title="Depth",
        description="3 x 3 convolutions at the size of the grid: each lets a cell see two "
        "cells further.",
    )  # fmt: skip
    detector_norm: bool = Field(
        True, title="Batch norm", description="After each 3 x 3 convolution."
    )
    detector_loss: BoxLoss = Field(
        "ciou", title="Box loss",
        description="1 - CIoU, 1 - GIoU, or squared errors of centre and roots of the sides, "
        "with which YOLO began.",
    )  # fmt: skip
    detector_box_weight: float = Field(
        2.0, gt=0, le=100, title="Weight of boxes", json_schema_extra=WEIGHTS,
        description="What the box loss is multiplied by. YOLO's first had 5.",
    )  # fmt: skip
    detector_empty_weight: float = Field(
        0.5, gt=0, le=10, title="Weight of empty cells", json_schema_extra=EMPTY_WEIGHTS,
        description="Nearly all cells are empty; YOLO's first let them count half.",
    )  # fmt: skip
    detector_class_weight: float = Field(
        1.0, gt=0, le=100, title="Weight of classes", json_schema_extra=WEIGHTS,
        description="What the classes' loss is multiplied by.",
    )  # fmt: skip
    detector_optimizer: Optimizer = Field(
        "adam", title="Optimiser", description="Which rule makes a step out of a gradient."
    )
    detector_rate: float = Field(
        0.003, ge=1e-6, le=10, title="Learning rate", json_schema_extra=RATES,
        description="Length of the step. While a run goes, the slider above the curves changes "
        "it without a restart.",
    )  # fmt: skip
    detector_schedule: Literal["constant", "step", "exponential", "cosine"] = Field(
        "cosine", title="Schedule", description="How the learning rate falls by itself."
    )
    detector_warmup: int = Field(
        1, ge=0, le=10, title="Warm-up (epochs)",
        description="Epochs in which the learning rate rises from 0 to its full height.",
    )  # fmt: skip
    detector_batch: int = Field(
        16, ge=1, le=64, title="Batch size", description="Pictures that one step looks at."
    )
    detector_epochs: int = Field(
        15, ge=1, le=100, title="Epochs", description="How often every picture is seen."
    )
    detector_flip: bool = Field(
        True, title="Mirror at random",
        description="Picture and boxes together, to the side and upside down.",
    )  # fmt: skip
    detector_dropout: float = Field(
        0.0, ge=0, le=0.9, title="Dropout", json_schema_extra=SHARES,
        description="Share of the values before the output that each step silences.",
    )  # fmt: skip
    detector_decay: float = Field(
        0.0, ge=0, le=1, title="Weight decay", json_schema_extra=WEIGHT_DECAYS,
        description="Share of each weight that a step takes away, times the learning rate.",
    )  # fmt: skip
    detector_seed: int = Field(
        0, ge=0, le=99, title="Seed",
        description="Of the weights and the order. The same seed gives the same curve.",
    )  # fmt: skip
    shown_confidence: float = Field(
        0.3, ge=0.01, le=0.99, title="Confidence", json_schema_extra=CONFIDENCES,
        description="Boxes with a lower score are not shown. The network does not run again.",
    )  # fmt: skip
    shown_overlap: float = Field(
        0.45, ge=0, le=1, title="NMS: IoU", json_schema_extra=OVERLAPS,
        description="A box is suppressed when its IoU with a surer one of its class is above "
        "this. At 1 all stay.",
    )  # fmt: skip
    shown_truth: bool = Field(True, title="Truth", description="The true boxes, dashed.")
    shown_grid: bool = Field(
        False, title="Grid", description="The cells, each of which answers for its objects."
    )

    def problem(self) -> str | None:
        """Why there is no such run."""
        if self.objects_fewest > self.objects_most:
            return "There cannot be more shapes at least than at most."
        if self.objects_smallest > self.objects_largest:
            return "The smallest shape cannot be larger than the largest."
        if self.objects_training_percent + self.objects_validation_percent > 90:
            return "At least 10 % of the pictures are kept for the test."
        return None

    def choices(self, name: str) -> list[int]:
        """The values of a slider; counts, sides and shares go in steps one can tell apart."""
        steps = STEPS.get(name)
        if steps is None:
            return super().choices(name)
        return [
            value
            for value in sorted({*steps, getattr(self, name)})
            if not name.endswith("percent") or self._fits(name, value)
        ]

    @property
    def is_yolov8(self) -> bool:
        """Whether KerasCV's network learns, and not the grid."""
        return self.detector_network == "yolov8"

    @property
    def network(self) -> Detector:
        """What the grid is built from."""
        stride: Stride = {"4": 4, "8": 8, "16": 16}[self.detector_cell]  # type: ignore[assignment]
        return Detector(
            stride=stride, boxes=self.detector_boxes, width=self.detector_width,
            depth=self.detector_depth, norm=self.detector_norm,
        )  # fmt: skip

    @property
    def yolov8(self) -> Yolov8:
        """What KerasCV's network is built from."""
        return Yolov8(width=self.kerascv_width, depth=self.kerascv_depth)

    @property
    def finest(self) -> int:
        """Height and width of the smallest cell, in pixels."""
        return STRIDES[0] if self.is_yolov8 else self.network.stride

    @property
    def coarsest(self) -> int:
        """Height and width of the largest cell, in pixels."""
        return STRIDES[-1] if self.is_yolov8 else self.network.stride

    @property
    def side(self) -> int:
        """Of the pictures: the nearest to what is set that is whole cells."""
        nearest = (
            nearest_of_yolov8(self.objects_side)
            if self.is_yolov8
            else nearest_side(self.network, self.objects_side)
        )
        return min(nearest, LARGEST_SIDE)

    def data_spec(self) -> BoxSceneSpec:
        """The pictures with their boxes, and their parts."""
        return BoxSceneSpec(
            dataset=OWN if self.objects_data == "own" else SCENES,
            images=self.objects_count,
            image_size=self.side,
            image_noise=self.objects_noise,
            image_seed=self.objects_seed,
            shape_classes=NAMES[: self.objects_kinds],
            shape_smallest=self.objects_smallest,
            shape_largest=self.objects_largest,
            shape_background=self.objects_background,
            shapes_fewest=self.objects_fewest,
            shapes_most=self.objects_most,
            overlap=self.objects_overlap,
            training_share=self.objects_training_percent / 100,
            validation_share=self.objects_validation_percent / 100,
        )

    def run_spec(self, **changes: Any) -> DetectionSpec:  # noqa: ANN401 - fields of the spec
        """What a run with these settings is started with.

        Args:
            changes: fields of the spec that are to be otherwise.
        """
        values: dict[str, Any] = {
            "data": self.data_spec(),
            "detector": self.network,
            "box_loss": self.detector_loss,
            "box_weight": self.detector_box_weight,
            "empty_weight": self.detector_empty_weight,
            "class_weight": self.detector_class_weight,
            "optimizer": self.detector_optimizer,
            "learning_rate": self.detector_rate,
            "schedule": self.detector_schedule,
            "warmup_epochs": self.detector_warmup,
            "batch_size": self.detector_batch,
            "epochs": self.detector_epochs,
            "augmentation": "flip" if self.detector_flip else "none",
            "dropout": self.detector_dropout,
            "weight_decay": self.detector_decay,
            "seed": self.detector_seed,
        }
        if self.is_yolov8:
            values |= {
                "detector": self.yolov8,
                "box_weight": self.kerascv_box_weight,
                "class_weight": self.kerascv_class_weight,
                "clipping": "norm",
                "clip": YOLOV8_CLIP,
            }
            for name in NOT_YOLOV8:
                del values[name]
        return DetectionSpec(**(values | changes))
