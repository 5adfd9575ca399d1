"""The stage of the page "Detect": pictures, their boxes, and the controls around them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.lessons.detect import FACES, DetectLesson
from core.lessons.detect_case import TITLES, DetectCase, confidences
from core.ui import curves, predict, refresh
from core.ui.components import album as album_view
from core.ui.components import detections as boxes_view
from core.ui.components.album import album
from core.ui.components.detections import detections
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.detect import pictures
from core.ui.detect.answers import answered
from core.ui.detect.drawing import addresses, boxed, stamp
from core.ui.predict import Conceal
from core.vision.bringing import cost, why_not
from core.vision.findings import FINDINGS
from core.zoo.detectors import DETECTORS, TINY

STAGE = "detections"
HIDEABLE = ("det",)
HIGHER = 20
"""Percentage points that the confidence is raised by in a question."""
PATIENCE_S = 0.3


def load_components() -> None:
    """Send the code of the page's components, once."""
    for part in (album_view, boxes_view):
        part.code.load()
    curves.load_components()


def draw_main(controls: Controls[DetectLesson]) -> None:
    """Detector and both thresholds; they wrap on a phone."""
    controls.react("det_method", refresh.everything)
    controls.row("det_method", "det_confidence", "det_iou")


def draw_settings(controls: Controls[DetectLesson]) -> None:
    """All other settings, in tabs; the pictures change when they do, and are sent here."""
    now = controls.lesson
    boxes, pictures_tab = st.tabs(["Boxes", "Pictures"])
    with boxes:
        _say_where_it_is(now.det_method)
        controls.draw("det_classes")
        if problem := now.text_problem("det_classes"):
            st.error(f"{problem} Until then all classes are shown.")
        if now.det_method == TINY:
            controls.draw("det_side")
        if now.det_method != FACES:
            controls.draw("det_classwise")
        if now.det_method == TINY:
            controls.draw("det_every")
        controls.draw("det_left_out")
        if now.det_method == TINY:
            controls.draw("det_grid")
    with pictures_tab:
        controls.draw("det_pictures")
        if now.det_pictures == "own":
            pictures.draw_uploader()
    album(addresses(pictures.chosen(now.det_pictures)), key="detect_album")


def _say_where_it_is(method: str) -> None:
    """Whether a network has to be fetched, and why that does not work."""
    if method == FACES or FINDINGS.is_warm(method):
        return
    entry = DETECTORS[method]
    if not (price := cost(entry)):
        return
    reason = why_not(entry, PATIENCE_S)
    if reason:
        st.caption(f":material/cloud_off: {entry.title}: {price}, but {reason}.")
    else:
        st.caption(f":material/cloud_download: {entry.title} is fetched at first use: {price}.")


def case_of(lesson: DetectLesson) -> DetectCase:
    """The lesson's pictures, and what is known of them so far; the rest is asked for."""
    return DetectCase(lesson, answered(lesson, pictures.chosen(lesson.det_pictures)))


def draw_stage(case: DetectCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """Pictures and boxes; while an answer is awaited, the browser asks again."""
    detections(
        boxed(case, conceal=bool(conceal)),
        key=STAGE,
        large=large,
        settle=settle,
        poll=case.waiting,
        stamp=stamp(case),
        on_again=refresh.everything,
        on_retry=_retried,
    )


def _retried() -> None:
    if said(STAGE, "retry"):
        for method in [slug for slug in DETECTORS if FINDINGS.failure(slug)]:
            FINDINGS.try_again(method)
        refresh.everything()


# Predict first


def ask(case: DetectCase) -> Conceal:
    """Let the audience guess, once the detector has answered; what must still be hidden."""
    questions = _questions(case)
    if not questions:
        st.info("The questions come with the answer.", icon=":material/hourglass:")
        return "values"
    done = predict.ask(questions, case=_name(case))
    return "" if len(done) == len(questions) else "values"


def guessed(case: DetectCase) -> bool:
    """Whether all guesses are in."""
    questions = _questions(case)
    return bool(questions) and predict.answered(questions, case=_name(case))


def _name(case: DetectCase) -> str:
    """Another name for another question; how it is shown changes none."""
    lesson = case.lesson.model_copy(update={"det_left_out": False, "det_grid": False})
    return f"{hash((lesson, case.looked[0].digest)):x}"


def _questions(case: DetectCase) -> Sequence[predict.Question]:
    first, found = case.looked[0].candidates, case.found[0]
    if first is None or found is None:
        return ()
    now = case.lesson.det_confidence
    higher = min(now + HIGHER, 99)
    (left,) = confidences(first, [higher / 100], case.lesson.choice)
    names = ", ".join(f"{count} {name}" for name, count in found.counts().items()) or "none"
    return (
        predict.Question(
            "boxes",
            f"How many boxes does {TITLES[case.lesson.det_method]} leave in the first picture "
            f"at a confidence of {now} %?",
            (float(len(found)),),
            ("Boxes",),
            f"{len(found)}: {names}. {found.likely} candidates were sure enough, "
            f"{found.suppressed} of them gave way to a surer box.",
        ),
        predict.Question(
            "higher",
            f"And how many at {higher} %?",
            (float(left),),
            ("Boxes",),
            "A higher confidence only takes candidates away. A box that suppressed others is "
            "the surest of them and goes last, so that none comes back.",
        ),
    )
