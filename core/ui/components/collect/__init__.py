"""Pictures gathered into classes: by camera, from files, by drop."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import streamlit as st

from core.data.collection import MOST_CLASSES, SIDE, Collection, Gathered
from core.ui.components.source import Component

SHOWN = 16
"""Newest pictures of a class that are shown."""
BURST = 12
"""Frames after which a recording goes on its way."""
_THUMB_PX = 72

code = Component("collect", "colour", "camera")


def collect(
    collection: Collection,
    *,
    key: str,
    fewest: int,
    says: str,
    ready: bool,
    used: bool,
    on_tell: Callable[[], None],
) -> None:
    """Show the classes with their pictures, and the camera.

    Args:
        collection: what there is.
        key: the component's key; `told(key)` gives what the person did.
        fewest: pictures that every class needs.
        says: the sentence below.
        ready: whether the pictures can be used.
        used: whether they are.
        on_tell: called when the person has done something.
    """
    data = collect_data(
        collection, fewest=fewest, says=says, ready=ready, used=used, sheet=_kept_sheet
    )
    heard = st.session_state.get(_heard(key), "")
    code.mount(key=key, data=data | {"heard": heard}, on_tell_change=on_tell)


def told(key: str) -> list[dict[str, Any]]:
    """What the person did, in its order, once; for `on_tell`."""
    said = (st.session_state.get(key) or {}).get("tell")
    if not isinstance(said, str):
        return []
    message = json.loads(said)
    stamp = f"{message['from']} {message['number']}"
    if st.session_state.get(_heard(key)) == stamp:  # it was sent twice
        return []
    st.session_state[_heard(key)] = stamp
    acts: list[dict[str, Any]] = message["acts"]
    return acts


def sheet_of(pictures: tuple[bytes, ...]) -> str:
    """The pictures side by side, as an address; one that cannot be read is grey."""
    row = [_thumb(picture) for picture in pictures]
    _, data = cv2.imencode(".jpg", np.concatenate(row, axis=1), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode('ascii')}"


def collect_data(
    collection: Collection,
    *,
    fewest: int,
    says: str,
    ready: bool,
    used: bool,
    sheet: Callable[[tuple[bytes, ...]], str] = sheet_of,
) -> dict[str, Any]:
    """What the browser is sent; `sheet` puts pictures side by side."""
    return {
        "classes": [_class(gathered, sheet) for gathered in collection.classes],
        "fewest": fewest,
        "side": SIDE,
        "burst": BURST,
        "room": len(collection.classes) < MOST_CLASSES,
        "says": says,
        "ready": ready and not used,
        "used": used,
        "heard": "",
    }


def _class(gathered: Gathered, sheet: Callable[[tuple[bytes, ...]], str]) -> dict[str, Any]:
    count = len(gathered.pictures)
    shown = gathered.pictures[-SHOWN:]
    return {
        "number": gathered.number,
        "name": gathered.name,
        "count": count,
        "places": list(range(count - len(shown), count)),
        "sheet": sheet(shown) if shown else "",
    }


@st.cache_data(max_entries=24, scope="session", show_spinner=False)
def _kept_sheet(pictures: tuple[bytes, ...]) -> str:
    """In the session's own cache: pictures of one person are nobody else's business."""
    return sheet_of(pictures)


def _thumb(picture: bytes) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    if decoded is None:
        return np.full((_THUMB_PX, _THUMB_PX, 3), 128, np.uint8)
    return cv2.resize(decoded, (_THUMB_PX, _THUMB_PX), interpolation=cv2.INTER_AREA)


def _heard(key: str) -> str:
    return f"_{key}_heard"
