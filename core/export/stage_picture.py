"""The convolution stage as a picture and as an animation: input, kernel, output, arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from core.arithmetic.axis_facts import axis_facts
from core.arithmetic.geometry import AxisPlan
from core.arithmetic.terms import (
    Term,
    bias_words,
    bracketed,
    cell_terms,
    channel_sums,
    filter_weights,
    products,
    sentence,
    shown,
)
from core.export.boards import Board, font, frame, place_board, text_width, wrapped
from core.lessons.convolution import ConvolutionCase
from core.palette import (
    PALETTES,
    ColourScale,
    Palette,
    Rgb,
    Theme,
    blend,
    rgb,
    value_scale,
)

FloatArray = npt.NDArray[np.float64]
Cell = tuple[int, int]

_MARGIN = 24
_BETWEEN = 44
_HEADING = 16
_TEXT = 15
_LINE = 22
_NARROWEST = 720
_ROOM_WH = {"input": (460, 420), "kernel": (300, 420), "output": (460, 420)}
_MOST_TERMS = 60
_CLEAR = 255
"""Place in the colour table that stands for "as in the frame before"."""


def stage_frame(
    case: ConvolutionCase, filter_index: int, cell: Cell | None, palette: Theme = "light"
) -> Image.Image:
    """Draw input, kernel and output, and how one output value comes about.

    Args:
        case: of `build`.
        filter_index: filter whose weights are shown, counted from 0.
        cell: (row, column) of the output, counted from 0; None for no window.
        palette: light or dark.

    Returns:
        RGB picture, between 720 and about 1,350 pixels wide.

    Raises:
        IndexError: the output has no such cell.
    """
    stage = _stage(case, filter_index, palette)
    lines = _arithmetic(case, filter_index, cell, stage.room)
    picture = stage.sheet(len(lines))
    _mark(picture, stage, case, filter_index, cell)
    _write(picture, stage, lines)
    return picture


def stage_png(
    case: ConvolutionCase, filter_index: int, cell: Cell | None, palette: Theme = "light"
) -> bytes:
    """`stage_frame` as a PNG file."""
    file = BytesIO()
    stage_frame(case, filter_index, cell, palette).save(file, "PNG")
    return file.getvalue()


def stage_gif(
    case: ConvolutionCase,
    filter_index: int,
    palette: Theme = "light",
    milliseconds: int = 700,
    max_frames: int = 400,
) -> bytes:
    """The window's way over the input as a GIF file, one frame for each output cell.

    The cells come in reading order and the animation starts again at its end. Of an output
    with more than `max_frames` cells every n-th is shown, with the least n that keeps to it.

    Args:
        case: of `build`.
        filter_index: filter whose weights are shown, counted from 0.
        palette: light or dark.
        milliseconds: how long a frame stands, rounded to hundredths of a second.
        max_frames: frames at most, at least 1.
    """
    stage = _stage(case, filter_index, palette)
    cells = _way(case, max_frames)
    texts = [_arithmetic(case, filter_index, cell, stage.room) for cell in cells]
    most = max(map(len, texts))
    table = _colour_table(stage)
    blank = stage.sheet(most).quantize(palette=table, dither=Image.Dither.NONE)
    frames = [
        _animation_frame(blank, table, stage, case, filter_index, cell, lines)
        for cell, lines in zip(cells, texts, strict=True)
    ]
    file = BytesIO()
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=milliseconds,
        loop=0,
        palette=bytes(table.getpalette() or ()),
        transparency=_CLEAR,
        optimize=True,
    )
    return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """The parts of a picture that do not depend on the output cell.

    Attributes:
        input: board of the padded input.
        kernel: board of the filter's weights.
        output: board of the feature maps.
        headings: one for each board.
        caption: lines under the arithmetic.
        palette: colours.
        width: of the picture, in pixels.
    """

    input: Board
    kernel: Board
    output: Board
    headings: tuple[str, str, str]
    caption: tuple[str, ...]
    palette: Palette
    width: int

    @property
    def boards(self) -> tuple[Board, Board, Board]:
        return self.input, self.kernel, self.output

    @property
    def room(self) -> int:
        """Width of the text, in pixels."""
        return self.width - 2 * _MARGIN

    @property
    def text_top(self) -> int:
        """Where the arithmetic begins, in pixels."""
        return max(board.top + board.wh[1] for board in self.boards) + _MARGIN

    def sheet(self, lines: int) -> Image.Image:
        """A new picture with all boards and room for that many lines of arithmetic."""
        height = self.text_top + (lines + len(self.caption)) * _LINE + _MARGIN
        picture = Image.new("RGB", (self.width, height), self.palette.background)
        draw = ImageDraw.Draw(picture)
        for board, heading in zip(self.boards, self.headings, strict=True):
            board.paint(picture, self.palette)
            at = (board.left, _MARGIN + _HEADING)
            draw.text(at, heading, self.palette.text, font(_HEADING), anchor="ls")
        for sign, board in zip("*=", self.boards[1:], strict=True):
            middle = (board.left - _BETWEEN / 2, self.input.top + self.input.wh[1] / 2)
            draw.text(middle, sign, self.palette.text, font(26), anchor="mm")
        top = height - _MARGIN - len(self.caption) * _LINE
        for number, line in enumerate(self.caption):
            at = (_MARGIN, top + number * _LINE)
            draw.text(at, line, self.palette.muted, font(_TEXT), anchor="la")
        return picture


def _stage(case: ConvolutionCase, filter_index: int, theme: Theme) -> _Stage:
    spec, result, palette = case.lesson.conv_spec(), case.result, PALETTES[theme]
    channels = result.padded.shape[2]
    first, weights = filter_weights(
        case.kernel, spec, channels=channels, filter_index=filter_index
    )
    depth = weights.shape[2]
    headings = _headings(case, filter_index)
    given = place_board(
        result.padded,
        _scale(palette, result.padded),
        titles=_numbered("channel", 0, channels),
        added=_added(result.rows, result.columns),
        left=_MARGIN,
        top=_MARGIN + 34,
        room_wh=_ROOM_WH["input"],
    )
    kernel = place_board(
        weights,
        _scale(palette, case.kernel),
        titles=_numbered("channel", first, depth) if channels > 1 else (),
        left=_right_of(given, headings[0]),
        top=given.top,
        room_wh=_ROOM_WH["kernel"],
    )
    output = place_board(
        result.output,
        _scale(palette, result.output),
        titles=_numbered("filter", 1, result.output.shape[2]),
        left=_right_of(kernel, headings[1]),
        top=given.top,
        room_wh=_ROOM_WH["output"],
    )
    width = max(_right_of(output, headings[2]) - _BETWEEN + _MARGIN, _NARROWEST)
    caption = wrapped(_sizes(case).split(), _TEXT, width - 2 * _MARGIN)
    return _Stage(given, kernel, output, headings, tuple(caption), palette, width)


def _right_of(board: Board, heading: str) -> int:
    """Where the next board begins, in pixels."""
    return board.left + max(board.wh[0], int(text_width(heading, _HEADING)) + 1) + _BETWEEN


def _scale(palette: Palette, values: FloatArray) -> ColourScale:
    return value_scale(palette, float(values.min()), float(values.max()))


def _numbered(noun: str, first: int, count: int) -> tuple[str, ...]:
    """A title for each of several planes; one plane needs none."""
    return tuple(f"{noun} {first + n}" for n in range(count)) if count > 1 else ()


def _added(rows: AxisPlan, columns: AxisPlan) -> npt.NDArray[np.bool_]:
    """(PH, PW) True where the padded input does not show an input pixel in its own place."""
    own = np.ix_(rows.source("zeros") >= 0, columns.source("zeros") >= 0)
    added = np.ones((rows.padded, columns.padded), dtype=np.bool_)
    added[own] = False
    return added


def _headings(case: ConvolutionCase, filter_index: int) -> tuple[str, str, str]:
    lesson, padded, output = case.lesson, case.result.padded.shape, case.result.output.shape
    given = f"Input {_by(case.image.shape)}"
    if padded != case.image.shape:
        verb = "stretched to" if case.result.rows.stretch > 1 else "padded to"
        given += f", {verb} {padded[0]} x {padded[1]}"
    kernel = f"Kernel {_by((*lesson.kernel_hw, lesson.channels // lesson.groups))}"
    if lesson.filters > 1:
        kernel += f", filter {filter_index + 1} of {lesson.filters}"
    if lesson.flip != lesson.transposed:
        kernel += ", read mirrored"
    return given, kernel, f"Output {_by(output)}"


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _sizes(case: ConvolutionCase) -> str:
    spec, result = case.lesson.conv_spec(), case.result
    height, width = (
        axis_facts(plan, axis, spec).outputs.text
        for axis, plan in enumerate((result.rows, result.columns))
    )
    return f"Output height: {height}. Output width: {width}."


def _arithmetic(
    case: ConvolutionCase, filter_index: int, cell: Cell | None, room_px: int
) -> list[str]:
    """How an output value comes about, in lines of at most that many pixels."""
    if cell is None:
        return []
    row, column = cell
    result = case.result
    terms = cell_terms(result, case.kernel, case.lesson.conv_spec(), row, column, filter_index)
    of = f" of filter {filter_index + 1}" if case.lesson.filters > 1 else ""
    bias = None if case.bias is None else float(case.bias[filter_index])
    total = float(result.output[row, column, filter_index])
    place = f"output [{row}, {column}]{of}:"
    if len(channel_sums(terms)) == 1:
        text = f"{place} {sentence(terms, bias, total, most=_MOST_TERMS)}"
        return wrapped(text.split(), _TEXT, room_px)
    paragraphs = [place, *_by_channel(terms), _channel_total(terms, bias, total)]
    return [line for text in paragraphs for line in wrapped(text.split(), _TEXT, room_px)]


def _by_channel(terms: Sequence[Term]) -> list[str]:
    sums = channel_sums(terms)
    most = _MOST_TERMS // len(sums)
    return [
        f"channel {channel}: "
        f"{products([t for t in terms if t.channel == channel], most)} = {shown(total)}"
        for channel, total in sums.items()
    ]


def _channel_total(terms: Sequence[Term], bias: float | None, total: float) -> str:
    added = " + ".join(bracketed(part) for part in channel_sums(terms).values())
    return f"{added}{bias_words(bias)} = {shown(total)}"


def _mark(
    picture: Image.Image,
    stage: _Stage,
    case: ConvolutionCase,
    filter_index: int,
    cell: Cell | None,
) -> None:
    """Frame the window, the kernel and the output cell."""
    if cell is None:
        return
    draw, palette = ImageDraw.Draw(picture), stage.palette
    rows = case.result.rows.taps[cell[0]].tolist()
    columns = case.result.columns.taps[cell[1]].tolist()
    per_group = case.lesson.channels // case.lesson.groups
    group = filter_index // (case.lesson.filters // case.lesson.groups)
    for plane in range(group * per_group, (group + 1) * per_group):
        _mark_window(draw, stage, plane, rows, columns)
    height, width, depth = stage.kernel.planes.shape
    for plane in range(depth):
        box = stage.kernel.box(plane, (0, height - 1), (0, width - 1))
        frame(draw, box, palette.kernel, palette.background, width=2)
    box = stage.output.box(filter_index, (cell[0],), (cell[1],))
    frame(draw, box, palette.output, palette.background, width=_weight(stage.output))


def _mark_window(
    draw: ImageDraw.ImageDraw,
    stage: _Stage,
    plane: int,
    rows: Sequence[int],
    columns: Sequence[int],
) -> None:
    """Frame the window, and each of its taps where it has gaps."""
    board, palette = stage.input, stage.palette
    gaps = max(rows) - min(rows) >= len(rows) or max(columns) - min(columns) >= len(columns)
    if gaps and board.cell >= 4:
        for row in rows:
            for column in columns:
                left, top, right, bottom = board.box(plane, (row,), (column,))
                inside = (left + 1, top + 1, right - 1, bottom - 1)
                draw.rectangle(inside, outline=palette.window, width=_weight(board))
    box = board.box(plane, rows, columns)
    frame(draw, box, palette.window, palette.background, width=_weight(board))


def _weight(board: Board) -> int:
    """Width of a frame that suits the cells, in pixels."""
    return 3 if board.cell >= 20 else 2 if board.cell >= 4 else 1


def _write(picture: Image.Image, stage: _Stage, lines: Sequence[str]) -> None:
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        at = (_MARGIN, stage.text_top + number * _LINE)
        draw.text(at, line, stage.palette.text, font(_TEXT), anchor="la")


def _way(case: ConvolutionCase, max_frames: int) -> list[Cell]:
    """Output cells in reading order, every n-th where they are too many."""
    height, width, _ = case.result.output.shape
    every = -(-height * width // max_frames)
    return [divmod(place, width) for place in range(0, height * width, every)]


def _animation_frame(
    blank: Image.Image,
    table: Image.Image,
    stage: _Stage,
    case: ConvolutionCase,
    filter_index: int,
    cell: Cell,
    lines: Sequence[str],
) -> Image.Image:
    """One frame in the colours of the table; only the text has to be matched to them."""
    picture = blank.copy()
    _mark(picture, stage, case, filter_index, cell)
    strip = Image.new(
        "RGB", (stage.width, max(len(lines), 1) * _LINE), stage.palette.background
    )
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(lines):
        at = (_MARGIN, number * _LINE)
        draw.text(at, line, stage.palette.text, font(_TEXT), anchor="la")
    picture.paste(strip.quantize(palette=table, dither=Image.Dither.NONE), (0, stage.text_top))
    return picture


def _colour_table(stage: _Stage) -> Image.Image:
    """A picture whose palette all frames share: frames of one table make a small file."""
    palette = stage.palette
    ramps = [
        blend(stops, n / 85)
        for stops in {board.scale.stops: None for board in stage.boards}
        for n in range(86)
    ]
    words = [
        blend((palette.background, ink), n / 12)
        for ink in (palette.text, palette.muted)
        for n in range(13)
    ]
    marks = [
        rgb(colour)
        for colour in (
            palette.grid, palette.hatch, palette.window, palette.kernel, palette.output,
            "#000000", "#FFFFFF",
        )
    ]  # fmt: skip
    colours: list[Rgb] = list(dict.fromkeys([*marks, *words, *ramps]))
    table = Image.new("P", (1, 1))
    # Pillow is slow with equal entries; nothing drawn here is near to these greens.
    colours += [(n, 255, 0) for n in range(_CLEAR + 1 - len(colours))]
    table.putpalette([part for colour in colours for part in colour])
    return table
