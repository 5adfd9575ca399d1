"""Two masks as one picture: the counted pixels, or the two boundaries, in colour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.vision.metrics import BoundaryMatch, Comparison

HIT, MISSED, EXTRA = (0, 158, 115), (0, 114, 178), (230, 159, 0)
"""Pixels of both masks (TP), of the truth alone (FN), of the prediction alone (FP)."""

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Rgb = tuple[int, int, int]


def counted(picture: Image, found: Comparison) -> Image:
    """(H, W, 3) the picture in grey, the pixels of the masks in three colours.

    Args:
        picture: (H, W, 3) uint8.
        found: its two masks.
    """
    grey = picture.mean(-1, keepdims=True).repeat(3, 2)
    shown = 0.45 * grey + 110
    for pixels, colour in (
        (found.true_positive, HIT),
        (found.false_negative, MISSED),
        (found.false_positive, EXTRA),
    ):
        shown[pixels] = 0.35 * grey[pixels] + 0.65 * np.array(colour)
    coloured: Image = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
    return coloured


def outlined(picture: Image, lines: BoundaryMatch, side: int) -> tuple[Image, Image]:
    """The true boundary and the painted one, each over the picture in pale grey.

    Pixels that match are green; those that do not are blue (missed) and orange (too much), with
    a white middle where there is room.

    Args:
        picture: (H, W, 3) uint8.
        lines: its two boundaries.
        side: about as long the pictures' long sides become, every pixel a square.

    Returns:
        Two pictures (k H, k W, 3).
    """
    grey = picture.mean(-1, keepdims=True).repeat(3, 2)
    pale = np.rint(0.3 * grey + 175).clip(0, 255).astype(np.uint8)
    factor = max(round(side / max(picture.shape[:2])), 1)
    return (
        _lined(pale, lines.truth, lines.found, MISSED, factor),
        _lined(pale, lines.predicted, lines.right, EXTRA, factor),
    )


def _lined(pale: Image, line: Mask, matched: Mask, colour: Rgb, factor: int) -> Image:
    shown = pale.copy()
    shown[line], shown[matched] = colour, HIT
    large = shown.repeat(factor, 0).repeat(factor, 1)
    margin = max((factor + 1) // 3, 1)
    middle = np.zeros((factor, factor), bool)
    middle[margin : factor - margin, margin : factor - margin] = True
    large[np.kron(line & ~matched, middle)] = 255
    return large
