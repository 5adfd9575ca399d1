"""The controls of the page "Masks"."""

from __future__ import annotations

import streamlit as st

from core.lessons.masks import MasksLesson
from core.lessons.masks_case import drawn
from core.ui import refresh, typed
from core.ui.controls import Controls
from core.ui.masks import own_file


def draw_main(controls: Controls[MasksLesson]) -> None:
    """Truth, start, and how the start differs from the truth; they wrap on a phone."""
    lesson = controls.lesson
    for name in ("mask_truth", "mask_start"):
        controls.react(name, refresh.everything)
    if lesson.cells:
        controls.row("mask_truth")
    elif lesson.mask_start == "changed":
        controls.row("mask_truth", "mask_start", "mask_grow", "mask_right")
    else:
        controls.row("mask_truth", "mask_start")


def draw_settings(controls: Controls[MasksLesson]) -> None:
    """All other settings, in tabs."""
    masks, shown = st.tabs(["Masks", "Shown"])
    with masks:
        _draw_truth(controls)
        _draw_start(controls)
    with shown:
        controls.draw("mask_shows", "mask_opacity", "mask_tolerance")


def _draw_truth(controls: Controls[MasksLesson]) -> None:
    lesson = controls.lesson
    if lesson.mask_truth == "scene":
        controls.draw("mask_seed", "mask_shape", "mask_shapes", "mask_diameter", "mask_target")
        if lesson.mask_target != "all":
            _draw_object(controls)
    elif lesson.mask_truth == "square":
        controls.draw("mask_diameter")
    elif lesson.mask_truth == "method":
        controls.draw("mask_truth_by")
    elif lesson.mask_truth == "file":
        own_file.draw()
    else:
        for name in ("mask_true_cells", "mask_said_cells"):
            controls.draw(name)
            typed.say_problem(lesson, name)


def _draw_object(controls: Controls[MasksLesson]) -> None:
    parts = drawn(controls.lesson).parts
    controls.limit("mask_object", len(parts))
    controls.draw("mask_object")
    named = ", ".join(f"{number} {name}" for number, name in enumerate(parts, start=1))
    st.caption(f"In the scene: {named}.")


def _draw_start(controls: Controls[MasksLesson]) -> None:
    lesson = controls.lesson
    if lesson.mask_start == "changed" and not lesson.cells:
        controls.draw("mask_down")
    corrects = lesson.mask_start == "method" and not lesson.cells
    if corrects:
        controls.draw("mask_start_by")
    asked = {lesson.mask_start_by} if corrects else set()
    if lesson.mask_truth == "method":
        asked.add(lesson.mask_truth_by)
    if "threshold" in asked:
        controls.draw("mask_side")
