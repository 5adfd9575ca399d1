"""Kernels that answer to change: first derivatives in two directions, second derivatives."""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from core.kernels.registry import CURVATURES, KERNELS, ODD_FROM_3, SLOPES
from core.kernels.weights import Kernel

FloatArray = npt.NDArray[np.float64]
_STEP = np.array([-1.0, 0.0, 1.0])
_SOBEL = "Sobel & Feldman 1968; OpenCV `getDerivKernels`"
_SCHARR = "H. Scharr 2000, dissertation; OpenCV `Scharr`"
_PREWITT = "J. Prewitt 1970, Object enhancement and extraction"
_ROBERTS = "L. Roberts 1963, Machine perception of three-dimensional solids"


def _sobel(taps: int) -> FloatArray:
    """A step, smoothed along itself and across by rows of Pascal's triangle."""
    smooth = np.array([comb(taps - 1, k) for k in range(taps)], dtype=np.float64)
    along = np.array([comb(taps - 3, k) for k in range(taps - 2)], dtype=np.float64)
    return np.outer(smooth, np.convolve(along, _STEP))


@KERNELS.add("sobel-x", "Sobel x", _SOBEL, SLOPES, ODD_FROM_3)
def sobel_x(taps: int = 3) -> Kernel:
    """Brightness change to the right, smoothed across: answers to vertical edges."""
    return Kernel(_sobel(taps))


@KERNELS.add("sobel-y", "Sobel y", _SOBEL, SLOPES, ODD_FROM_3)
def sobel_y(taps: int = 3) -> Kernel:
    """Brightness change downwards, smoothed across: answers to horizontal edges."""
    return Kernel(_sobel(taps).T.copy())


@KERNELS.add("scharr-x", "Scharr x", _SCHARR, SLOPES)
def scharr_x() -> Kernel:
    """Like Sobel x, with weights whose direction is right to a fraction of a degree."""
    return Kernel(np.outer([3.0, 10, 3], _STEP))


@KERNELS.add("scharr-y", "Scharr y", _SCHARR, SLOPES)
def scharr_y() -> Kernel:
    """Like Sobel y, with weights whose direction is right to a fraction of a degree."""
    return Kernel(np.outer(_STEP, [3.0, 10, 3]))


@KERNELS.add("prewitt-x", "Prewitt x", _PREWITT, SLOPES)
def prewitt_x() -> Kernel:
    """Brightness change to the right, all three rows alike."""
    return Kernel(np.outer(np.ones(3), _STEP))


@KERNELS.add("prewitt-y", "Prewitt y", _PREWITT, SLOPES)
def prewitt_y() -> Kernel:
    """Brightness change downwards, all three columns alike."""
    return Kernel(np.outer(_STEP, np.ones(3)))


@KERNELS.add("roberts-down", "Roberts, falling diagonal", _ROBERTS, SLOPES)
def roberts_down() -> Kernel:
    """The difference along one diagonal: the smallest edge detector, and a noisy one."""
    return Kernel(np.array([[1.0, 0], [0, -1]]))


@KERNELS.add("roberts-up", "Roberts, rising diagonal", _ROBERTS, SLOPES)
def roberts_up() -> Kernel:
    """The difference along the other diagonal."""
    return Kernel(np.array([[0, 1.0], [-1, 0]]))


@KERNELS.add(
    "kirsch", "Kirsch, compass kernel",
    "R. Kirsch 1971, Computer determination of the constituent structure", SLOPES,
)  # fmt: skip
def kirsch() -> Kernel:
    """The north of eight: turn it by 45 degrees for the next one."""
    return Kernel(np.array([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]], dtype=np.float64))


@KERNELS.add(
    "laplacian", "Laplacian, 4 neighbours", "Gonzalez & Woods 2018, section 3.6", CURVATURES
)
def laplacian() -> Kernel:
    """How much the four neighbours' mean differs from the pixel, times four."""
    return Kernel(np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=np.float64))


@KERNELS.add(
    "laplacian-8", "Laplacian, 8 neighbours", "Gonzalez & Woods 2018, section 3.6", CURVATURES
)
def laplacian_8() -> Kernel:
    """The same with the diagonal neighbours: more alike in all directions."""
    return Kernel(np.array([[1, 1, 1], [1, -8, 1], [1, 1, 1]], dtype=np.float64))


@KERNELS.add("outline", "Outline", "V. Powell, Image Kernels, 2015", CURVATURES)
def outline() -> Kernel:
    """Minus the Laplacian: bright where a pixel is brighter than its eight neighbours."""
    return Kernel(-laplacian_8().weights)


@KERNELS.add(
    "log", "Laplacian of Gaussian", "Marr & Hildreth 1980, Theory of edge detection",
    CURVATURES, ODD_FROM_3,
)  # fmt: skip
def laplacian_of_gaussian(taps: int = 9, sigma: float = 1.4) -> Kernel:
    """Blur, then Laplacian, in one kernel: edges where the sign of the answer changes.

    (x^2 + y^2 - 2 sigma^2) / sigma^4 times the Gaussian; what is cut off at the border is
    taken back, so that the weights add up to 0.
    """
    along = np.arange(taps) - (taps - 1) / 2
    square = np.add.outer(along**2, along**2)
    bell = np.exp(-square / (2 * sigma**2))
    weights = (square - 2 * sigma**2) / sigma**4 * bell / bell.sum()
    return Kernel(weights - weights.mean())
