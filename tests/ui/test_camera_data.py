"""Classes gathered by camera, and the live answer: what the browser is sent and says."""

import base64
import io
import json

import numpy as np
import PIL.Image
import pytest
import streamlit as st

from core.data.collection import Collection
from core.ui.components import collect, lens


def jpeg(level=0, side=64):
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), (level, level, level)).save(buffer, "JPEG")
    return buffer.getvalue()


def address(content):
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


@pytest.fixture
def session(monkeypatch):
    kept = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def test_the_newest_pictures_of_a_class_come_side_by_side():
    taken = Collection().after(
        {"act": "pictures", "number": 1, "pictures": [address(jpeg(10 * n)) for n in range(20)]}
    )
    data = collect.collect_data(taken, fewest=5, says="x", ready=False, used=False)
    first, second = data["classes"]
    assert (first["count"], first["places"]) == (20, list(range(4, 20)))
    assert (second["count"], second["sheet"]) == (0, "")
    sheet = PIL.Image.open(io.BytesIO(base64.b64decode(first["sheet"].partition(",")[2])))
    assert sheet.size == (72 * 16, 72)
    pixels = np.asarray(sheet)[36, 36::72, 0].astype(int)
    assert np.abs(pixels - 10 * np.arange(4, 20)).max() <= 3


def test_pictures_in_use_cannot_be_used_again():
    data = collect.collect_data(Collection(), fewest=5, says="", ready=True, used=True)
    assert (data["ready"], data["used"]) == (False, True)


def test_a_message_that_comes_twice_is_heard_once(session):
    acts = [{"act": "add"}, {"act": "rename", "number": 1, "name": "cup"}]
    session["c"] = {"tell": json.dumps({"from": "me", "number": 7, "acts": acts})}
    assert collect.told("c") == acts
    assert session["_c_heard"] == "me 7"
    assert collect.told("c") == []
    session["c"] = {}
    assert collect.told("c") == []


def test_a_frame_is_read_and_nonsense_is_passed_over(session):
    session["l"] = {"frame": f"3 {address(jpeg(50))}"}
    frame = lens.frame_of("l")
    assert frame.shape == (64, 64, 3)
    assert abs(int(frame.mean()) - 50) <= 2
    for bad in ("", "3 nonsense", None, 4, "1 data:image/jpeg;base64,AAAA"):
        session["l"] = {"frame": bad}
        assert lens.frame_of("l") is None


def test_bars_stand_in_the_order_of_the_classes_and_the_first_is_named():
    data = lens.lens_data(("cup", "pen", "hand"), (0.2, 0.7, 0.1))
    assert data["title"] == "pen: 70 %"
    assert [(bar["name"], bar["first"]) for bar in data["bars"]] == [
        ("cup", False), ("pen", True), ("hand", False),
    ]  # fmt: skip
    assert lens.lens_data(("cup", "pen"), ())["bars"] == []
