"""The gradient of a picture: two derivatives, and what they make together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from core.arithmetic.geometry import PaddingMode
from core.images.filtering import correlate
from core.kernels import KERNELS

Pixels = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Operator:
    """A pair of kernels that measure the gradient.

    Attributes:
        slug: goes into links.
        title: what stands on the screen.
        first: slug of the first kernel in `KERNELS`.
        second: slug of the second.
        first_axis: (right, down) unit vector along which the first kernel's answer grows.
        second_axis: the same for the second kernel.
        sizes: taps that it can have; empty where there is only one size.
    """

    slug: str
    title: str
    first: str
    second: str
    first_axis: tuple[float, float] = (1.0, 0.0)
    second_axis: tuple[float, float] = (0.0, 1.0)
    sizes: tuple[int, ...] = ()


_DIAGONAL = sqrt(0.5)

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        operator.slug: operator
        for operator in (
            Operator("sobel", "Sobel", "sobel-x", "sobel-y", sizes=(3, 5, 7)),
            Operator("scharr", "Scharr", "scharr-x", "scharr-y"),
            Operator("prewitt", "Prewitt", "prewitt-x", "prewitt-y"),
            Operator(
                "roberts",
                "Roberts",
                "roberts-down",
                "roberts-up",
                # The upper left minus the lower right grows towards the upper left.
                (-_DIAGONAL, -_DIAGONAL),
                (_DIAGONAL, -_DIAGONAL),
            ),
        )
    }
)
"""The pairs, by slug."""


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """Which way a picture gets brighter at every pixel, and how fast.

    Attributes:
        first: (H, W) float64, the first kernel's answer.
        second: (H, W) float64, the second kernel's.
        right: (H, W) float64, the gradient's component to the right.
        down: (H, W) float64, its component downwards.
    """

    first: FloatArray
    second: FloatArray
    right: FloatArray
    down: FloatArray

    @property
    def magnitude(self) -> FloatArray:
        """(H, W) sqrt(right^2 + down^2)."""
        return np.hypot(self.right, self.down)

    @property
    def direction(self) -> FloatArray:
        """(H, W) where it gets brighter, in degrees 0..360 clockwise from the right."""
        degrees: FloatArray = np.degrees(np.arctan2(self.down, self.right)) % 360
        return degrees


def smoothed(grey: Pixels, sigma: float) -> Pixels:
    """The picture under OpenCV's Gaussian of that sigma; 0 leaves it as it is.

    Args:
        grey: (H, W) uint8.
        sigma: standard deviation in pixels, 0 or more.
    """
    if sigma == 0:
        return grey
    blurred = cv2.GaussianBlur(grey, (0, 0), sigma)
    return np.asarray(blurred, dtype=np.uint8)


def gradient(
    grey: Pixels, operator: str, taps: int = 3, border: PaddingMode = "edge"
) -> Gradient:
    """Both derivatives of a grey picture.

    Args:
        grey: (H, W) uint8.
        operator: a slug of `OPERATORS`.
        taps: size of the kernels, for an operator with sizes.
        border: what lies outside.

    Raises:
        ValueError: there is no such operator, or not of that size.

    Source: Sobel & Feldman 1968; Gonzalez & Woods 2018, section 10.2.
    """
    if operator not in OPERATORS:
        raise ValueError(f"{operator!r} is no operator. Use one of {', '.join(OPERATORS)}.")
    pair = OPERATORS[operator]
    if pair.sizes and taps not in pair.sizes:
        raise ValueError(f"{pair.title} has no size {taps}. Use one of {pair.sizes}.")
    first, second = (
        correlate(grey, KERNELS[slug].with_values({"taps": taps}).weights, border)
        for slug in (pair.first, pair.second)
    )
    right, down = (
        a * first + b * second for a, b in zip(pair.first_axis, pair.second_axis, strict=True)
    )
    return Gradient(first, second, right, down)
