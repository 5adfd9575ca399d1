"""The lesson's settings applied to a whole photo, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.arithmetic.convolution import ConvSpec, convolve

Pixels = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float64]
Display = Literal["clip", "stretch", "signed"]

WORK_SIDE = 512
"""Long side of the photo before the convolution, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoResponse:
    """A filtered photo.

    Attributes:
        before: (H, W, 3) uint8, the photo as it went in.
        response: (OH, OW, 3) float64, one filtered plane for each of red, green and blue.
    """

    before: Pixels
    response: FloatArray


def respond(photo: Pixels, planes: FloatArray, spec: ConvSpec) -> PhotoResponse:
    """Filter red, green and blue each with its plane of weights.

    Args:
        photo: (H, W, 3) uint8 RGB; reduced to a long side of `WORK_SIDE`, and further where a
            transposed convolution enlarges it.
        planes: (kh, kw, 3) float64, the weights for red, green and blue.
        spec: the layer's settings; its groups are set so that no channel mixes with another.

    Raises:
        ShapeError: the kernel does not fit into the photo.
    """
    enlarge = max(spec.stride) if spec.transposed else 1
    before = reduced(photo, WORK_SIDE // enlarge)
    kernel = planes[:, :, None, :]
    result = convolve(before, kernel, spec.model_copy(update={"groups": 3}))
    return PhotoResponse(before, result.output)


def reduced(photo: Pixels, side: int) -> Pixels:
    """The photo with a long side of at most `side` pixels."""
    scale = side / max(photo.shape[:2])
    if scale >= 1:
        return photo
    height, width = (max(round(length * scale), 1) for length in photo.shape[:2])
    small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def picture(response: FloatArray, display: Display) -> Pixels:
    """Show numbers of any range as a picture.

    Args:
        response: (OH, OW, 3) float64.
        display: "clip" cuts at 0 and 255; "stretch" brings the smallest number to black and
            the largest to white; "signed" brings 0 to mid-grey and the largest magnitude to
            black or white.

    Returns:
        (OH, OW, 3) uint8.
    """
    if display == "clip":
        shown = response
    elif display == "signed":
        reach = np.abs(response).max() or 1.0
        shown = 127.5 + 127.5 * response / reach
    else:
        low, high = response.min(), response.max()
        shown = (response - low) * (255 / ((high - low) or 1.0))
    return np.rint(shown).clip(0, 255).astype(np.uint8)
