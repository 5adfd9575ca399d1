"""A descent as a picture and as an animation: surface with paths, losses, who is who."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from core.arithmetic.verdicts import NAMES, brief
from core.export.boards import font, wrapped
from core.lessons.descent_case import DescentCase, Ground, Racer
from core.palette import PALETTES, Palette, Theme, blend, rgb, text_colour

FloatArray = npt.NDArray[np.float64]
XY = tuple[float, float]

_FINE = 2
"""Drawn so many times as large and then made small, which smooths the lines."""
_MAP = 460
_CHART_WH = (360, 250)
_MARGIN = 24
_LEFT = 52
_UNDER = 40
_GAP = 40
_TEXT = 14
_LINE = 20
_FAR = 1e5


@dataclass(frozen=True, slots=True)
class _Frame:
    """A rectangle with a scale on both sides, in pixels of the large picture.

    Attributes:
        box: left, top, right, bottom.
        low: values at the left and at the bottom.
        high: values at the right and at the top.
    """

    box: tuple[float, float, float, float]
    low: XY
    high: XY

    def at(self, x: float, y: float) -> XY:
        """Where a point is; what is far outside stays within what can be drawn."""
        left, top, right, bottom = self.box
        across = (x - self.low[0]) / (self.high[0] - self.low[0])
        up = (y - self.low[1]) / (self.high[1] - self.low[1])
        place = left + across * (right - left), bottom - up * (bottom - top)
        return min(max(place[0], -_FAR), _FAR), min(max(place[1], -_FAR), _FAR)


def descent_frame(
    case: DescentCase, palette: Theme = "light", step: int | None = None
) -> Image.Image:
    """Draw the surface with the paths up to a step, and the losses.

    Args:
        case: of `build`.
        palette: light or dark.
        step: the last step that is drawn; None for the whole way.

    Returns:
        RGB picture, about 1,000 pixels wide.
    """
    colours = PALETTES[palette]
    left, right, bottom, top = case.ground.window
    tall = round(_MAP * (top - bottom) / (right - left))
    head = _MARGIN + 30
    lines = _legend(case)
    chart_left = _MARGIN + _LEFT + _MAP + _GAP + _LEFT
    width = chart_left + _CHART_WH[0] + _MARGIN
    room = chart_left - _LEFT
    texts = [wrapped(line.split(), _TEXT, width - room - _MARGIN) for line in lines]
    legend = sum(len(text) * _LINE + 6 for text in texts)
    height = max(head + tall + _UNDER, head + _CHART_WH[1] + _UNDER + legend) + _MARGIN
    picture = Image.new("RGB", (width * _FINE, height * _FINE), colours.background)
    draw = ImageDraw.Draw(picture)
    land = _Frame(
        _scaled(_MARGIN + _LEFT, head, _MARGIN + _LEFT + _MAP, head + tall),
        (left, bottom),
        (right, top),
    )
    picture.paste(_land(case, land, colours, step), _corner(land))
    _edge(draw, land, colours)
    _axes(draw, land, colours, case.surface.axes)
    _chart(draw, case, colours, (chart_left, head), step)
    _write(draw, colours, (_MARGIN, _MARGIN), case.surface.title, 17)
    _racers(draw, case, colours, texts, (room, head + _CHART_WH[1] + _UNDER + 6))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def descent_png(case: DescentCase, palette: Theme = "light") -> bytes:
    """`descent_frame` of the whole way as a PNG file."""
    file = BytesIO()
    descent_frame(case, palette).save(file, "PNG")
    return file.getvalue()


def descent_gif(
    case: DescentCase,
    palette: Theme = "light",
    milliseconds: int = 250,
    max_frames: int = 60,
) -> bytes:
    """The way step by step as a GIF file; of many steps every n-th, and always the last.

    Args:
        case: of `build`.
        palette: light or dark.
        milliseconds: how long a frame stands; the last one stands for two seconds.
        max_frames: frames at most.
    """
    last = max(racer.trace.steps for racer in case.racers)
    every = -(-(last + 1) // max_frames)
    steps = sorted({*range(0, last + 1, every), last})
    table = descent_frame(case, palette).quantize(255, dither=Image.Dither.NONE)
    frames = [
        descent_frame(case, palette, step).quantize(palette=table, dither=Image.Dither.NONE)
        for step in steps
    ]
    file = BytesIO()
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[milliseconds] * (len(frames) - 1) + [2000],
        loop=0,
    )
    return file.getvalue()


def _scaled(*values: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (value * _FINE for value in values)
    return left, top, right, bottom


def _corner(frame: _Frame) -> tuple[int, int]:
    return round(frame.box[0]), round(frame.box[1])


def _land(case: DescentCase, land: _Frame, colours: Palette, step: int | None) -> Image.Image:
    """The surface with its paths, cut at its edge."""
    left, top, right, bottom = land.box
    size = round(right - left), round(bottom - top)
    inside = _Frame((0, 0, size[0], size[1]), land.low, land.high)
    picture = _ground(case.ground, size, colours).copy()
    draw = ImageDraw.Draw(picture)
    for minimum in case.surface.minima:
        x, y = inside.at(*minimum)
        draw.line((x - 12, y, x + 12, y), colours.text, 4)
        draw.line((x, y - 12, x, y + 12), colours.text, 4)
    for number, racer in enumerate(case.racers):
        shown = racer.trace.points if step is None else racer.trace.points[: step + 1]
        _path(draw, [inside.at(x, y) for x, y in shown.tolist()], colours, number, racer)
    x, y = inside.at(*case.start)
    draw.line((x, y, x, y - 34), colours.text, 4)
    draw.polygon([(x, y - 36), (x + 24, y - 26), (x, y - 16)], colours.text)
    return picture


@lru_cache(maxsize=2)  # the frames of an animation share it
def _ground(ground: Ground, size: tuple[int, int], colours: Palette) -> Image.Image:
    """Everything lower than a line, from the highest line down: what is left is its band."""
    dark = sum(rgb(colours.background)) < 384
    stops = (
        (colours.sequential[1], colours.sequential[0])
        if dark
        else (colours.sequential[3], colours.background)
    )
    picture = Image.new("RGB", size, blend(stops, 1.0))
    draw = ImageDraw.Draw(picture)
    count = len(ground.rings)
    line = blend((colours.background, colours.grid), 0.6)
    for k in range(count - 1, -1, -1):
        # The even-odd rule: rings flip what they enclose, holes flip back.
        mask = np.zeros((size[1], size[0]), dtype=bool)
        outlines = [
            [(x * size[0], (1 - y) * size[1]) for x, y in ring] for ring in ground.rings[k]
        ]
        for outline in outlines:
            if len(outline) > 2:
                ring = Image.new("1", size)
                ImageDraw.Draw(ring).polygon(outline, fill=1)
                mask ^= np.asarray(ring)
        band = Image.new("RGB", size, blend(stops, k / count))
        picture.paste(band, (0, 0), Image.fromarray(mask))
        for outline in outlines:
            draw.line(outline, line, 2)
    return picture


def _path(
    draw: ImageDraw.ImageDraw, points: list[XY], colours: Palette, number: int, racer: Racer
) -> None:
    colour = colours.lines[number % len(colours.lines)]
    if len(points) > 1:
        draw.line(points, colours.background, 9, joint="curve")
        draw.line(points, colour, 4, joint="curve")
    for x, y in points:
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), colour)
    _badge(draw, points[-1], racer.lane.upper(), colour)


def _badge(draw: ImageDraw.ImageDraw, place: XY, letter: str, colour: str) -> None:
    x, y = place
    draw.ellipse((x - 17, y - 17, x + 17, y + 17), colour, "#FFFFFF", 2)
    draw.text(place, letter, text_colour(rgb(colour)), font(_TEXT * _FINE - 6), anchor="mm")


def _edge(draw: ImageDraw.ImageDraw, frame: _Frame, colours: Palette) -> None:
    left, top, right, bottom = frame.box
    draw.rectangle((left - 1, top - 1, right, bottom), outline=colours.grid, width=2)


def _axes(
    draw: ImageDraw.ImageDraw, frame: _Frame, colours: Palette, names: tuple[str, str]
) -> None:
    left, top, right, bottom = frame.box
    size = font(13 * _FINE)
    for value in ticks(frame.low[0], frame.high[0]):
        x, _ = frame.at(value, frame.low[1])
        draw.line((x, bottom, x, bottom + 8), colours.grid, 2)
        draw.text((x, bottom + 12), brief(value), colours.muted, size, anchor="mt")
    for value in ticks(frame.low[1], frame.high[1]):
        _, y = frame.at(frame.low[0], value)
        draw.line((left - 8, y, left, y), colours.grid, 2)
        draw.text((left - 14, y), brief(value), colours.muted, size, anchor="rm")
    draw.text((right, bottom + 42), names[0], colours.text, size, anchor="rt")
    draw.text((left - 14, top - 4), names[1], colours.text, size, anchor="rb")


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two, 1, 2 or 5 times a power of ten apart.

    Example:
        >>> ticks(-2.2, 2.2)
        [-2.0, -1.0, 0.0, 1.0, 2.0]
    """
    rough = (high - low) / most
    power: float = 10 ** math.floor(math.log10(rough))
    step = next(k * power for k in (1, 2, 5, 10) if k * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.10g}") for k in range(first, last + 1)]


def _chart(
    draw: ImageDraw.ImageDraw,
    case: DescentCase,
    colours: Palette,
    corner: tuple[int, int],
    step: int | None,
) -> None:
    """Losses above the lowest, in powers of ten."""
    gaps = [np.maximum(r.trace.losses - case.surface.lowest, 0) for r in case.racers]
    first = max(float(gaps[0][0]), 1e-12)
    low, high = math.log10(first) - 4.0, math.log10(first) + 0.3
    everything = np.concatenate(gaps)
    low = max(math.log10(max(float(everything.min()), first * 1e-10)) - 0.2, low - 4)
    high = max(math.log10(min(float(everything.max()), first * 1e6)) + 0.2, low + 1)
    last = max(max(racer.trace.steps for racer in case.racers), 1)
    frame = _Frame(
        _scaled(*corner, corner[0] + _CHART_WH[0], corner[1] + _CHART_WH[1]),
        (0.0, low),
        (float(last), high),
    )
    _write(draw, colours, (corner[0], corner[1] - 26), "Loss above the lowest", 14)
    _edge(draw, frame, colours)
    left, _, _, bottom = frame.box
    for value in ticks(0, last):
        if value == int(value):
            x, _ = frame.at(value, low)
            draw.text((x, bottom + 12), brief(value), colours.muted, font(26), anchor="mt")
    every = max(1, round((high - low) / 5))
    for power in range(math.ceil(low), math.floor(high) + 1, every):
        _, y = frame.at(0, power)
        draw.line((left, y, frame.box[2], y), blend((colours.background, colours.grid), 0.4), 2)
        draw.text((left - 12, y), brief(10.0**power), colours.muted, font(26), anchor="rm")
    for number, (racer, gap) in enumerate(zip(case.racers, gaps, strict=True)):
        shown = gap if step is None else gap[: step + 1]
        colour = colours.lines[number % len(colours.lines)]
        points = [
            frame.at(k, min(max(math.log10(max(v, 1e-300)), low), high))
            for k, v in enumerate(shown.tolist())
        ]
        if len(points) > 1:
            draw.line(points, colour, 4, joint="curve")
        _badge(draw, points[-1], racer.lane.upper(), colour)


def _legend(case: DescentCase) -> list[str]:
    return [
        f"{racer.title}, learning rate {brief(racer.trace.spec.learning_rate)}: loss "
        f"{brief(float(racer.trace.losses[-1]))} after {racer.trace.steps} steps, "
        f"{NAMES[racer.verdict.kind]}"
        for racer in case.racers
    ]


def _racers(
    draw: ImageDraw.ImageDraw,
    case: DescentCase,
    colours: Palette,
    texts: list[list[str]],
    corner: tuple[int, int],
) -> None:
    left, top = corner
    for number, (racer, lines) in enumerate(zip(case.racers, texts, strict=True)):
        colour = colours.lines[number % len(colours.lines)]
        _badge(draw, ((left + 12) * _FINE, (top + 9) * _FINE), racer.lane.upper(), colour)
        for line in lines:
            _write(draw, colours, (left + 30, top), line, _TEXT)
            top += _LINE
        top += 6


def _write(
    draw: ImageDraw.ImageDraw, colours: Palette, place: tuple[int, int], text: str, size: int
) -> None:
    at = (place[0] * _FINE, place[1] * _FINE)
    draw.text(at, text, colours.text, font(size * _FINE), anchor="la")
