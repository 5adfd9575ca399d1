"""What stands round every page: navigation, the sidebar, the projector's look."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from core.ui import current_image, engine_line
from core.ui.page import PAGES

ICON = str(Path(__file__).with_name("icon.png"))

LARGE_TYPE = 1.25
"""How much larger everything is on a projector."""

_LOOK = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 3.2rem; padding-bottom: 3rem; }
[data-testid="stMainBlockContainer"] h1 { font-size: 2.1rem; padding: 0 0 0.2rem; }
@media (pointer: fine) {
  [data-testid="stSidebarNavLink"] { padding-top: 0; padding-bottom: 0; line-height: 1.6; }
}
[data-testid="stSidebarHeader"] { height: 2.4rem; margin-bottom: 0; }
[data-testid="stSidebarNavSeparator"] { margin-top: 0.6rem; margin-bottom: 0; }
.st-key-view button p::first-letter { text-transform: uppercase; }
.katex-display { padding: 0.35rem 0 0.1rem; }
[data-testid="stMarkdownContainer"] table { display: block; max-width: 100%; overflow-x: auto; }
@media (min-width: 900px) {
  [data-testid="stMainBlockContainer"] { padding-left: 3rem; padding-right: 3rem; }
}
</style>
"""
_PROJECTOR = f"""
<style>
html {{ font-size: {16 * LARGE_TYPE:g}px !important; }}
[data-testid="stCaptionContainer"], [data-testid="stWidgetLabel"] p {{ opacity: 1 !important; }}
[data-testid="stMainBlockContainer"] {{ padding: 3.6rem 1.5rem 2rem; }}
[data-testid="stWidgetLabel"] p {{ font-weight: 600; }}
</style>
"""


def presenting() -> bool:
    """Whether the page is meant for a projector."""
    if "present" in st.session_state:
        return bool(st.session_state["present"])
    return st.query_params.get("present", "").lower() == "true"


def sidebar_state() -> Literal["collapsed", "auto"]:
    """Folded on a projector."""
    return "collapsed" if presenting() else "auto"


def navigation() -> dict[str, list[st.Page]]:
    """The pages by section, for `st.navigation`."""
    sections: dict[str, list[st.Page]] = {}
    for page in PAGES:
        entry = st.Page(page.path, title=page.title, icon=page.icon, default=page.section == "")
        sections.setdefault(page.section, []).append(entry)
    return sections


def draw(slug: str) -> None:
    """The look, the current image and the engine in the sidebar.

    Args:
        slug: of the page that is about to be drawn.
    """
    st.html(_LOOK + (_PROJECTOR if presenting() else ""))
    with st.sidebar:
        current_image.choose()
        engine_line.draw(live=any(page.slug == slug and page.live for page in PAGES))
    engine_line.keep_runs()
