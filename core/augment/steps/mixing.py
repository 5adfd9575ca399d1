"""Steps that make one picture of several; their labels become shares that add up to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Effect, Group, LabelEffect, Library, StepModel, Values


class Mixing(StepModel):
    """A step that takes from other pictures of the batch.

    Which ones: the value `partner` (for a mosaic `partners`) is a share of the others, 0 to 1.
    A subclass has a static method `shares(height, width, **values)`: how much of the new label
    each picture has, the picture itself first.

    Attributes:
        others: how many other pictures it takes from.
    """

    group: ClassVar[Group] = "mixing"
    boxes: ClassVar[Effect] = "mix"
    masks: ClassVar[Effect] = "mix"
    label: ClassVar[LabelEffect] = "mixed"
    others: ClassVar[int] = 1
    shares: ClassVar[Callable[..., list[float]]]


class MixUp(Mixing):
    """Two pictures seen through one another."""

    title = "MixUp"
    about = "Two pictures seen through one another, and their labels in the same shares."
    source = "Zhang et al. 2018, mixup: beyond empirical risk minimization, section 2"
    made_by = "keras.layers.MixUp"
    says = "{weight:.0%} of its own"

    kind: Literal["mix_up"] = "mix_up"
    alpha: float = Field(
        0.4, ge=0.05, le=5, title="Alpha", json_schema_extra={"step": 0.05},
        description="Shape of the Beta distribution: small is mostly one picture, 1 is any "
        "share, large is near one half.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, alpha: float) -> Values:
        """The picture's own share, and who the other is."""
        return {"weight": rng.beta(alpha, alpha), "partner": rng.uniform()}

    @staticmethod
    def shares(height: int, width: int, weight: float, partner: float) -> list[float]:
        """As the pictures are blended."""
        return [weight, 1 - weight]


class CutMix(Mixing):
    """A rectangle of another picture."""

    title = "CutMix"
    about = "A rectangle comes from another picture; labels go by the areas."
    source = "Yun et al. 2019, CutMix, section 3.1"
    made_by = "keras.layers.CutMix, boxes and masks apart; it spoils those"
    says = "{height:.0%} x {width:.0%} of another picture"

    kind: Literal["cut_mix"] = "cut_mix"
    alpha: float = Field(
        1.0, ge=0.05, le=5, title="Alpha", json_schema_extra={"step": 0.05},
        description="Shape of the Beta distribution of the area that stays.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, alpha: float) -> Values:
        """Shares of the sides: the rectangle's size, and where its middle lies."""
        side = np.sqrt(1 - rng.beta(alpha, alpha))
        return {
            "row": rng.uniform(),
            "column": rng.uniform(),
            "height": side,
            "width": side,
            "partner": rng.uniform(),
        }

    @staticmethod
    def shares(
        rows: int,
        columns: int,
        row: float,
        column: float,
        height: float,
        width: float,
        partner: float,
    ) -> list[float]:
        """By the pixels whose middle lies in the rectangle; it may reach over the border."""
        taken = 1.0
        for middle, side, length in ((row, height, rows), (column, width, columns)):
            place = (np.arange(length) + 0.5) / length
            inside = (place >= middle - side / 2) & (place < middle + side / 2)
            taken *= float(np.mean(inside))
        return [1 - taken, taken]


class Mosaic(Mixing):
    """Four pictures in one."""

    title = "Mosaic"
    about = "Four pictures round a random point, as YOLOv4 is trained with; for detection."
    source = "Bochkovskiy, Wang & Liao 2020, YOLOv4, section 3.3"
    made_by = "keras.ops.take; keras_cv.layers.Mosaic reads between the pixels"
    says = "middle at {row:.0%} of the height, {column:.0%} of the width"
    others: ClassVar[int] = 3

    kind: Literal["mosaic"] = "mosaic"
    middle: int = Field(
        25, ge=5, le=50, title="Middle from (%)", json_schema_extra={"step": 5},
        description="The four pictures meet at least so far from each border.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, middle: int) -> Values:
        """Where the four meet, as shares of the sides, and who the three others are."""
        return {
            "row": rng.uniform(middle, 100 - middle) / 100,
            "column": rng.uniform(middle, 100 - middle) / 100,
            "partners": rng.uniform(size=3),
        }

    @staticmethod
    def shares(
        height: int, width: int, row: float, column: float, partners: np.ndarray
    ) -> list[float]:
        """By the areas, row by row from the upper left one."""
        above = np.floor(row * height + 0.5) / height
        left = np.floor(column * width + 0.5) / width
        return [above * left, above * (1 - left), (1 - above) * left, (1 - above) * (1 - left)]


class FourierMix(Mixing):
    """Blots of another picture."""

    title = "FMix"
    about = "Blots of another picture, of random shape; labels go by the areas."
    source = "Harris et al. 2020, FMix, section 4; keras_cv.layers.FourierMix"
    made_by = "numpy.fft; keras_cv.layers.FourierMix draws by itself and ignores seeds"
    library: ClassVar[Library] = "opencv"
    says = "{weight:.0%} of its own"

    kind: Literal["fourier_mix"] = "fourier_mix"
    alpha: float = Field(
        1.0, ge=0.05, le=5, title="Alpha", json_schema_extra={"step": 0.05},
        description="Shape of the Beta distribution of the area that stays.",
    )  # fmt: skip
    decay: float = Field(
        3.0, ge=1, le=5, title="Decay", json_schema_extra={"step": 0.5},
        description="How fast high frequencies fade: large gives few, smooth blots.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, alpha: float, decay: float) -> Values:
        """The area that stays, and a seed for the shape."""
        return {
            "weight": rng.beta(alpha, alpha),
            "decay": decay,
            "shape_seed": int(rng.integers(2**31)),
            "partner": rng.uniform(),
        }

    @staticmethod
    def shares(
        height: int,
        width: int,
        weight: float,
        decay: float,
        shape_seed: int,
        partner: float,
    ) -> list[float]:
        """By the pixels, of which there is a whole number."""
        own = round(weight * height * width) / (height * width)
        return [own, 1 - own]
