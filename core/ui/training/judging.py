"""The test pictures, asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from core.engine.connection import EngineError
from core.ui.training.session import AnyRun

T = TypeVar("T")


def judged(run: AnyRun | None, key: str, judge: Callable[[AnyRun, bytes], T]) -> T | None:
    """What the test pictures say of a run, once a person has asked; None before.

    Args:
        run: on the stage.
        key: of the button; the answer is kept beside it.
        judge: asks the engine, given the run and its model.
    """
    if run is None or run.model is None:
        st.info("Once a run has ended, it can be judged here.", icon=":material/gavel:")
        return None
    st.caption(
        "The test pictures were neither trained on nor used for any choice. Ask once, at the "
        "end: who chooses by them makes them validation pictures."
    )
    place = f"{key}_of_{run.id}"
    if st.button("Judge the test pictures", key=key, icon=":material/gavel:"):
        try:
            st.session_state[place] = judge(run, run.model)
        except EngineError as error:
            st.warning(str(error))
    found: T | None = st.session_state.get(place)
    return found
