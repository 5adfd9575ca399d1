"""The link that carries every setting, with a QR code for the hall."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import segno
import streamlit as st

from core.lessons.base import Lesson
from core.ui import current_image, refresh, state
from core.ui.page import Page

LONGEST_QR = 1200
"""Characters of a link that a camera still reads from a projector."""


def query(lesson: Lesson) -> dict[str, str]:
    """The settings as a link carries them: what differs from the defaults, as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in lesson.differences().items()
    }


def link(page: Page, lesson: Lesson) -> str:
    """The address of this page with these settings."""
    parts: dict[str, object] = {**query(lesson)}
    usual = {"photo": current_image.DEFAULT, "view": next(iter(page.views), None)}
    for name in ("photo", "hide", "present", "predict", "view"):
        value = st.session_state.get(name)
        if value and value != usual.get(name):
            parts[name] = "true" if value is True else value
    text = urlencode(parts, doseq=True)
    return _address(page) + (f"?{text}" if text else "")


def _address(page: Page) -> str:
    here = (st.context.url or "http://localhost:8501").split("?")[0].rstrip("/")
    return here if here.endswith(page.slug) else f"{here}/{page.slug}"


def share(page: Page, lesson: Lesson, hideable: Sequence[str]) -> None:
    """A button that opens the link, its QR code, and the choice of controls to hide.

    Args:
        page: where the link leads.
        lesson: settings that the link carries.
        hideable: names of fields, or of families of fields (`stride`), that may be hidden.
    """
    menu = st.popover("Share", icon=":material/share:", key="share", on_change="rerun")
    with menu:
        # Drawn even while the menu is closed: a bound widget that goes takes its part of the
        # link along.
        options = [*hideable, *_asked_besides(lesson, hideable)]
        if "hide" not in st.session_state:
            # The widget reads no commas, and drops what it does not offer.
            asked = state.hidden()
            st.session_state["hide"] = [word for word in options if word in asked]
        st.multiselect(
            "Hide controls from the audience",
            options=options,
            key="hide",
            bind="query-params",
            on_change=refresh.everything,
            help="What is hidden keeps its value. Anyone can change the link: it is no lock.",
        )
        if menu.open:
            _show_link(link(page, lesson))


def _asked_besides(lesson: Lesson, hideable: Sequence[str]) -> list[str]:
    """Further words of the link that hide a control (`kernel_height`)."""
    fields = type(lesson).model_fields
    return sorted(
        word
        for word in state.hidden() - set(hideable)
        if any(state.is_hidden(name, frozenset({word})) for name in fields)
    )


def _show_link(address: str) -> None:
    st.markdown("Opens this page with these settings:")
    st.code(address, language=None, wrap_lines=True)
    if len(address) < LONGEST_QR:
        st.image(_qr_svg(address), alt=f"QR code of {address}", width=220)
    if not current_image.photo().sample:
        st.caption("The link does not carry your own image; those who open it see the sample.")


@st.cache_data(max_entries=64, show_spinner=False)
def _qr_svg(address: str) -> str:
    svg: str = segno.make(address, error="m").svg_inline(scale=4, border=3, light="#fff")
    return svg
