"""A picture and what one or two methods make of it: parts to switch, a box to draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.assets.remote import megabytes
from core.lessons.segment_case import (
    MOST_PARTS,
    Part,
    SegmentCase,
    Segmented,
    details,
    network_title,
)
from core.ui.components.sight import percent
from core.ui.components.source import Component
from core.ui.pictures import jpeg_address, png_address

code = Component("segments", "colour", "asking", "settle")

Image = npt.NDArray[np.uint8]
_SHOWN = {
    "paint": "painted over the picture",
    "outline": "outlined",
    "mask": "as a mask, white on black",
    "cutout": "cut out",
    "blur": "before a blurred background",
    "photo": "before another photo",
}


def segments(
    case: SegmentCase,
    *,
    key: str,
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    on_again: Callable[[], None],
    on_parts: Callable[[], None],
    on_pick: Callable[[], None],
    on_box: Callable[[], None],
    on_retry: Callable[[], None],
) -> None:
    """Show what the methods say; while an answer is awaited, the browser asks again.

    Args:
        case: settings, picture and the answers so far.
        key: the component's key; `st.session_state[key]` holds `parts` ("1;0, 2;..." of the
            second method parts 0 and 2 are the object), `pick` ("0;0.4,0.7;..." where the first
            picture was pressed, as shares), `box` ("12,4,82,98;..." left, top, right and bottom
            in percent) and `retry` (a method).
        conceal: whether the audience still has to predict the answer.
        large: for a projector; the list of parts then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_again: called when it is time to look for further answers.
        on_parts: called when a part was switched.
        on_pick: called when a part was pressed in the picture.
        on_box: called when a box was drawn.
        on_retry: called when a network that failed is to be asked again.
    """
    code.mount(
        key=key,
        data=segments_data(case, conceal=conceal) | {"focus": large, "settle": settle},
        on_again_change=on_again,
        on_parts_change=on_parts,
        on_pick_change=on_pick,
        on_box_change=on_box,
        on_retry_change=on_retry,
    )


def segments_data(case: SegmentCase, *, conceal: bool = False) -> dict[str, Any]:
    """What the browser is sent: pictures, shares and every text."""
    height, width = case.picture.shape[:2]
    panels = [_panel(case, place, conceal=conceal) for place in range(len(case.segmented))]
    return {
        "width": width,
        "height": height,
        "panels": panels,
        "between": "" if conceal else between(case),
        "poll": case.waiting,
        "stamp": " ".join(f"{one.answer is not None},{one.coming}" for one in case.segmented),
    }


def between(case: SegmentCase) -> str:
    """How far two methods agree, as a sentence; empty where there is one, or one is late."""
    found = case.comparison
    if found is None:
        return ""
    one, other = (part.title for part in case.segmented)
    return (
        f"{one} and {other}: IoU {found.iou:.2f}, Dice {found.dice:.2f}; they agree on "
        f"{percent(found.pixel_accuracy)} of the pixels."
    )


def _panel(case: SegmentCase, place: int, *, conceal: bool) -> dict[str, Any]:
    one, lesson = case.segmented[place], case.lesson
    mask = None if conceal else case.masks[place]
    parts = [] if conceal else case.parts[place]
    summary = "" if mask is None else _summary(float((mask > 0.5).mean()), len(parts))
    shown = case.picture if mask is None else case.shown(place)
    listed = MOST_PARTS if len(case.segmented) == 1 else MOST_PARTS // 2
    box = None
    if one.method == "grabcut":
        sides = (lesson.seg_left, lesson.seg_top, lesson.seg_right, lesson.seg_bottom)
        box = [side / 100 for side in sides]
    says = awaited(one, conceal=conceal)
    how = f"the object {_SHOWN[lesson.seg_shows]}" if mask is not None else "the bare picture"
    return {
        "method": one.method,
        "title": one.title,
        "note": _note(one),
        "src": _address(shown, exact=lesson.seg_shows == "mask"),
        "alt": f"{case.title}, {one.title}: {how}. {summary or says}",
        "late": one.waiting,
        "summary": summary,
        "details": [] if mask is None else details(one),
        "parts": [_row(part) for part in parts[:listed]],
        "inside": [part.number for part in parts if part.inside],
        "rest": _rest(parts[listed:]),
        "says": says,
        "failed": bool(one.failure),
        "progress": _progress(one),
        "box": box,
    }


def _summary(share: float, parts: int) -> str:
    several = (
        f" Press its {parts} parts, in the picture or here, to switch them."
        if parts > 1
        else ""
    )
    return f"The object has {percent(share)} of the picture.{several}"


def _note(one: Segmented) -> str:
    return "" if one.took_ms is None else f"{max(round(one.took_ms), 1):,} ms"


def _row(part: Part) -> dict[str, Any]:
    return {
        "number": part.number,
        "name": part.name,
        "colour": list(part.colour),
        "text": percent(part.share),
        "inside": part.inside,
    }


def _rest(left: list[Part]) -> str:
    if not left:
        return ""
    return (
        f"{len(left)} smaller ones have {percent(sum(part.share for part in left))} together."
    )


def awaited(one: Segmented, *, conceal: bool = False) -> str:
    """What is said in place of an answer; empty where it is shown.

    Args:
        one: a method's answer.
        conceal: whether it is there and must not be shown yet.
    """
    if one.failure:
        return one.failure
    if one.answer is not None:
        return "It has answered. Guess first, then its answer is shown." if conceal else ""
    title = network_title(one.method)
    if one.coming:
        done, total = one.coming
        return f"{title} is being fetched: {megabytes(done)} of about {megabytes(total)}."
    return (
        f"{title} is being asked. The first time it has to be loaded, which takes some ten "
        "seconds; from then on it answers in one."
    )


def _progress(one: Segmented) -> float | None:
    if not one.coming or one.failure:
        return None
    done, total = one.coming
    return round(min(done / max(total, 1), 1.0), 3)


def _address(picture: Image, *, exact: bool) -> str:
    """The picture as an address; masks as PNG, since JPEG would ring around their edges."""
    return png_address(picture) if exact else jpeg_address(picture)
