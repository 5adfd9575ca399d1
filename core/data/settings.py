"""What can be set of a data set before it is there: how many pictures, how they are drawn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.data import shapes
from core.data.dataset import DataError

MOST_IMAGES = 70_000
"""Most pictures of one data set."""

SMALLEST_SIDE, LARGEST_SIDE = 16, 256
"""Bounds of the side of drawn pictures and of photos made square, in pixels."""


class DataSettings(BaseModel):
    """How many pictures, and how those are made that are drawn or resized.

    A set heeds what its registry entry names in `heeds`; the rest has no effect on it.

    Attributes:
        images: number of pictures; 0 is all that there are, or what a drawn set has by
            default. Fewer are drawn class by class.
        image_size: height and width in pixels, of drawn pictures and of photos.
        image_noise: standard deviation of the noise of drawn pictures, in levels of 0..255.
        image_seed: decides what is drawn.
        shape_classes: the shapes to be told apart, names out of `core.data.shapes.SHAPES`.
        shape_smallest: smallest diameter of a shape, in percent of the picture's side.
        shape_largest: largest diameter, in percent.
        shape_background: what lies behind the shapes.
        texture_pair: which two textures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int = Field(0, ge=0, le=MOST_IMAGES)
    image_size: int = Field(32, ge=SMALLEST_SIDE, le=LARGEST_SIDE)
    image_noise: float = Field(15.0, ge=0, le=shapes.LARGEST_NOISE)
    image_seed: int = Field(0, ge=0, le=9_999)
    shape_classes: tuple[str, ...] = shapes.CLASSES
    shape_smallest: int = Field(40, ge=20, le=100)
    shape_largest: int = Field(80, ge=20, le=100)
    shape_background: Literal["plain", "gradient", "noise"] = "noise"
    texture_pair: Literal["stripes-dots", "gratings"] = "stripes-dots"

    @field_validator("shape_classes")
    @classmethod
    def _known_shapes(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        shapes.check_classes(names)
        if len(names) < 2:
            raise DataError(f"{len(names)} shape leaves nothing to tell apart. Use 2 or more.")
        return names
