"""What all classical methods take, and how their answers come back to the picture's size."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

LARGEST_SIDE = 512
"""Side of the picture that the slower methods work on, in pixels; larger ones are reduced."""

Image = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
_Number = TypeVar("_Number", bound=np.generic)


class BaselineError(ValueError):
    """A picture or settings that a method cannot work with; the message says what works."""


class BaselineSpec(BaseModel):
    """Settings of a method; hashable, so a key of caches with a picture's digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def check(image: Image) -> None:
    """Refuse what is no colour picture.

    Raises:
        BaselineError: with what it is.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise BaselineError(
            f"This picture is {image.dtype} of shape {image.shape}. The classical methods take "
            "uint8 of shape (height, width, 3) in red, green, blue."
        )


def grey(image: Image) -> Image:
    """(H, W) uint8: luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def lab(image: Image) -> npt.NDArray[np.float32]:
    """(H, W, 3) float32 CIE Lab: L from 0 to 100, a and b about -100 to 100."""
    shares = image.astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(shares, cv2.COLOR_RGB2LAB), np.float32)


def reduced(image: Image, side: int = LARGEST_SIDE) -> Image:
    """The picture with a long side of at most so many pixels; area means."""
    height, width = image.shape[:2]
    if max(height, width) <= side:
        return image
    share = side / max(height, width)
    size = max(round(width * share), 1), max(round(height * share), 1)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def enlarged(values: npt.NDArray[_Number], like: Image) -> npt.NDArray[_Number]:
    """Labels or a mask at the picture's size: each pixel takes the nearest one's number."""
    height, width = like.shape[:2]
    if values.shape == (height, width):
        return values
    rows = np.minimum((np.arange(height) + 0.5) * values.shape[0] // height,
                      values.shape[0] - 1).astype(np.intp)  # fmt: skip
    columns = np.minimum((np.arange(width) + 0.5) * values.shape[1] // width,
                         values.shape[1] - 1).astype(np.intp)  # fmt: skip
    return np.asarray(values[rows[:, None], columns])


def mean_colours(image: Image, labels: Labels, count: int) -> npt.NDArray[np.float64]:
    """(count, 3) float64: mean red, green and blue of each label; 0 where it has no pixel."""
    flat = labels.ravel()
    areas = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [
        np.bincount(flat, image[..., c].ravel().astype(np.float64), count) for c in range(3)
    ]
    return np.stack(sums, axis=1) / areas[:, None]
