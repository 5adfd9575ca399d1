"""Code: the script of a run, and YOLOv8 in today's Keras in five steps."""

from __future__ import annotations

import streamlit as st

from core.export.yolo_steps import STEPS, whole
from core.training import Run
from core.training.detection import DetectionSpec
from core.ui.detector import taking
from core.ui.downloads import button
from core.ui.page import Page

SCRIPT, FIVE = "This run", "YOLOv8 in five steps"


def show(here: Page, run: Run[DetectionSpec] | None) -> None:
    """One of the two."""
    chosen = st.segmented_control(
        "Script", (SCRIPT, FIVE), default=SCRIPT, key="detector_script", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen == FIVE:
        _steps()
    else:
        taking.code(here, run)


def _steps() -> None:
    """Each step with its snippet; together they are one script."""
    st.markdown(
        "The lecture's five lines are those of a package that brings its own training. These "
        "are the same five steps with KerasCV's YOLOv8 on Keras 3, which needs nothing but the "
        "two packages. One after the other they are a script that runs as it stands."
    )
    button("All five steps (.py)", whole, "yolov8_steps.py")
    for number, step in enumerate(STEPS, start=1):
        st.markdown(f"**{number}. {step.title}**: {step.text}")
        st.code(step.code, language="python")
