"""A drawing from the canvas: read with care, and brought into the form of MNIST's digits."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import PIL.Image

Grey = npt.NDArray[np.uint8]

LONGEST_TEXT = 400_000
"""Largest drawing accepted, in characters of its data URL."""
LARGEST_SIDE = 1024
"""Largest height and width accepted, in pixels."""
BOX = 20
"""Side of the box that a digit of MNIST fits into, in pixels."""
SIDE = 28
"""Side of a picture of MNIST, in pixels."""
CENTRE = 14
"""Row and column, counted from 0, that the centre of mass comes nearest to."""

_HEAD = "data:image/png;base64,"


class DrawingError(ValueError):
    """A drawing that cannot be used; its text is meant for the person at the page."""


def read_drawing(text: str) -> Grey:
    """Decode what the canvas sends: a PNG as data URL.

    Args:
        text: `data:image/png;base64,...`, at most `LONGEST_TEXT` characters.

    Returns:
        (H, W) uint8 grey, read-only, at most `LARGEST_SIDE` high and wide.

    Raises:
        DrawingError: the text is no PNG, a damaged one or one too large. Nothing else is
            raised, whatever the text is.
    """
    if len(text) > LONGEST_TEXT:
        raise DrawingError(
            f"The drawing has {len(text):,} characters; at most {LONGEST_TEXT:,} are read. "
            "Clear the canvas and draw with fewer strokes."
        )
    if not text.startswith(_HEAD):
        raise DrawingError("What arrived is no drawing as PNG. Clear the canvas and try again.")
    try:
        data = base64.b64decode(text[len(_HEAD) :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise DrawingError(
            f"The drawing arrived damaged ({len(text):,} characters). Draw it again."
        ) from error
    picture = _opened(data)
    height, width = picture.height, picture.width
    if not (1 <= height <= LARGEST_SIDE and 1 <= width <= LARGEST_SIDE):
        raise DrawingError(
            f"The drawing has {height} x {width} pixels; at most {LARGEST_SIDE} x "
            f"{LARGEST_SIDE} are read."
        )
    try:
        drawing = np.array(picture.convert("L"), dtype=np.uint8)
    # A broken PNG makes Pillow raise nearly anything: OSError, SyntaxError, zlib.error...
    except Exception as error:
        raise DrawingError(
            f"The drawing of {height} x {width} pixels arrived damaged. Draw it again."
        ) from error
    drawing.setflags(write=False)
    return drawing


def drawing_text(drawing: Grey) -> str:
    """The data URL of a drawing, the inverse of `read_drawing`.

    Args:
        drawing: (H, W) uint8, ink bright.
    """
    with io.BytesIO() as file:
        PIL.Image.fromarray(drawing).save(file, "PNG", optimize=True)
        return _HEAD + base64.b64encode(file.getvalue()).decode("ascii")


def _opened(data: bytes) -> PIL.Image.Image:
    """Read the header only; no pixel is decoded here."""
    try:
        return PIL.Image.open(io.BytesIO(data), formats=("PNG",))
    except Exception as error:
        raise DrawingError(
            f"What arrived ({len(data):,} bytes) is no PNG. Clear the canvas and try again."
        ) from error


@dataclass(frozen=True, slots=True, eq=False)
class MnistSteps:
    """How a drawing became a picture like MNIST's.

    Attributes:
        drawing: (H, W) uint8, ink bright.
        box: top, left, bottom and right of the ink, the last two exclusive, in pixels.
        cut: (h, w) uint8: the ink's box.
        fitted: (r, c) uint8: the same with its longer side `BOX` pixels.
        mass: row and column of the centre of mass of `fitted`, counted from 0.
        corner: row and column in the picture at which `fitted` was laid down.
        picture: (28, 28) uint8.
    """

    drawing: Grey
    box: tuple[int, int, int, int]
    cut: Grey
    fitted: Grey
    mass: tuple[float, float]
    corner: tuple[int, int]
    picture: Grey

    @property
    def sentences(self) -> tuple[str, str, str]:
        """The three steps in words, with their numbers."""
        top, left, bottom, right = self.box
        height, width = self.fitted.shape
        row, column = self.mass
        at_row, at_column = self.corner
        return (
            f"The ink fills rows {top} to {bottom - 1} and columns {left} to {right - 1}: "
            f"{bottom - top} x {right - left} pixels are cut out.",
            f"They are fitted into {BOX} x {BOX} with their shape kept: {height} x {width}.",
            f"The centre of mass, at row {row + at_row:.1f} and column "
            f"{column + at_column:.1f}, is brought nearest to ({CENTRE}, {CENTRE}).",
        )


def as_mnist(drawing: Grey) -> Grey:
    """The drawing as (28, 28) uint8 in the form of MNIST's digits; see `mnist_steps`."""
    return mnist_steps(drawing).picture


def mnist_steps(drawing: Grey) -> MnistSteps:
    """Bring a drawing into the form of MNIST's digits, by MNIST's own recipe.

    The ink is cut out, fitted into 20 x 20 pixels with its proportions kept, edges grey from
    anti-aliasing, and laid onto 28 x 28 black pixels so that its centre of mass comes to the
    middle, as near as whole pixels and the edges allow: in MNIST itself every centre of mass
    lies within half a pixel of row 14 and column 14. A digit of MNIST comes out as it is.

    Args:
        drawing: (H, W) uint8, ink bright (255) on black (0).

    Raises:
        DrawingError: there is no ink, or too little of it.

    Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits"; LeCun et al.
    1998, "Gradient-based learning applied to document recognition", section III.A.
    """
    rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    if not rows.size:
        raise DrawingError("Nothing is drawn yet. Draw on the canvas first.")
    box = (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    cut = drawing[box[0] : box[2], box[1] : box[3]]
    fitted = _fitted(cut)
    if not fitted.any():
        raise DrawingError(
            f"What is drawn is too faint to be seen at {BOX} x {BOX} pixels. Use a wider brush."
        )
    mass = _centre_of_mass(fitted)
    corner = (_laid(mass[0], fitted.shape[0]), _laid(mass[1], fitted.shape[1]))
    picture = np.zeros((SIDE, SIDE), dtype=np.uint8)
    bottom, right = corner[0] + fitted.shape[0], corner[1] + fitted.shape[1]
    picture[corner[0] : bottom, corner[1] : right] = fitted
    return MnistSteps(drawing, box, cut, fitted, mass, corner, picture)


def _fitted(cut: Grey) -> Grey:
    """Resize so that the longer side is `BOX`: each new pixel the mean of what it covers."""
    height, width = cut.shape
    scale = BOX / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    # Area weighting is exact anti-aliasing for shrinking; for the rare drawing smaller than
    # the box it would make blocks.
    method = cv2.INTER_AREA if scale <= 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, size, interpolation=method), dtype=np.uint8)


def _centre_of_mass(ink: Grey) -> tuple[float, float]:
    weights = ink.astype(np.float64)
    total = weights.sum()
    row = weights.sum(axis=1) @ np.arange(ink.shape[0]) / total
    column = weights.sum(axis=0) @ np.arange(ink.shape[1]) / total
    return float(row), float(column)


def _laid(mass: float, length: int) -> int:
    """Where a side begins so that its centre of mass comes nearest to the middle.

    A very lopsided drawing stops at the edge: no ink is pushed over it.
    """
    return min(max(round(CENTRE - mass), 0), SIDE - length)
