"""Softmax and cross-entropy as a picture of the table, and as an animation of its columns."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from core.arithmetic.softmax_steps import Column
from core.arithmetic.verdicts import brief
from core.export.boards import font, wrapped
from core.lessons.softmax import SoftmaxCase
from core.palette import PALETTES, Palette, Theme, blend

_FINE = 2
"""Drawn so many times as large and then made small, which smooths the bars."""
_NAME = 110
_CELL_WH = (98, 34)
_MARGIN = 20
_TEXT = 15
_LINE = 22
_MOST_LINES = 11
_BARS = ("logits", "exponentials", "probabilities", "targets", "gradients")
_BELOW = {"total": "exponentials", "loss": "surprises"}


def softmax_frame(
    case: SoftmaxCase, palette: Theme = "light", step: int | None = None
) -> Image.Image:
    """Draw the table with the columns up to a step, and that step's arithmetic.

    Args:
        case: of `build`.
        palette: light or dark.
        step: number of the last step, from 1; None for the one that the lesson shows.

    Returns:
        RGB picture, about 940 pixels wide.
    """
    last = step or case.lesson.softmax_step
    colours, names = PALETTES[palette], case.lesson.names
    wide = [column for column in case.columns if not column.single]
    width = 2 * _MARGIN + _NAME + len(wide) * _CELL_WH[0]
    table = (len(names) + 2) * _CELL_WH[1]
    height = 2 * _MARGIN + table + _MOST_LINES * _LINE + 10
    picture = Image.new("RGB", (width * _FINE, height * _FINE), colours.background)
    draw = ImageDraw.Draw(picture)
    known = {column.key for column in case.columns[:last]}
    _names(draw, case, colours)
    for place, column in enumerate(wide):
        left = _MARGIN + _NAME + place * _CELL_WH[0]
        now = column.key == case.columns[last - 1].key
        _write(draw, left + _CELL_WH[0] - 8, _MARGIN + 17, column.title,
               colours.kernel if now else colours.muted, "rm")  # fmt: skip
        if column.key in known:
            _column(draw, case, column, left, colours)
    for key, above in _BELOW.items():
        if key in known:
            place = next(n for n, column in enumerate(wide) if column.key == above)
            _foot(draw, case, key, _MARGIN + _NAME + (place + 1) * _CELL_WH[0], colours)
    _arithmetic(draw, case.columns[last - 1], names, _MARGIN + table + 10, width, colours)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def softmax_png(case: SoftmaxCase, palette: Theme = "light") -> bytes:
    """`softmax_frame` of the step shown as a PNG file."""
    file = BytesIO()
    softmax_frame(case, palette).save(file, "PNG")
    return file.getvalue()


def softmax_gif(case: SoftmaxCase, palette: Theme = "light", milliseconds: int = 1500) -> bytes:
    """The table filling up as a GIF file, one frame a step.

    Args:
        case: of `build`.
        palette: light or dark.
        milliseconds: how long a step stands.
    """
    table = softmax_frame(case, palette, len(case.columns)).quantize(
        128, dither=Image.Dither.NONE
    )
    frames = [
        softmax_frame(case, palette, step).quantize(palette=table, dither=Image.Dither.NONE)
        for step in range(1, len(case.columns) + 1)
    ]
    file = BytesIO()
    frames[0].save(
        file, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0
    )
    return file.getvalue()


def _write(
    draw: ImageDraw.ImageDraw, x: float, y: float, text: str, colour: str, anchor: str
) -> None:
    draw.text((x * _FINE, y * _FINE), text, colour, font(_TEXT * _FINE), anchor=anchor)


def _names(draw: ImageDraw.ImageDraw, case: SoftmaxCase, colours: Palette) -> None:
    for row, name in enumerate(case.lesson.names):
        y = _MARGIN + (row + 1.5) * _CELL_WH[1]
        right = row == case.lesson.right
        mark = f"> {name}" if right else name
        _write(draw, _MARGIN, y, mark, colours.right if right else colours.text, "lm")


def _column(
    draw: ImageDraw.ImageDraw, case: SoftmaxCase, column: Column, left: float, colours: Palette
) -> None:
    most = max((abs(value) for value in column.values), default=1.0) or 1.0
    signed = column.key in ("logits", "gradients")
    for row, value in enumerate(column.values):
        top = _MARGIN + (row + 1) * _CELL_WH[1]
        box = (left, top, left + _CELL_WH[0], top + _CELL_WH[1])
        draw.rectangle([part * _FINE for part in box], outline=colours.grid)
        if column.key in _BARS:
            reach = most if signed else 1.0
            _bar(draw, box, value / reach, colours, signed=signed)
        x, y = left + _CELL_WH[0] - 8, top + _CELL_WH[1] / 2
        _write(draw, x, y, brief(value), colours.text, "rm")


def _bar(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    share: float,
    colours: Palette,
    *,
    signed: bool,
) -> None:
    """A bar from the left, or to both sides of the middle."""
    left, top, right, bottom = box
    full = right - left - 2
    zero = left + 1 + (full / 2 if signed else 0)
    end = zero + share * (full / 2 if signed else full)
    strong = colours.diverging[1] if share < 0 else colours.diverging[5]
    colour = blend((colours.background, strong if signed else colours.lines[0]), 0.4)
    low, high = min(zero, end), max(zero, end)
    if high > low:
        draw.rectangle([p * _FINE for p in (low, top + 3, high, bottom - 3)], fill=colour)


def _foot(
    draw: ImageDraw.ImageDraw, case: SoftmaxCase, key: str, right: float, colours: Palette
) -> None:
    column = next(column for column in case.columns if column.key == key)
    y = _MARGIN + (len(case.lesson.names) + 1.5) * _CELL_WH[1]
    _write(draw, right - 8, y, f"{column.title} {brief(column.values[0])}", colours.text, "rm")


def _arithmetic(
    draw: ImageDraw.ImageDraw,
    column: Column,
    names: tuple[str, ...],
    top: float,
    width: int,
    colours: Palette,
) -> None:
    _write(draw, _MARGIN, top + 10, column.words, colours.muted, "lm")
    lines = []
    for row, value in enumerate(column.values):
        name = column.title if column.single else names[row]
        numbers = f"{column.numbers[row]} = " if column.numbers[row] else ""
        text = f"{name}: {numbers}{brief(value)}"
        lines += wrapped(text.split(), _TEXT, width - 2 * _MARGIN)
    for number, text in enumerate(lines[: _MOST_LINES - 1], start=1):
        _write(draw, _MARGIN, top + 10 + number * _LINE, text, colours.text, "lm")
