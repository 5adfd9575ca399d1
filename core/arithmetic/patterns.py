"""Small pictures made of numbers, for the input of a lesson."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.registry import Registry

FloatArray = npt.NDArray[np.float64]
Pattern = Callable[[int, int, int, int], FloatArray]

PATTERNS: Registry[Pattern] = Registry("pattern")
"""Each takes (height, width, channels, seed) and gives (height, width, channels) float64."""

_LARGEST = (32, 32, 6)
GUIDE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]],
    dtype=np.float64,
)


@PATTERNS.add("guide", "The guide's numbers", "Dumoulin & Visin 2016, figure 1.1")
def guide(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """The 5x5 numbers of the guide, repeated; every further channel moves them by one."""
    rows = np.arange(height)[:, None, None]
    columns = np.arange(width)[None, :, None]
    channel = np.arange(channels)[None, None, :]
    image: FloatArray = GUIDE[(rows + channel) % 5, (columns + 2 * channel) % 5]
    return image


@PATTERNS.add("random", "Random digits", "NumPy's PCG64 generator")
def random(height: int, width: int, channels: int, seed: int) -> FloatArray:
    """Whole numbers 0..9. A larger grid keeps the numbers of a smaller one."""
    digits = np.random.default_rng(seed).integers(0, 10, _LARGEST)
    return digits[:height, :width, :channels].astype(np.float64)


@PATTERNS.add("ramp", "Counting up", "row-major index, as Oslo's feature map 0..15")
def ramp(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """0, 1, 2... along the rows; every channel starts again."""
    plane = np.arange(height * width, dtype=np.float64).reshape(height, width)
    return np.repeat(plane[..., None], channels, axis=2)


@PATTERNS.add("ones", "All ones", "closed form")
def ones(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """1 everywhere: the output counts what each window covers."""
    return np.ones((height, width, channels))


@PATTERNS.add("impulse", "One bright pixel", "unit impulse")
def impulse(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """1 in the middle, 0 elsewhere: the output is the kernel, mirrored."""
    image = np.zeros((height, width, channels))
    image[height // 2, width // 2] = 1
    return image


@PATTERNS.add("cross", "Both diagonals", "Oslo, PSY9511 seminar 7")
def cross(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """1 on both diagonals, an X."""
    image = np.zeros((height, width, channels))
    places = np.arange(min(height, width))
    image[places, places] = 1
    image[places, width - 1 - places] = 1
    return image


@PATTERNS.add("edge", "Vertical edge", "unit step")
def edge(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """0 on the left half, 9 on the right half."""
    image = np.zeros((height, width, channels))
    image[:, width // 2 :] = 9
    return image


@PATTERNS.add("checkerboard", "Checkerboard", "highest frequency of a grid")
def checkerboard(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """0 and 1 in turn."""
    plane = np.add.outer(np.arange(height), np.arange(width)) % 2
    return np.repeat(plane[..., None].astype(np.float64), channels, axis=2)


@PATTERNS.add("disc", "Disc", "closed form")
def disc(height: int, width: int, channels: int, _seed: int) -> FloatArray:
    """9 inside the largest circle of three quarters of the size, 0 outside."""
    rows = np.arange(height)[:, None] - (height - 1) / 2
    columns = np.arange(width)[None, :] - (width - 1) / 2
    inside = rows**2 + columns**2 <= (0.375 * min(height, width)) ** 2
    return np.repeat(9.0 * inside[..., None], channels, axis=2)
