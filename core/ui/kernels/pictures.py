"""Arrays of any range as pictures in the page's colours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.export.boards import colours_of
from core.palette import PALETTES, ColourScale, rgb
from core.ui.downloads import theme

FloatArray = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

AROUND = ("#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#E69F00")
"""Colours of the directions right, down, left, up and right again: told apart by all eyes."""


def signed(values: FloatArray, reach: float) -> Pixels:
    """(H, W, 3) RGB: blue for -reach over the background for 0 to orange for reach."""
    return colours_of(values, ColourScale(PALETTES[theme()].diverging, -reach, reach))


def bright(values: FloatArray, highest: float) -> Pixels:
    """(H, W) uint8: black for 0, white for `highest` and more."""
    shown: Pixels = np.rint(values * (255 / (highest or 1.0))).clip(0, 255).astype(np.uint8)
    return shown


def marked(layers: dict[str, npt.NDArray[np.bool_]], shape: tuple[int, int]) -> Pixels:
    """(H, W, 3) RGB: each layer's pixels in its colour, on black."""
    out = np.zeros((*shape, 3), dtype=np.uint8)
    for colour, pixels in layers.items():
        out[pixels] = rgb(colour)
    return out


def directions(degrees: FloatArray, share: FloatArray) -> Pixels:
    """(H, W, 3) RGB: the hue says where it gets brighter, the brightness how fast.

    Args:
        degrees: (H, W), 0 to 360 clockwise from the right.
        share: (H, W), 0 to 1.
    """
    hues = colours_of(degrees, ColourScale(AROUND, 0.0, 360.0))
    shown: Pixels = np.rint(hues * np.clip(share, 0, 1)[..., None]).astype(np.uint8)
    return shown


def wheel(side: int = 96) -> Pixels:
    """(side, side, 3) RGB: the colours of all directions, round a circle."""
    along = np.arange(side) - (side - 1) / 2
    across, down = along[None, :], along[:, None]
    radius = np.hypot(across, down) / (side / 2)
    degrees = np.degrees(np.arctan2(down, across)) % 360
    inside = ((radius <= 1) & (radius > _HOLE)).astype(np.float64)
    picture = directions(degrees, inside)
    picture[inside == 0] = rgb(PALETTES[theme()].background)
    return picture


_HOLE = 0.35
