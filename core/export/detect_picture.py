"""A picture with the boxes of a detector drawn into it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from core.lessons.detect_case import DetectCase
from core.palette import OKABE_ITO, rgb, text_colour

Pixels = npt.NDArray[np.uint8]
Rect = tuple[float, float, float, float]

COLOURS = OKABE_ITO[:-1]
LEAST_SIDE_PX = 480
"""Smaller pictures are enlarged, so that names can be read."""


def annotated(case: DetectCase, place: int) -> Pixels:
    """(H, W, 3) uint8: a picture of the case with its boxes and their names.

    A name stands where no other one does; one that has no room is left out.

    Args:
        case: with an answer for this picture.
        place: of the picture.
    """
    one, found = case.looked[place], case.found[place]
    factor = max(-(-LEAST_SIDE_PX // max(one.size)), 1)
    picture = cv2.resize(one.picture, None, fx=factor, fy=factor) if factor > 1 else one.picture
    if found is None:
        return np.asarray(picture, np.uint8)
    drawn = Image.fromarray(picture)
    pen = ImageDraw.Draw(drawn)
    size_px = max(round(max(picture.shape[:2]) / 45), 12)
    font = ImageFont.load_default(size_px)
    width_px = max(round(size_px / 6), 2)
    colours = [rgb(COLOURS[int(number) % len(COLOURS)]) for number in found.numbers]
    boxes = (found.boxes * factor).tolist()
    for box, colour in reversed(list(zip(boxes, colours, strict=True))):
        pen.rectangle(_in_order(box), outline=(0, 0, 0), width=width_px + 2)
        pen.rectangle(_in_order(box), outline=colour, width=width_px)
    taken: list[Rect] = []
    for k, (box, colour) in enumerate(zip(boxes, colours, strict=True)):
        text = f"{found.labels[k]} {found.scores[k]:.2f}"
        wide, high = pen.textlength(text, font) + size_px * 0.6, size_px * 1.35
        spot = room_for(box, wide, high, taken, (drawn.width, drawn.height))
        if spot is None:
            continue
        left, top = spot
        taken.append((left, top, left + wide, top + high))
        pen.rectangle((left, top, left + wide, top + high), fill=colour, outline=(0, 0, 0))
        pen.text((left + size_px * 0.3, top), text, fill=text_colour(colour), font=font)
    return np.asarray(drawn, np.uint8)


def room_for(
    box: Sequence[float],
    wide: float,
    high: float,
    taken: Sequence[Rect],
    size: tuple[int, int],
) -> tuple[float, float] | None:
    """Left and top of a place for a name at a box that no other name takes; None for none."""
    left, top, right, bottom = box
    rows = [top - high, top, bottom, bottom - high]
    rows += [top + step * (high + 2) for step in range(1, 12)]
    rows += [top - step * (high + 2) for step in range(2, 12)]
    for y in rows:
        for x in (left, right - wide, left - wide, right):
            x0 = min(max(x, 0.0), size[0] - wide)
            if x0 < 0 or y < 0 or y + high > size[1]:
                continue
            spot = (x0, y, x0 + wide, y + high)
            if not any(_overlap(spot, other) for other in taken):
                return x0, y
    return None


def _in_order(box: Sequence[float]) -> Rect:
    left, top, right, bottom = box
    return left, top, max(right, left), max(bottom, top)


def _overlap(one: Rect, other: Rect) -> bool:
    return (
        one[0] < other[2] + 1
        and other[0] < one[2] + 1
        and one[1] < other[3] + 1
        and other[1] < one[3] + 1
    )
