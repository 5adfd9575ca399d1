"""The tiny network as a picture, and its passes as an animation."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from core.arithmetic.backprop_steps import Step
from core.arithmetic.verdicts import brief
from core.export.boards import font, wrapped
from core.lessons.backprop import BackpropCase
from core.palette import PALETTES, Palette, Theme

_FINE = 2
"""Drawn so many times as large and then made small, which smooths the lines."""
_WIDTH = 912
_GRAPH = 438
_LINE = 22
_TEXT = 15
_MOST_LINES = 11

NODES = {
    "x1": (62, 98), "x2": (62, 326), "h1": (366, 98), "h2": (366, 326), "p": (652, 212),
    "L": (838, 212), "y": (838, 340),
}  # fmt: skip
LABELS = {
    "w11": (196, 98), "w12": (168, 178), "w21": (168, 246), "w22": (196, 326),
    "v1": (509, 150), "v2": (509, 274), "b1": (366, 27), "b2": (366, 411), "c": (652, 126),
}  # fmt: skip
EDGES = {
    "w11": ("x1", "h1"), "w12": ("x1", "h2"), "w21": ("x2", "h1"), "w22": ("x2", "h2"),
    "v1": ("h1", "p"), "v2": ("h2", "p"),
}  # fmt: skip
BIASES = {"b1": "h1", "b2": "h2", "c": "p"}
UNITS = {"h1": ("z1", "h1"), "h2": ("z2", "h2"), "p": ("z", "p")}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is drawn on, and what is known at the step.

    Attributes:
        draw: of the large picture.
        case: the numbers.
        palette: of the theme.
        known: keys of the steps done.
        now: the last of them.
    """

    draw: ImageDraw.ImageDraw
    case: BackpropCase
    palette: Palette
    known: frozenset[str]
    now: Step

    def colour(self, name: str) -> str:
        """Of a frame: that of the pass where the step looks at it."""
        p = self.palette
        passes = {"forward": p.kernel, "backward": p.window, "update": p.output}
        return passes[self.now.phase] if name in self.now.lit else p.grid

    def width(self, name: str) -> int:
        """Of a frame, in pixels of the large picture."""
        return 7 if name in self.now.lit else 3

    def text(self, x: float, y: float, text: str, colour: str, size: int, anchor: str) -> None:
        """Write a line."""
        at = (x * _FINE, y * _FINE)
        self.draw.text(
            at,
            text,
            colour,
            font(size * _FINE),
            anchor=anchor,
            stroke_width=3,
            stroke_fill=self.palette.background,
        )  # lines run behind some of them

    def box(self, name: str, x: float, y: float, w: float, h: float, radius: float) -> None:
        """A frame round a middle."""
        place = [(x - w / 2) * _FINE, (y - h / 2) * _FINE, (x + w / 2) * _FINE,
                 (y + h / 2) * _FINE]  # fmt: skip
        self.draw.rounded_rectangle(
            place, radius * _FINE, self.palette.background, self.colour(name), self.width(name)
        )

    def line(self, name: str, one: tuple[float, float], other: tuple[float, float]) -> None:
        """A connection."""
        ends = [part * _FINE for part in (*one, *other)]
        self.draw.line(ends, self.colour(name), self.width(name))

    def gradient(self, name: str) -> str:
        """A gradient, once it is known."""
        if f"dL/d{name}" not in self.known:
            return ""
        return f"d {brief(self.case.made.gradients[name])}"


def backprop_frame(
    case: BackpropCase, palette: Theme = "light", step: int | None = None
) -> Image.Image:
    """Draw the graph with what is known after a step, and that step's arithmetic.

    Args:
        case: of `build`.
        palette: light or dark.
        step: number of the last step, from 1; None for the one that the lesson shows.

    Returns:
        RGB picture, 912 pixels wide.
    """
    last = step or case.lesson.pass_step
    now = case.steps[last - 1]
    height = _GRAPH + 20 + _MOST_LINES * _LINE
    colours = PALETTES[palette]
    picture = Image.new("RGB", (_WIDTH * _FINE, height * _FINE), colours.background)
    known = frozenset(done.key for done in case.steps[:last])
    sheet = _Sheet(ImageDraw.Draw(picture), case, colours, known, now)
    _connections(sheet)
    _nodes(sheet)
    for name in LABELS:
        _label(sheet, name)
    _arithmetic(sheet)
    return picture.resize((_WIDTH, height), Image.Resampling.LANCZOS)


def backprop_png(case: BackpropCase, palette: Theme = "light") -> bytes:
    """`backprop_frame` of the step shown as a PNG file."""
    file = BytesIO()
    backprop_frame(case, palette).save(file, "PNG")
    return file.getvalue()


def backprop_gif(
    case: BackpropCase, palette: Theme = "light", milliseconds: int = 1500
) -> bytes:
    """All steps as a GIF file: forward, backward, update.

    Args:
        case: of `build`.
        palette: light or dark.
        milliseconds: how long a step stands.
    """
    table = backprop_frame(case, palette, len(case.steps)).quantize(
        128, dither=Image.Dither.NONE
    )
    frames = [
        backprop_frame(case, palette, step).quantize(palette=table, dither=Image.Dither.NONE)
        for step in range(1, len(case.steps) + 1)
    ]
    file = BytesIO()
    frames[0].save(
        file, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0
    )
    return file.getvalue()


def _connections(sheet: _Sheet) -> None:
    for name, (one, other) in EDGES.items():
        sheet.line(name, NODES[one], NODES[other])
    for name, unit in BIASES.items():
        sheet.line(name, LABELS[name], NODES[unit])
    sheet.line("", NODES["p"], NODES["L"])
    sheet.line("", NODES["y"], NODES["L"])


def _nodes(sheet: _Sheet) -> None:
    p, network = sheet.palette, sheet.case.made.network
    for name in ("x1", "x2", "y"):
        x, y = NODES[name]
        sheet.box(name, x, y, 92, 52, 26)
        sheet.text(x, y - 11, "target y" if name == "y" else name, p.muted, 14, "mm")
        sheet.text(x, y + 10, brief(getattr(sheet.case.example, name)), p.text, 16, "mm")
        if name != "y":
            sheet.text(x, y + 40, sheet.gradient(name), p.window, 13, "mm")
    for unit, halves in UNITS.items():
        x, y = NODES[unit]
        kind = network.output if unit == "p" else network.hidden
        sheet.text(x + 80, y - 40, kind, p.muted, 13, "rm")
        for half, left in zip(halves, (x - 41, x + 41), strict=True):
            _value(sheet, half, left, y, 82)
            sheet.text(left, y + 42, sheet.gradient(half), p.window, 13, "mm")
    x, y = NODES["L"]
    _value(sheet, "L", x, y, 112)


def _value(sheet: _Sheet, name: str, x: float, y: float, width: float) -> None:
    sheet.box(name, x, y, width, 58, 6)
    value = brief(sheet.case.made.values[name]) if name in sheet.known else "?"
    sheet.text(x, y - 13, "loss L" if name == "L" else name, sheet.palette.muted, 14, "mm")
    sheet.text(x, y + 10, value, sheet.palette.text, 16, "mm")


def _label(sheet: _Sheet, name: str) -> None:
    """A parameter with its value, its gradient and what the update makes of it."""
    x, y = LABELS[name]
    p, made = sheet.palette, sheet.case.made
    sheet.box(name, x, y, 118, 52, 6)
    sheet.text(x - 52, y - 14, name, p.muted, 14, "lm")
    sheet.text(x + 52, y - 14, brief(getattr(made.network, name)), p.text, 15, "rm")
    sheet.text(x + 52, y + 2, sheet.gradient(name), p.window, 13, "rm")
    if "update" in sheet.known:
        after = made.updated(sheet.case.lesson.step_rate).parameters[name]
        sheet.text(x + 52, y + 16, f"> {brief(after)}", p.output, 13, "rm")


def _arithmetic(sheet: _Sheet) -> None:
    p, lines = sheet.palette, []
    for line in sheet.now.lines:
        text = f"{line.symbols} = {line.numbers} = {brief(line.value)}"
        lines += wrapped(text.split(), _TEXT, _WIDTH - 60)
    sheet.text(30, _GRAPH + 14, sheet.now.words, p.muted, _TEXT, "la")
    for number, text in enumerate(lines[: _MOST_LINES - 1], start=1):
        sheet.text(30, _GRAPH + 14 + number * _LINE, text, p.text, _TEXT, "la")
