"""Draws the part of the page that it stands in again, once the stage says that it rests."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_follow = st.components.v2.component(
    "receptive_follow", js=Path(__file__).with_name("follow.js").read_text(encoding="utf-8")
)


def follow(*, key: str) -> None:
    """Stand unseen in a fragment that runs again whenever the stage rests."""
    _follow(key=key)
