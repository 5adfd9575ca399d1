"""Which run the views are about: the one that was chosen, the one that goes, or the best."""

from __future__ import annotations

import streamlit as st

from core.lessons.transfer import TITLES
from core.training.transfer import Way
from core.ui.training.session import TRANSFER
from core.ui.transfer.ways import TransferRun, result_of, shown_runs

_KEY = "viewed_way"


def viewed() -> TransferRun | None:
    """The run that the views show.

    What was started by itself, or put here by a person, stays. Of runs that were started
    together each is followed while it goes; then the one that is best on validation pictures
    is shown.
    """
    if chosen := TRANSFER.chosen():
        return chosen
    if going := TRANSFER.going():
        return going
    known = shown_runs(TRANSFER.runs())
    return max(known.values(), key=_accuracy, default=None)  # of equals the first, the quickest


def _accuracy(run: TransferRun) -> float:
    found = result_of(run).accuracy
    return -1.0 if found is None or run.model is None else found


def ways() -> dict[Way, TransferRun]:
    """The run that stands for each way on the stage, the viewed one among them."""
    return shown_runs(TRANSFER.runs(), viewed())


def choose() -> TransferRun | None:
    """Draw the choice between the ways, where there are several; the run that is chosen."""
    run, known = viewed(), ways()
    if run is None or len(known) < 2:
        return run
    # Another widget for each way: were this one set by the program, a message that was on its
    # way from the browser would set it back, and count as a click.
    key = f"{_KEY}_{run.spec.way}"
    st.segmented_control(
        "Of", list(known), default=run.spec.way, key=key, required=True, format_func=_title,
        on_change=_choose, args=(key,), label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    return run


def _choose(key: str) -> None:
    if run := ways().get(st.session_state[key]):
        TRANSFER.show(run)
        st.rerun()  # downloads and code are of the same run


def _title(way: Way) -> str:
    return TITLES[way]
