"""The moment of a run that is looked at: the newest, or an earlier one."""

from __future__ import annotations

import streamlit as st

from core.training import Event, Run

KEY = "run_moment"
NEWEST = -1


def snapshot_of(run: Run, *, scrub: bool = False) -> Event | None:
    """The snapshot to show, and a slider over all that are kept.

    Args:
        run: whose.
        scrub: whether to draw the slider.
    """
    kept = run.snapshots()
    if not kept:
        st.info("Nothing to see yet: the network is being built.")
        return None
    if not scrub or len(kept) < 2:
        return kept[-1]
    return _scrubbed(kept)


def _scrubbed(kept: list[Event]) -> Event:
    """The snapshot nearest before the step that the slider stands at; at its end the newest."""
    steps = [event.step for event in kept[:-1]]
    places = [*dict.fromkeys(steps), NEWEST]
    if st.session_state.get(KEY) not in places:
        now = st.session_state.get(KEY, NEWEST)
        earlier = [place for place in places[:-1] if place <= now]
        st.session_state[KEY] = earlier[-1] if now != NEWEST and earlier else NEWEST
    # The words of a place must not change: the browser knows the places by them.
    chosen = st.select_slider(
        "Batch",
        places,
        key=KEY,
        format_func=lambda step: "now" if step == NEWEST else f"{step:,}",
        help="Go back to see how it looked earlier. At the right end it follows the run.",
    )
    if chosen == NEWEST:
        return kept[-1]
    return next(event for event in kept if event.step == chosen)
