"""The stage: buttons, how it goes, curves, and what can be changed on the way."""

from __future__ import annotations

import math

import streamlit as st

from core.lessons.training import TrainingLesson
from core.training import Run
from core.training.finder import suggest
from core.ui import curves, state
from core.ui.training import charts, datasets, steering
from core.ui.training.session import TRAINING
from core.ui.training.status import name_of
from core.ui.training.steering import button

CHART_PX = 220


def buttons(run: Run | None) -> None:
    """Start, and what can be asked of the run that goes."""
    going = run is not None and not run.ended
    with st.container(horizontal=True, key="run_buttons"):
        if run is None or run.ended:
            button("Start", "play_arrow", start, primary=True, help="Train with the settings.")
            wait = "Begin, and wait before the first batch."
            button("Start paused", "skip_next", start_paused, help=wait)
        else:
            steering.buttons(TRAINING, run)
        if run is not None:
            again = "Back to the same initial weights, with the settings as they are now."
            button("Rewind", "replay", rewind, help=again)
        search = "Raise the learning rate from 1e-6 to 10 until the loss explodes."
        button("Find a learning rate", "query_stats", find, disabled=going, help=search)


def start() -> None:
    """Callback: train with the page's settings."""
    _begin(paused=False)


def start_paused() -> None:
    """Callback: begin and wait before the first batch."""
    _begin(paused=True)


def find() -> None:
    """Callback: search for a learning rate."""
    lesson = state.current(TrainingLesson)
    spec = lesson.run_spec().model_copy(update={"schedule": "finder", "changes": ()})
    TRAINING.start(spec, datasets.own(lesson), name=name_of(spec))
    st.rerun()


def rewind() -> None:
    """Callback: end the run and begin again from the same weights, paused."""
    run = TRAINING.shown()
    if run and not run.ended:
        run.stop()
        run.wait(5)
    _begin(paused=True)


def _begin(*, paused: bool) -> None:
    lesson = state.current(TrainingLesson)
    spec = lesson.run_spec()
    TRAINING.start(spec, datasets.own(lesson), name=name_of(spec), paused=paused)
    st.rerun()


def show(run: Run | None) -> None:
    """How it goes, and the curves."""
    if sentence := TRAINING.said():
        st.error(sentence, icon=":material/error:")
    if run is None:
        st.info(
            "Press **Start**: a network learns on the server, and you watch it. Everything "
            "that it is made of stands beside and below.",
            icon=":material/play_circle:",
        )
        return
    steering.tell(run)
    steering.live_controls(TRAINING, run)
    if run.spec.finds and run.ended:
        _suggest(run)
    curves.show(charts.learning(run), key="learning_curves", height_px=CHART_PX)


def _suggest(run: Run) -> None:
    """What the search has found, and a button that sets it."""
    series = run.series()
    found = suggest(series.learning_rate, series.loss)
    if found is None:
        st.warning("The loss never fell clearly: no learning rate stands out.")
        return
    places = TrainingLesson().positions("learning_rate")
    rate = min(places, key=lambda place: abs(math.log(place / found.rate)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"The loss falls most steeply at **{found.rate:.2g}**, and is least at "
            f"{found.highest:.2g}."
        )
        st.button(f"Use {rate:g}", on_click=_use_rate, args=(rate,), key="use_found_rate")


def _use_rate(rate: float) -> None:
    lesson = state.current(TrainingLesson)
    state.assign(lesson.model_copy(update={"learning_rate": rate, "schedule": "constant"}))
    st.rerun()
