"""Settings of the page "Transfer learning": one data set, three ways to learn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.augment import AugmentError
from core.augment.text import decode
from core.data.spec import DataSpec
from core.lessons.data import DataFields, Slug
from core.lessons.training import RATES, SHARES, STRENGTHS
from core.training.spec import Augmentation, Optimizer
from core.training.transfer import LEAST_SIDE, STEP, Pooling, TransferSpec, Way
from core.zoo.registry import DEFAULT, ZOO

BACKBONES = tuple(ZOO)
WAYS: tuple[Way, ...] = ("frozen", "finetune", "scratch")
"""In the order in which all three are done: the quickest first."""
TITLES: dict[Way, str] = {
    "frozen": "Frozen backbone, new head",
    "finetune": "Fine-tuning",
    "scratch": "From scratch",
}
SIDES = (0, 64, 96, 128, 160, 192, 224, 256, 288, 320)
UNITS = (0, 16, 32, 64, 128, 256, 512, 1024)
EPOCHS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 75, 100)
MOST_LETTERS = 4000
FEW_DRAWN = 120
"""Pictures of drawn sets where no number is asked for."""

if TYPE_CHECKING:
    Which = str
else:
    # Written nowhere else: the registry is the list.
    Which = Literal[BACKBONES]


class TransferLesson(DataFields):
    """A pretrained network, a new head, and how much of both is learnt."""

    page: ClassVar[str] = "transfer"

    dataset: Slug = Field(
        "shapes", title="Data set",
        description="own: your classes, by camera or from files. What has to be downloaded "
        "first can be fetched below, under Data.",
    )  # fmt: skip
    image_size: int = Field(
        224, ge=16, le=256, title="Side",
        description="Height and width of drawn pictures and of photos, in pixels. The network "
        "resizes them once more to what it takes.",
    )  # fmt: skip
    backbone: Which = Field(
        DEFAULT, title="Backbone",
        description="The pretrained network. EfficientNet-Lite0 is here; see the view Zoo of "
        "the page Classify for the others.",
    )  # fmt: skip
    backbone_side: int = Field(
        0, ge=0, le=320, title="Side it is shown",
        description="0 is what it was trained with. Half of it takes a quarter of time and "
        "memory, and costs some accuracy.",
    )  # fmt: skip
    head_pooling: Pooling = Field(
        "average", title="Pooling",
        description="How each feature map becomes one number: its mean, or its maximum.",
    )  # fmt: skip
    head_dense: int = Field(
        0, ge=0, le=1024, title="Dense units",
        description="A layer with ReLU between pooling and output; 0 for none.",
    )  # fmt: skip
    head_dropout: float = Field(
        0.0, ge=0, le=0.9, title="Head dropout", json_schema_extra=SHARES,
        description="Share of the features before the output that each step silences.",
    )  # fmt: skip
    head_rate: float = Field(
        0.001, ge=1e-6, le=10, title="Learning rate of the head", json_schema_extra=RATES,
        description="Of a head on a frozen backbone, and of the head before fine-tuning.",
    )  # fmt: skip
    head_epochs: int = Field(
        30, ge=1, le=100, title="Epochs of the head",
        description="On features that were computed once, an epoch takes a moment. Fine-tuning "
        "begins with such a head.",
    )  # fmt: skip
    open_blocks: int = Field(
        5, ge=0, le=60, title="Open blocks",
        description="Fine-tuning: how many of the backbone's uppermost blocks are learnt with "
        "the head. All others stay frozen.",
    )  # fmt: skip
    fine_rate: float = Field(
        1e-4, ge=1e-6, le=10, title="Learning rate of fine-tuning", json_schema_extra=RATES,
        description="A tenth of the head's, or less: the open blocks are good already.",
    )  # fmt: skip
    fine_epochs: int = Field(
        5, ge=1, le=100, title="Epochs of fine-tuning",
        description="After the head has been trained alone.",
    )  # fmt: skip
    keep_statistics: bool = Field(
        True, title="Batch norm as in inference",
        description="Fine-tuning: batch norm goes on with the means and variances of ImageNet. "
        "Those of 16 pictures are noisy.",
    )  # fmt: skip
    scratch_rate: float = Field(
        0.001, ge=1e-6, le=10, title="Learning rate from scratch", json_schema_extra=RATES,
        description="Of all weights, which begin at random.",
    )  # fmt: skip
    scratch_epochs: int = Field(
        10, ge=1, le=100, title="Epochs from scratch",
        description="Each goes through the whole network, forward and back.",
    )  # fmt: skip
    scratch_side: int = Field(
        128, ge=0, le=320, title="Side from scratch",
        description="At 224 pixels a step needs about four times the memory; 0 is the "
        "backbone's own side.",
    )  # fmt: skip
    scratch_batch: int = Field(
        8, ge=1, le=64, title="Batch size from scratch",
        description="All activations of so many pictures have to be kept until the gradient is "
        "there.",
    )  # fmt: skip
    transfer_batch: int = Field(
        16, ge=1, le=128, title="Batch size of head and fine-tuning",
        description="Pictures that one step looks at.",
    )  # fmt: skip
    transfer_optimizer: Optimizer = Field(
        "adam", title="Optimiser", description="Of all three ways."
    )
    transfer_seed: int = Field(
        0, ge=0, le=99, title="Seed",
        description="Of the head, the order, dropout and augmentation. The same seed gives the "
        "same curve.",
    )  # fmt: skip
    transfer_augmentation: Augmentation = Field(
        "none", title="Augmentation",
        description="How training pictures are changed at random. A frozen backbone sees some "
        "changed versions of each picture beforehand.",
    )  # fmt: skip
    transfer_strength: float = Field(
        0.3, ge=0, le=1, title="Augmentation strength", json_schema_extra=STRENGTHS,
        description="At 1 a shift by up to 30 %, a turn by 45 degrees, a zoom by 40 %.",
    )  # fmt: skip
    transfer_copies: int = Field(
        4, ge=1, le=16, title="Versions of a picture",
        description="Frozen: of so many changed versions features are computed, and each step "
        "draws one. With flip alone there are two: the picture and its mirror image.",
    )  # fmt: skip
    transfer_pipeline: str = Field(
        "", max_length=MOST_LETTERS, title="Pipeline",
        description="Steps of the page Augmentation as text, such as flip.horizontal_zoom.",
    )  # fmt: skip
    transfer_over: Literal["epochs", "seconds"] = Field(
        "epochs", title="Curves over",
        description="seconds: since the click, with all that comes before the first step.",
    )  # fmt: skip

    def choices(self, name: str) -> list[int]:
        """The values of a slider; sides, units and epochs go in steps one can tell apart."""
        steps = {
            "backbone_side": SIDES,
            "scratch_side": SIDES,
            "head_dense": UNITS,
            "head_epochs": EPOCHS,
            "fine_epochs": EPOCHS,
            "scratch_epochs": EPOCHS,
            "scratch_batch": (1, 2, 4, 8, 16, 32, 64),
            "transfer_batch": (1, 2, 4, 8, 16, 32, 64, 128),
        }.get(name)
        if steps is None:
            return super().choices(name)
        return sorted({*steps, getattr(self, name)})

    def data_spec(self) -> DataSpec:
        """The data set of these settings; of drawn pictures few, for few are the point here."""
        spec = super().data_spec()
        few = self.is_drawn and not self.images
        return spec.model_copy(update={"images": FEW_DRAWN}) if few else spec

    def unreadable(self) -> str:
        """Why the pipeline cannot be applied; empty where it can."""
        try:
            return decode(self.transfer_pipeline).problem()
        except AugmentError as error:
            return str(error)

    def spec(self, way: Way) -> TransferSpec:
        """What a run is started with; a pipeline that cannot be read is left out."""
        return TransferSpec(
            way=way,
            backbone=self.backbone,
            data=self.data_spec(),
            pooling=self.head_pooling,
            dense=self.head_dense,
            dropout=self.head_dropout,
            optimizer=self.transfer_optimizer,
            seed=self.transfer_seed,
            augmentation=self.transfer_augmentation,
            augmentation_strength=self.transfer_strength,
            copies=self.transfer_copies,
            pipeline="" if self.unreadable() else self.transfer_pipeline,
            open_blocks=self.open_blocks,
            fine_rate=self.fine_rate,
            head_epochs=self.head_epochs,
            keep_statistics=self.keep_statistics,
            **self._of(way),
        )

    def _of(self, way: Way) -> dict[str, float]:
        """What differs from way to way."""
        if way == "scratch":
            return {
                "side": fitting_side(self.backbone, self.scratch_side),
                "learning_rate": self.scratch_rate,
                "epochs": self.scratch_epochs,
                "batch_size": self.scratch_batch,
            }
        return {
            "side": fitting_side(self.backbone, self.backbone_side),
            "learning_rate": self.head_rate,
            "epochs": self.head_epochs if way == "frozen" else self.fine_epochs,
            "batch_size": self.transfer_batch,
        }


def fitting_side(backbone: str, wanted: int) -> int:
    """The nearest side that a network can be shown; 0 for its own.

    Example:
        >>> fitting_side("mobilenet-v2", 128), fitting_side("efficientnet-lite0", 224)
        (129, 0)
    """
    own = ZOO[backbone].side
    if not wanted:
        return 0
    least = LEAST_SIDE + (own - LEAST_SIDE) % STEP
    side = max(own + round((wanted - own) / STEP) * STEP, least)
    return 0 if side == own else side
