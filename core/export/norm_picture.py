"""A normalised block as a picture and as an animation, line by line of the algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from core.arithmetic.norm_steps import Place, steps
from core.arithmetic.terms import shown
from core.export.boards import Board, font, frame, place_board, text_width, wrapped
from core.lessons.normalization_case import NormCase
from core.palette import PALETTES, Palette, Theme, value_scale

FloatArray = npt.NDArray[np.float64]

_MARGIN = 24
_BETWEEN = 52
_HEADING = 16
_TEXT = 15
_LINE = 22
_CELL = 40
"""Largest side of a cell, in pixels."""
_GAPS = 14 + 18
_MOST_WIDE = 620


def norm_frame(
    case: NormCase, place: Place, line: int | None = None, palette: Theme = "light"
) -> Image.Image:
    """Draw the block and the result of one line, the cells that share a mean framed.

    Args:
        case: of `build`.
        place: (sample, row, column, channel) of the chosen cell.
        line: number of the line, counted from 0; None for the last.
        palette: light or dark.

    Returns:
        RGB picture; samples stand below each other, channels side by side.
    """
    last = len(case.lines) - 1 if line is None else line
    sheet = _sheet(case, place, PALETTES[palette])
    return sheet.draw(case, place, last)


def norm_png(case: NormCase, place: Place, palette: Theme = "light") -> bytes:
    """`norm_frame` of the last line as a PNG file."""
    file = BytesIO()
    norm_frame(case, place, None, palette).save(file, "PNG")
    return file.getvalue()


def norm_gif(
    case: NormCase, place: Place, palette: Theme = "light", milliseconds: int = 1800
) -> bytes:
    """The algorithm as a GIF file, one frame for each line; it starts again at its end."""
    sheet = _sheet(case, place, PALETTES[palette])
    frames = [sheet.draw(case, place, line) for line in range(len(case.lines))]
    reduced = [picture.quantize(255, dither=Image.Dither.NONE) for picture in frames]
    file = BytesIO()
    reduced[0].save(
        file, "GIF", save_all=True, append_images=reduced[1:], duration=milliseconds, loop=0
    )
    return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """What does not depend on the line.

    Attributes:
        block: board of the block.
        words: every line of the algorithm, wrapped.
        palette: colours.
        size_wh: of the picture, in pixels.
    """

    block: Board
    words: tuple[tuple[str, ...], ...]
    palette: Palette
    size_wh: tuple[int, int]

    def draw(self, case: NormCase, place: Place, line: int) -> Image.Image:
        """The picture with the result of that line."""
        picture = Image.new("RGB", self.size_wh, self.palette.background)
        draw = ImageDraw.Draw(picture)
        result = _board(case, case.lines[line].values, self.palette, self._result_left)
        headings = (_title(case), f"{line + 1}. {case.lines[line].title}")
        for board, heading in zip((self.block, result), headings, strict=True):
            board.paint(picture, self.palette)
            at = (board.left, _MARGIN + _HEADING)
            draw.text(at, heading, self.palette.text, font(_HEADING), anchor="ls")
        self._mark(draw, case, place, result)
        top = self.block.top + self.block.wh[1] + _MARGIN
        for number, words in enumerate(self.words):
            ink = self.palette.text if number <= line else self.palette.muted
            for text in words:
                draw.text((_MARGIN, top), text, ink, font(_TEXT), anchor="la")
                top += _LINE
        return picture

    @property
    def _result_left(self) -> int:
        heading = int(text_width(_HEADING_ROOM, _HEADING))
        return self.block.left + max(self.block.wh[0], heading) + _BETWEEN

    def _mark(
        self, draw: ImageDraw.ImageDraw, case: NormCase, place: Place, result: Board
    ) -> None:
        """Frame the cells that share a mean thinly, the chosen one thickly."""
        sets, background = case.result.sets, self.palette.background
        for at in np.argwhere(sets == sets[place]).tolist():
            box = _box(case, self.block, at)
            frame(draw, box, self.palette.window, background, width=1)
        frame(draw, _box(case, self.block, place), self.palette.window, background, width=3)
        frame(draw, _box(case, result, place), self.palette.output, background, width=3)


_HEADING_ROOM = "Block, 6 x 4 x 4 x 8 (N, H, W, C)"


def _title(case: NormCase) -> str:
    return f"Block, {' x '.join(map(str, case.block.shape))} (N, H, W, C)"


def _sheet(case: NormCase, place: Place, palette: Palette) -> _Sheet:
    block = _board(case, case.block, palette, _MARGIN)
    heading = int(text_width(_HEADING_ROOM, _HEADING))
    width = 2 * max(block.wh[0], heading) + _BETWEEN + 2 * _MARGIN
    words = tuple(
        tuple(wrapped(text.split(), _TEXT, width - 2 * _MARGIN)) for text in _lines(case, place)
    )
    height = block.top + block.wh[1] + 2 * _MARGIN + sum(map(len, words)) * _LINE
    return _Sheet(block, words, palette, (width, height))


def _board(case: NormCase, values: FloatArray, palette: Palette, left: int) -> Board:
    """One plane for each channel of each sample, a sample in a row."""
    samples, height, width, channels = values.shape
    planes = values.transpose(1, 2, 0, 3).reshape(height, width, samples * channels)
    cell = min(_CELL, (_MOST_WIDE - (channels - 1) * 14) // (channels * width))
    return place_board(
        planes,
        value_scale(palette, float(values.min()), float(values.max())),
        titles=[f"n{n} c{c}" for n in range(samples) for c in range(channels)],
        left=left,
        top=_MARGIN + 34,
        room_wh=(
            channels * width * cell + (channels - 1) * 14,
            samples * (height * cell + _GAPS),
        ),
        across=channels,
    )


def _box(case: NormCase, board: Board, place: Place | list[int]) -> tuple[int, int, int, int]:
    n, h, w, c = place
    return board.box(n * case.block.shape[3] + c, (h,), (w,))


def _lines(case: NormCase, place: Place) -> list[str]:
    """The lines of the algorithm with their numbers, in the order of `case.lines`."""
    by_slug = {step.slug: step for step in steps(case.result, place)}
    texts = []
    for number, line in enumerate(case.lines, 1):
        if line.slug == "activation":
            before = case.block[place] if number == 1 else case.lines[number - 2].values[place]
            text = f"max(0, {shown(before)}) = {shown(line.values[place])}"
        else:
            text = by_slug[line.slug].text
        texts.append(f"{number}. {line.title}: {text}")
    return texts
