"""The view "example": two masks of six by six cells, every cell marked."""

from __future__ import annotations

import streamlit as st

from core.lessons.masks import CELLS, MasksLesson, cells_text, parse_cells
from core.lessons.masks_case import MasksCase
from core.ui import frame, refresh, state, typed
from core.ui.components.cells import cells
from core.ui.components.source import said
from core.ui.masks.facts import formulas
from core.vision.metrics import compare

KEY = "masks_cells"
_FIELDS = {"true": "mask_true_cells", "predicted": "mask_said_cells"}


def show_example(case: MasksCase) -> None:
    """Press cells of either mask; all measures with the arithmetic follow."""
    lesson = case.lesson
    found = compare(parse_cells(lesson.mask_true_cells), parse_cells(lesson.mask_said_cells))
    st.caption(
        "Press a cell to change it. TP: in both masks. FP, striped: predicted, not true. FN, "
        "dotted: true, not predicted. TN: in neither."
    )
    cells(found, key=KEY, large=frame.presenting(), on_pick=_picked)
    formulas(found)
    if not lesson.cells:
        st.caption("Truth: example puts these cells on the stage, to be painted.")


def _picked() -> None:
    board, _, rest = said(KEY, "pick").partition(";")
    row, _, column = rest.partition(";")[0].partition(",")
    if board not in _FIELDS or not (row.isdecimal() and column.isdecimal()):
        return
    name, place = _FIELDS[board], (int(row), int(column))
    if max(place) >= CELLS:
        return
    lesson = state.current(MasksLesson)
    mask = parse_cells(getattr(typed.readable(lesson), name)).copy()
    mask[place] = not mask[place]
    state.assign(lesson.with_value(name, cells_text(mask)))
    refresh.everything()
