"""A canvas to draw on with mouse, finger, pen or keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from core.images.drawn import LARGEST_SIDE
from core.ui.components.source import Component

Ink = Literal["white", "black"]

SIDE_PX = 280
"""Side of the drawing: ten times that of a picture of MNIST."""
BRUSH_PX = 24
"""Width of the brush, which leaves strokes as wide as MNIST's, 2 to 3 pixels of 28."""

code = Component("canvas", "colour", "axes", "strokes")


def canvas(
    *,
    key: str,
    on_drawing: Callable[[], None],
    height_px: int = SIDE_PX,
    width_px: int = SIDE_PX,
    shown_px: int = 320,
    brush_px: int = BRUSH_PX,
    ink: Ink = "white",
    prompt: str = "Draw a digit",
) -> str:
    """Show a canvas and give what is drawn on it.

    Args:
        key: the component's key; its drawing is kept when another view stands in its place.
        on_drawing: called shortly after each stroke, each undo and when it is cleared.
        height_px: rows of the drawing, at most `LARGEST_SIDE`.
        width_px: columns of the drawing, at most `LARGEST_SIDE`.
        shown_px: widest that it is on the screen.
        brush_px: width of the brush at first, in pixels of the drawing, 4 to 64.
        ink: how it looks; what is given back is bright ink on black either way.
        prompt: what stands on the empty canvas, and what it is called.

    Returns:
        The drawing as text for `core.images.drawn.read_drawing`, "" while it is empty.
    """

    def keep() -> None:
        st.session_state[_kept(key)] = _told(key)
        on_drawing()

    text: str = st.session_state.get(_kept(key), "")
    data = canvas_data(
        text,
        version=st.session_state.get(_version(key), 0),
        height_px=height_px,
        width_px=width_px,
        shown_px=shown_px,
        brush_px=brush_px,
        ink=ink,
        prompt=prompt,
    )
    code.mount(key=key, data=data, on_drawing_change=keep)
    return text


def put(key: str, text: str) -> None:
    """Put a drawing on the canvas, such as a digit of the data set; "" empties it.

    Args:
        key: the component's key.
        text: a data URL, as `core.images.drawn.drawing_text` makes it.
    """
    st.session_state[_kept(key)] = text
    st.session_state[_version(key)] = st.session_state.get(_version(key), 0) + 1


def canvas_data(
    picture: str,
    *,
    version: int = 0,
    height_px: int = SIDE_PX,
    width_px: int = SIDE_PX,
    shown_px: int = 320,
    brush_px: int = BRUSH_PX,
    ink: Ink = "white",
    prompt: str = "Draw a digit",
) -> dict[str, Any]:
    """What the browser is sent; it takes `picture` over whenever `version` is another.

    Raises:
        ValueError: a size out of bounds.
    """
    for side, length in (("height", height_px), ("width", width_px)):
        if not 1 <= length <= LARGEST_SIDE:
            raise ValueError(f"{side} {length} is out of bounds. Use 1 to {LARGEST_SIDE}.")
    return {
        "picture": picture,
        "version": version,
        "height": height_px,
        "width": width_px,
        "shown": shown_px,
        "brush": brush_px,
        "ink": ink,
        "prompt": prompt,
    }


def _kept(key: str) -> str:
    return f"_{key}_kept"


def _version(key: str) -> str:
    return f"_{key}_version"


def _told(key: str) -> str:
    """What the browser has told; nothing unless it is text."""
    state = st.session_state.get(key)
    text = state.get("drawing") if state else ""
    return text if isinstance(text, str) else ""
