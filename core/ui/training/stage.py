"""The stage: buttons, how it goes, curves, and what can be changed on the way."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import streamlit as st

from core.lessons.training import MOMENTA, RATES, SHARES, STRENGTHS, TrainingLesson
from core.training import Run, RunError
from core.training.finder import suggest
from core.ui import curves, state
from core.ui.training import charts, datasets, session
from core.ui.training.status import progress, status_line

CHART_PX = 220
PATIENCE = 0.5
"""Seconds that a button waits for the run to do what was asked, so that the page shows it."""


def buttons(run: Run | None) -> None:
    """Start, and what can be asked of the run that goes."""
    going = run is not None and not run.ended
    with st.container(horizontal=True, key="run_buttons"):
        if run is None or run.ended:
            _button("Start", "play_arrow", start, primary=True, help="Train with the settings.")
            wait = "Begin, and wait before the first batch."
            _button("Start paused", "skip_next", start_paused, help=wait)
        else:
            _steering(run)
        if run is not None:
            again = "Back to the same initial weights, with the settings as they are now."
            _button("Rewind", "replay", rewind, help=again)
        search = "Raise the learning rate from 1e-6 to 10 until the loss explodes."
        _button("Find a learning rate", "query_stats", find, disabled=going, help=search)


def _steering(run: Run) -> None:
    paused = run.state == "paused"
    if paused:
        _button("Resume", "play_arrow", _ask(run, "resume"), primary=True)
    else:
        waits = run.state == "queued"
        _button("Pause", "pause", _ask(run, "pause"), primary=True, disabled=waits)
    _button("1 batch", "skip_next", _ask(run, "one_batch"), disabled=not paused)
    _button("1 epoch", "fast_forward", _ask(run, "one_epoch"), disabled=not paused)
    _button("Stop", "stop", _ask(run, "stop"))


def _button(
    label: str,
    icon: str,
    on_click: Callable[[], None],
    *,
    primary: bool = False,
    disabled: bool = False,
    help: str | None = None,
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        on_click=on_click,
        type="primary" if primary else "secondary",
        disabled=disabled,
        help=help,
        key=f"run_{label.lower().replace(' ', '_')}",
    )


def _ask(run: Run, what: str) -> Callable[[], None]:
    def ask() -> None:
        before, state_before = run.version, run.state
        try:
            getattr(run, what)()
        except RunError as error:
            session.say(str(error))
            return
        until = time.monotonic() + PATIENCE
        while run.state == state_before and time.monotonic() < until:
            run.wait_for_news(before, PATIENCE)
            before = run.version

    return ask


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
    session.start(spec, datasets.own(lesson))
    st.rerun()


def rewind() -> None:
    """Callback: end the run and begin again from the same weights, paused."""
    run = session.shown()
    if run and not run.ended:
        run.stop()
        run.wait(5)
    _begin(paused=True)


def _begin(*, paused: bool) -> None:
    lesson = state.current(TrainingLesson)
    session.start(lesson.run_spec(), datasets.own(lesson), paused=paused)
    st.rerun()


def show(run: Run | None) -> None:
    """How it goes, and the curves."""
    if sentence := session.said():
        st.error(sentence, icon=":material/error:")
    if run is None:
        st.info(
            "Press **Start**: a network learns on the server, and you watch it. Everything "
            "that it is made of stands beside and below.",
            icon=":material/play_circle:",
        )
        return
    with st.container(key="run_status"):
        st.markdown(f"**{run.name}** · {status_line(run)}")
        st.progress(progress(run))
    if run.reason:
        tell = st.error if run.state == "failed" else st.info
        tell(run.reason)
    live_controls(run)
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


LIVE = {
    "learning_rate": ("Learning rate now", RATES),
    "momentum": ("Momentum now", MOMENTA),
    "dropout": ("Dropout now", SHARES),
    "augmentation_strength": ("Augmentation now", STRENGTHS),
}


def live_controls(run: Run) -> None:
    """What can be changed while the run goes; each change is marked in the chart."""
    if run.ended or run.spec.finds:
        return
    names = ["learning_rate", "dropout"]
    if run.spec.optimizer not in ("sgd", "adagrad"):
        names.insert(1, "momentum")
    if run.spec.augmentation != "none":
        names.append("augmentation_strength")
    with st.container(horizontal=True, gap="medium", key="live"):
        for name in names:
            _live_slider(run, name)


def _live_slider(run: Run, name: str) -> None:
    label, places = LIVE[name]
    key = f"live_{name}_{run.id}"
    stops = sorted({*places["stops"], _now(run, name)})  # type: ignore[misc]

    def change() -> None:
        try:
            run.set(**{name: float(st.session_state[key])})
        except RunError as error:
            session.say(str(error))

    st.select_slider(
        label, stops, value=_now(run, name), key=key, on_change=change,
        format_func=lambda value: f"{value:g}",
        help="Acts from the next batch on, without a restart. The chart marks it.",
    )  # fmt: skip


def _now(run: Run, name: str) -> float:
    changed = [change.value for change in run.changes() if change.setting == name]
    return float(changed[-1] if changed else getattr(run.spec, name))
