"""What a network sees of a picture, step by step, and what it takes it for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.vision.prepare import Box, Fit, box_of, resized
from core.vision.spec import ClassifySpec
from core.zoo.preprocessing import Preprocessing

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """From a picture to what the first layer is given.

    Attributes:
        picture: (H, W, 3) uint8.
        box_xyxy: the part that is left, in its pixels.
        cut: (h, w, 3) uint8: that part.
        pixels: (side, side, 3) uint8: resized.
        given: (side, side, 3) float32: its levels mapped.
        preprocessing: how.
    """

    picture: Image
    box_xyxy: Box
    cut: Image
    pixels: Image
    given: Floats
    preprocessing: Preprocessing

    @property
    def middle(self) -> tuple[int, int]:
        """Row and column of the pixel whose arithmetic is shown."""
        side = self.pixels.shape[0]
        return side // 2, side // 2

    def arithmetic(self) -> list[tuple[str, int, float, float, float]]:
        """For the middle pixel, in the order of the channels that the network is given.

        Name of the channel, level, mean, deviation, and (level - mean) / deviation.
        """
        order = (2, 1, 0) if self.preprocessing.bgr else (0, 1, 2)
        row, column = self.middle
        return [
            (
                ("red", "green", "blue")[channel],
                int(self.pixels[row, column, channel]),
                self.preprocessing.mean[place],
                self.preprocessing.deviation[place],
                float(self.given[row, column, place]),
            )
            for place, channel in enumerate(order)
        ]

    def spread(self) -> list[tuple[str, float, float, float, float]]:
        """Name, least, largest, mean and standard deviation of each channel as it is given."""
        names = ("blue", "green", "red") if self.preprocessing.bgr else ("red", "green", "blue")
        planes = self.given.reshape(-1, 3).astype(np.float64).T
        return [
            (name, float(p.min()), float(p.max()), float(p.mean()), float(p.std()))
            for name, p in zip(names, planes, strict=True)
        ]


def steps(picture: Image, spec: ClassifySpec) -> Steps:
    """All steps from a picture to what a network is given.

    Args:
        picture: (H, W, 3) uint8 RGB.
        spec: the network and how the picture is prepared.
    """
    height, width = picture.shape[:2]
    box = box_of(height, width, spec.fit)
    x0, y0, x1, y1 = box
    cut = picture[max(y0, 0) : y1, max(x0, 0) : x1]
    if spec.fit == "pad":
        cut = resized(picture, max(height, width), "pad")
    pixels = resized(picture, spec.entry.side, spec.fit)
    return Steps(
        picture, box, cut, pixels, spec.preprocessing.apply(pixels), spec.preprocessing
    )


def believed(given: Floats, expected: Preprocessing) -> Image:
    """The picture that would have led to these values by the right preprocessing.

    Levels that no picture has are cut off at 0 and 255.

    Args:
        given: (side, side, 3) what the first layer is given.
        expected: what the network was trained with.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    levels = given * np.array(expected.deviation, np.float32)
    levels += np.array(expected.mean, np.float32)
    if expected.bgr:
        levels = levels[..., ::-1]
    shown: Image = np.rint(np.clip(levels, 0, 255)).astype(np.uint8)
    return shown


def fits() -> tuple[Fit, ...]:
    """Every way in which a picture becomes a square."""
    return ("crop", "squash", "pad")
