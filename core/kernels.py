"""The registry of named kernels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.registry import Registry

FloatArray = npt.NDArray[np.float64]
Bank = Callable[[int, int, int, int, int], FloatArray]

BANKS: Registry[Bank] = Registry("kernel")
"""Each takes (height, width, channels, filters, seed) and gives an array of the first four."""

_LARGEST = (11, 11, 6, 10)
GUIDE = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]], dtype=np.float64)


def everywhere(plane: FloatArray, channels: int, filters: int) -> FloatArray:
    """The same (height, width) plane for every channel and filter."""
    return np.tile(plane[:, :, None, None], (1, 1, channels, filters))


def centred(plane: FloatArray, height: int, width: int) -> FloatArray:
    """A plane in the middle of zeros, or its middle where there is less room."""
    out = np.zeros((height, width))
    rows, columns = min(height, plane.shape[0]), min(width, plane.shape[1])
    top, left = (height - rows) // 2, (width - columns) // 2
    from_top, from_left = (plane.shape[0] - rows) // 2, (plane.shape[1] - columns) // 2
    out[top : top + rows, left : left + columns] = plane[
        from_top : from_top + rows, from_left : from_left + columns
    ]
    return out


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


SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=np.float64)
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=np.float64)


@BANKS.add("sobel", "Sobel: x, then y", "Sobel & Feldman 1968; OpenCV `Sobel`, ksize 3")
def sobel(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """Odd filters: brightness change to the right; even filters: downwards."""
    planes = [centred(SOBEL_X, height, width), centred(SOBEL_X.T, height, width)]
    bank = np.stack([planes[f % 2] for f in range(filters)], axis=-1)
    return np.repeat(bank[:, :, None, :], channels, axis=2)


@BANKS.add("sharpen", "Sharpen", "Coimbra, padding example")
def sharpen(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """Five times the pixel minus its four neighbours."""
    return everywhere(centred(SHARPEN, height, width), channels, filters)


@BANKS.add("box", "Box blur", "Gonzalez & Woods 2018, section 3.5")
def box(height: int, width: int, channels: int, filters: int, _seed: int) -> FloatArray:
    """The mean of the window: every weight is 1 / (height * width)."""
    return np.full((height, width, channels, filters), 1 / (height * width))
