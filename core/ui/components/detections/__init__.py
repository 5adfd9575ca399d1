"""Pictures with boxes over them, labels that never hide each other, and numbers on hover."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from core.palette import OKABE_ITO
from core.ui.components.source import Component, said
from core.ui.pictures import jpeg_address

code = Component("detections", "colour", "asking", "settle")

Image = npt.NDArray[np.uint8]

MOST_SIDE_PX = 1280
"""Longest side of a picture that is sent; boxes stay in the pixels of the whole one."""
COLOURS = OKABE_ITO[:-1]
"""For classes; black would be lost on dark photos."""


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """One box over a picture.

    Attributes:
        box: left, top, right, bottom in the picture's pixels.
        label: what it is held for; stands on its tab.
        score: 0 to 1, on the tab as well; None for a box without one.
        colour: `#RRGGBB`.
        dash: whether its line is broken, as for ground truth or what is left out.
        faint: whether it stays in the background, thin and without a tab.
        note: what is said when the pointer is on it.
        id: its name when it is pressed.
    """

    box: tuple[float, float, float, float]
    label: str = ""
    score: float | None = None
    colour: str = COLOURS[0]
    dash: bool = False
    faint: bool = False
    note: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class BoxedPicture:
    """A picture with its boxes.

    Attributes:
        url: the picture, as an address (see `address`), or its name in the page's album.
        width: of the picture, in pixels; those that the boxes are given in.
        height: likewise.
        title: the line above it.
        boxes: over it, the most important first: those get their tabs first.
        note: a quieter word beside the title, such as a time.
        summary: a sentence beside or below it.
        rows: name, number and colour of what is counted in it.
        says: what stands there while there is no answer, or why there is none.
        failed: whether there will be none; a button then asks again.
        progress: how much of what is waited for has come, 0 to 1.
        alt: what the picture shows, for a person who cannot see it; the title if empty.
        lines: x of upright and y of level lines over it, in its pixels; in place of a `grid`.
    """

    url: str
    width: int
    height: int
    title: str
    boxes: Sequence[DrawnBox] = ()
    note: str = ""
    summary: str = ""
    rows: Sequence[tuple[str, str, str]] = ()
    says: str = ""
    failed: bool = False
    progress: float | None = None
    alt: str = ""
    lines: tuple[Sequence[float], Sequence[float]] = ((), ())


def detections(
    pictures: Sequence[BoxedPicture],
    *,
    key: str,
    grid: tuple[int, int] | None = None,
    pick: bool = False,
    large: bool = False,
    small: bool = False,
    settle: bool = False,
    poll: bool = False,
    stamp: str = "",
    on_pick: Callable[[], None] | None = None,
    on_again: Callable[[], None] | None = None,
    on_retry: Callable[[], None] | None = None,
) -> None:
    """Show pictures with boxes: one large, several as tiles, one below the other on a phone.

    Args:
        pictures: at least one.
        key: the component's key; see `picked`.
        grid: rows and columns of lines over each picture.
        pick: whether boxes and places can be pressed.
        large: for a projector; the first picture then takes the keyboard.
        small: whether several pictures are small tiles, so that many are seen at once.
        settle: whether to tell `follow` when no further change has come for a moment.
        poll: whether something is still to come, so that the browser asks again.
        stamp: changes with what has come.
        on_pick: called when a box or a place was pressed.
        on_again: called when it is time to look for answers.
        on_retry: called when somebody wants to try again what has failed.
    """
    data = detections_data(pictures, grid=grid, pick=pick)
    code.mount(
        key=key,
        data=data
        | {"focus": large, "small": small, "settle": settle, "poll": poll, "stamp": stamp},
        on_pick_change=on_pick or _ignore,
        on_again_change=on_again or _ignore,
        on_retry_change=on_retry or _ignore,
    )


def picked(key: str) -> tuple[int, str, float, float] | None:
    """What was just pressed: the picture's place, the box's id ("" for none), x and y.

    x and y are in the picture's pixels. Holds in `on_pick` and the run that follows.
    """
    place, _, rest = said(key, "pick").partition(";")
    point, _, rest = rest.partition(";")
    name = rest.rpartition(";")[0]
    across, _, down = point.partition(",")
    try:
        return int(place), name, float(across), float(down)
    except ValueError:
        return None


def detections_data(
    pictures: Sequence[BoxedPicture],
    *,
    grid: tuple[int, int] | None = None,
    pick: bool = False,
) -> dict[str, Any]:
    """What the browser is sent."""
    return {
        "pictures": [_picture(picture) for picture in pictures],
        "grid": list(grid) if grid else None,
        "pick": pick,
    }


def address(picture: Image, most_px: int = MOST_SIDE_PX) -> str:
    """A picture as an address, made smaller where it is larger than a screen.

    Args:
        picture: (H, W, 3) uint8 RGB.
        most_px: longest side that is sent.
    """
    longest = max(picture.shape[:2])
    if longest > most_px:
        scale = most_px / longest
        picture = np.asarray(
            cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA),
            np.uint8,
        )
    return jpeg_address(picture)


def class_colours(labels: Sequence[str]) -> Mapping[str, str]:
    """A colour for each class; they come again after seven, the names tell them apart."""
    return {label: COLOURS[place % len(COLOURS)] for place, label in enumerate(labels)}


def _picture(picture: BoxedPicture) -> dict[str, Any]:
    return {
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "title": picture.title,
        "note": picture.note,
        "summary": picture.summary,
        "rows": [
            {"name": name, "text": text, "colour": colour}
            for name, text, colour in picture.rows
        ],
        "says": picture.says,
        "failed": picture.failed,
        "progress": None if picture.progress is None else round(picture.progress, 3),
        "alt": picture.alt or picture.title,
        "lines": [[round(float(at), 2) for at in along] for along in picture.lines],
        "boxes": [_box(box, place) for place, box in enumerate(picture.boxes)],
    }


def _box(drawn: DrawnBox, place: int) -> dict[str, Any]:
    return {
        "box": [round(float(side), 2) for side in drawn.box],
        "label": drawn.label,
        "score": None if drawn.score is None else round(float(drawn.score), 4),
        "colour": drawn.colour,
        "dash": drawn.dash,
        "faint": drawn.faint,
        "note": drawn.note,
        "id": drawn.id or str(place),
    }


def _ignore() -> None:
    """Nobody wants to know."""
