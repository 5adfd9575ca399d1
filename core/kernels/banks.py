"""Banks of kernels for the page "Convolution": weights for every channel and filter.

The kernels themselves stand in the registry of named kernels; here they are repeated.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.kernels.blurs import mean_weights
from core.kernels.derivatives import sobel_x, sobel_y
from core.kernels.sharpeners import sharpen as sharpen_kernel
from core.kernels.weights import centred, everywhere
from core.registry import Registry

FloatArray = npt.NDArray[np.float64]
Bank = Callable[[int, int, int, int, int], FloatArray]

BANKS: Registry[Bank] = Registry("kernel")
"""Each takes (height, width, channels, filters, seed) and gives an array of the first four."""

_LARGEST = (11, 11, 6, 10)
GUIDE = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]], dtype=np.float64)


@BANKS.add("guide", "The guide's kernel", "Dumoulin & Visin 2016, figure 1.1")
def guide(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """The guide's 3x3 weights, repeated; every further filter moves them by one."""
    rows = np.arange(height)[:, None, None, None]
    columns = np.arange(width)[None, :, None, None]
    move = np.arange(channels)[:, None] + np.arange(filters)[None, :]
    bank: FloatArray = GUIDE[(rows + move) % 3, (columns + move) % 3]
    return bank


@BANKS.add("random", "Random weights", "NumPy's PCG64 generator")
def random(height: int, width: int, channels: int, filters: int, seed: int) -> FloatArray:
    """Whole numbers -2..2. A larger bank keeps the weights of a smaller one."""
    weights = np.random.default_rng(seed + 1).integers(-2, 3, _LARGEST)
    return weights[:height, :width, :channels, :filters].astype(np.float64)


@BANKS.add("ones", "All ones", "closed form")
def ones(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """1 everywhere: the output is the sum of the window."""
    return np.ones((height, width, channels, filters))


@BANKS.add("identity", "Identity", "unit impulse")
def identity(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """1 in the middle: the output is the input."""
    return everywhere(centred(np.ones((1, 1)), height, width), channels, filters)


@BANKS.add("patterns", "Patterns, one a filter", "Oslo, PSY9511 seminar 7")
def patterns(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """Diagonal, anti-diagonal, X, vertical, horizontal, plus; then from the start."""
    side = np.eye(height, width)
    row, column = np.zeros((height, width)), np.zeros((height, width))
    row[height // 2], column[:, width // 2] = 1, 1
    planes = [
        side,
        side[:, ::-1],
        np.maximum(side, side[:, ::-1]),
        column,
        row,
        np.maximum(row, column),
    ]
    bank = np.stack([planes[f % len(planes)] for f in range(filters)], axis=-1)
    return np.repeat(bank[:, :, None, :], channels, axis=2)


@BANKS.add("sobel", "Sobel: x, then y", "Sobel & Feldman 1968; OpenCV `Sobel`, ksize 3")
def sobel(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """Odd filters: brightness change to the right; even filters: downwards."""
    planes = [centred(make(3).weights, height, width) for make in (sobel_x, sobel_y)]
    bank = np.stack([planes[f % 2] for f in range(filters)], axis=-1)
    return np.repeat(bank[:, :, None, :], channels, axis=2)


@BANKS.add("sharpen", "Sharpen", "Coimbra, padding example")
def sharpen(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """Five times the pixel minus its four neighbours."""
    weights = sharpen_kernel().weights
    return everywhere(centred(weights, height, width), channels, filters)


@BANKS.add("box", "Box blur", "Gonzalez & Woods 2018, section 3.5")
def box(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """The mean of the window: every weight is 1 / (height * width)."""
    return everywhere(mean_weights(height, width), channels, filters)
