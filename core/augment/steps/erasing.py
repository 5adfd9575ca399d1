"""Steps that hide parts of the picture, so that a network must not rely on one of them."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Group, LabelEffect, Library, StepModel, Values

_SHADE = "Level of grey in the hidden part."


class Erasing(StepModel):
    """A step that hides parts. Boxes and masks stay: they say what is there, seen or not."""

    group: ClassVar[Group] = "erasing"


class RandomErasing(Erasing):
    """One rectangle of random size, place and proportions."""

    title = "Random erasing"
    about = "Fills one rectangle of random size, place and proportions with noise or grey."
    source = "Zhong et al. 2020, Random erasing data augmentation, algorithm 1"
    made_by = "keras.layers.RandomErasing"
    label: ClassVar[LabelEffect] = "can change"
    says = "{height:.0%} x {width:.0%} of the picture"

    kind: Literal["random_erasing"] = "random_erasing"
    smallest: int = Field(
        2, ge=1, le=90, title="Area from (%)",
        description="Smallest rectangle, in percent of the picture.",
    )  # fmt: skip
    largest: int = Field(
        25, ge=1, le=90, title="Area to (%)",
        description="Largest rectangle, in percent of the picture.",
    )  # fmt: skip
    content: Literal["noise", "grey"] = Field(
        "noise", title="Content", description="What is seen in the rectangle."
    )
    shade: int = Field(128, ge=0, le=255, title="Shade", description=_SHADE)

    def problem(self) -> str:
        """Bounds in the wrong order."""
        if self.smallest <= self.largest:
            return ""
        return (
            f"The area goes from {self.smallest} to {self.largest} %: the first number is the "
            f"larger one. Use from {self.largest} to {self.smallest} %."
        )

    def risk(self) -> str:
        """When the object may be hidden."""
        if self.largest < 50:
            return ""
        return f"A rectangle of {self.largest} % can hide the whole object; its label stays."

    @staticmethod
    def draw(
        rng: np.random.Generator, smallest: int, largest: int, content: str, shade: int
    ) -> Values:
        """Shares of the sides; a noise seed of -1 is grey."""
        area = rng.uniform(smallest, largest) / 100
        ratio = np.exp(rng.uniform(-1, 1) * np.log(3))
        height, width = min(np.sqrt(area / ratio), 1.0), min(np.sqrt(area * ratio), 1.0)
        top, left = rng.uniform(0, 1 - height), rng.uniform(0, 1 - width)
        seed = int(rng.integers(2**31))
        return {
            "top": top, "left": left, "height": height, "width": width,
            "noise_seed": seed if content == "noise" else -1, "shade": float(shade),
        }  # fmt: skip


class Cutout(Erasing):
    """One square, which may reach over the border."""

    title = "Cutout"
    about = "One grey square at a random place; it may reach over the border."
    source = "DeVries & Taylor 2017, section 3.2"
    made_by = "keras_cv.layers.RandomCutout"
    library: ClassVar[Library] = "keras_cv"
    label: ClassVar[LabelEffect] = "can change"
    says = "about row {row}, column {column}"
    neutral: ClassVar[dict[str, float]] = {"side": 0}

    kind: Literal["cutout"] = "cutout"
    side: int = Field(
        30, ge=0, le=100, title="Side (%)", json_schema_extra={"step": 5},
        description="Side of the square, in percent of the shorter side.",
    )  # fmt: skip
    shade: int = Field(128, ge=0, le=255, title="Shade", description=_SHADE)

    def risk(self) -> str:
        """When the object may be hidden."""
        if self.side < 60:
            return ""
        return f"A square of {self.side} % can hide the whole object; its label stays."

    @staticmethod
    def draw(
        rng: np.random.Generator, height: int, width: int, side: int, shade: int
    ) -> Values:
        """The middle of the square and its side, in pixels."""
        return {
            "row": int(rng.integers(height)),
            "column": int(rng.integers(width)),
            "side_px": round(side / 100 * min(height, width)),
            "shade": float(shade),
        }


class Holes(Erasing):
    """Several small squares."""

    title = "Holes"
    about = "Several small squares at random places, also called coarse dropout."
    source = "Buslaev et al. 2020, albumentations.CoarseDropout"
    made_by = "keras.ops.where"
    says = "{count} holes"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["holes"] = "holes"
    most: int = Field(
        8, ge=0, le=64, title="Up to", description="Largest number of holes; the fewest is 1."
    )
    side: int = Field(
        10, ge=1, le=50, title="Side (%)",
        description="Side of a hole, in percent of the shorter side.",
    )  # fmt: skip
    shade: int = Field(0, ge=0, le=255, title="Shade", description=_SHADE)

    @staticmethod
    def draw(
        rng: np.random.Generator, height: int, width: int, most: int, side: int, shade: int
    ) -> Values:
        """How many; and (64, 2) upper left corners as shares, of which so many count."""
        count = int(rng.integers(1, most + 1)) if most else 0
        return {
            "count": count,
            "corners": rng.uniform(0, 1, (64, 2)),
            "side_px": max(round(side / 100 * min(height, width)), 1),
            "shade": float(shade),
        }


class GridMask(Erasing):
    """A grid of squares over the whole picture."""

    title = "Grid mask"
    about = "Hides a regular grid of squares, turned and shifted at random."
    source = "Chen et al. 2020, GridMask data augmentation"
    made_by = "keras.ops.where; keras_cv.layers.GridMask draws while it builds the grid"
    label: ClassVar[LabelEffect] = "can change"
    says = "every {unit:.0f} px, {hidden:.0%} hidden, turned by {angle:.0f} degrees"
    neutral: ClassVar[dict[str, float]] = {"ratio": 0}

    kind: Literal["grid_mask"] = "grid_mask"
    ratio: int = Field(
        50, ge=0, le=90, title="Square to grid (%)", json_schema_extra={"step": 5},
        description="Side of a hidden square, in percent of the distance of the squares.",
    )  # fmt: skip
    cells: int = Field(
        4, ge=1, le=12, title="Squares, up to",
        description="Largest number of squares along the shorter side; the fewest are half.",
    )  # fmt: skip
    degrees: int = Field(
        45, ge=0, le=45, title="Turned, up to (degrees)",
        description="Largest turn of the grid to either side.",
    )  # fmt: skip
    shade: int = Field(0, ge=0, le=255, title="Shade", description=_SHADE)

    def risk(self) -> str:
        """When little is left to be seen."""
        if self.ratio < 75:
            return ""
        hidden = (self.ratio / 100) ** 2
        return f"Squares of {self.ratio} % hide {hidden:.0%} of the picture; its label stays."

    @staticmethod
    def draw(
        rng: np.random.Generator,
        height: int,
        width: int,
        ratio: int,
        cells: int,
        degrees: int,
        shade: int,
    ) -> Values:
        """Distance of the squares in pixels, the grid's shift in shares of it, and its turn."""
        return {
            "unit": min(height, width) / rng.uniform(cells / 2, cells),
            "ratio": ratio / 100,
            "hidden": (ratio / 100) ** 2,
            "down": rng.uniform(0, 1),
            "right": rng.uniform(0, 1),
            "angle": rng.uniform(-degrees, degrees),
            "shade": float(shade),
        }
