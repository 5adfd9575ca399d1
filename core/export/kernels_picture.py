"""The kernel and its answer as pictures to take home."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.export.boards import colours_of, place_board
from core.images.filtering import shown
from core.kernels.weights import Kernel
from core.lessons.kernels_case import KernelCase
from core.palette import PALETTES, ColourScale, Theme, rgb, value_scale

Pixels = npt.NDArray[np.uint8]

_MARGIN = 12
_ROOM = 640
_SEAM = 4


def kernel_answer(case: KernelCase, theme: Theme) -> Pixels:
    """The answer as the page shows it.

    Returns:
        (H, W) or (H, W, 3) uint8; a signed answer is (H, W, 3) in the theme's colours.
    """
    if case.display != "signed":
        return shown(case.filtered, case.display)
    reach = case.filtered.reach
    scale = ColourScale(PALETTES[theme].diverging, -reach, reach)
    return colours_of(case.filtered.strongest, scale)


def before_after(case: KernelCase, theme: Theme) -> Pixels:
    """(H, 2 W + seam, 3) uint8: the photo as the kernel saw it, and the answer beside it."""
    seam = np.full((case.before.shape[0], _SEAM, 3), rgb(PALETTES[theme].grid), dtype=np.uint8)
    return np.hstack([_coloured(case.before), seam, _coloured(kernel_answer(case, theme))])


def _coloured(picture: Pixels) -> Pixels:
    return np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture


def kernel_png(kernel: Kernel, theme: Theme) -> bytes:
    """The weights as coloured cells with their numbers."""
    palette, weights = PALETTES[theme], kernel.weights
    scale = value_scale(palette, float(weights.min()), float(weights.max()))
    board = place_board(
        weights[..., None], scale, left=_MARGIN, top=_MARGIN, room_wh=(_ROOM, _ROOM)
    )
    width, height = (side + 2 * _MARGIN for side in board.wh)
    picture = Image.new("RGB", (width, height), rgb(palette.background))
    board.paint(picture, palette)
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
