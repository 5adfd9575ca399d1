"""The canvas keeps its drawing, and gives on what was drawn."""

import json

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.images.drawn import LARGEST_SIDE, drawing_text, mnist_steps, read_drawing
from core.ui.components import canvas as module
from core.ui.components.canvas import canvas, canvas_data, put

SEVEN = np.zeros((280, 280), np.uint8)
SEVEN[60:80, 60:220] = 255
SEVEN[60:230, 200:220] = 255


@pytest.fixture
def browser(monkeypatch):
    """Session and browser, of which the last thing sent and its callback are kept."""
    session = {}
    sent = {}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(module.code, "mount", lambda **arguments: sent.update(arguments))
    return session, sent


def nothing():
    pass


def test_a_drawing_is_given_on_and_kept_for_the_next_time(browser):
    session, sent = browser
    heard = []
    assert canvas(key="digit", on_drawing=lambda: heard.append(1)) == ""
    session["digit"] = {"drawing": drawing_text(SEVEN)}
    sent["on_drawing_change"]()
    assert heard == [1]
    del session["digit"]  # as Streamlit does when another view stands in its place
    text = canvas(key="digit", on_drawing=nothing)
    assert np.array_equal(read_drawing(text), SEVEN)
    assert sent["data"]["picture"] == text


def test_what_comes_from_the_browser_makes_no_new_version(browser):
    session, sent = browser
    canvas(key="digit", on_drawing=nothing)
    before = sent["data"]["version"]
    session["digit"] = {"drawing": drawing_text(SEVEN)}
    sent["on_drawing_change"]()
    canvas(key="digit", on_drawing=nothing)
    assert sent["data"]["version"] == before


def test_what_is_put_onto_the_canvas_does(browser):
    _, sent = browser
    canvas(key="digit", on_drawing=nothing)
    before = sent["data"]["version"]
    put("digit", drawing_text(SEVEN))
    assert canvas(key="digit", on_drawing=nothing) == drawing_text(SEVEN)
    assert sent["data"]["version"] != before
    put("digit", "")
    assert canvas(key="digit", on_drawing=nothing) == ""
    assert canvas(key="another", on_drawing=nothing) == ""


def test_whatever_else_the_browser_tells_is_no_drawing(browser):
    session, sent = browser
    canvas(key="digit", on_drawing=nothing)
    for told in ({"drawing": 5}, {"drawing": None}, {}, None):
        session["digit"] = told
        sent["on_drawing_change"]()
        assert canvas(key="digit", on_drawing=nothing) == ""


def test_the_data_is_json():
    data = canvas_data("", height_px=128, width_px=256, ink="black", prompt="Draw")
    assert json.loads(json.dumps(data)) == data
    assert (data["height"], data["width"], data["ink"], data["prompt"]) == (
        128,
        256,
        "black",
        "Draw",
    )


def test_sizes_out_of_bounds_are_refused_in_words():
    with pytest.raises(ValueError, match=f"height 0 is out of bounds. Use 1 to {LARGEST_SIDE}"):
        canvas_data("", height_px=0)
    with pytest.raises(ValueError, match="width 4096 is out of bounds"):
        canvas_data("", width_px=4096)


def steps_page():
    import numpy as np

    from core.images.drawn import mnist_steps
    from core.ui.drawn import show_steps

    seven = np.zeros((280, 280), np.uint8)
    seven[60:80, 60:220] = seven[60:230, 200:220] = 255
    show_steps(mnist_steps(seven))


def test_the_steps_to_a_digit_of_mnist_are_pictures_with_words():
    app = AppTest.from_function(steps_page, default_timeout=30).run()
    assert not app.exception
    titles = ["**Cut out**", "**Fitted into 20 x 20**", "**Centred in 28 x 28**"]
    assert [element.value for element in app.markdown] == titles
    pictures = [element.proto.imgs[0] for element in app.image]
    sentences = mnist_steps(SEVEN).sentences
    assert [picture.caption for picture in pictures] == list(sentences)
    assert pictures[1].alt == f"Fitted into 20 x 20. {sentences[1]}"
    assert "170 x 160 pixels are cut out" in sentences[0]
