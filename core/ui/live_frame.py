"""Frames of a running camera: each replaces the one before, and none is kept on disk."""

from __future__ import annotations

import base64
import binascii

import streamlit as st

from core.images import ImageError, decode_image, digest
from core.ui import current_image, refresh, state
from core.ui.current_image import Photo

TITLE = "Live camera"
_KEY = "live_camera"
_FRAME = "_live_frame"
_PREFIX = "data:image/jpeg;base64,"


def switch() -> None:
    """The switch that starts and ends the camera."""
    st.toggle(
        TITLE,
        key=_KEY,
        on_change=_switched,
        help="The browser sends a small frame, the answer comes back, then the next one goes. "
        "Frames are filtered in the server's memory and forgotten.",
    )


def _switched() -> None:
    st.session_state.pop(_FRAME, None)
    refresh.everything()


def on() -> bool:
    """Whether the camera runs."""
    return bool(st.session_state.get(_KEY))


def photo() -> Photo:
    """The newest frame while the camera runs, the current image otherwise."""
    frame: Photo | None = st.session_state.get(_FRAME) if on() else None
    return frame or current_image.photo()


def is_frame() -> bool:
    """Whether `photo` is a frame."""
    return on() and _FRAME in st.session_state


def take(address: str) -> None:
    """Take a frame from the browser; one that cannot be read is passed over.

    A frame that arrives while settings made by the program (a preset) are still being drawn
    carries the old values of the page's widgets: it is passed over, too.

    Args:
        address: a JPEG as a data address.
    """
    if not on() or state.is_assigned(refresh.STAGE) or state.is_assigned(refresh.SETTINGS):
        return
    try:
        data = base64.b64decode(address.removeprefix(_PREFIX), validate=True)
        pixels = decode_image(data)
    except (binascii.Error, ImageError):
        return
    pixels.setflags(write=False)
    st.session_state[_FRAME] = Photo(TITLE, "", pixels, digest(pixels))
