"""The controls of the data set."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from core.data import DataError, shapes
from core.lessons.data import DataFields
from core.ui.controls import Controls
from core.ui.data.loaded import missed, parts_of

L = TypeVar("L", bound=DataFields)


def draw_settings(controls: Controls[L], *, chooser: bool = True) -> None:
    """Draw every control that has an effect on the chosen data set, and say what it gives.

    Args:
        controls: of the page.
        chooser: whether to draw the choice of the data set too.
    """
    lesson = controls.lesson
    if chooser:
        controls.draw("dataset")
    controls.draw("images")
    _draw(controls, "image_size", "image_noise")
    if lesson.heeds("shape_circle"):
        _shapes(controls)
    _draw(controls, "texture_pair", "image_seed")
    controls.pair("training_percent", "validation_percent")
    controls.draw("split_seed")
    say_parts(lesson)


def say_parts(lesson: DataFields) -> None:
    """How many pictures go where, or why there are none."""
    try:
        _, parts = parts_of(lesson)
    except DataError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        missed(lesson)
        return
    st.caption(
        f"{len(parts.training):,} training, {len(parts.validation):,} validation, "
        f"{len(parts.test):,} test pictures"
    )


def _draw(controls: Controls[L], *names: str) -> None:
    controls.draw(*[name for name in names if controls.lesson.heeds(name)])


def _shapes(controls: Controls[L]) -> None:
    st.caption("Shapes to tell apart")
    names = [f"shape_{name}" for name in shapes.SHAPES]
    for start in range(0, len(names), 2):
        controls.pair(*names[start : start + 2])
    on = [name for name in names if getattr(controls.lesson, name)]
    joined = [name for name in controls.lesson.shape_classes() if f"shape_{name}" not in on]
    if joined:
        st.caption(f"Two shapes are needed to tell apart: {' and '.join(joined)} joined.")
    controls.pair("shape_smallest", "shape_largest")
    controls.draw("shape_background")
