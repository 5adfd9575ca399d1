"""Two boxes to drag, with what they share and every measure of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from core.lessons.boxes_case import BoxesCase
from core.lessons.boxes_lines import LINES
from core.ui.components.source import Component
from core.ui.predict import Conceal
from core.vision.metrics import FORMATS, convert
from core.vision.metrics.box_formats import ENTRIES

code = Component("boxes", "colour", "axes", "settle", "overlap", "dragging")


def boxes(
    case: BoxesCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_boxes: Callable[[], None],
) -> None:
    """Show the two boxes; they are dragged in the browser, which makes the numbers meanwhile.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `boxes` ("2,2,7,6;4,3,10,8").
        conceal: whether the audience still has to predict the numbers.
        large: for a projector; box A then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_boxes: called when a box was put down.
    """
    code.mount(
        key=key,
        data=boxes_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_boxes_change=on_boxes,
    )


def boxes_data(
    case: BoxesCase, *, conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: the boxes, the lines with their holes, and all numbers."""
    lesson = case.lesson
    return {
        "board": list(lesson.size),
        "boxes": [list(box) for box in lesson.boxes],
        "plus": int(lesson.plus_pixel),
        "snap": lesson.box_snap,
        "threshold": lesson.match_at,
        "lines": [asdict(line) for line in LINES],
        "values": {} if conceal else case.values,
        "formats": formats_of(case),
        "note": _note(case),
        "conceal": conceal,
        "large": large,
        "focus": large,
    }


def formats_of(case: BoxesCase) -> list[dict[str, Any]]:
    """Both boxes in every format. Their edges are lines there: a last pixel ends one on."""
    width, height = case.lesson.size
    extra = int(case.lesson.plus_pixel)
    lines = [(x1, y1, x2 + extra, y2 + extra) for x1, y1, x2, y2 in case.lesson.boxes]
    listed = []
    for name in FORMATS:
        entry = ENTRIES[name]
        a, b = (convert(box, "xyxy", name, (height, width)).tolist() for box in lines)
        listed.append(
            {
                "name": name, "title": entry.title, "parts": list(entry.parts),
                "used": entry.used, "a": a, "b": b,
            }
        )  # fmt: skip
    return listed


def _note(case: BoxesCase) -> str:
    if not case.lesson.plus_pixel:
        return ""
    return (
        "With + 1 the numbers on the board are first and last pixel. The formats have edges as "
        "lines: the last pixel ends one further on."
    )
