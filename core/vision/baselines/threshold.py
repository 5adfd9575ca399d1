"""Bright or dark: a threshold on grey levels, chosen by hand or by Otsu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.vision.baselines.picture import BaselineSpec, Image, Labels, Mask, check, grey


class ThresholdSpec(BaselineSpec):
    """Which pixels are the object.

    Attributes:
        rule: "fixed" takes `level`, "otsu" the level that divides the histogram best.
        level: pixels above it are bright.
        side: whether the object is "bright" or "dark".
    """

    rule: Literal["fixed", "otsu"] = "otsu"
    level: int = Field(127, ge=0, le=255)
    side: Literal["bright", "dark"] = "bright"


@dataclass(frozen=True, slots=True, eq=False)
class Thresholded:
    """A mask and how its level was found.

    Attributes:
        mask: (H, W) bool.
        grey: (H, W) uint8, what was compared with the level.
        histogram: (256,) int64, pixels of each level.
        level: the threshold: levels up to it are dark.
        between: (256,) float64, variance between the two classes for each possible threshold;
            Otsu's is where it is greatest.
    """

    mask: Mask
    grey: Image
    histogram: npt.NDArray[np.int64]
    level: int
    between: npt.NDArray[np.float64]

    @property
    def labels(self) -> Labels:
        """(H, W) int32: 1 for the object."""
        return self.mask.astype(np.int32)


def threshold(image: Image, spec: ThresholdSpec) -> Thresholded:
    """Divide a picture by brightness.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: how.

    Raises:
        BaselineError: it is no such picture.
    """
    check(image)
    levels = grey(image)
    histogram = np.bincount(levels.ravel(), minlength=256)
    best, between = otsu(histogram)
    level = best if spec.rule == "otsu" else spec.level
    bright = levels > level
    return Thresholded(
        bright if spec.side == "bright" else ~bright, levels, histogram, level, between
    )


def otsu(histogram: npt.NDArray[np.integer]) -> tuple[int, npt.NDArray[np.float64]]:
    """The level after which to divide a histogram, and the variance that decides it.

    For each level t the pixels are divided into those up to t and those above it, with the
    shares w0, w1 and the means m0, m1; what is made large is w0 w1 (m0 - m1)^2. Where several
    levels are equally good (between two peaks with nothing between them) it is the middle one.

    Args:
        histogram: (256,) pixels of each level.

    Returns:
        The level, and the variance between the classes for each of the 256 levels.

    Source: Otsu 1979, "A threshold selection method from gray-level histograms", equation 18.
    """
    shares = histogram / max(int(histogram.sum()), 1)
    dark = np.cumsum(shares)
    weighted = np.cumsum(shares * np.arange(len(shares)))
    mean = weighted[-1]
    both = dark * (1 - dark)
    # A side without pixels divides nothing; rounding leaves it a little more than 0.
    possible = both > 1e-12
    squared = (mean * dark - weighted) ** 2
    between = np.divide(squared, both, out=np.zeros_like(both), where=possible)
    if not possible.any():
        return int(histogram.argmax()), between
    best = np.flatnonzero(np.isclose(between, between.max(), rtol=1e-9, atol=0))
    return int(best[(len(best) - 1) // 2]), between
