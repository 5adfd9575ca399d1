"""What a kernel is, and how its weights are placed, turned and mirrored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Mirror = Literal["none", "horizontal", "vertical", "both"]
Divide = Literal["published", "none", "sum", "absolute"]

LARGEST = 15
"""Rows or columns of a kernel."""


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """Weights with the divisor and the offset that belong to them.

    The answer to a window is `sum(weights * window) / scale + offset`.

    Attributes:
        weights: (kh, kw) float64.
        scale: the sum of products is divided by it; not 0.
        offset: added afterwards, in grey levels.
    """

    weights: FloatArray
    scale: float = 1.0
    offset: float = 0.0

    @property
    def effective(self) -> FloatArray:
        """(kh, kw) the weights divided by the scale: what each pixel counts in the end."""
        return self.weights / self.scale


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


def can_turn(height: int, width: int, eighths: int) -> bool:
    """Whether a grid can be turned by that many eighths of a full turn without loss.

    Quarters always can; the eighths between them need a square with a cell in the middle.
    """
    return eighths % 2 == 0 or (height == width and height % 2 == 1)


def turned(plane: FloatArray, eighths: int) -> FloatArray:
    """The weights turned clockwise by eighths of a full turn (45 degrees each).

    An odd eighth moves every square ring of cells along itself by an eighth of its length, the
    way Robinson and Kirsch make their eight compass kernels; nothing is interpolated, so eight
    of them give the kernel back.

    Args:
        plane: (kh, kw).
        eighths: 0 to 7.

    Raises:
        ValueError: an odd eighth of a grid that is not an odd square.

    Example:
        >>> turned(np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]]), 1).astype(int)
        array([[-2, -1,  0],
               [-1,  0,  1],
               [ 0,  1,  2]])

    Source: R. Kirsch 1971, "Computer determination of the constituent structure of biological
    images", and G. Robinson 1977, "Edge detection by compass gradient masks".
    """
    height, width = plane.shape
    if not can_turn(height, width, eighths):
        raise ValueError(
            f"A kernel of {height} x {width} cannot be turned by {45 * eighths} degrees. Use "
            "quarter turns, or a square kernel with a middle cell."
        )
    result = np.rot90(plane, -(eighths // 2))
    return _ring_turned(result) if eighths % 2 else result.copy()


def _ring_turned(plane: FloatArray) -> FloatArray:
    """Each ring of an odd square one eighth of its length further, clockwise."""
    out = plane.copy()
    middle = plane.shape[0] // 2
    for radius in range(1, middle + 1):
        rows, columns = _ring(middle, radius)
        out[rows, columns] = np.roll(plane[rows, columns], radius)
    return out


def _ring(middle: int, radius: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of the cells at that distance, clockwise from the upper left corner."""
    along = np.arange(2 * radius)
    low, high = np.zeros(2 * radius, int), np.full(2 * radius, 2 * radius)
    rows = np.concatenate([low, along, high, 2 * radius - along])
    columns = np.concatenate([along, high, 2 * radius - along, low])
    return rows + middle - radius, columns + middle - radius


def mirrored(plane: FloatArray, mirror: Mirror) -> FloatArray:
    """The weights left to right ("horizontal"), upside down ("vertical"), or both."""
    flipped = plane[::-1] if mirror in ("vertical", "both") else plane
    return (flipped[:, ::-1] if mirror in ("horizontal", "both") else flipped).copy()


def normalised(kernel: Kernel, divide: Divide) -> Kernel:
    """The kernel with another divisor; its weights and its offset stay.

    Args:
        kernel: with the divisor that it was published with.
        divide: "published" keeps that divisor; "none" takes 1; "sum" takes the sum of the
            weights, so that flat areas keep their brightness; "absolute" the sum of their
            magnitudes, so that no answer is larger than the picture's values. A sum of 0 stays
            undivided.
    """
    if divide == "published":
        return kernel
    total = float(kernel.weights.sum())
    reach = float(np.abs(kernel.weights).sum())
    if divide == "sum":
        # Weights such as 0.1 + 0.2 - 0.3 do not add up to exactly 0.
        scale = total if abs(total) > 1e-12 * reach else 1.0
    else:
        scale = reach if divide == "absolute" else 1.0
    return Kernel(kernel.weights, scale or 1.0, kernel.offset)


def resized(plane: FloatArray, height: int, width: int) -> FloatArray:
    """The weights with more or fewer rows and columns, each on the pixel where it was.

    The pixel that a kernel answers for lies under row (kh - 1) // 2 and column (kw - 1) // 2,
    as in Keras' "same"; rows are added or cut on the side that keeps it there.

    Example:
        >>> resized(np.array([[1.0, 2]]), 3, 3).tolist()
        [[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]
    """
    out = np.zeros((height, width))
    down, across = (
        (new - 1) // 2 - (old - 1) // 2
        for new, old in zip((height, width), plane.shape, strict=True)
    )
    for row, column in np.ndindex(plane.shape):
        if 0 <= row + down < height and 0 <= column + across < width:
            out[row + down, column + across] = plane[row, column]
    return out
