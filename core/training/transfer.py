"""What a transfer is: a pretrained network, a new head, and how much of both is learnt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from core.data.dataset import Dataset, Split
from core.data.spec import DataSpec
from core.training.errors import RunError
from core.training.spec import RunSettings, TrainingSpec
from core.zoo.registry import DEFAULT, ZOO

Way = Literal["scratch", "frozen", "finetune"]
Pooling = Literal["average", "max"]

LEAST_SIDE, STEP = 64, 32
"""Pixels: a network's strides, one after another, divide by 32."""
FEWEST = 5
"""Pictures that every class needs."""
MOST_LOOKED_AT = 20_000
"""Versions of pictures whose features are computed: they take minutes, and 200 MB."""
HIGHEST_RATES: Mapping[str, float] = MappingProxyType(
    {
        "sgd": 1e-2,
        "momentum": 1e-2,
        "nesterov": 1e-2,
        "adagrad": 1e-2,
        "rmsprop": 5e-4,
        "adam": 5e-4,
        "adamw": 5e-4,
    }
)
"""Rates of fine-tuning above which there is a warning; with momentum m times 1 - m."""
_UNUSED = ("norm_order", "initializer")


class TransferSpec(TrainingSpec):
    """A pretrained network taught other classes; the same spec gives the same curve.

    Three ways: "scratch" builds the network with random weights and learns all of them;
    "frozen" leaves the backbone as it is and learns a head on its features, which are computed
    once; "finetune" begins with such a head and goes on with the backbone's upper blocks.

    A frozen backbone sees no picture twice, so augmentation changes the pictures beforehand:
    the features of `copies` changed versions of each training picture are computed, and every
    step draws one of them. With "flip" alone the versions are the picture and its mirror image,
    which is what flipping at every step would give.

    Of the settings that all runs have, `norm_order` and `initializer` are the backbone's own
    and cannot be set; `dropout` stands before the output; `learning_rate` is that of the head,
    and of everything in "scratch".

    Attributes:
        backbone: slug of `core.zoo.registry.ZOO`.
        way: what is learnt.
        side: height and width that the backbone is shown the pictures in, in pixels; 0 for
            what it was trained with. Half the side takes a quarter of time and memory.
        pooling: of the feature maps, over their height and width.
        dense: units of a dense layer with ReLU between pooling and output; 0 for none.
        open_blocks: "finetune": how many of the backbone's uppermost blocks are learnt; more
            than it has are all of them.
        fine_rate: "finetune": the learning rate once the head has been trained.
        head_epochs: "finetune": epochs in which the head alone is trained first.
        keep_statistics: "finetune": batch norm goes on with the means and variances that the
            backbone came with, and random depth is off, as in inference.
        copies: "frozen": changed versions of each training picture.
    """

    data: DataSpec = DataSpec(dataset="faces")
    batch_size: int = Field(16, ge=1, le=512)
    epochs: int = Field(30, ge=1, le=500)
    backbone: str = DEFAULT
    way: Way = "frozen"
    side: int = Field(0, ge=0, le=512)
    pooling: Pooling = "average"
    dense: int = Field(0, ge=0, le=2048)
    open_blocks: int = Field(5, ge=0, le=200)
    fine_rate: float = Field(1e-4, gt=0, le=10)
    head_epochs: int = Field(30, ge=0, le=100)
    keep_statistics: bool = True
    copies: int = Field(4, ge=1, le=16)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.backbone not in ZOO:
            raise RunError(f"There is no pretrained network {self.backbone!r}. Try {DEFAULT}.")
        own = ZOO[self.backbone].side
        if self.side and ((self.side - own) % STEP or self.side < LEAST_SIDE):
            least = LEAST_SIDE + (own - LEAST_SIDE) % STEP
            near = max(own + round((self.side - own) / STEP) * STEP, least)
            raise RunError(
                f"Pictures of {self.side} pixels do not suit {ZOO[self.backbone].title}, which "
                f"was trained on {own} and halves them five times. Use {near}, another size "
                f"that differs from {own} by a multiple of {STEP}, or 0 for {own} itself."
            )
        for name in _UNUSED:
            if getattr(self, name) != RunSettings.model_fields[name].default:
                raise RunError(f"{name} is the backbone's own and cannot be set. Leave it out.")
        return self

    def check_live(self, setting: str) -> None:
        """Refuse to change a setting on the way that this run does not heed.

        Raises:
            RunError: with what would work.
        """
        super().check_live(setting)
        if setting == "augmentation_strength" and self.way == "frozen":
            raise RunError(
                "The features of a frozen backbone are computed before the first step, so the "
                "strength cannot change on the way. Start a run with another strength."
            )

    def refuse(self, dataset: Dataset, split: Split) -> None:
        """Refuse classes with too few pictures, and more versions than there is time for.

        A batch may be larger than all training pictures: it then has all of them.

        Raises:
            RunError: with what would work.
        """
        counts = zip(dataset.class_names, dataset.class_counts, strict=True)
        small = [f"{name!r} has {count}" for name, count in counts if count < FEWEST]
        if small:
            raise RunError(
                f"Every class needs at least {FEWEST} pictures; {', '.join(small)}. Add "
                "pictures, or leave the class out."
            )
        looked_at = self.versions * len(split.training)
        if self.way != "scratch" and looked_at > MOST_LOOKED_AT:
            raise RunError(
                f"{self.versions} versions of {len(split.training):,} training pictures are "
                f"{looked_at:,} to compute features of; at most {MOST_LOOKED_AT:,} work. Use "
                f"{max(MOST_LOOKED_AT // len(split.training), 1)} copies, or fewer pictures."
            )

    @property
    def begins_at(self) -> float:
        """The learning rate before the schedule's factor."""
        return self.fine_rate if self.way == "finetune" else self.learning_rate

    @property
    def versions(self) -> int:
        """Versions of each training picture of which a frozen backbone computes features."""
        if self.augments.active:
            return self.copies
        if self.augmentation == "none" or self.augmentation_strength == 0:
            return 1
        return 2 if self.augmentation == "flip" else self.copies

    def head_alone(self) -> TransferSpec:
        """The run that trains the head before fine-tuning begins."""
        changed = {"way": "frozen", "epochs": max(self.head_epochs, 1), "changes": ()}
        return self.model_copy(update=changed | {"schedule": "constant", "warmup_epochs": 0})


def highest_rate(spec: RunSettings) -> float:
    """The learning rate above which a pretrained network may lose what it has learnt."""
    highest = HIGHEST_RATES[spec.optimizer]
    return highest * (1 - spec.momentum if spec.optimizer in ("momentum", "nesterov") else 1)


def rate_warning(spec: TransferSpec) -> str:
    """What to say where fine-tuning steps too far; empty where it does not.

    The backbone's weights are good already: steps as long as those of a new head would carry
    them away before the head can follow. The bounds are a tenth to a half of what the
    optimisers learn a head with (Chollet, Keras guide "Transfer learning & fine-tuning", uses
    a hundredth with Adam).
    """
    if spec.way != "finetune":
        return ""
    highest = highest_rate(spec)
    if spec.fine_rate <= highest:
        return ""
    return (
        f"A learning rate of {spec.fine_rate:g} is high for fine-tuning with {spec.optimizer}: "
        "the first steps may undo what the backbone has learnt. Try "
        f"{float(f'{highest / 5:.0e}'):g}, and not more than {float(f'{highest:.0e}'):g}."
    )


OSLO = TransferSpec(
    name="Oslo: max pooling, Dense 128, dropout, flip",
    pooling="max",
    dense=128,
    dropout=0.3,
    augmentation="flip",
)
"""The tutorial of PSY9511, seminar 7: there with VGG19 on 17 kinds of flowers."""

EXAMPLES: Mapping[str, TransferSpec] = MappingProxyType(
    {
        "oslo": OSLO,
        "linear": TransferSpec(name="Linear: average pooling, no dense layer"),
        "finetune": TransferSpec(
            name="Fine-tuning of the upper blocks", way="finetune", epochs=5
        ),
        "scratch": TransferSpec(
            name="From scratch", way="scratch", side=128, batch_size=8, epochs=10
        ),
    }
)
"""Named examples, by slug."""
