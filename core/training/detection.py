"""What learning boxes is: scenes with boxes, the network, and what is made small."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from core.architecture import ArchitectureError
from core.architecture.detector import Detector, check_side, convolutions
from core.architecture.yolov8 import Yolov8
from core.architecture.yolov8 import check_side as check_yolov8
from core.architecture.yolov8 import layers as yolov8_layers
from core.data.boxed import BoxedSet, BoxSceneSpec
from core.data.dataset import Dataset, Split
from core.training.errors import RunError
from core.training.spec import BYTES_A_NUMBER, COPIES, Augmentation
from core.training.together import TogetherSpec

BoxLoss = Literal["ciou", "giou", "squared"]
NOT_YOLOV8: Mapping[str, str] = MappingProxyType(
    {
        "box_loss": "KerasCV trains its boxes with CIoU",
        "empty_weight": "it has no objectness",
        "dropout": "it has no such layer",
    }
)
"""Settings that YOLOv8 does not heed, and why."""
PARTS = ("box", "objectness", "class")
"""What the loss of a grid is the sum of."""
YOLOV8_PARTS = ("box", "class")
"""The same of YOLOv8, which has no objectness."""


class DetectionSpec(TogetherSpec):
    """A network that learns to find objects; the same spec gives the same curve.

    The loss of a picture is a sum over the cells of its grid: of the box where a cell answers
    for an object, of objectness everywhere, of the classes where there is an object. Every part
    has a weight. KerasCV's YOLOv8 has no objectness: a cell that answers for nothing is to say
    no to every class. Runs are measured by AP50 of all validation pictures after each epoch; a
    batch has none, so that its "accuracy" is no number.

    YOLOv8 has no `dropout`, no `empty_weight` and no other `box_loss` than "ciou".

    Attributes:
        detector: the network: a grid, or KerasCV's YOLOv8.
        box_loss: "ciou" and "giou" are 1 less that IoU; "squared" are squared errors of centre
            and of the roots of the sides, as the first YOLO had them.
        box_weight: of the boxes' part.
        empty_weight: of objectness where there is no object: nearly all cells are empty.
        class_weight: of the classes' part.
    """

    score: ClassVar[str] = "AP50"
    network: ClassVar[str] = "a detector"
    answer: ClassVar[str] = "boxes"
    made_small: ClassVar[str] = "box_loss and the three weights"
    guesses: ClassVar[bool] = False

    data: BoxSceneSpec = BoxSceneSpec()
    detector: Detector | Yolov8 = Detector()
    box_loss: BoxLoss = "ciou"
    box_weight: float = Field(2.0, gt=0, le=100)
    empty_weight: float = Field(0.5, gt=0, le=10)
    class_weight: float = Field(1.0, gt=0, le=100)
    augmentation: Augmentation = "flip"
    batch_size: int = Field(16, ge=1, le=256)
    epochs: int = Field(15, ge=1, le=500)
    learning_rate: float = Field(0.003, gt=0, le=10)
    schedule: Literal["constant", "step", "exponential", "cosine", "finder"] = "cosine"
    warmup_epochs: int = Field(1, ge=0, le=50)

    @model_validator(mode="after")
    def _heeded_by_yolov8(self) -> Self:
        for name, why in NOT_YOLOV8.items() if isinstance(self.detector, Yolov8) else ():
            if getattr(self, name) != type(self).model_fields[name].default:
                raise RunError(f"{name} plays no part in YOLOv8: {why}. Leave it out.")
        return self

    def check_live(self, setting: str) -> None:
        """Refuse to change a setting on the way that this run does not heed.

        Raises:
            RunError: with what would work.
        """
        super().check_live(setting)
        if setting == "dropout" and isinstance(self.detector, Yolov8):
            raise RunError("YOLOv8 has no layer of dropout. Weight decay is what it has.")

    def refuse(self, dataset: Dataset, split: Split) -> None:
        """Refuse pictures that have no boxes or do not go through, and too large a batch.

        Raises:
            RunError: with what would work.
        """
        if not isinstance(dataset, BoxedSet):
            raise RunError(
                f"{dataset.title} has a class for each picture and no boxes. Use scenes, or "
                "pictures with boxes."
            )
        try:
            self.check_side(dataset.shape[0])
        except ArchitectureError as error:
            raise RunError(str(error)) from error
        if not any(len(dataset.boxes[place]) for place in split.training):
            raise RunError(
                "No training picture has a box, so that there is nothing to learn. Use another "
                "split, or more pictures with boxes."
            )
        self.check_batch(split)

    def check_side(self, side: int) -> None:
        """Refuse pictures that are no whole number of cells.

        Raises:
            ArchitectureError: with what would work.
        """
        if isinstance(self.detector, Yolov8):
            check_yolov8(side)
        else:
            check_side(self.detector, side)

    def largest_layer(self, dataset: Dataset) -> tuple[str, int]:
        """Name, and bytes for a batch, of the layer that takes the most."""
        height, _, channels = dataset.shape
        name, values = largest_of(self.detector, height, channels, len(dataset.class_names))
        return name, values * self.batch_size * BYTES_A_NUMBER * COPIES

    @property
    def parts(self) -> tuple[str, ...]:
        """What the loss is the sum of."""
        return YOLOV8_PARTS if isinstance(self.detector, Yolov8) else PARTS

    @property
    def weights(self) -> tuple[float, float, float]:
        """Of boxes, of objectness where there is nothing, of classes."""
        return self.box_weight, self.empty_weight, self.class_weight


def largest_of(
    detector: Detector | Yolov8, side: int, channels: int, classes: int
) -> tuple[str, int]:
    """The layer that gives the most numbers for one picture, and how many."""
    if isinstance(detector, Yolov8):
        layers = yolov8_layers(detector, side, classes, channels)
        given = [(layer.side**2 * layer.maps, layer.name) for layer in layers]
    else:
        rows = convolutions(detector, side, channels, classes)
        given = [(row.side**2 * row.maps, row.name) for row in rows]
    values, name = max(given, key=lambda each: each[0])
    return name, values


EXAMPLES: Mapping[str, DetectionSpec] = MappingProxyType(
    {
        "shapes": DetectionSpec(name="Six shapes"),
        "squared": DetectionSpec(name="Squared errors", box_loss="squared", box_weight=5.0),
        "three-anchors": DetectionSpec(name="Three anchors", detector=Detector(boxes=3)),
        "yolov8": DetectionSpec(
            name="KerasCV's YOLOv8", detector=Yolov8(), box_weight=7.5, class_weight=0.5,
            learning_rate=0.001, clipping="norm", clip=10.0,
        ),
    }
)  # fmt: skip
"""Named examples, by slug."""
