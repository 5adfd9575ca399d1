"""The frame that every page stands in."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation."""

    path: str
    title: str
    icon: str
    section: str
    summary: str


PAGES = (
    Page("pages/home.py", "Receptive", ":material/home:", "", "All lessons and their presets."),
    Page(
        "pages/image.py",
        "Image as numbers",
        ":material/grid_on:",
        "See",
        "A picture is an H x W x C array: point at a pixel and read its numbers.",
    ),
    Page(
        "pages/convolution.py",
        "Convolution",
        ":material/filter_center_focus:",
        "See",
        "Input, kernel and output, linked cell by cell, with the arithmetic in full.",
    ),
)


def begin(path: str) -> None:
    """Call first in every page: lead a deep link through `streamlit_app.py`.

    Until somebody has opened `/`, Streamlit serves the files of `pages/` on their own, without
    the entry point's frame. The link is kept and followed once the frame stands.
    """
    if "_framed" not in st.session_state:
        st.session_state["_deep_link"] = (path, _all_query_params())
        st.switch_page("streamlit_app.py")


def follow_deep_link() -> None:
    """Call in `streamlit_app.py` after `st.navigation`: go where `begin` was asked to go."""
    if link := st.session_state.pop("_deep_link", None):
        path, query = link
        st.switch_page(path, query_params=query)


def _all_query_params() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def here(path: str) -> Page:
    """The page's entry in the navigation.

    Raises:
        StopIteration: it has none.
    """
    return next(page for page in PAGES if page.path == path)
