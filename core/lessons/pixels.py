"""Settings of the page "Image as numbers", and the numbers that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core import numbers
from core.images.colour import SPACES, Plane, planes
from core.images.levels import quantize
from core.images.pixels import crop, flatten_index
from core.images.scale import resize
from core.lessons.base import Lesson

Pixels = npt.NDArray[np.uint8]

SIDES = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
"""Long sides of the picture that the slider offers, in pixels."""

TRIPLES = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)
"""Coimbra's red, green and blue."""


class PixelLesson(Lesson):
    """A picture made small, with fewer bits, and a crop of it in numbers."""

    page: ClassVar[str] = "image"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {"changes": numbers.parse_edits}

    picture: Literal["photo", "triples"] = Field(
        "photo",
        title="Picture",
        description="photo: the current image; triples: three pixels, red, green and blue.",
    )
    side: int = Field(
        64, ge=4, le=512, title="Size", description="Long side of the picture, in pixels."
    )
    method: Literal["nearest", "bilinear", "bicubic", "area", "lanczos"] = Field(
        "area",
        title="Resampling",
        description="How the pixels of the smaller picture are found.",
    )
    bits: int = Field(
        8,
        ge=1,
        le=8,
        title="Bits per channel",
        description="8 bits are 256 levels, 1 bit is 2.",
    )
    space: Literal["rgb", "grey", "hsv", "lab", "ycrcb"] = Field(
        "rgb",
        title="Colour space",
        description="Which coordinates of a colour the planes show.",
    )
    top: int = Field(13, ge=0, le=511, title="From row", description="Its first row.")
    left: int = Field(21, ge=0, le=511, title="From column", description="Its first column.")
    rows: int = Field(7, ge=1, le=16, title="Crop height", description="Rows shown as numbers.")
    columns: int = Field(7, ge=1, le=16, title="Crop width", description="Columns shown.")
    cells: Literal["values", "indices"] = Field(
        "values",
        title="Cells show",
        description="values: the numbers; indices: i, j, c of x[i, j, c], counted in the crop.",
    )
    pixel: str = Field(
        "",
        max_length=7,
        pattern=r"^(\d{1,3},\d{1,3})?$",
        title="Pinned pixel",
        description="Row and column in the crop, counted from 0, for example 0,2.",
    )
    changes: str = Field(
        "",
        max_length=20_000,
        title="Changed pixels",
        description="x.row.column.channel=value in the small picture, for example x.0.0.2=255.",
    )

    def choices(self, name: str) -> list[int]:
        """The values of a slider; sizes go in steps that a hall can tell apart."""
        if name == "side":
            return sorted({*SIDES, self.side})
        return super().choices(name)


@dataclass(frozen=True, slots=True, eq=False)
class PixelCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings, the crop moved to where the picture is.
        small: (h, w, 3) uint8, resampled, with the chosen bits and the changed pixels.
        window: (rows, columns, 3) uint8, the crop of it.
        planes: the crop's channels in the chosen colour space.
        grey: the crop's luma.
    """

    lesson: PixelLesson
    small: Pixels
    window: Pixels
    planes: tuple[Plane, ...]
    grey: Plane

    def flat_index(self, row: int, column: int, channel: int) -> int:
        """Place of a value of the crop in the flattened crop."""
        return flatten_index(row, column, channel, (*self.window.shape[:2], len(self.planes)))


def small_picture(lesson: PixelLesson, photo: Pixels) -> Pixels:
    """The picture that is cropped: resampled, quantised, changed by hand.

    Args:
        lesson: settings.
        photo: (H, W, 3) uint8 RGB, the current image.

    Returns:
        (h, w, 3) uint8.

    Raises:
        NumbersError: the changed pixels cannot be read.
    """
    if lesson.picture == "triples":
        small = TRIPLES.copy()
    else:
        height, width = small_size(photo.shape[0], photo.shape[1], lesson.side)
        small = resize(photo, height, width, lesson.method)
    small = quantize(small, lesson.bits).shown.copy()
    for edit in numbers.parse_edits(lesson.changes):
        inside = len(edit.index) == 3 and all(
            i < n for i, n in zip(edit.index, small.shape, strict=True)
        )
        if inside:
            small[edit.index] = round(min(max(edit.value, 0), 255))
    return small


def small_size(height: int, width: int, side: int) -> tuple[int, int]:
    """(height, width) with a long side of `side` and the photo's proportions."""
    scale = side / max(height, width)
    return max(round(height * scale), 1), max(round(width * scale), 1)


def build(lesson: PixelLesson, photo: Pixels) -> PixelCase:
    """Resample, quantise, change and crop the picture, and split the crop into planes.

    A crop that would leave the picture is moved back into it.

    Args:
        lesson: settings.
        photo: (H, W, 3) uint8 RGB, the current image.

    Raises:
        NumbersError: the changed pixels cannot be read.
    """
    small = small_picture(lesson, photo)
    height, width = small.shape[:2]
    rows, columns = min(lesson.rows, height), min(lesson.columns, width)
    top, left = min(lesson.top, height - rows), min(lesson.left, width - columns)
    moved = lesson.model_copy(
        update={"top": top, "left": left, "rows": rows, "columns": columns}
    )
    window = crop(small, top, left, rows, columns)
    return PixelCase(
        moved, small, window, planes(window, lesson.space), planes(window, "grey")[0]
    )


__all__ = [
    "SIDES",
    "SPACES",
    "PixelCase",
    "PixelLesson",
    "build",
    "small_picture",
    "small_size",
]
