"""Draws of a picture to take home: as a sheet, as an animation, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from core.augment.answers import Draws
from core.augment.result import Boxes
from core.export.boards import font, wrapped
from core.lessons.augmentation_case import AugmentationCase, dropped_words, in_words
from core.palette import OKABE_ITO, PALETTES, Palette, Theme, rgb, text_colour

Pixels = npt.NDArray[np.uint8]

_SIDE = 288
"""Longer side of a picture in the sheet; small ones are enlarged as often as there is room."""
_ACROSS = 4
_GAP, _MARGIN, _TEXT, _LINE = 14, 16, 13, 17
_MOST_LINES = 4
_FILL = 0.38
_FRAME_MS = 900
_COLOURS = OKABE_ITO[:7]


@dataclass(frozen=True, slots=True, eq=False)
class _Shot:
    """A picture with its boxes drawn, and the words below it."""

    picture: Image.Image
    words: str


def draws_png(case: AugmentationCase, theme: Theme = "light") -> bytes:
    """The original and all draws, with what was drawn below each.

    Args:
        case: with draws.
        theme: light or dark.

    Raises:
        ValueError: there are no draws yet.
    """
    palette, shots = PALETTES[theme], _shots(case)
    width, height = shots[0].picture.size
    texts = [_lines(shot.words, width) for shot in shots]
    cell = height + _LINE * max(map(len, texts)) + _GAP
    across = min(_ACROSS, len(shots))
    down = -(-len(shots) // across)
    size = (2 * _MARGIN + across * (width + _GAP) - _GAP, 2 * _MARGIN + down * cell)
    sheet = Image.new("RGB", size, rgb(palette.background))
    pen = ImageDraw.Draw(sheet)
    for place, (shot, lines) in enumerate(zip(shots, texts, strict=True)):
        row, column = divmod(place, across)
        left, top = _MARGIN + column * (width + _GAP), _MARGIN + row * cell
        sheet.paste(shot.picture, (left, top))
        _write(pen, lines, left, top + height, palette)
    return _saved(sheet)


def draws_gif(case: AugmentationCase, theme: Theme = "light") -> bytes:
    """The original, then one draw after the other.

    Raises:
        ValueError: there are no draws yet.
    """
    palette, shots = PALETTES[theme], _shots(case)
    width, height = shots[0].picture.size
    texts = [_lines(shot.words, width) for shot in shots]
    size = (width + 2 * _MARGIN, height + 2 * _MARGIN + _LINE * max(map(len, texts)))
    frames = []
    for shot, lines in zip(shots, texts, strict=True):
        frame = Image.new("RGB", size, rgb(palette.background))
        frame.paste(shot.picture, (_MARGIN, _MARGIN))
        _write(ImageDraw.Draw(frame), lines, _MARGIN, _MARGIN + height, palette)
        frames.append(frame)
    data = BytesIO()
    frames[0].save(
        data, "GIF", save_all=True, append_images=frames[1:], duration=_FRAME_MS, loop=0
    )
    return data.getvalue()


def draws_npz(case: AugmentationCase) -> bytes:
    """Original, draws, words, and boxes and masks where there are some, for `numpy.load`.

    Boxes of all draws stand in one table, `boxes`: left, top, right, bottom in pixels; `draw`
    says of which draw each is, `name` what is in it.

    Raises:
        ValueError: there are no draws yet.
    """
    found = _found(case)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "original": case.subject.pixels,
        "images": found.images,
        "words": np.array([in_words(one, single=False) for one in found.drawn]),
        "shares": found.shares,
    }
    if found.boxes is not None and found.masks is not None:
        arrays["boxes"] = np.concatenate([one.xyxy for one in found.boxes])
        arrays["draw"] = np.repeat(
            np.arange(len(found.boxes)), [len(one.xyxy) for one in found.boxes]
        )
        arrays["name"] = np.array(
            [name for boxes in found.boxes for name in _names(case, boxes)], dtype=str
        )
        arrays["masks"] = found.masks
    data = BytesIO()
    np.savez_compressed(data, allow_pickle=False, **arrays)
    return data.getvalue()


def _found(case: AugmentationCase) -> Draws:
    if case.draws is None:
        raise ValueError("There are no draws yet. Wait until the engine has started.")
    return case.draws


def _shots(case: AugmentationCase) -> list[_Shot]:
    """The original, then the draws."""
    found, subject = _found(case), case.subject
    height, width = subject.pixels.shape[:2]
    factor = max(_SIDE // max(height, width), 1)
    size = (width * factor, height * factor)
    marks: list[tuple[npt.NDArray[np.float32], list[int], list[str]]] = []
    if case.with_boxes:
        own = list(range(1, len(subject.boxes) + 1))
        marks.append((subject.boxes, own, list(subject.names)))
    first = _drawn_over(subject.pixels, subject.mask if case.with_boxes else None, marks, size)
    shots = [_Shot(first, "original")]
    single = case.lesson.augment_mode == "one"
    for place, image in enumerate(found.images):
        words = in_words(found.drawn[place], single=single)
        marks, mask = [], None
        if found.boxes is not None and found.masks is not None:
            boxes, mask = found.boxes[place], found.masks[place]
            owners = zip(boxes.picture.tolist(), boxes.row.tolist(), strict=True)
            numbers = [case.number_of(picture, row) for picture, row in owners]
            marks = [(boxes.xyxy, numbers, _names(case, boxes))]
            gone = dropped_words(case, boxes)
            words = f"{words}; {gone}" if gone else words
        shots.append(_Shot(_drawn_over(image, mask, marks, size), words))
    return shots


def _names(case: AugmentationCase, boxes: Boxes) -> list[str]:
    owners = zip(boxes.picture.tolist(), boxes.row.tolist(), strict=True)
    return [case.name_of(picture, row) for picture, row in owners]


def _drawn_over(
    pixels: Pixels,
    mask: Pixels | None,
    marks: Sequence[tuple[npt.NDArray[np.float32], list[int], list[str]]],
    size: tuple[int, int],
) -> Image.Image:
    """The picture in its size, with masks and boxes over it."""
    colour = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    large = cv2.resize(colour, size, interpolation=cv2.INTER_NEAREST)
    if mask is not None:
        numbers = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
        for number in np.unique(numbers[numbers > 0]).tolist():
            ink, where = np.array(_rgb(number)), numbers == number
            large[where] = np.rint((1 - _FILL) * large[where] + _FILL * ink)
    picture = Image.fromarray(np.asarray(large, np.uint8))
    pen, factor = ImageDraw.Draw(picture), size[0] / pixels.shape[1]
    for boxes, places, names in marks:
        for box, number, name in zip(boxes * factor, places, names, strict=True):
            _box(pen, [float(side) for side in box], number, name)
    return picture


def _box(pen: ImageDraw.ImageDraw, sides: list[float], number: int, name: str) -> None:
    left, top, right, bottom = sides
    ink = _rgb(number)
    pen.rectangle((left, top, right - 1, bottom - 1), outline=ink, width=2)
    room = pen.textbbox((left + 3, top + 1), name, font=font(11))
    pen.rectangle((left, top, room[2] + 3, room[3] + 2), fill=ink)
    pen.text((left + 3, top + 1), name, text_colour(ink), font(11))


def _rgb(number: int) -> tuple[int, int, int]:
    return rgb(_COLOURS[(number - 1) % len(_COLOURS)])


def _lines(words: str, room_px: int) -> list[str]:
    lines = wrapped(words.split(), _TEXT, room_px)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}..."]
    return lines


def _write(
    pen: ImageDraw.ImageDraw, lines: Sequence[str], left: int, top: int, palette: Palette
) -> None:
    for number, line in enumerate(lines):
        pen.text((left, top + 3 + number * _LINE), line, palette.text, font(_TEXT))


def _saved(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
