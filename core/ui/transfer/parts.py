"""What stands on the page, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.transfer import TransferLesson
from core.training import Run
from core.ui import curves, data, predict, state
from core.ui.components import canvas, collect, confusion, lens, maps
from core.ui.notes import note
from core.ui.page import Page
from core.ui.training import charts, compare, datasets, looks, mistakes, trying
from core.ui.training.session import TRANSFER, AnyRun
from core.ui.transfer import blocks, collecting, settings, space, stage, taking, viewing, where

HIDEABLE = settings.HIDEABLE
SOURCES = ("current image", "camera", "upload", "test pictures", "drawing")


def _curves(run: Run) -> None:
    """Every batch of the run on the stage."""
    if run.latest("started") is None:
        st.info("Its curves begin with the first step.")
        return
    curves.show(charts.learning(run), key="learning_curves", height_px=stage.CHART_PX)


LIVE: Mapping[str, Callable[[Run], None]] = {
    "curves": _curves,
    "confusion": mistakes.matrix,
    "mistakes": mistakes.worst,
    "predictions": looks.predictions,
    "maps": looks.feature_maps,
    "norms": looks.norms,
}
"""Views of a run; they follow it while it goes."""
OF_A_RUN = (*LIVE, "try", "space", "where", "code")
"""Views with a choice of the way that they are about."""


def draw_settings() -> None:
    """Everything the next runs are made of."""
    settings.draw()


def download() -> None:
    """What the run on the stage leaves to take home."""
    taking.download(viewing.viewed())


def show_stage(lesson: TransferLesson) -> None:
    """The three ways."""
    stage.show(lesson)


def show_view(chosen: str, here: Page) -> None:
    """What was chosen to stand below."""
    lesson = state.current(TransferLesson)
    run: AnyRun | None = viewing.choose() if chosen in OF_A_RUN else viewing.viewed()
    if chosen in LIVE:
        _live(chosen, run)
    elif chosen == "data":
        data.show(TransferLesson)
        taking.reopen()
    elif chosen == "collect":
        collecting.show()
    elif chosen == "blocks":
        _blocks(lesson)
    elif chosen == "compare":
        compare.show(TRANSFER)
        taking.reopen()
    elif chosen == "try":
        trying.show(run, SOURCES, space.nearest)
    elif chosen == "space":
        space.show(run)
    elif chosen == "where":
        where.show(run)
    elif chosen == "code":
        taking.code(here, run, lesson.spec("frozen"), *datasets.size(lesson))
    elif chosen == "notes":
        st.markdown(note(here.slug))


def _live(chosen: str, run: AnyRun | None) -> None:
    if run is None:
        st.info("Train one of the ways to see this.", icon=":material/play_circle:")
        return
    LIVE[chosen](run)


def _blocks(lesson: TransferLesson) -> None:
    if predict.on() and not stage.guessed(lesson):
        st.info("Hidden until the guesses are in: this would give the answer away.")
        return
    blocks.show(lesson, stage.classes_of(lesson))


def load_components() -> None:
    """Send the code of the page's components."""
    for component in (confusion, maps, canvas, collect, lens):
        component.code.load()
    curves.load_components()
    data.load_components()
    space.load_components()
    where.load_components()
