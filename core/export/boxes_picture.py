"""The two boxes and the precision-recall curve as pictures."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from core.export.boards import font
from core.lessons.boxes_case import METHOD_TITLES, BoxesCase, Judged
from core.lessons.boxes_lines import LINES, say, spelled
from core.palette import PALETTES, Palette, Theme

_BOARD = 640
_SIDE = 560
_EDGE = 28
_LINE = 24
_CHART = (70, 34, 730, 440)
_FRAMES, _PAUSE_MS = 60, 700
Place = tuple[float, float, float, float]


def boxes_png(case: BoxesCase, theme: Theme) -> bytes:
    """Both boxes with what they share, and the arithmetic beside them."""
    palette = PALETTES[theme]
    width, height = case.lesson.size
    scale = _BOARD / width
    tall = max(int(height * scale), len(LINES) * _LINE) + 2 * _EDGE
    picture = Image.new("RGB", (_BOARD + _SIDE + 3 * _EDGE, tall), palette.background)
    draw = ImageDraw.Draw(picture)
    _grid(draw, width, height, scale, palette)
    plus = int(case.lesson.plus_pixel)
    places = [_place(box, plus, scale) for box in case.lesson.boxes]
    _shared(draw, places[0], places[1], palette)
    for name, place, area in zip(
        "AB", places, (case.values["area_a"], case.values["area_b"]), strict=True
    ):
        colour = palette.lines["AB".index(name)]
        draw.rectangle(place, outline=colour, width=4)
        at = (place[0] + 10, place[1] + 8) if name == "A" else (place[2] - 10, place[3] - 8)
        anchor = "la" if name == "A" else "rd"
        draw.text(at, f"{name} = {say(area)}", colour, font(18), anchor=anchor)
    left = _BOARD + 2 * _EDGE
    for number, line in enumerate(LINES):
        top = _EDGE + number * _LINE
        words = spelled(line, case.values, plus_one=case.lesson.plus_pixel)
        draw.text((left, top), line.title, palette.muted, font(13))
        draw.text((left + 150, top), words, palette.text, font(13))
    return _png(picture)


def curve_png(judged: Judged, theme: Theme) -> bytes:
    """The precision-recall curve with every definition's number."""
    return _png(_curve(judged, len(judged.rows), PALETTES[theme]))


def curve_gif(judged: Judged, theme: Theme) -> bytes:
    """The same, one detection after the other; of long lists in larger steps."""
    total = len(judged.rows)
    step = max(-(-total // _FRAMES), 1)
    counts = [*range(0, total, step), total]
    first, *others = [_curve(judged, drawn, PALETTES[theme]) for drawn in counts]
    stream = io.BytesIO()
    first.save(
        stream,
        format="GIF",
        save_all=True,
        append_images=others,
        duration=[_PAUSE_MS] * len(others) + [4 * _PAUSE_MS],
        loop=0,
    )
    return stream.getvalue()


def _curve(judged: Judged, drawn: int, palette: Palette) -> Image.Image:
    """The curve of the first `drawn` detections."""
    picture = Image.new("RGB", (760, 560), palette.background)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = _CHART
    for part in range(6):
        value = part / 5
        x, y = left + value * (right - left), bottom - value * (bottom - top)
        draw.line((x, top, x, bottom), palette.grid)
        draw.line((left, y, right, y), palette.grid)
        draw.text((x, bottom + 6), f"{value:g}", palette.text, font(13), anchor="ma")
        draw.text((left - 8, y), f"{value:g}", palette.text, font(13), anchor="rm")
    draw.text(((left + right) / 2, bottom + 28), "recall", palette.text, font(14), anchor="ma")
    draw.text((8, top - 22), "precision", palette.text, font(14))
    points = [
        (left + row.recall * (right - left), bottom - row.precision * (bottom - top), row.kind)
        for row in judged.rows[:drawn]
        if row.recall is not None and row.precision is not None and row.kind != "ignored"
    ]
    draw.line([(x, y) for x, y, _ in points], palette.lines[0], width=3)
    for x, y, kind in points:
        _mark(draw, x, y, palette, hit=kind == "hit")
    averages = judged.averages(drawn)
    for number, (method, title) in enumerate(METHOD_TITLES.items()):
        words = f"{title}: {say(averages[method]) if judged.curve.positives else '-'}"
        at = (left + 330 * (number % 2), 488 + 26 * (number // 2))
        draw.text(at, words, palette.text, font(15))
    return picture


def _mark(
    draw: ImageDraw.ImageDraw, x: float, y: float, palette: Palette, *, hit: bool
) -> None:
    if hit:
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=palette.right)
        return
    draw.line((x - 5, y - 5, x + 5, y + 5), palette.wrong, width=3)
    draw.line((x - 5, y + 5, x + 5, y - 5), palette.wrong, width=3)


def _place(box: tuple[float, float, float, float], plus: int, scale: float) -> Place:
    """A box in the picture's pixels."""
    x1, y1, x2, y2 = box
    return (
        _EDGE + x1 * scale,
        _EDGE + y1 * scale,
        _EDGE + (x2 + plus) * scale,
        _EDGE + (y2 + plus) * scale,
    )


def _grid(
    draw: ImageDraw.ImageDraw, width: int, height: int, scale: float, palette: Palette
) -> None:
    step = 20 if width > 40 else 1
    for x in range(0, width + 1, step):
        at = _EDGE + x * scale
        draw.line((at, _EDGE, at, _EDGE + height * scale), palette.grid)
    for y in range(0, height + 1, step):
        at = _EDGE + y * scale
        draw.line((_EDGE, at, _EDGE + width * scale, at), palette.grid)


def _shared(draw: ImageDraw.ImageDraw, a: Place, b: Place, palette: Palette) -> None:
    """Diagonal lines over what both boxes cover."""
    left, top, right, bottom = (
        max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]),
    )  # fmt: skip
    if left >= right or top >= bottom:
        return
    for offset in range(int(left + top), int(right + bottom), 10):
        first = (min(right, offset - top), max(top, offset - right))
        last = (max(left, offset - bottom), min(bottom, offset - left))
        draw.line((*first, *last), palette.output, width=3)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    return stream.getvalue()
