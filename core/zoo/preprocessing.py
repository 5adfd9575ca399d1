"""What a network wants its pixels to be: every network of the zoo takes one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """A linear map of each channel: (level - mean) / deviation.

    Attributes:
        slug: its name in settings.
        title: its name on the screen.
        explanation: one sentence.
        mean: what is taken off, of levels 0..255, in the order of the output's channels.
        deviation: what it is divided by.
        bgr: whether the output's channels are blue, green, red.
    """

    slug: str
    title: str
    explanation: str
    mean: Triple = (0.0, 0.0, 0.0)
    deviation: Triple = (1.0, 1.0, 1.0)
    bgr: bool = False

    def apply(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """What the network is given.

        Args:
            pixels: (..., 3) uint8 RGB.

        Returns:
            The same shape, float32.
        """
        given = (pixels[..., ::-1] if self.bgr else pixels).astype(np.float32)
        # In place: memory for intermediate results would take longer than the sums.
        if any(self.mean):
            given -= _number_or_three(self.mean)
        given /= _number_or_three(self.deviation)
        return given


def _number_or_three(channels: Triple) -> np.float32 | npt.NDArray[np.float32]:
    """One number where the channels have the same: NumPy is five times as fast with it."""
    if len(set(channels)) == 1:
        return np.float32(channels[0])
    return np.array(channels, np.float32)


PREPROCESSINGS: Mapping[str, Preprocessing] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Preprocessing(
                "none", "0 to 255", "The levels as they are; the network scales them."
            ),
            Preprocessing("unit", "0 to 1", "Divided by 255.", deviation=(255.0, 255.0, 255.0)),
            Preprocessing(
                "symmetric",
                "-1 to 1",
                "Divided by 127.5, less 1.",
                mean=(127.5, 127.5, 127.5),
                deviation=(127.5, 127.5, 127.5),
            ),
            Preprocessing(
                "lite",
                "about -1 to 1",
                "Less 127, divided by 128.",
                mean=(127.0, 127.0, 127.0),
                deviation=(128.0, 128.0, 128.0),
            ),
            Preprocessing(
                "standard",
                "ImageNet's mean 0, deviation 1",
                "Each channel less its mean over ImageNet, divided by its deviation.",
                mean=(123.675, 116.28, 103.53),
                deviation=(58.395, 57.12, 57.375),
            ),
            Preprocessing(
                "caffe",
                "blue first, less the mean",
                "Blue, green, red; each less its mean over ImageNet, not divided.",
                mean=(103.939, 116.779, 123.68),
                bgr=True,
            ),
        )
    }
)
"""All of them, by slug."""
