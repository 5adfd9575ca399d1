"""The view "facts": what an augmentation is, what it does, and every number that was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.augment.catalog import Entry, catalog
from core.augment.steps.base import StepModel
from core.lessons.augmentation_case import AugmentationCase, unchanged_share

_BOXES = {
    "move": "move with the picture",
    "stay": "stay where they are",
    "mix": "come from all pictures that are mixed",
}
_LABELS = {
    "kept": "stays right",
    "can change": "can become wrong, see Safety",
    "mixed": "becomes shares of several classes",
}
_LIBRARIES = {"keras": "Keras 3", "keras_cv": "KerasCV", "opencv": "OpenCV and NumPy"}


def show(case: AugmentationCase) -> None:
    """A table of the steps, and one of the draws."""
    active = case.lesson.pipeline.active
    if not active:
        st.info("There is no step that could change a picture. Add one above.")
        return
    share = unchanged_share(case.lesson)
    st.markdown(
        f"**{100 * (1 - share):.3g} % of the pictures are changed**, {100 * share:.3g} % stay "
        "as they are: the product of 1 - p over all steps."
    )
    st.markdown("\n".join(about(number, step) for number, step in active))
    st.markdown("**What was drawn**")
    st.markdown(table(drawn_rows(case)))


def about(number: int, step: StepModel) -> str:
    """One step in words: what it does, to boxes and labels too, what does it, who described it.

    Args:
        number: of the step, from 1.
        step: its settings.
    """
    entry: Entry = catalog()[step.kind]  # type: ignore[attr-defined]
    return (
        f"- **{number}. {entry.title}** (p = {step.probability:g}). {_safe(entry.about)} Boxes "
        f"and masks {_BOXES[entry.boxes]}; the label {_LABELS[entry.label]}. Made by "
        f"{_LIBRARIES[entry.library]}: `{entry.implementation}`. Source: "
        f"{_safe(entry.source)}."
    )


def drawn_rows(case: AugmentationCase) -> list[dict[str, str]]:
    """A row for each draw: what was drawn for each step."""
    rows: list[dict[str, str]] = []
    for number, drawn in enumerate(case.planned(), 1):
        row = {"Draw": str(number)}
        for place, one in enumerate(drawn, 1):
            if one.step.on:
                words = one.words or one.step.title.lower()
                row[f"{place}. {one.step.title}"] = words if one.comes else "-"
        rows.append(row)
    return rows


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a table of Markdown; no sign in a cell breaks it."""
    heads = list(rows[0])
    lines = [heads, *([row[head] for head in heads] for row in rows)]
    written = [f"| {' | '.join(_safe(cell) for cell in line)} |" for line in lines]
    return "\n".join([written[0], f"|{'---|' * len(heads)}", *written[1:]])


def _safe(text: str) -> str:
    for sign in ("\\", "|", "*", "_", "$", "~"):
        text = text.replace(sign, f"\\{sign}")
    return text
