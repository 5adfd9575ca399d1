"""A chain of grids as a picture and as an animation: what lights up, and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from core.arithmetic.chain import Chain, Grid, Place, related, sentence, where
from core.export.boards import Board, font, frame, place_board, text_width, wrapped
from core.palette import PALETTES, ColourScale, Palette, Theme, value_scale

FloatArray = npt.NDArray[np.float64]

_MARGIN = 24
_BETWEEN = 44
_HEADING = 16
_TEXT = 15
_LINE = 22
_NARROWEST = 720
_ROOM_WH = (440, 400)
_ROW_WH = (1200, 40)
_MOST_TERMS = 60
_ARROW = "\u2192"


def chain_frame(
    chain: Chain, place: Place | None, palette: Theme = "light", caption: str = ""
) -> Image.Image:
    """Draw all grids, and how one cell of the stepped grid comes about.

    Args:
        chain: grids and how they follow from each other.
        place: (row, column, channel) in the stepped grid; None for no cell.
        palette: light or dark.
        caption: a line under the arithmetic.

    Returns:
        RGB picture, at least 720 pixels wide.
    """
    sheet = _sheet(chain, PALETTES[palette], caption)
    lines = _arithmetic(chain, place, sheet.room)
    picture = sheet.blank(len(lines))
    if place is not None:
        _light(picture, sheet, chain, place)
    _write(picture, sheet, lines)
    return picture


def chain_png(
    chain: Chain, place: Place | None, palette: Theme = "light", caption: str = ""
) -> bytes:
    """`chain_frame` as a PNG file."""
    file = BytesIO()
    chain_frame(chain, place, palette, caption).save(file, "PNG")
    return file.getvalue()


def chain_gif(
    chain: Chain,
    palette: Theme = "light",
    caption: str = "",
    milliseconds: int = 700,
    max_frames: int = 200,
) -> bytes:
    """The way through the stepped grid as a GIF file, one frame for each cell.

    The cells come channel by channel in reading order, and the animation starts again at its
    end. Of a grid with more than `max_frames` cells every n-th is shown.

    Args:
        chain: grids and how they follow from each other.
        palette: light or dark.
        caption: a line under the arithmetic.
        milliseconds: how long a frame stands, rounded to hundredths of a second.
        max_frames: frames at most, at least 1.
    """
    sheet = _sheet(chain, PALETTES[palette], caption)
    way = _way(chain, max_frames)
    texts = [_arithmetic(chain, place, sheet.room) for place in way]
    most = max(map(len, texts))
    frames = []
    for place, lines in zip(way, texts, strict=True):
        picture = sheet.blank(most)
        _light(picture, sheet, chain, place)
        _write(picture, sheet, lines)
        frames.append(picture)
    table = frames[0].quantize(colors=255, dither=Image.Dither.NONE)
    reduced = [picture.quantize(palette=table, dither=Image.Dither.NONE) for picture in frames]
    file = BytesIO()
    reduced[0].save(
        file, "GIF", save_all=True, append_images=reduced[1:], duration=milliseconds, loop=0
    )
    return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """The parts of a picture that do not depend on the cell.

    Attributes:
        chain: what is drawn.
        boards: one for each grid.
        palette: colours.
        width: of the picture, in pixels.
        caption: lines under the arithmetic.
    """

    chain: Chain
    boards: tuple[Board, ...]
    palette: Palette
    width: int
    caption: tuple[str, ...]

    @property
    def room(self) -> int:
        """Width of the text, in pixels."""
        return self.width - 2 * _MARGIN

    @property
    def text_top(self) -> int:
        """Where the arithmetic begins, in pixels."""
        return max(board.top + board.wh[1] for board in self.boards) + _MARGIN

    def blank(self, lines: int) -> Image.Image:
        """A new picture with all boards and room for that many lines of arithmetic."""
        height = self.text_top + (lines + len(self.caption)) * _LINE + _MARGIN
        picture = Image.new("RGB", (self.width, height), self.palette.background)
        draw = ImageDraw.Draw(picture)
        for grid, board in zip(self.chain.grids, self.boards, strict=True):
            board.paint(picture, self.palette)
            at = (board.left, board.top - 10)
            draw.text(at, grid.title, self.palette.text, font(_HEADING), anchor="ls")
            _paint_marks(draw, grid, board, self.palette)
        self._paint_signs(draw)
        top = height - _MARGIN - len(self.caption) * _LINE
        for number, line in enumerate(self.caption):
            at = (_MARGIN, top + number * _LINE)
            draw.text(at, line, self.palette.muted, font(_TEXT), anchor="la")
        return picture

    def _paint_signs(self, draw: ImageDraw.ImageDraw) -> None:
        first = self.boards[0]
        for number, sign in enumerate(self.chain.signs):
            grid, board = self.chain.grids[number + 1], self.boards[number + 1]
            if sign and not grid.line:
                middle = (board.left - _BETWEEN / 2, first.top + first.wh[1] / 2)
                if sign == _ARROW:  # Pillow's own font has none
                    _paint_arrow(draw, middle, self.palette.text)
                else:
                    draw.text(middle, sign, self.palette.text, font(26), anchor="mm")


def _paint_arrow(draw: ImageDraw.ImageDraw, middle: tuple[float, float], colour: str) -> None:
    x, y = middle
    draw.line([(x - 11, y), (x + 6, y)], colour, width=2)
    draw.polygon([(x + 11, y), (x + 4, y - 5), (x + 4, y + 5)], colour)


def _sheet(chain: Chain, palette: Palette, caption: str) -> _Sheet:
    boards: list[Board] = []
    left, top = _MARGIN, _MARGIN + 34
    for grid in chain.grids:
        if grid.line and boards:
            left, top = _MARGIN, max(b.top + b.wh[1] for b in boards) + 46
        board = place_board(
            grid.values,
            _scale(chain, grid, palette),
            titles=_titles(grid),
            added=grid.added,
            left=left,
            top=top,
            room_wh=_ROW_WH if grid.line else _ROOM_WH,
        )
        boards.append(board)
        left += max(board.wh[0], int(text_width(grid.title, _HEADING)) + 1) + _BETWEEN
    width = max(_right(grid, board) for grid, board in zip(chain.grids, boards, strict=True))
    width = max(width + _MARGIN, _NARROWEST)
    words = tuple(wrapped(caption.split(), _TEXT, width - 2 * _MARGIN)) if caption else ()
    return _Sheet(chain, tuple(boards), palette, width, words)


def _right(grid: Grid, board: Board) -> int:
    return board.left + max(board.wh[0], int(text_width(grid.title, _HEADING)) + 1)


def _titles(grid: Grid) -> tuple[str, ...]:
    channels = grid.values.shape[2]
    return tuple(f"channel {c}" for c in range(channels)) if channels > 1 else ()


def _scale(chain: Chain, grid: Grid, palette: Palette) -> ColourScale:
    """One scale for all grids that share one; what is not finite does not stretch it."""
    values = np.concatenate([g.values.ravel() for g in chain.grids if g.scale == grid.scale])
    finite = values[np.isfinite(values)]
    return value_scale(palette, float(finite.min()), float(finite.max()))


def _paint_marks(draw: ImageDraw.ImageDraw, grid: Grid, board: Board, palette: Palette) -> None:
    """A folded corner where a window took its value."""
    if grid.marked is None or board.cell < 8:
        return
    fold = board.cell * 0.3
    for row, column, channel in np.argwhere(grid.marked).tolist():
        left, top, _, _ = board.box(channel, (row,), (column,))
        corner = [(left, top), (left + fold, top), (left, top + fold)]
        draw.polygon(corner, palette.output)


def _light(picture: Image.Image, sheet: _Sheet, chain: Chain, place: Place) -> None:
    """Frame the cell, and all that it is made of or goes into."""
    draw, palette = ImageDraw.Draw(picture), sheet.palette
    lit = related(chain, chain.stepped, place)
    last = len(chain.grids) - 1
    for number, (board, places) in enumerate(zip(sheet.boards, lit, strict=True)):
        colour = {0: palette.window, last: palette.output}.get(number, palette.kernel)
        own = {place} if number == chain.stepped else set()
        for box in _boxes(board, places | own):
            frame(draw, box, colour, palette.background, width=3 if board.cell >= 20 else 2)


def _boxes(board: Board, places: frozenset[Place]) -> list[tuple[int, int, int, int]]:
    """One box for cells that fill a rectangle, else one for each cell."""
    boxes = []
    for channel in sorted({place[2] for place in places}):
        rows = sorted({row for row, _, c in places if c == channel})
        columns = sorted({column for _, column, c in places if c == channel})
        cells = [place for place in places if place[2] == channel]
        filled = len(cells) == (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
        if filled:
            boxes.append(board.box(channel, rows, columns))
        else:
            boxes += [board.box(channel, (row,), (column,)) for row, column, _ in cells]
    return boxes


def _arithmetic(chain: Chain, place: Place | None, room_px: int) -> list[str]:
    if place is None:
        return []
    grid = chain.grids[chain.stepped]
    at = f"[{place[1]}]" if grid.line else where(place)
    if chain.into(chain.stepped) is not None:
        text = f"{grid.name} {at}: {sentence(chain, chain.stepped, place, most=_MOST_TERMS)}"
    else:
        text = (
            f"{grid.name} {at} = {sentence(chain, chain.stepped, place)}{_goes(chain, place)}"
        )
    return wrapped(text.split(), _TEXT, room_px)


def _goes(chain: Chain, place: Place) -> str:
    """Where the value of a grid that nothing computes goes to."""
    join = chain.out_of(chain.stepped)
    if join is None:
        return ""
    found = sorted(related(chain, chain.stepped, place)[join.target])
    return f" goes to {', '.join(map(where, found))}" if found else " goes nowhere"


def _write(picture: Image.Image, sheet: _Sheet, lines: Sequence[str]) -> None:
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        at = (_MARGIN, sheet.text_top + number * _LINE)
        draw.text(at, line, sheet.palette.text, font(_TEXT), anchor="la")


def _way(chain: Chain, max_frames: int) -> list[Place]:
    """Cells of the stepped grid channel by channel, every n-th where they are too many."""
    height, width, channels = chain.grids[chain.stepped].values.shape
    cells = height * width * channels
    every = -(-cells // max_frames)
    places = []
    for number in range(0, cells, every):
        channel, cell = divmod(number, height * width)
        places.append((*divmod(cell, width), channel))
    return places
