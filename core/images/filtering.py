"""A kernel over a whole photo: OpenCV's arithmetic with the borders of `convolve`.

OpenCV's `filter2D` knows neither periodic borders nor constants other than 0, and puts the
anchor of an even kernel one pixel further than Keras' "same". So the border is made first, and
the anchor is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.arithmetic.geometry import AxisPlan, PaddingMode, plan_axis
from core.arithmetic.on_photo import picture, reduced
from core.kernels.weights import Kernel

Pixels = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float64]
Colours = Literal["grey", "channels"]
Display = Literal["clip", "absolute", "stretch", "signed"]

MIDDLE = 127
"""What 0 becomes in a signed picture; 0 to 254 are the levels."""

_BORDERS: Mapping[PaddingMode, int] = MappingProxyType(
    {
        "zeros": cv2.BORDER_CONSTANT,
        "constant": cv2.BORDER_CONSTANT,
        "reflect": cv2.BORDER_REFLECT_101,
        "edge": cv2.BORDER_REPLICATE,
        "wrap": cv2.BORDER_WRAP,
    }
)


def axis_plan(size: int, taps: int) -> AxisPlan:
    """Where the windows lie along an axis of that many pixels: one for each pixel.

    Of an even number of taps the extra one lies after the pixel, as Keras' "same" has it.
    """
    return plan_axis(size, taps, padding="same")


def correlate(
    image: npt.NDArray[np.generic],
    weights: FloatArray,
    border: PaddingMode = "reflect",
    value: float = 0.0,
) -> FloatArray:
    """Slide the weights over every channel; the output has the input's size.

    Args:
        image: (H, W) or (H, W, C), any real dtype, computed in float64.
        weights: (kh, kw).
        border: what lies outside, as `ConvSpec.padding_mode` names it.
        value: the number outside for `border="constant"`.

    Returns:
        (H, W) or (H, W, C) float64: the sum of products at every pixel. Equal to `convolve`
        with padding "same" to rounding.

    Source: OpenCV, `copyMakeBorder` and `filter2D`.
    """
    source = np.ascontiguousarray(image, dtype=np.float64)
    (above, below), (before, after) = (((taps - 1) // 2, taps // 2) for taps in weights.shape)
    outside = value if border == "constant" else 0.0
    padded = cv2.copyMakeBorder(
        source, above, below, before, after, _BORDERS[border], value=(outside,) * 4
    )
    answer = cv2.filter2D(
        padded, -1, weights, anchor=(before, above), borderType=cv2.BORDER_CONSTANT
    )
    height, width = source.shape[:2]
    inside = answer[above : above + height, before : before + width]
    return np.asarray(inside, dtype=np.float64).reshape(source.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """A photo and a kernel's answer to it.

    Attributes:
        before: (H, W) uint8 for grey, (H, W, 3) uint8 RGB otherwise: what the kernel saw.
        response: the same shape, float64: scaled, with offset, of any range.
    """

    before: Pixels
    response: FloatArray

    @property
    def reach(self) -> float:
        """The largest magnitude; where the signed picture's colours end. 1 where all is 0."""
        return float(np.abs(self.response).max()) or 1.0

    @property
    def strongest(self) -> FloatArray:
        """(H, W) the response, of three channels the one with the largest magnitude.

        Source: Dalal & Triggs 2005, "Histograms of oriented gradients", section 6.2.
        """
        if self.response.ndim == 2:
            return self.response
        which = np.abs(self.response).argmax(axis=2)[..., None]
        return np.take_along_axis(self.response, which, axis=2)[..., 0]


def prepared(photo: Pixels, colours: Colours, side: int) -> Pixels:
    """The photo as the kernel sees it.

    Args:
        photo: (H, W, 3) uint8 RGB.
        colours: "grey" for OpenCV's rounded luma, "channels" for red, green and blue.
        side: longest side; a larger photo is reduced.

    Returns:
        (h, w) or (h, w, 3) uint8.
    """
    small = reduced(photo, side)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if colours == "grey" else small
    return np.asarray(grey, dtype=np.uint8)


def answer(
    before: Pixels, kernel: Kernel, border: PaddingMode = "reflect", value: float = 0.0
) -> Filtered:
    """Slide a kernel over a prepared photo.

    Args:
        before: (H, W) or (H, W, 3) uint8.
        kernel: its answer is divided by its scale, and its offset added.
        border: what lies outside of the photo.
        value: the number outside for `border="constant"`.
    """
    response = correlate(before, kernel.weights, border, value) / kernel.scale + kernel.offset
    return Filtered(before, response)


def shown(filtered: Filtered, display: Display) -> Pixels:
    """The response as a picture.

    Args:
        filtered: of `answer`.
        display: "clip" rounds and cuts at 0 and 255, as every 8-bit program does; "absolute"
            drops the sign first; "stretch" brings the smallest number to black and the largest
            to white; "signed" gives levels for a diverging map.

    Returns:
        (H, W) or (H, W, 3) uint8. For "signed" always (H, W), 0 to 254 with `MIDDLE` for 0;
        level v stands for (v - MIDDLE) / MIDDLE * filtered.reach.
    """
    if display == "signed":
        levels = np.rint(filtered.strongest * (MIDDLE / filtered.reach)) + MIDDLE
        return levels.astype(np.uint8)
    if display == "absolute":
        return picture(np.abs(filtered.response), "clip")
    return picture(filtered.response, display)
