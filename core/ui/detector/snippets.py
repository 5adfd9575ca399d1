"""YOLOv8 in today's Keras: load, train, validate, predict, export."""

from __future__ import annotations

import streamlit as st

from core.export.yolo_steps import STEPS, whole
from core.ui.downloads import button


def show() -> None:
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
