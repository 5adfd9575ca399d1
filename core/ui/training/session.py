"""Whose runs these are, and which of them the page shows."""

from __future__ import annotations

import uuid

import streamlit as st

from core.data.dataset import Dataset
from core.training import DESK, Run, RunError, RunSpec

_SESSION = "_training_session"
_SHOWN = "_shown_run"
_SAID = "_training_said"


def session() -> str:
    """The browser session's name at the desk."""
    name: str = st.session_state.setdefault(_SESSION, uuid.uuid4().hex)
    return name


def be_here() -> None:
    """Call on every page: a session that has runs is here; the desk learns when it goes."""
    if _SESSION in st.session_state:
        _presence(session())


@st.cache_resource(scope="session", on_release=DESK.leave, show_spinner=False)
def _presence(name: str) -> str:
    """Kept until the browser is gone; then the desk is told."""
    DESK.arrive(name)
    return name


def runs() -> list[Run]:
    """This session's runs, oldest first."""
    return DESK.runs(session())


def going() -> Run | None:
    """The run that has not ended."""
    return DESK.going(session())


def shown() -> Run | None:
    """The run on the stage: the one chosen, else the latest."""
    known = runs()
    chosen = st.session_state.get(_SHOWN)
    return next((run for run in known if run.id == chosen), known[-1] if known else None)


def show(run: Run) -> None:
    """Put a run on the stage."""
    st.session_state[_SHOWN] = run.id


def start(spec: RunSpec, own: Dataset | None, *, paused: bool = False) -> None:
    """Start a run and put it on the stage; say why where that does not work."""
    be_here()
    try:
        run = DESK.start(spec, session(), own, paused=paused)
    except RunError as error:
        say(str(error))
        return
    run.name = run.name or name_of(spec, len(runs()))
    show(run)


def name_of(spec: RunSpec, number: int) -> str:
    """A name that tells runs apart in a list."""
    if spec.finds:
        return f"{number}. Search for a learning rate"
    return f"{number}. {spec.optimizer} {spec.learning_rate:g}"


def say(sentence: str) -> None:
    """Keep a sentence for the stage until the next thing happens."""
    st.session_state[_SAID] = sentence


def said() -> str:
    """The sentence that waits to be shown, once."""
    sentence: str = st.session_state.pop(_SAID, "")
    return sentence
