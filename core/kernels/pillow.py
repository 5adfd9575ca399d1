"""The kernels of Pillow's `ImageFilter`, as they are published there.

Pillow reads the rows of a kernel from the bottom up, which shows with EMBOSS alone, and leaves
the border as it is. Here the rows stand as published.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.kernels.registry import KERNELS, PILLOW
from core.kernels.weights import Kernel


def _published(text: str, scale: float, offset: float = 0.0) -> Kernel:
    rows = [[float(word) for word in row.split()] for row in text.split("/")]
    return Kernel(np.array(rows), scale, offset)


def _add(name: str) -> Callable[[Callable[[], Kernel]], Callable[[], Kernel]]:
    slug = f"pillow-{name.lower().replace('_', '-')}"
    return KERNELS.add(slug, f"Pillow {name}", f"Pillow, `ImageFilter.{name}`", PILLOW)


@_add("BLUR")
def blur() -> Kernel:
    """The mean of the 16 pixels two steps away: a ring, which leaves ghosts of edges."""
    ring = "1 1 1 1 1 / 1 0 0 0 1 / 1 0 0 0 1 / 1 0 0 0 1 / 1 1 1 1 1"
    return _published(ring, 16)


@_add("CONTOUR")
def contour() -> Kernel:
    """Outline on white paper: 255 is added, so that what is brighter than white is lost."""
    return _published("-1 -1 -1 / -1 8 -1 / -1 -1 -1", 1, 255)


@_add("DETAIL")
def detail() -> Kernel:
    """A little sharper: the pixel ten times, minus its four neighbours, over six."""
    return _published("0 -1 0 / -1 10 -1 / 0 -1 0", 6)


@_add("EDGE_ENHANCE")
def edge_enhance() -> Kernel:
    """Sharper: the pixel ten times, minus its eight neighbours, over two."""
    return _published("-1 -1 -1 / -1 10 -1 / -1 -1 -1", 2)


@_add("EDGE_ENHANCE_MORE")
def edge_enhance_more() -> Kernel:
    """Sharper still: the picture plus its outline."""
    return _published("-1 -1 -1 / -1 9 -1 / -1 -1 -1", 1)


@_add("EMBOSS")
def emboss() -> Kernel:
    """The difference to a diagonal neighbour on middle grey: 128 is added."""
    return _published("-1 0 0 / 0 1 0 / 0 0 0", 1, 128)


@_add("FIND_EDGES")
def find_edges() -> Kernel:
    """Outline on black: what is below 0 is lost when it is shown."""
    return _published("-1 -1 -1 / -1 8 -1 / -1 -1 -1", 1)


@_add("SHARPEN")
def sharpen() -> Kernel:
    """Twice the pixel minus the mean of its neighbours, gently."""
    return _published("-2 -2 -2 / -2 32 -2 / -2 -2 -2", 16)


@_add("SMOOTH")
def smooth() -> Kernel:
    """A mean in which the pixel itself counts five times."""
    return _published("1 1 1 / 1 5 1 / 1 1 1", 13)


@_add("SMOOTH_MORE")
def smooth_more() -> Kernel:
    """A wider mean with a strong middle: small noise goes, edges mostly stay."""
    wide = "1 1 1 1 1 / 1 5 5 5 1 / 1 5 44 5 1 / 1 5 5 5 1 / 1 1 1 1 1"
    return _published(wide, 100)
