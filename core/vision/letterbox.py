"""A picture in a square without losing its proportions, and boxes taken back out of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.zoo.detectors import Corner

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies in a network's square.

    Attributes:
        width: of the picture, in pixels.
        height: likewise.
        side: of the square.
        inside: left, top, right and bottom of the picture in the square, in its pixels.
    """

    width: int
    height: int
    side: int
    inside: tuple[int, int, int, int]

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the square for one of the picture, across and down (alike but rounded)."""
        left, top, right, bottom = self.inside
        return (right - left) / self.width, (bottom - top) / self.height

    def undo(self, boxes: Floats) -> Floats:
        """Boxes of the square as boxes of the picture; they may reach beyond it.

        Args:
            boxes: (..., 4) xyxy in pixels of the square.
        """
        left, top, _, _ = self.inside
        across, down = self.scale
        shift = np.array([left, top, left, top], np.float32)
        scale = np.array([across, down, across, down], np.float32)
        return (boxes - shift) / scale


def letterbox_of(height: int, width: int, side: int, corner: Corner = "middle") -> Letterbox:
    """Where a picture comes to lie when its longer side fills a square.

    Args:
        height: of the picture, in pixels.
        width: likewise.
        side: of the square.
        corner: in the middle of what is left free, or in the corner.
    """
    longest = max(height, width)
    wide, high = max(round(width * side / longest), 1), max(round(height * side / longest), 1)
    left = top = 0
    if corner == "middle":
        left, top = (side - wide) // 2, (side - high) // 2
    return Letterbox(width, height, side, (left, top, left + wide, top + high))


def put_in(picture: Image, box: Letterbox, fill: int) -> Image:
    """The square with the picture in it.

    Args:
        picture: (H, W, 3) uint8.
        box: of `letterbox_of`.
        fill: level of the free part.

    Returns:
        (side, side, 3) uint8. Where the picture gets smaller, all pixels count (area means).
    """
    left, top, right, bottom = box.inside
    smaller = right - left < picture.shape[1] or bottom - top < picture.shape[0]
    flag = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    square = np.full((box.side, box.side, 3), fill, np.uint8)
    square[top:bottom, left:right] = cv2.resize(
        picture, (right - left, bottom - top), interpolation=flag
    )
    return square
