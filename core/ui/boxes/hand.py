"""Ground truth and detections drawn by hand, on paper, on a scene or on the current image."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from pydantic import ValidationError

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_examples import Example
from core.lessons.boxes_hand import Pixels, Sheet, drawn, hand_example
from core.ui import current_image, refresh, state
from core.ui.components import sketch
from core.ui.components.source import said
from core.ui.segment.answers import working

SKETCH = "boxes_sketch"
_KEPT = "_hand_example"


def draws(lesson: BoxesLesson) -> bool:
    """Whether the boxes that are judged are drawn by hand."""
    return lesson.ap_example == "hand"


def example(lesson: BoxesLesson) -> Example:
    """What is drawn, to be judged; the same as long as nothing is changed."""
    sheet = sheet_of(lesson)
    mark = (sheet.name, sheet.size, sheet.classes, sheet.boxes)
    kept: tuple[object, Example] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != mark:
        kept = (mark, hand_example(sheet))
        st.session_state[_KEPT] = kept
    return kept[1]


def sheet_of(lesson: BoxesLesson) -> Sheet:
    """What is drawn on."""
    sheet = drawn(lesson, photo_of(lesson))
    photographed = lesson.hand_on == "image"
    return replace(sheet, name=current_image.photo().digest) if photographed else sheet


def photo_of(lesson: BoxesLesson) -> Pixels | None:
    """The current image at the size in which it is shown, where that is drawn on."""
    if lesson.hand_on != "image":
        return None
    photo = current_image.photo()
    return working(photo.digest, photo.pixels)


def draw(lesson: BoxesLesson) -> None:
    """The picture to draw on."""
    sheet = sheet_of(lesson)
    sketch.sketch(
        sheet.boxes, sheet.classes, sheet.size, sheet.picture,
        name=sheet.name, key=SKETCH, on_boxes=_drawn,
    )  # fmt: skip


def _drawn() -> None:
    text = said(SKETCH, "boxes")
    if not text:
        return
    lesson = state.current(BoxesLesson)
    try:
        changed = BoxesLesson.model_validate(lesson.model_dump() | {"hand_boxes": text})
    except ValidationError:  # nothing that this page has sent
        return
    state.assign(changed)
    refresh.everything()
