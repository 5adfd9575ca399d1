"""The stage of the page "Masks": the picture that is painted on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.images.decode import ImageError
from core.images.runs import decode_runs
from core.lessons.masks import CELLS, MasksLesson, cells_text
from core.lessons.masks_case import MasksCase
from core.lessons.segment import NETWORKS
from core.ui import curves, predict, refresh, state
from core.ui.components import cells, photo, tiles
from core.ui.components import confusion as confusion_view
from core.ui.components import painter as painter_view
from core.ui.components.painter import painter
from core.ui.components.source import said
from core.ui.masks.case import keep
from core.ui.predict import Conceal
from core.ui.segment.answers import ask_again, fetched

STAGE = "painter"
HIDEABLE = ("mask",)


def load_components() -> None:
    """Send the code of the page's components, once."""
    for component in (painter_view, photo, cells, tiles, confusion_view):
        component.code.load()
    curves.load_components()


def draw_stage(case: MasksCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The painter, with its messages taken into the session."""
    painter(
        case,
        key=STAGE,
        progress=_progress(case),
        retry=_failed(case),
        conceal=bool(conceal),
        large=large,
        settle=settle,
        on_mask=_painted,
        on_again=refresh.everything,
        on_retry=_retried,
    )


def _waits_for(case: MasksCase) -> list[str]:
    """The methods whose answers are not there."""
    lesson = case.lesson
    found: list[str] = []
    if case.subject.truth is None and lesson.mask_truth == "method":
        found.append(lesson.mask_truth_by)
    if case.start is None and lesson.mask_start == "method":
        found.append(lesson.mask_start_by)
    return found


def _failed(case: MasksCase) -> str:
    """A network that has failed and can be asked again; else empty."""
    failed = case.subject.failed or case.failed
    networks = [method for method in _waits_for(case) if method in NETWORKS]
    return networks[0] if failed and networks else ""


def _progress(case: MasksCase) -> float | None:
    shares = [share for method in _waits_for(case) if (share := fetched(method)) is not None]
    return shares[0] if shares else None


def _painted() -> None:
    canvas, _, rest = said(STAGE, "mask").partition(";")
    stroke, _, runs = rest.partition(";")
    if not stroke.isdecimal() or not runs:
        return
    keep(canvas, int(stroke), runs)
    if canvas != "example":
        refresh.stage()
        return
    try:
        mask = decode_runs(runs, (CELLS, CELLS))
    except ImageError:  # the cells stay as they are
        return
    lesson = state.current(MasksLesson)
    state.assign(lesson.with_value("mask_said_cells", cells_text(mask)))
    refresh.everything()


def _retried() -> None:
    if method := said(STAGE, "retry").partition(";")[0]:
        ask_again(method)
        refresh.stage()


# Predict first


def ask(case: MasksCase) -> Conceal:
    """Let the audience guess once both masks are known; what must still be hidden."""
    questions = _questions(case)
    if not questions:
        st.info("The questions come with the masks.", icon=":material/hourglass:")
        return "values"
    done = predict.ask(questions, case=_name(case))
    return "" if len(done) == len(questions) else "values"


def guessed(case: MasksCase) -> bool:
    """Whether all guesses are in."""
    questions = _questions(case)
    return bool(questions) and predict.answered(questions, case=_name(case))


def _name(case: MasksCase) -> str:
    """Another name for another pair of masks; painting changes none but the example's cells."""
    masks = (case.subject.truth, case.start)
    parts = [b"" if mask is None else mask.tobytes() for mask in masks]
    return f"{hash((case.canvas, *parts)):x}"


def _questions(case: MasksCase) -> Sequence[predict.Question]:
    found = case.at_start
    if found is None:
        return ()
    hits, extra, missed, neither = found.counts
    return (
        predict.Question(
            "mask_iou",
            "How many tenths is the IoU of the mask that the painting starts from? (0 to 10)",
            (float(round(10 * found.iou)),),
            ("Tenths",),
            f"IoU is {hits:,} / ({hits:,} + {extra:,} + {missed:,}) = {found.iou:.3f}.",
        ),
        predict.Question(
            "mask_accuracy",
            "How many tenths of all pixels are right? (0 to 10)",
            (float(round(10 * found.pixel_accuracy)),),
            ("Tenths",),
            f"{hits + neither:,} of {found.truth.size:,}: the background counts as well.",
        ),
    )
