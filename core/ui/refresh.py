"""Which parts of a page run again after a change.

A page is three fragments: the stage with its main sliders, the settings beside it, and the view
below. What a person waits for is the stage; the fewer elements are sent with it, the sooner it
changes. So a main slider redraws stage and view, and the settings follow only where their
ranges changed, once the slider rests (the stage says when).
"""

from __future__ import annotations

import streamlit as st

STAGE, SETTINGS, VIEW = "stage_part", "settings_part", "view_part"


def stage() -> None:
    """Callback: redraw the stage and the view below it."""
    st.rerun([STAGE, VIEW])


def settings() -> None:
    """Callback: redraw the settings, whose ranges have changed."""
    st.rerun(SETTINGS)


def everything() -> None:
    """Callback: redraw all three parts."""
    st.rerun([STAGE, SETTINGS, VIEW])
