"""What can be asked of a run that goes, and what can be changed on the way."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from core.lessons.training import MOMENTA, RATES, SHARES, STRENGTHS
from core.training import RunError
from core.training.spec import TrainingSpec
from core.ui.training.session import AnyRun, Seat
from core.ui.training.status import begins_with, progress, status_line

PATIENCE = 0.5
"""Seconds that a button waits for the run to do what was asked, so that the page shows it."""
LIVE = {
    "learning_rate": ("Learning rate now", RATES),
    "momentum": ("Momentum now", MOMENTA),
    "dropout": ("Dropout now", SHARES),
    "augmentation_strength": ("Augmentation now", STRENGTHS),
}


def buttons(seat: Seat, run: AnyRun) -> None:
    """Pause, single steps and stop, for a run that goes."""
    paused = run.state == "paused"
    if paused:
        button("Resume", "play_arrow", _ask(seat, run, "resume"), primary=True)
    else:
        waits = run.state == "queued"
        button("Pause", "pause", _ask(seat, run, "pause"), primary=True, disabled=waits)
    button("1 batch", "skip_next", _ask(seat, run, "one_batch"), disabled=not paused)
    button("1 epoch", "fast_forward", _ask(seat, run, "one_epoch"), disabled=not paused)
    button("Stop", "stop", _ask(seat, run, "stop"))


def button(
    label: str,
    icon: str,
    on_click: Callable[[], None],
    *,
    primary: bool = False,
    disabled: bool = False,
    help: str | None = None,
) -> None:
    """A button of a run; its key is `run_` and the label."""
    st.button(
        label,
        icon=f":material/{icon}:",
        on_click=on_click,
        type="primary" if primary else "secondary",
        disabled=disabled,
        help=help,
        key=f"run_{label.lower().replace(' ', '_')}",
    )


def _ask(seat: Seat, run: AnyRun, what: str) -> Callable[[], None]:
    def ask() -> None:
        before, state_before = run.version, run.state
        try:
            getattr(run, what)()
        except RunError as error:
            seat.say(str(error))
            return
        until = time.monotonic() + PATIENCE
        while run.state == state_before and time.monotonic() < until:
            run.wait_for_news(before, PATIENCE)
            before = run.version

    return ask


def tell(run: AnyRun) -> None:
    """State, progress, and why it has ended."""
    with st.container(key="run_status"):
        st.markdown(f"**{run.name}** · {status_line(run)}")
        st.progress(progress(run))
    if run.reason:
        say = st.error if run.state == "failed" else st.info
        say(run.reason)


def live_controls(seat: Seat, run: AnyRun) -> None:
    """What can be changed while the run goes; each change is marked in the chart."""
    if run.ended or run.spec.finds:
        return
    with st.container(horizontal=True, gap="medium", key="live"):
        for name in LIVE:
            if heeds(run.spec, name):
                _live_slider(seat, run, name)


def heeds(spec: TrainingSpec, name: str) -> bool:
    """Whether a run takes another value of this setting while it goes."""
    try:
        spec.check_live(name)
    except RunError:
        return False
    return True


def _live_slider(seat: Seat, run: AnyRun, name: str) -> None:
    label, places = LIVE[name]
    key = f"live_{name}_{run.id}"
    stops = sorted({*places["stops"], _now(run, name)})  # type: ignore[misc]
    st.select_slider(
        label, stops, value=_now(run, name), key=key,
        on_change=_change, args=(seat, run.id, name),
        format_func=lambda value: f"{value:g}",
        help="Acts from the next batch on, without a restart. The chart marks it.",
    )  # fmt: skip


def _change(seat: Seat, run_id: str, name: str) -> None:
    """Callback: bring a slider's value to its run; see `Seat.known`."""
    if (run := seat.known(run_id)) is None:
        return
    try:
        run.set(**{name: float(st.session_state[f"live_{name}_{run_id}"])})
    except RunError as error:
        seat.say(str(error))


def _now(run: AnyRun, name: str) -> float:
    changed = [change.value for change in run.changes() if change.setting == name]
    return float(changed[-1] if changed else begins_with(run.spec, name))
