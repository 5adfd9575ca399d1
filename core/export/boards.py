"""Boards: planes of numbers as coloured cells in a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from core.numbers import format_number
from core.palette import ColourScale, Palette, rgb, text_colour

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Box = tuple[int, int, int, int]

LARGEST_CELL = 44
_GAP = 14
_TITLE = 18
_SMALLEST_TEXT = 9
_LARGEST_TEXT = 16
_WITH_LINES = 6
_WITH_MARKS = 10


@lru_cache(maxsize=32)
def font(size: int) -> Font:
    """Pillow's own font, so that a picture is the same on every machine."""
    return ImageFont.load_default(size)


@lru_cache(maxsize=50_000)
def text_width(text: str, size: int) -> float:
    """Width of a line of text, in pixels."""
    return float(font(size).getlength(text))


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """Planes of the same size, side by side and below each other.

    Attributes:
        planes: (rows, columns, planes) float64.
        titles: one for each plane; empty for none.
        scale: from values to colours.
        added: (rows, columns) True where a cell is padding or an inserted zero.
        left: of the first plane, in pixels.
        top: of the first title, in pixels.
        across: planes in one row.
        cell: size of a cell, in pixels; less than 1 where a plane is made smaller.
    """

    planes: FloatArray
    titles: tuple[str, ...]
    scale: ColourScale
    added: BoolArray
    left: int
    top: int
    across: int
    cell: float

    @property
    def plane_wh(self) -> tuple[int, int]:
        """(width, height) of one plane, in pixels."""
        rows, columns, _ = self.planes.shape
        return max(round(columns * self.cell), 1), max(round(rows * self.cell), 1)

    @property
    def wh(self) -> tuple[int, int]:
        """(width, height) of the board, in pixels."""
        width, height = self.plane_wh
        across = min(self.across, self.planes.shape[2])
        down = -(-self.planes.shape[2] // self.across)
        return (
            across * width + (across - 1) * _GAP,
            down * (height + self._title) + (down - 1) * _GAP,
        )

    @property
    def _title(self) -> int:
        return _TITLE if self.titles else 0

    def origin(self, plane: int) -> tuple[int, int]:
        """(left, top) of a plane's cells, in pixels."""
        width, height = self.plane_wh
        down, across = divmod(plane, self.across)
        return (
            self.left + across * (width + _GAP),
            self.top + self._title + down * (height + self._title + _GAP),
        )

    def box(self, plane: int, rows: Sequence[int], columns: Sequence[int]) -> Box:
        """Pixels (left, top, right, bottom) of the cells from the first to the last."""
        left, top = self.origin(plane)
        return (
            left + int(min(columns) * self.cell),
            top + int(min(rows) * self.cell),
            left + int((max(columns) + 1) * self.cell),
            top + int((max(rows) + 1) * self.cell),
        )

    def paint(self, picture: Image.Image, palette: Palette) -> None:
        """Draw all planes into an RGB picture."""
        draw = ImageDraw.Draw(picture)
        style = _text_style(self.planes, self.cell)
        for plane in range(self.planes.shape[2]):
            origin = self.origin(plane)
            if self.titles:
                at = (origin[0], origin[1] - 4)
                draw.text(at, self.titles[plane], palette.muted, font(12), anchor="ls")
            picture.paste(self._cells(plane, palette), origin)
            if style:
                self._paint_numbers(draw, plane, *style)

    def _cells(self, plane: int, palette: Palette) -> Image.Image:
        colours = Image.fromarray(colours_of(self.planes[..., plane], self.scale))
        cells = colours.resize(self.plane_wh, Image.Resampling.NEAREST)
        draw = ImageDraw.Draw(cells)
        if self.cell >= _WITH_LINES:
            self._paint_lines(draw, palette)
        if self.cell >= _WITH_MARKS:
            for row, column in np.argwhere(self.added).tolist():
                dashed(draw, row, column, int(self.cell), palette.hatch)
        elif self.added.any():
            draw.rectangle(self._input_box(), outline=palette.hatch)
        return cells

    def _input_box(self) -> Box:
        """Pixels, within a plane, from the first input cell to the last."""
        rows, columns = (np.flatnonzero(~self.added.all(axis=axis)) for axis in (1, 0))
        left, top = self.origin(0)
        box = self.box(0, (rows.min(), rows.max()), (columns.min(), columns.max()))
        return box[0] - left, box[1] - top, box[2] - left - 1, box[3] - top - 1

    def _paint_lines(self, draw: ImageDraw.ImageDraw, palette: Palette) -> None:
        width, height = self.plane_wh
        for x in range(0, width + 1, int(self.cell)):
            draw.line((x, 0, x, height), palette.grid)
        for y in range(0, height + 1, int(self.cell)):
            draw.line((0, y, width, y), palette.grid)
        draw.rectangle((0, 0, width - 1, height - 1), outline=palette.grid)

    def _paint_numbers(
        self, draw: ImageDraw.ImageDraw, plane: int, size: int, decimals: int
    ) -> None:
        left, top = self.origin(plane)
        for (row, column), value in np.ndenumerate(self.planes[..., plane]):
            centre = (left + (column + 0.5) * self.cell, top + (row + 0.5) * self.cell)
            ink = text_colour(self.scale.colour(value))
            draw.text(centre, rounded(value, decimals), ink, font(size), anchor="mm")


def place_board(
    planes: FloatArray,
    scale: ColourScale,
    *,
    titles: Sequence[str] = (),
    added: BoolArray | None = None,
    left: int,
    top: int,
    room_wh: tuple[int, int],
    across: int | None = None,
) -> Board:
    """Arrange planes so that their cells become as large as the room allows.

    Args:
        planes: (rows, columns, planes) float64.
        scale: from values to colours.
        titles: one for each plane, or none.
        added: (rows, columns) True for padding; None for nowhere.
        left: where the board begins, in pixels.
        top: where the board begins, in pixels.
        room_wh: (width, height) that it may take, in pixels.
        across: planes in one row; None: as many as make the cells largest.
    """
    rows, columns, count = planes.shape
    title = _TITLE if titles else 0

    def cell_size(across: int) -> float:
        down = -(-count // across)
        width = (room_wh[0] - (across - 1) * _GAP) / (across * columns)
        height = (room_wh[1] - (down - 1) * _GAP - down * title) / (down * rows)
        return float(min(width, height, LARGEST_CELL))

    across = across or max(range(1, count + 1), key=cell_size)
    cell = cell_size(across)
    whole = float(int(cell)) if cell >= _WITH_LINES else cell
    nowhere = np.zeros((rows, columns), dtype=np.bool_)
    marks = nowhere if added is None else added
    return Board(planes, tuple(titles), scale, marks, left, top, across, whole)


def colours_of(plane: FloatArray, scale: ColourScale) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) uint8: the colour of every value."""
    shares = np.clip((plane - scale.low) / (scale.high - scale.low), 0, 1)
    stops = np.array([rgb(stop) for stop in scale.stops], dtype=np.float64)
    places = np.linspace(0, 1, len(stops))
    mixed = [np.interp(shares, places, stops[:, part]) for part in range(3)]
    return np.floor(np.stack(mixed, axis=-1) + 0.5).astype(np.uint8)


def rounded(value: float, decimals: int) -> str:
    """A number for a cell.

    Example:
        >>> rounded(0.125, 2), rounded(-3.0, 1)
        ('0.12', '-3')
    """
    return format_number(round(float(value), decimals))


def _text_style(planes: FloatArray, cell: float) -> tuple[int, int] | None:
    """(font size, decimals) with which every number fits into its cell, or None."""
    room = cell - 4
    if room < _SMALLEST_TEXT:
        return None
    for decimals in (3, 2, 1):
        words = {rounded(value, decimals) for value in np.unique(planes)}
        for size in range(min(_LARGEST_TEXT, int(cell * 0.6)), _SMALLEST_TEXT - 1, -1):
            if all(text_width(word, size) <= room for word in words):
                return size, decimals
    return None


def dashed(draw: ImageDraw.ImageDraw, row: int, column: int, cell: int, colour: str) -> None:
    """A dashed frame inside of a cell, the mark of what is no input."""
    left, top = column * cell + 2, row * cell + 2
    right, bottom = left + cell - 4, top + cell - 4
    dash = max(cell // 8, 2)
    for x in range(left, right, 2 * dash):
        end = min(x + dash - 1, right)
        draw.line((x, top, end, top), colour)
        draw.line((x, bottom, end, bottom), colour)
    for y in range(top, bottom, 2 * dash):
        end = min(y + dash - 1, bottom)
        draw.line((left, y, left, end), colour)
        draw.line((right, y, right, end), colour)


def frame(
    draw: ImageDraw.ImageDraw, box: Box, colour: str, background: str, *, width: int
) -> None:
    """A frame round cells, with a seam of background so that it shows on every colour."""
    left, top, right, bottom = box
    right, bottom = max(right, left + 2), max(bottom, top + 2)
    seam = (left - width - 1, top - width - 1, right + width + 1, bottom + width + 1)
    draw.rectangle(seam, outline=background)
    edge = (left - width, top - width, right + width, bottom + width)
    draw.rectangle(edge, outline=colour, width=width)


def wrapped(words: Iterable[str], size: int, room_px: int) -> list[str]:
    """Words in lines that are no wider than the room; one that is wider stands alone."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(lines[-1], size) + text_width(f" {word}", size) <= room_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
