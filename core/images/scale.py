"""Another number of pixels for the same picture: five ways to fill the new grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from core.images.pixels import Image

LARGEST_SIDE = 4096
"""Longest side a picture can be resized to, in pixels."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to resize: `slug` for links, `title` and `explanation` for the screen."""

    slug: str
    title: str
    explanation: str
    flag: int


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.slug: method
        for method in (
            Method(
                "nearest",
                "Nearest neighbour",
                "Takes the one pixel whose centre is nearest: no new colours, but steps.",
                # INTER_NEAREST is off by up to one pixel: it takes floor(i * scale), the
                # corner. The exact one takes floor((i + 0.5) * scale), the centre.
                cv2.INTER_NEAREST_EXACT,
            ),
            Method(
                "bilinear",
                "Bilinear",
                "Weighs the 4 nearest pixels by distance: smooth, but shrinking below one "
                "half skips pixels and aliases.",
                cv2.INTER_LINEAR,
            ),
            Method(
                "bicubic",
                "Bicubic",
                "Fits cubic curves (a = -0.75) through 16 pixels: sharper, may overshoot at "
                "edges, and aliases when it shrinks.",
                cv2.INTER_CUBIC,
            ),
            Method(
                "area",
                "Area mean",
                "Averages every pixel that the new one covers: best for shrinking, blocky "
                "when it enlarges.",
                cv2.INTER_AREA,
            ),
            Method(
                "lanczos",
                "Lanczos",
                "Weighs 64 pixels by a windowed sinc: sharpest when it enlarges, rings at "
                "edges, and aliases when it shrinks.",
                cv2.INTER_LANCZOS4,
            ),
        )
    }
)
"""The ways to resize, by slug, in teaching order (OpenCV's InterpolationFlags)."""


def resize(image: Image, height: int, width: int, method: str) -> Image:
    """Resize to a given height and width.

    The pixel at (i, j) looks at the place ((i + 0.5) * H / height - 0.5,
    (j + 0.5) * W / width - 0.5) of the old grid: centres meet, not corners.

    Args:
        image: (H, W, C) uint8 with 1 to 4 channels.
        height: new height in pixels, 1 to `LARGEST_SIDE`.
        width: new width in pixels, 1 to `LARGEST_SIDE`.
        method: a slug of `METHODS`.

    Returns:
        (height, width, C) uint8.

    Raises:
        ValueError: no such method, or a size out of bounds.
    """
    if method not in METHODS:
        raise ValueError(f"{method!r} is no way to resize. Use one of {', '.join(METHODS)}.")
    for side, length in (("height", height), ("width", width)):
        if not 1 <= length <= LARGEST_SIDE:
            raise ValueError(f"{side} {length} is out of bounds. Use 1 to {LARGEST_SIDE}.")
    resized = cv2.resize(image, (width, height), interpolation=METHODS[method].flag)
    # OpenCV drops the axis of a single channel.
    return np.asarray(resized, dtype=np.uint8).reshape(height, width, image.shape[2])
