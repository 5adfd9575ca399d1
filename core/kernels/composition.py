"""Several kernels in a row, and the one kernel that they equal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from core.kernels.weights import Kernel

FloatArray = npt.NDArray[np.float64]


def full_convolution(first: FloatArray, second: FloatArray) -> FloatArray:
    """Every shifted copy of `second`, weighed by `first` and added up.

    Args:
        first: (h, w).
        second: (k, l).

    Returns:
        (h + k - 1, w + l - 1) float64.
    """
    height, width = second.shape
    out = np.zeros((first.shape[0] + height - 1, first.shape[1] + width - 1))
    for row, column in np.ndindex(first.shape):
        out[row : row + height, column : column + width] += first[row, column] * second
    return out


def compose(kernels: Sequence[Kernel]) -> Kernel:
    """The single kernel that answers like all of these one after the other.

    Sliding one window over the answers of another adds up their shifts, so the weights are
    convolved (not correlated) with each other. The offset of an earlier kernel passes through
    the later ones, whose weights' sum multiplies it. Equal away from the border only: each step
    fills the border anew.

    Args:
        kernels: at least one, the first to be applied first.

    Returns:
        Weights of (sum of sizes - count + 1) rows and columns, scale and offset.

    Example:
        >>> box = Kernel(np.ones((1, 2)), 2.0)
        >>> compose([box, box]).effective
        array([[0.25, 0.5 , 0.25]])
    """
    return reduce(_then, kernels)


def _then(first: Kernel, second: Kernel) -> Kernel:
    passed_on = first.offset * float(second.effective.sum())
    return Kernel(
        full_convolution(first.weights, second.weights),
        first.scale * second.scale,
        passed_on + second.offset,
    )


def multiplications(shapes: Sequence[tuple[int, int]]) -> int:
    """Multiplications for each pixel when kernels of these sizes follow each other."""
    return sum(height * width for height, width in shapes)
