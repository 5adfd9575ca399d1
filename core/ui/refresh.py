"""Which parts of a page run again after a change.

A page is three fragments: the stage with its main sliders, the settings beside it, and the view
below; where the stage refreshes itself, the bar above it is a fourth. What a person waits for
is the stage; the fewer elements are sent with it, the sooner it changes. So a main slider
redraws the stage, and the view unless that stands still; the settings follow only where their
ranges changed, once the slider rests (the stage says when, and `follow` hears it).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

BAR, STAGE, SETTINGS, VIEW = "bar_part", "stage_part", "settings_part", "view_part"


def stage() -> None:
    """Callback: redraw the stage and the view below it."""
    st.session_state[_LEFT] = True
    _redraw(STAGE, VIEW)


def slid() -> None:
    """Callback of a main slider: redraw the stage, and the view unless it stands still."""
    st.session_state[_LEFT] = True
    _redraw(STAGE, *(() if st.session_state.get(_STANDS) else (VIEW,)))


def stands(still: bool) -> None:
    """Say of the view that was drawn whether main sliders leave it as it is."""
    st.session_state[_STANDS] = still


def everything() -> None:
    """Callback: redraw all parts."""
    bar = (BAR,) if _fragments(BAR) else ()
    _redraw(*bar, STAGE, SETTINGS, VIEW)


def drawn(part: str) -> None:
    """Call when a part of the page has been drawn."""
    st.session_state[_STALE] = _stale() - {part}
    if part == SETTINGS:
        st.session_state[_LEFT] = False


def sent_by(part: str) -> Literal["no", "among others", "yes"]:
    """Whether this run was asked for by a message of that part of the page, in a callback.

    A message that the browser sends for one part (a slider in it was moved, its timer ticked)
    says how the widgets of all parts stand there. A run of the whole page is everybody's.
    """
    context = get_script_run_ctx()
    running = context.fragment_ids_this_run if context else None
    if not context or not running:
        return "yes"
    own = _fragments(part)
    if not own:
        return "yes"
    if not any(fragment in running for fragment in own):
        return "no"
    return "yes" if len(running) == 1 else "among others"


def by_history() -> bool:
    """Whether the browser went back or forward in its history: the link decides then."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def draws(part: str) -> bool:
    """Whether this run draws that part of the page."""
    context = get_script_run_ctx()
    running = context.fragment_ids_this_run if context else None
    return not running or any(fragment in running for fragment in _fragments(part))


def settings_wait(moved: bool) -> bool:
    """Whether the stage has to say when it rests, because the settings follow only then.

    Not where this run draws them too: a message that comes in the middle of it carries what the
    browser's widgets held before, and undoes a step back in the browser's history.

    Args:
        moved: whether the settings stand with other ranges than they should.
    """
    waiting = moved and bool(st.session_state.get(_LEFT)) and SETTINGS not in _stale()
    st.session_state[_LEFT] = waiting
    return waiting


def _redraw(*parts: str) -> None:
    """Redraw these parts, and those that are still to be redrawn.

    Of two changes that arrive together (a slider and a clicked cell) the second one stops the
    run of the first before it has drawn anything.
    """
    stale = _stale() | set(parts)
    st.session_state[_STALE] = stale
    st.rerun([part for part in (BAR, STAGE, SETTINGS, VIEW) if part in stale])


def _fragments(part: str) -> Sequence[str]:
    """Streamlit's names of a part of this page; none where it has never been drawn."""
    context = get_script_run_ctx()
    try:
        return context.fragment_storage.resolve_target(part) if context else ()
    except StreamlitAPIException:
        return ()


def _stale() -> frozenset[str]:
    parts: frozenset[str] = st.session_state.get(_STALE, frozenset())
    return parts


_STALE = "_stale_parts"
_LEFT = "_settings_left"
_STANDS = "_view_stands"
