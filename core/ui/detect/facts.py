"""The view "facts": every box with its numbers, and the classes that the detector knows."""

from __future__ import annotations

import streamlit as st

from core.lessons.detect_case import TITLES, DetectCase
from core.ui.detect.drawing import origin

MOST_ROWS = 100


def show_facts(case: DetectCase) -> None:
    """A table of all boxes, the rule that left them, and the list of classes."""
    rows = [
        (place, one, found, k)
        for place, (one, found) in enumerate(zip(case.looked, case.found, strict=True))
        if found is not None
        for k in range(len(found))
    ]
    lesson = case.lesson
    st.markdown(
        f"A candidate stays if its score is at least **{lesson.det_confidence / 100:.2f}**. "
        "Then the surest one is kept, and every other box "
        + ("of its class " if lesson.det_classwise else "of any class ")
        + f"whose IoU with it is **above {lesson.det_iou / 100:.2f}** goes; then the surest of "
        "those that are left, and so on."
    )
    if not rows:
        st.caption("There is no box to list." if not case.waiting else "The boxes come soon.")
    else:
        several = len(case.looked) > 1
        head = ["class", "score", "left", "top", "right", "bottom", "where it comes from"]
        lines = [_row(["picture", *head] if several else head)]
        lines.append(_row(["---"] * (len(head) + several)))
        for _, one, found, k in rows[:MOST_ROWS]:
            said = origin(one.candidates, int(found.indices[k]), int(found.numbers[k])) if (
                one.candidates
            ) else []  # fmt: skip
            cells = [found.labels[k], f"{found.scores[k]:.3f}"]
            cells += [f"{side:.1f}" for side in found.boxes[k].tolist()]
            cells.append("; ".join(said))
            lines.append(_row([one.name, *cells] if several else cells))
        st.markdown("\n".join(lines))
        if len(rows) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS} of {len(rows)}; Download has all of them.")
    names = case.class_names
    with st.expander(f"What {TITLES[lesson.det_method]} knows: {len(names)} classes"):
        st.markdown(", ".join(names))


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
