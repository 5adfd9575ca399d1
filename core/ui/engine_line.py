"""The engine in the sidebar, and whose runs are kept alive."""

from __future__ import annotations

import sys

import streamlit as st

_EVERY = 2.0
_SIGNS = {
    "off": "circle",
    "starting": "pending",
    "ready": "check_circle",
    "busy": "autorenew",
    "waiting": "hourglass_empty",
    "failed": "error",
}


def draw(*, live: bool) -> None:
    """Say how the engine is.

    Args:
        live: whether the line follows it; pages without the engine have no timer.
    """
    st.fragment(_line, run_every=_EVERY if live else None)()


def _line() -> None:
    word, text = "off", "starts with the first training"
    if "core.engine" in sys.modules:
        from core import engine  # half a second that the first page must not wait for

        state = engine.status()
        word = state.word
        text = {
            "off": text,
            "starting": "starting",
            "ready": "ready",
            "busy": "busy",
            "waiting": f"busy, {state.waiting} waiting",
            "failed": f"not available. {state.reason}",
        }[word]
    st.caption(
        f":material/{_SIGNS[word]}: Engine: {text}",
        help="The processes in which Keras runs, apart from the one that shows the pages.",
    )


def keep_runs() -> None:
    """A session that has runs is here: they must not end for want of a viewer."""
    if any(f"_{page}_session" in st.session_state for page in ("training", "transfer")):
        from core.ui.training.session import SEATS

        for seat in SEATS:
            if seat.taken:
                seat.be_here()
