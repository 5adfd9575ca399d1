"""What a network really sees of an image: resized, cropped, its levels mapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.zoo.preprocessing import Preprocessing

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Box = tuple[int, int, int, int]
Fit = Literal["crop", "squash", "pad"]

CROP_SHARE = 0.875
"""The square from the middle, as a share of the image's shorter side: 224 of 256 pixels.

Source: Krizhevsky et al. 2012, section 4.1 (256 pixels, a crop of 224 from the middle).
"""
PAD_LEVEL = 127
"""Grey of what is filled up."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An image as a network takes it.

    Attributes:
        pixels: (side, side, 3) uint8 RGB: resized and cropped.
        given: (side, side, 3) float32: what the first layer is given.
        box_xyxy: the part of the image that is left, in its own pixels; beyond the image where
            it was filled up.
    """

    pixels: Image
    given: Floats
    box_xyxy: Box


def box_of(height: int, width: int, fit: Fit) -> Box:
    """The part of an image that is scaled to the network's square, x0, y0, x1, y1 in pixels.

    Args:
        height: of the image.
        width: of the image.
        fit: "crop" a square from the middle, "squash" the whole image out of its proportions,
            or "pad" it to a square.
    """
    if fit == "squash":
        return (0, 0, width, height)
    side = max(height, width)
    if fit == "crop":
        side = max(round(CROP_SHARE * min(height, width)), 1)
    x0, y0 = (width - side) // 2, (height - side) // 2
    return (x0, y0, x0 + side, y0 + side)


def resized(image: Image, side: int, fit: Fit = "crop") -> Image:
    """Scale an image to a square.

    Args:
        image: (H, W, 3) uint8 RGB.
        side: height and width wanted, in pixels.
        fit: see `box_of`.

    Returns:
        (side, side, 3) uint8. Where it gets smaller, all pixels count (area means).
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box_of(height, width, fit)
    inside = image[max(y0, 0) : y1, max(x0, 0) : x1]
    if fit == "pad":
        rims = ((-y0, y1 - height), (-x0, x1 - width), (0, 0))
        inside = np.pad(inside, rims, constant_values=PAD_LEVEL)
    smaller = max(inside.shape[:2]) > side
    flag = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR  # cubic would overshoot
    return np.asarray(cv2.resize(inside, (side, side), interpolation=flag), np.uint8)


def prepare(image: Image, side: int, fit: Fit, preprocessing: Preprocessing) -> Seen:
    """All steps from an image to what a network is given."""
    pixels = resized(image, side, fit)
    box = box_of(image.shape[0], image.shape[1], fit)
    return Seen(pixels, preprocessing.apply(pixels), box)
