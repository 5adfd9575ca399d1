"""Draws the part of the page that it stands in again, once the stage says that it rests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_follow = st.components.v2.component(
    "receptive_follow", js=Path(__file__).with_name("follow.js").read_text(encoding="utf-8")
)


def follow(*, key: str, again: str, on_rested: Callable[[], None]) -> None:
    """Stand unseen in a fragment that runs again whenever the stage rests.

    Args:
        key: of the component.
        again: what to run again for when the browser has drawn this run; "" for nothing.
        on_rested: called before the fragment runs again.
    """
    _follow(key=key, data=[again], on_rested_change=on_rested)
