"""The home page: what there is, and where to begin."""

from __future__ import annotations

import streamlit as st

from core.presets import DECKS, PRESETS
from core.presets.registry import Preset
from core.ui.page import PAGES, Page
from core.ui.share import query


def introduce() -> None:
    """What the app is for, in three sentences."""
    st.markdown(
        "A lab for deep learning on images. Move a slider and see what changes, number by "
        "number; every link carries its settings, so the hall opens what the screen shows. "
        "Choose a picture in the sidebar: it goes through all pages."
    )


def lessons() -> None:
    """A card for each page."""
    with st.container(horizontal=True):
        for page in PAGES:
            if page.section:
                with st.container(border=True, width=420):
                    st.page_link(page.path, label=f"**{page.title}**", icon=page.icon)
                    st.markdown(page.summary)


def presets() -> None:
    """All presets, by lecture deck, each a link into its page."""
    st.subheader("Examples from the lectures", anchor=False)
    words = st.text_input("Search", key="preset_search", placeholder="stride, Penn, 760...")
    found = PRESETS.search(words)
    if not found:
        st.write(f"No preset has {words!r} in its title, topic, deck or description.")
    own = [preset for preset in found if not preset.decks]
    for deck, about in DECKS.items():
        group = [preset for preset in found if deck in preset.decks]
        _group(f"{deck}: {about}", group, opened=bool(words))
    _group("Our own", own, opened=bool(words))


def _group(heading: str, group: list[Preset], *, opened: bool) -> None:
    if not group:
        return
    menu = st.expander(f"{heading} ({len(group)})", expanded=opened)
    with menu, st.container(horizontal=True, gap="small"):
        for preset in group:
            page = _page_of(preset)
            st.page_link(
                page.path,
                label=preset.title,
                icon=page.icon,
                help=preset.look,
                query_params=query(preset.lesson),
            )


def _page_of(preset: Preset) -> Page:
    return next(page for page in PAGES if page.slug == preset.lesson.page)
