"""The live camera beside what a network says of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images import ImageError, decode_image
from core.ui.components.source import Component
from core.ui.components.tiles import percent

code = Component("lens", "colour", "camera")

SIDE = 320
"""Longer side of a frame, in pixels."""
_PREFIX = "data:image/jpeg;base64,"


def lens(
    names: Sequence[str],
    shares: Sequence[float],
    *,
    key: str,
    says: str = "",
    on_frame: Callable[[], None],
) -> None:
    """Show the camera and the last answer.

    Args:
        names: of the classes.
        shares: their probabilities, 0 to 1; empty before the first answer.
        key: the component's key; `frame_of(key)` gives the frame in `on_frame`.
        says: a quiet sentence below.
        on_frame: called for each frame.
    """
    st.session_state[_count(key)] = st.session_state.get(_count(key), 0) + 1
    data = lens_data(names, shares, says) | {"answers": st.session_state[_count(key)]}
    code.mount(key=key, data=data, on_frame_change=on_frame)


def frame_of(key: str) -> npt.NDArray[np.uint8] | None:
    """The frame that has just come, (H, W, 3); None where it cannot be read."""
    said = (st.session_state.get(key) or {}).get("frame")
    if not isinstance(said, str):
        return None
    try:
        content = base64.b64decode(said.partition(" ")[2].removeprefix(_PREFIX), validate=True)
        return decode_image(content)
    except (binascii.Error, ImageError):
        return None


def lens_data(names: Sequence[str], shares: Sequence[float], says: str = "") -> dict[str, Any]:
    """What the browser is sent."""
    best = int(np.argmax(shares)) if len(shares) else -1
    return {
        "title": f"{names[best]}: {percent(shares[best])}" if len(shares) else "",
        "bars": [
            {
                "name": name,
                "share": round(float(share), 4),
                "text": percent(float(share)),
                "first": place == best,
            }
            for place, (name, share) in enumerate(zip(names, shares, strict=False))
        ],
        "says": says,
        "side": SIDE,
    }


def _count(key: str) -> str:
    return f"_{key}_answers"
