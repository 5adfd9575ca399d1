"""A drawing of Python's own making, in the page's type and colours."""

from __future__ import annotations

from core.ui.components.source import Component

code = Component("ladder")


def drawn(svg: str, *, key: str) -> None:
    """Show a drawing. `st.html` takes SVG out, and `st.image` gives it no theme.

    Args:
        svg: the drawing, made by the app; nothing of what a person has typed or uploaded.
        key: the component's key.
    """
    code.mount(key=key, data={"svg": svg})
