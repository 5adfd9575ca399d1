"""What stands on the page, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.unet import UNetLesson
from core.training import Run
from core.training.segmentation import SegmentationSpec
from core.ui import curves, state
from core.ui.components import ladder as drawing
from core.ui.components import maps, tiles
from core.ui.notes import note
from core.ui.page import Page
from core.ui.training import compare, looks, repeating
from core.ui.training.session import UNET
from core.ui.unet import ladder, masks, pairs, skips, stage, taking

LIVE: Mapping[str, Callable[[Run], None]] = {
    "masks": masks.show,
    "classes": masks.by_class,
    "filters": looks.filters,
    "norms": looks.norms,
    "histograms": looks.histograms,
}
"""Views of a run; they follow it while it goes."""


def show_stage(lesson: UNetLesson) -> None:
    """The run on the stage."""
    stage.show(lesson)


def show_view(chosen: str, here: Page) -> None:
    """What was chosen to stand below."""
    run = UNET.going() or UNET.shown()
    lesson = state.current(UNetLesson)
    if chosen in LIVE:
        if run is None:
            st.info("Start a run to see this.", icon=":material/play_circle:")
        else:
            LIVE[chosen](run)
    elif chosen == "ladder":
        ladder.show(lesson)
    elif chosen == "rungs":
        skips.rungs(run)
    elif chosen == "skips":
        skips.show(run)
    elif chosen == "compare":
        masks.compare(UNET.runs())
        compare.show(UNET)
        repeating.repeat(
            UNET, SegmentationSpec, "unet_settings", stage.name_of,
            own=lambda: pairs.own(state.current(UNetLesson)),
        )  # fmt: skip
    elif chosen == "data":
        pairs.show(lesson)
    elif chosen == "test":
        taking.test(run)
    elif chosen == "code":
        taking.code(here, run)
    elif chosen == "notes":
        st.markdown(note(here.slug))


def load_components() -> None:
    """Send the code of the page's components."""
    for component in (maps, tiles, drawing):
        component.code.load()
    curves.load_components()
