"""What stands round every page: navigation, the sidebar, the projector's look."""

from __future__ import annotations

import streamlit as st

from core.ui.page import PAGES


def navigation() -> dict[str, list[st.Page]]:
    """The pages by section, for `st.navigation`."""
    sections: dict[str, list[st.Page]] = {}
    for page in PAGES:
        entry = st.Page(page.path, title=page.title, icon=page.icon, default=page.section == "")
        sections.setdefault(page.section, []).append(entry)
    return sections


def draw() -> None:
    """The sidebar."""
