"""What the browser is sent of pictures with boxes, and what it says when one is pressed."""

import base64
import json

import cv2
import numpy as np
import pytest
import streamlit as st
from skimage import data

from core.palette import contrast, rgb
from core.ui.components.detections import (
    COLOURS,
    MOST_SIDE_PX,
    BoxedPicture,
    DrawnBox,
    address,
    class_colours,
    detections_data,
    picked,
)

PHOTO = np.ascontiguousarray(data.coffee())


def received(url):
    content = base64.b64decode(url.partition(",")[2])
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_everything_of_the_contract_travels_as_json():
    box = DrawnBox(
        (1, 2.345678, 30, 40), "cup", 0.912345, "#009E73", dash=True, note="IoU 0.5", id="b7"
    )
    picture = BoxedPicture("data:,", 600, 400, "Coffee", [box, DrawnBox((0, 0, 5, 5))])
    sent = json.loads(json.dumps(detections_data([picture], grid=(13, 13), pick=True)))
    assert sent["grid"] == [13, 13]
    assert sent["pick"] is True
    (one,) = sent["pictures"]
    assert (one["url"], one["width"], one["height"], one["title"]) == (
        "data:,", 600, 400, "Coffee",
    )  # fmt: skip
    assert one["alt"] == "Coffee"
    assert one["lines"] == [[], []]
    assert one["boxes"] == [
        {
            "box": [1, 2.35, 30, 40], "label": "cup", "score": 0.9123, "colour": "#009E73",
            "dash": True, "faint": False, "note": "IoU 0.5", "id": "b7",
        },
        {
            "box": [0, 0, 5, 5], "label": "", "score": None, "colour": COLOURS[0],
            "dash": False, "faint": False, "note": "", "id": "1",
        },
    ]  # fmt: skip


def test_numbers_of_numpy_travel_too():
    box = DrawnBox(tuple(np.float32([1, 2, 3, 4])), "a", np.float32(0.5))
    (one,) = detections_data([BoxedPicture("data:,", 9, 9, "", [box])])["pictures"]
    assert json.loads(json.dumps(one))["boxes"][0]["score"] == 0.5


def test_a_picture_is_sent_in_its_colours_and_no_larger_than_a_screen():
    sent = received(address(PHOTO))
    assert sent.shape == PHOTO.shape
    assert np.abs(sent.astype(int) - PHOTO).mean() < 4
    wide = np.repeat(PHOTO, 4, axis=1)
    assert max(received(address(wide)).shape) == MOST_SIDE_PX


def test_seven_classes_have_seven_colours_that_show_on_black():
    labels = [f"class {number}" for number in range(9)]
    colours = class_colours(labels)
    assert len({colours[label] for label in labels[:7]}) == 7
    assert colours["class 7"] == colours["class 0"]
    assert all(contrast(rgb(colour), (0, 0, 0)) > 3 for colour in COLOURS)


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("1;20.50,7.00;b;3;1700", (1, "b;3", 20.5, 7.0)),
        ("0;3.00,4.00;;1700", (0, "", 3.0, 4.0)),
        ("", None),
        ("nonsense", None),
    ],
)
def test_what_was_pressed_is_understood(monkeypatch, message, meant):
    monkeypatch.setattr(st, "session_state", {"boxes": {"pick": message}})
    assert picked("boxes") == meant
