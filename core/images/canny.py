"""Canny's edge detector, stage by stage, with the result of OpenCV's `Canny`."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.images.gradients import smoothed

Pixels = npt.NDArray[np.uint8]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_TANGENT = round(np.tan(np.radians(22.5)) * 2**15)
"""tan(22.5 degrees) in 15 binary places, as OpenCV compares directions without dividing."""


@dataclass(frozen=True, slots=True, eq=False)
class CannyStages:
    """All that lies between a picture and its edges.

    Attributes:
        smooth: (H, W) uint8, after the Gaussian.
        magnitude: (H, W) float64, length of the gradient.
        thin: (H, W) bool, pixels that are the largest across their edge.
        strong: (H, W) bool, those of them above the high threshold.
        weak: (H, W) bool, those between the thresholds.
        edges: (H, W) bool, the strong ones and every weak one that hangs together with one.
    """

    smooth: Pixels
    magnitude: npt.NDArray[np.float64]
    thin: BoolArray
    strong: BoolArray
    weak: BoolArray
    edges: BoolArray

    @property
    def saved(self) -> BoolArray:
        """(H, W) weak pixels that hysteresis keeps."""
        return self.edges & self.weak

    @property
    def dropped(self) -> BoolArray:
        """(H, W) weak pixels that it drops."""
        return self.weak & ~self.edges


def canny(
    grey: Pixels,
    low: int,
    high: int,
    *,
    sigma: float = 0.0,
    taps: int = 3,
    euclidean: bool = True,
) -> CannyStages:
    """Find edges: smooth, gradient, non-maximum suppression, two thresholds, hysteresis.

    Args:
        grey: (H, W) uint8.
        low: below it a pixel is no edge.
        high: above it a pixel surely is one; at least `low`.
        sigma: of the Gaussian before; 0 for none, as in `cv2.Canny`, which does not smooth.
        taps: size of the Sobel kernels, 3, 5 or 7.
        euclidean: whether the length is sqrt(x^2 + y^2) rather than |x| + |y|.

    Returns:
        Every stage; `edges` equals `cv2.Canny` of the smoothed picture.

    Raises:
        ValueError: the thresholds are the wrong way round, or there are no such kernels.

    Source: Canny 1986, "A computational approach to edge detection"; OpenCV, `canny.cpp`.
    """
    if low > high:
        raise ValueError(
            f"The low threshold {low} is above the high one {high}. Use low <= high."
        )
    if taps not in (3, 5, 7):
        raise ValueError(f"There are no Sobel kernels of size {taps} here. Use 3, 5 or 7.")
    smooth = smoothed(grey, sigma)
    # Sobel kernels of size 7 add up to so much that OpenCV takes a sixteenth of them.
    part = 16 if taps == 7 else 1
    right, down = _derivatives(smooth, taps, part)
    size = right**2 + down**2 if euclidean else np.abs(right) + np.abs(down)
    bounds = [_threshold(value / part, euclidean=euclidean) for value in (low, high)]
    thin = _largest_across(right, down, size)
    strong = thin & (size > bounds[1])
    weak = thin & (size > bounds[0]) & ~strong
    length = np.sqrt(size) if euclidean else size.astype(np.float64)
    return CannyStages(smooth, length * part, thin & (size > 0), strong, weak,
                       _connected(strong, weak))  # fmt: skip


def _derivatives(smooth: Pixels, taps: int, part: int) -> tuple[IntArray, IntArray]:
    """Sobel to the right and downwards in 16-bit numbers, the border repeated."""
    right, down = (
        cv2.Sobel(
            smooth, cv2.CV_16S, *order, ksize=taps, scale=1 / part,
            borderType=cv2.BORDER_REPLICATE,
        ).astype(np.int64)
        for order in ((1, 0), (0, 1))
    )  # fmt: skip
    return right, down


def _threshold(value: float, *, euclidean: bool) -> int:
    """What the size is compared with: a whole number, squared where the size is."""
    return int(np.floor(min(value, 32767.0) ** 2 if euclidean and value > 0 else value))


def _largest_across(right: IntArray, down: IntArray, size: IntArray) -> BoolArray:
    """Pixels that no neighbour across the edge exceeds; outside of the picture all is 0.

    Four directions are told apart. Of two equal neighbours along a row or a column the first
    one stays.
    """
    around = np.pad(size, 1)
    height, width = size.shape

    def neighbour(row: int, column: int) -> IntArray:
        return around[1 + row : 1 + row + height, 1 + column : 1 + column + width]

    x, y = np.abs(right), np.abs(down) << 15
    flat, steep = y < x * _TANGENT, y > x * _TANGENT + (x << 16)
    same_sign = (right ^ down) >= 0
    first = np.where(same_sign, neighbour(-1, -1), neighbour(-1, 1))
    last = np.where(same_sign, neighbour(1, 1), neighbour(1, -1))
    across_flat = (size > neighbour(0, -1)) & (size >= neighbour(0, 1))
    across_steep = (size > neighbour(-1, 0)) & (size >= neighbour(1, 0))
    across_diagonal = (size > first) & (size > last)
    result: BoolArray = np.where(
        flat, across_flat, np.where(steep, across_steep, across_diagonal)
    )
    return result


def _connected(strong: BoolArray, weak: BoolArray) -> BoolArray:
    """Groups of touching pixels (8 neighbours) that hold a strong one."""
    count, groups = cv2.connectedComponents(
        (strong | weak).astype(np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    kept = np.zeros(count, dtype=np.bool_)
    kept[groups[strong]] = True
    kept[0] = False
    edges: BoolArray = kept[groups]
    return edges
