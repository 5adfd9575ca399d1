"""How many different values a channel has, and how often each occurs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.images.colour import Plane
from core.images.pixels import Image

MOST_BINS = 1024
"""Largest number of bins of a histogram."""


@dataclass(frozen=True, eq=False, slots=True)
class Quantized:
    """An image with fewer levels.

    Attributes:
        levels: (H, W, C) uint8, the level of each value, 0 to 2**bits - 1.
        shown: (H, W, C) uint8, the levels spread over 0..255 again, for the eye.
        bits: bits per channel.
    """

    levels: Image
    shown: Image
    bits: int


@dataclass(frozen=True, eq=False, slots=True)
class Histogram:
    """How often the values of a plane occur.

    Attributes:
        edges: (bins + 1,) float64, equally spaced from the plane's low to its high; the
            last bin includes its upper edge.
        counts: (bins,) int64, number of pixels in each bin.
    """

    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]


def quantize(image: Image, bits: int) -> Quantized:
    """Keep only the given number of bits of each channel.

    level = floor(v * 2^bits / 256)
    shown = round(level * 255 / (2^bits - 1))

    so that the lowest level stays black and the highest stays white.

    Args:
        image: (H, W, C) uint8.
        bits: bits per channel, 1 to 8; 8 changes nothing.

    Raises:
        ValueError: bits is out of bounds.

    Source: uniform quantisation; Gonzalez & Woods, "Digital Image Processing", 4th ed.,
        section 2.4.
    """
    if not 1 <= bits <= 8:
        raise ValueError(f"{bits} bits per channel is out of bounds. Use 1 to 8.")
    levels = image >> np.uint8(8 - bits)
    highest = 2**bits - 1
    table = np.array([round(level * 255 / highest) for level in range(256)]).clip(0, 255)
    return Quantized(levels, table.astype(np.uint8)[levels], bits)


def histogram(plane: Plane, bins: int) -> Histogram:
    """Count a plane's values in equally wide bins over its whole range.

    Args:
        plane: one channel of an image.
        bins: number of bins, 1 to `MOST_BINS`.

    Raises:
        ValueError: bins is out of bounds.
    """
    if not 1 <= bins <= MOST_BINS:
        raise ValueError(f"{bins} bins is out of bounds. Use 1 to {MOST_BINS}.")
    counts, edges = np.histogram(plane.values, bins=bins, range=(plane.low, plane.high))
    return Histogram(edges.astype(np.float64), counts.astype(np.int64))
