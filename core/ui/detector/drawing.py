"""Boxes drawn by hand on uploaded pictures."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import PurePath

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from core.data.archives import cleaned
from core.data.box_files import FEWEST_PICTURES, PICTURES
from core.images import ImageError, decode_image
from core.lessons.boxes_hand import HandBox, read
from core.ui import refresh
from core.ui.components import sketch
from core.ui.components.source import said
from core.vision.annotations import write_coco
from core.vision.coats import in_colour

SKETCH, NAMES, ON = "detector_sketch", "detector_names", "detector_draw_on"
_DRAWN = "_detector_drawn"
MOST_PICTURES, MOST_NAMES = 100, 20
LONGEST_PX = 480
"""Of a picture that is drawn on; its boxes are in these pixels."""

Pixels = npt.NDArray[np.uint8]
Files = Sequence[tuple[str, bytes]]


def drawable(files: Files) -> dict[str, bytes]:
    """The single pictures of an upload, by their names."""
    found = {n: data for n, data in files if PurePath(n).suffix.lower() in PICTURES}
    return dict(list(found.items())[:MOST_PICTURES])


def file_of_boxes(files: Files) -> str:
    """What was drawn as COCO's JSON; empty where nothing was."""
    names, drawn = classes(), _drawn()
    records, sizes = [], dict[Hashable, tuple[float, float]]()
    for name in drawable(files):
        size, boxes = drawn.get(name, ((0, 0), ()))
        known = [box for box in boxes if box.label < len(names)]
        sizes |= {name: size} if known else {}
        records += [{"image": name, "box": box.box, "label": names[box.label]} for box in known]
    return write_coco(records, sizes) if records else ""


def classes() -> tuple[str, ...]:
    """The names that a box can have, as they were typed."""
    typed = [cleaned(name) for name in str(st.session_state.get(NAMES, "")).split(",")]
    return tuple(dict.fromkeys(name for name in typed if name))[:MOST_NAMES] or ("thing",)


def show(files: Files) -> None:
    """One of the pictures to draw on, and what its boxes can be called."""
    pictures = drawable(files)
    if not pictures:
        return
    drawn = _drawn()
    with st.expander("Draw boxes", icon=":material/draw:", expanded=True):
        st.text_input(
            "Classes", "thing", key=NAMES, max_chars=400, on_change=refresh.everything,
            help="Names with commas between them, such as: cup, spoon.",
        )  # fmt: skip
        if st.session_state.get(ON) not in pictures:
            st.session_state[ON] = next(iter(pictures))
        name = str(st.selectbox("Picture", list(pictures), key=ON))
        done = sum(bool(drawn.get(each, ((0, 0), ()))[1]) for each in pictures)
        st.caption(
            f"{done} of {len(pictures)} pictures have drawn boxes; at least {FEWEST_PICTURES} "
            "need some, and a few dozen to learn from."
        )
        try:
            pixels = _reduced(pictures[name])
        except ImageError as error:
            st.warning(str(error))
            return
        height, width = pixels.shape[:2]
        boxes = drawn.get(name, ((width, height), ()))[1]
        sketch.sketch(
            [box for box in boxes if box.label < len(classes())], classes(), (width, height),
            pixels, name=name, key=SKETCH, on_boxes=_take, truth_only=True,
        )  # fmt: skip


def forget() -> None:
    """Let go of everything drawn: other pictures have come."""
    st.session_state.pop(_DRAWN, None)


def _drawn() -> Mapping[str, tuple[tuple[int, int], tuple[HandBox, ...]]]:
    """Size, and boxes, of each picture that was drawn on."""
    kept: Mapping[str, tuple[tuple[int, int], tuple[HandBox, ...]]] = st.session_state.get(
        _DRAWN, {}
    )
    return kept


def _take() -> None:
    """Callback: keep the boxes of the picture that was drawn on."""
    text, name = said(SKETCH, "boxes"), st.session_state.get(ON)
    size = st.session_state.get(f"{_DRAWN}_size")
    if not text or not name or not size:
        return
    try:
        boxes = read(text)
    except (ValueError, IndexError):  # nothing that this page has sent
        return
    st.session_state[_DRAWN] = {**_drawn(), name: (size, tuple(boxes))}
    refresh.everything()


def _reduced(content: bytes) -> Pixels:
    """The picture as it is drawn on, in colour.

    Raises:
        ImageError: it cannot be read.
    """
    pixels = _decoded(content)
    height, width = pixels.shape[:2]
    st.session_state[f"{_DRAWN}_size"] = (width, height)
    return pixels


@st.cache_data(max_entries=8, show_spinner=False)
def _decoded(content: bytes) -> Pixels:
    pixels = decode_image(content)
    pixels = in_colour(pixels if pixels.ndim == 3 else pixels[..., None])
    scale = LONGEST_PX / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
