"""Kernels that average: identity, box, Gaussian, binomial, motion."""

from __future__ import annotations

from math import comb, cos, radians, sin

import numpy as np
import numpy.typing as npt

from core.kernels.registry import ANY, BLURS, KERNELS, ODD, ODD_FROM_3
from core.kernels.weights import Kernel, centred

FloatArray = npt.NDArray[np.float64]


def impulse(taps: int) -> FloatArray:
    """(taps, taps) with 1 in the middle."""
    return centred(np.ones((1, 1)), taps, taps)


def mean_weights(height: int, width: int) -> FloatArray:
    """(height, width): every weight is 1 / (height * width)."""
    return np.full((height, width), 1 / (height * width))


def gaussian_weights(taps: int, sigma: float) -> FloatArray:
    """(taps, taps): a bell exp(-(x^2 + y^2) / (2 sigma^2)), divided by its sum.

    Source: Gonzalez & Woods 2018, section 3.5; the same as OpenCV's `getGaussianKernel`
    times itself, whose tables for small sizes apply only where no sigma is given.
    """
    along = np.arange(taps) - (taps - 1) / 2
    bell = np.exp(-(along**2) / (2 * sigma**2))
    bell /= bell.sum()
    return np.outer(bell, bell)


@KERNELS.add("identity", "Identity", "unit impulse", BLURS, ODD)
def identity(taps: int = 3) -> Kernel:
    """1 in the middle and 0 elsewhere: the picture stays as it is."""
    return Kernel(impulse(taps))


@KERNELS.add("box", "Box blur", "Gonzalez & Woods 2018, section 3.5", BLURS, ANY)
def box(taps: int = 3) -> Kernel:
    """The mean of the window. Cheap, but it leaves faint bars and squares behind."""
    return Kernel(mean_weights(taps, taps))


@KERNELS.add("gaussian", "Gaussian blur", "Gonzalez & Woods 2018, section 3.5", BLURS, ANY)
def gaussian(taps: int = 5, sigma: float = 1.0) -> Kernel:
    """A mean that weighs near pixels more: the same in every direction, no bars.

    The size should be six sigma or so; a smaller kernel cuts the bell off.
    """
    return Kernel(gaussian_weights(taps, sigma))


@KERNELS.add(
    "binomial", "Binomial blur", "Pascal's triangle; Jaehne 2005, section 11.4", BLURS,
    ODD_FROM_3,
)  # fmt: skip
def binomial(taps: int = 3) -> Kernel:
    """Rows of Pascal's triangle: a Gaussian in whole numbers, divided by their sum."""
    row = np.array([comb(taps - 1, k) for k in range(taps)], dtype=np.float64)
    return Kernel(np.outer(row, row), scale=float(4 ** (taps - 1)))


@KERNELS.add("motion", "Motion blur", "mean along a line", BLURS, ODD_FROM_3)
def motion(taps: int = 9, angle: float = 0.0) -> Kernel:
    """The mean along a line, as if the camera had moved while the shutter was open."""
    direction = np.array([sin(radians(angle)), cos(radians(angle))])
    step = direction / np.abs(direction).max()
    weights = np.zeros((taps, taps))
    middle = taps // 2
    for k in range(-middle, middle + 1):
        # Along its longer axis a point lies on a cell; across, its weight is shared between
        # the two nearest cells by distance.
        place = np.round(k * step, 9)
        low = np.floor(place)
        row_share, column_share = place - low
        for row, down in ((0, 1 - row_share), (1, row_share)):
            for column, across in ((0, 1 - column_share), (1, column_share)):
                if down * across:
                    at = (int(low[0]) + row + middle, int(low[1]) + column + middle)
                    weights[at] += down * across / taps
    return Kernel(weights)
