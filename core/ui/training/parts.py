"""What stands on the page, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.training import TrainingLesson
from core.training import Run, RunSpec
from core.ui import architecture, curves, data, state
from core.ui.components import canvas, confusion, lens, maps
from core.ui.notes import note
from core.ui.page import Page
from core.ui.training import (
    compare,
    datasets,
    looks,
    mistakes,
    repeating,
    settings,
    stage,
    taking,
    trying,
)
from core.ui.training.session import TRAINING
from core.ui.training.status import name_of

HIDEABLE = settings.HIDEABLE

LIVE: Mapping[str, Callable[[Run], None]] = {
    "predictions": looks.predictions,
    "confusion": mistakes.matrix,
    "mistakes": mistakes.worst,
    "filters": looks.filters,
    "maps": looks.feature_maps,
    "norms": looks.norms,
    "histograms": looks.histograms,
    "dropout": looks.dropout,
}
"""Views of a run; they follow it while it goes."""


def show_stage(lesson: TrainingLesson) -> None:
    """The run on the stage."""
    run = TRAINING.shown()
    stage.buttons(run)
    stage.show(run)


def download() -> None:
    """What the run on the stage leaves to take home."""
    taking.download(TRAINING.shown())


def draw_settings() -> None:
    """Everything the next run is made of."""
    settings.draw()


def show_view(chosen: str, here: Page) -> None:
    """What was chosen to stand below."""
    run = TRAINING.shown()
    if chosen in LIVE:
        if run is None:
            st.info("Start a run to see this.", icon=":material/play_circle:")
        elif run.spec.finds:
            st.info("The search for a learning rate is seen in its curve above.")
        else:
            LIVE[chosen](run)
    elif chosen == "network":
        shape, classes = datasets.size(state.current(TrainingLesson))
        architecture.show(TrainingLesson, shape, classes)
    elif chosen == "data":
        data.show(TrainingLesson)
    elif chosen == "compare":
        compare.show(TRAINING)
        repeating.repeat(
            TRAINING, RunSpec, "run_settings", name_of,
            own=lambda: datasets.own(state.current(TrainingLesson)),
        )  # fmt: skip
    elif chosen == "try":
        trying.show(run)
    elif chosen == "code":
        taking.code(here)
    elif chosen == "notes":
        st.markdown(note(here.slug))


def load_components() -> None:
    """Send the code of the page's components."""
    for component in (confusion, maps, canvas, lens):
        component.code.load()
    curves.load_components()
    data.load_components()
    architecture.load_components()
