"""What all pages that train are: a run on the stage, its settings beside it, a view below."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from core import engine
from core.lessons.base import Lesson
from core.ui import page, predict, presets, refresh, share, state
from core.ui.training.session import Seat

L = TypeVar("L", bound=Lesson)
HEARTBEAT = 0.8
"""Seconds between two looks at a run that goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan(Generic[L]):
    """What is particular to one page.

    Attributes:
        lesson: the settings.
        seat: whose runs these are.
        stage: draws buttons, how the run goes, and its curves.
        settings: draws the controls of the next run.
        view: draws what stands below, by its slug.
        live: views that follow a run while it goes.
        download: the button with what can be taken home.
        hideable: names of fields, or of families of fields, that a link may hide.
        components: sends the code of the page's components.
        asks: whether the page has questions of "Predict first".
    """

    lesson: type[L]
    seat: Seat
    stage: Callable[[L], None]
    settings: Callable[[], None]
    view: Callable[[str, page.Page], None]
    live: Collection[str]
    download: Callable[[], None]
    hideable: tuple[str, ...]
    components: Callable[[], None]
    asks: bool = False


def show(here: page.Page, plan: RunPlan[L]) -> None:
    """Draw a page: four fragments; two of them follow the run (see `refresh`).

    Args:
        here: of `page.begin`.
        plan: what is particular to it.
    """
    engine.warm_up()
    plan.seat.be_here()
    stage_side, settings_side = st.columns([3, 1], gap="medium")
    with stage_side:
        stage_place = st.container()
        chosen = page.views(here)
    busy = plan.seat.busy
    heartbeat = HEARTBEAT if busy else None

    @st.fragment(key=refresh.BAR)
    def bar() -> None:
        """It stands still: a button that is redrawn under a click is lost."""
        lesson = state.current(plan.lesson)
        with st.container(horizontal=True, vertical_alignment="center"):
            presets.picker(lesson)
            share.share(here, lesson, plan.hideable)
            plan.download()
            if plan.asks:
                predict.switch()
        refresh.drawn(refresh.BAR)

    @st.fragment(key=refresh.STAGE, run_every=heartbeat)
    def stage() -> None:
        """The whole page is drawn anew once nothing goes any more."""
        lesson = state.current(plan.lesson)
        plan.stage(lesson)
        state.settled(refresh.STAGE)
        refresh.drawn(refresh.STAGE)
        if busy and not plan.seat.busy:
            st.rerun()
        presets.describe(lesson)

    @st.fragment(key=refresh.SETTINGS)
    def settings() -> None:
        plan.settings()

    @st.fragment(key=refresh.VIEW, run_every=heartbeat if chosen in plan.live else None)
    def view() -> None:
        plan.view(chosen, here)

    with stage_place:
        bar()
        stage()
    with settings_side:
        settings()
    with stage_side:
        view()
    plan.components()
