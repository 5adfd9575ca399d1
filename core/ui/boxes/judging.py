"""The view "precision": detections judged one by one, and every average precision."""

from __future__ import annotations

import math
from collections.abc import Hashable

import streamlit as st

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import METHOD_TITLES, BoxesCase, Judged, build
from core.ui import state
from core.ui.boxes import files, hand
from core.ui.boxes.stage import assign
from core.ui.components import precision
from core.ui.components.source import said
from core.vision.metrics.coco import THRESHOLDS, TITLES

CURVE = "boxes_curve"
_SIDE_BY_SIDE = 12
"""Classes up to which all stand side by side."""


def show_judged(case: BoxesCase) -> None:
    """The listed class step by step, then all classes, then COCO's numbers."""
    if case.lesson.ap_example == "files":
        if not files.draw():
            st.info("Choose ground truth and detections, or another example beside the stage.")
            return
        case = build(case.lesson, files.own_example())
        _say_what_differs(case)
    if hand.draws(case.lesson):
        hand.draw(case.lesson)
    judged = case.judged
    if judged is None:
        st.info("There is no box to judge.")
        return
    if len(judged.labels) > 1:
        _choose(judged)
    precision.precision(case, judged, key=CURVE, on_pin=_pinned)
    if len(judged.rows) > precision.MOST_ROWS:
        st.caption(
            f"The first {precision.MOST_ROWS} of {len(judged.rows):,} detections can be "
            "stepped through; the sums are of all."
        )
    st.caption(f"{case.example.source} {_found(judged)}")
    left, right = st.columns(2, gap="large")
    with left:
        _definitions(case, judged)
    with right:
        _coco(case)


def _found(judged: Judged) -> str:
    """How many objects nobody found: those bound the recall."""
    positives, missed = judged.matching.positives, len(judged.missed)
    if not positives or not missed:
        return ""
    return (
        f"{missed} of {positives} are found by none of the detections: recall ends at "
        f"{positives - missed}/{positives}."
    )


def _pinned() -> None:
    if drawn := said(CURVE, "pin"):
        assign(state.current(BoxesLesson).with_value("ap_drawn", int(drawn)))


def _choose(judged: Judged) -> None:
    """The class that is listed; the lesson's field and this choice are the same."""
    names = [str(label) for label in judged.labels]
    now = str(judged.label)
    # Another widget for each class: one that the program sets could say the old one again.
    key = f"boxes_class_{now}"
    if len(names) > _SIDE_BY_SIDE:
        at = names.index(now)
        st.selectbox("Class", names, index=at, key=key, on_change=_chosen, args=(key,))
        return
    st.segmented_control(
        "Class", names, default=now, required=True, key=key, on_change=_chosen, args=(key,),
        wrap=True,
    )  # fmt: skip


def _chosen(key: str) -> None:
    lesson = state.current(BoxesLesson)
    assign(lesson.model_copy(update={"ap_label": str(st.session_state[key])[:60]}))


def _say_what_differs(case: BoxesCase) -> None:
    """Pictures or classes that only one side knows are most often a mistake in the files."""
    truth, found = case.example.truth, case.example.detections
    for part, words in (("image", "pictures"), ("label", "classes")):
        known: set[Hashable] = {record[part] for record in truth}
        said_so: set[Hashable] = {record[part] for record in found}
        if said_so and not said_so & known:
            few, there = (", ".join(sorted(map(str, s))[:3]) for s in (said_so, known))
            st.warning(
                f"No detection is of the {words} of the ground truth: {few} against {there}. "
                "Do both sides name them in the same way?"
            )


def _definitions(case: BoxesCase, judged: Judged) -> None:
    each = case.each("lecture")
    many = len(each) > 1
    lines = [
        f"| Definition | AP of {_cell(judged.label)} |"
        + (" mAP, all classes |" if many else ""),
        "|---|--:|" + ("--:|" if many else ""),
    ]
    for method, title in METHOD_TITLES.items():
        value, mean = judged.curve.average(method), case.means[method]
        lines.append(f"| {title} | {_four(value)} |" + (f" {_four(mean)} |" if many else ""))
    st.markdown("**The same detections, four numbers**")
    st.markdown("\n".join(lines))
    if 1 < len(each) <= _SIDE_BY_SIDE:
        st.caption(
            "mAP is the mean over the classes, with MLC's sum "
            f"({' + '.join(_four(value) for value in each.values())}) / {len(each)} = "
            f"{_four(case.means['lecture'])}."
        )
    values = [judged.curve.average(method) for method in METHOD_TITLES]
    if not any(math.isnan(value) for value in values):
        st.caption(
            f"Between the least and the most lie {max(values) - min(values):.4f}. A paper that "
            "does not say which one it took cannot be compared with another."
        )


def _cell(label: Hashable) -> str:
    """A class's name in a table; a bar would end the cell."""
    return str(label).replace("|", " ")


def _coco(case: BoxesCase) -> None:
    cells = [
        f"{title} | {'-' if value < 0 else _four(value)}"
        for title, value in zip(TITLES, case.example.evaluation.summary, strict=True)
    ]
    lines = ["| Precision | | Recall | |", "|---|--:|---|--:|"]
    lines += [f"| {ap} | {ar} |" for ap, ar in zip(cells[:6], cells[6:], strict=True)]
    st.markdown("**COCO's twelve numbers, all classes**")
    st.markdown("\n".join(lines))
    levels = case.example.evaluation.by_threshold
    if min(levels) >= 0:
        each = ", ".join(
            f"{at:.2f}: {_four(ap)}" for at, ap in zip(THRESHOLDS, levels, strict=True)
        )
        st.caption(f"AP@[.50:.95] is the mean of AP at ten IoU thresholds: {each}.")
    st.caption(
        "Small: area up to 32 x 32 pixels; large: from 96 x 96. AR: recall with at most 1, 10 "
        "or 100 detections a picture. COCO's own matching, without + 1; -: nothing to measure."
    )


def _four(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"
