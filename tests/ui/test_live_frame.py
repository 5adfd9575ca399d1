"""Frames of a running camera: taken, refused, and gone with the switch."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image
import pytest
from streamlit.testing.v1 import AppTest


def address(pixels: np.ndarray, kind: str = "JPEG") -> str:
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, kind)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


FRAME = address(np.full((12, 16, 3), 90, dtype=np.uint8))


def app() -> None:
    """A page with the switch, which says what it shows."""
    import streamlit as st

    from core.ui import live_frame, refresh

    refresh.everything = lambda: None
    if sent := st.session_state.pop("sent", None):
        live_frame.take(sent)
    live_frame.switch()
    shown = live_frame.photo()
    st.write(f"{shown.title} {shown.pixels.shape} {live_frame.is_frame()}")


def shown(at: AppTest) -> str:
    assert not at.exception
    return str(at.markdown[0].value)


def live() -> AppTest:
    at = AppTest.from_function(app).run()
    assert shown(at) == "Chelsea the cat (300, 451, 3) False"
    at.toggle(key="live_camera").set_value(True).run()
    return at


def test_a_frame_is_shown_until_the_camera_is_off():
    at = live()
    assert shown(at) == "Chelsea the cat (300, 451, 3) False"
    at.session_state["sent"] = FRAME
    assert shown(at.run()) == "Live camera (12, 16, 3) True"
    at.session_state["sent"] = address(np.zeros((9, 7, 3), dtype=np.uint8))
    assert shown(at.run()) == "Live camera (9, 7, 3) True"
    at.toggle(key="live_camera").set_value(False).run()
    assert shown(at) == "Chelsea the cat (300, 451, 3) False"


@pytest.mark.parametrize(
    "sent",
    ["data:image/jpeg;base64,", "data:image/jpeg;base64,QUJD", "no address", "%%%",
     "data:image/jpeg;base64,####", "<script>"],
)  # fmt: skip
def test_what_is_no_frame_leaves_the_one_before(sent):
    at = live()
    at.session_state["sent"] = FRAME
    at.run()
    at.session_state["sent"] = sent
    assert shown(at.run()) == "Live camera (12, 16, 3) True"


def test_without_the_switch_nothing_is_taken():
    at = AppTest.from_function(app)
    at.session_state["sent"] = FRAME
    assert shown(at.run()) == "Chelsea the cat (300, 451, 3) False"


def test_a_frame_between_a_preset_and_its_drawing_is_passed_over():
    at = live()
    at.session_state["_assigned"] = {"stage_part"}
    at.session_state["sent"] = FRAME
    assert shown(at.run()) == "Chelsea the cat (300, 451, 3) False"
    at.session_state["_assigned"] = set()
    at.session_state["sent"] = FRAME
    assert shown(at.run()) == "Live camera (12, 16, 3) True"
