"""What stands on the page, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.detector import DetectorLesson
from core.training import Run
from core.training.detection import DetectionSpec
from core.ui import curves, state
from core.ui.components import detections as component
from core.ui.components import maps, sketch, tiles
from core.ui.detector import boxes, pictures, snippets, stage, trying
from core.ui.notes import note
from core.ui.page import Page
from core.ui.training import compare, looks, repeating
from core.ui.training.session import DETECTOR

LIVE: Mapping[str, Callable[[Run], None]] = {
    "boxes": boxes.show,
    "losses": stage.losses,
    "classes": boxes.by_class,
    "filters": looks.filters,
    "maps": looks.feature_maps,
    "norms": looks.norms,
    "histograms": looks.histograms,
}
"""Views of a run; they follow it while it goes."""


def show_stage(lesson: DetectorLesson) -> None:
    """The run on the stage."""
    stage.show(lesson)


def show_view(chosen: str, here: Page) -> None:
    """What was chosen to stand below."""
    run = DETECTOR.going() or DETECTOR.shown()
    lesson = state.current(DetectorLesson)
    if chosen in LIVE:
        if run is None:
            st.info("Start a run to see this.", icon=":material/play_circle:")
        else:
            LIVE[chosen](run)
    elif chosen == "compare":
        boxes.compare(DETECTOR.runs())
        compare.show(DETECTOR)
        repeating.repeat(
            DETECTOR, DetectionSpec, "detector_settings", stage.name_of,
            own=lambda: pictures.own(lesson),
        )  # fmt: skip
    elif chosen == "data":
        pictures.show(lesson)
    elif chosen == "test":
        trying.test(run)
    elif chosen == "try":
        trying.show(run)
    elif chosen == "code":
        snippets.show(here, run)
    elif chosen == "notes":
        st.markdown(note(here.slug))


def load_components() -> None:
    """Send the code of the page's components."""
    for part in (maps, tiles, component, sketch):
        part.code.load()
    curves.load_components()
