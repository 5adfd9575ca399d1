"""The heat over a picture is sent as steps, lines and words."""

import json

import numpy as np
import pytest
import streamlit as st

from core.ui.components.heat import LONGEST_PX, clicked, heat_data, in_words, outline

BARS = [("cat", 0.9), ("dog", 0.1)]
COARSE = np.array([[0, 2], [-3, 0.5]], np.float32)


def blob(row, column, side=100):
    rows, columns = np.mgrid[:side, :side]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 400).astype(np.float32)


def test_the_line_is_where_the_heat_is_half():
    """A Gauss bell of variance 200 is half as high sqrt(400 ln 2) = 16.65 pixels away."""
    (line,) = outline(blob(40, 60))
    x, y = np.array(line).reshape(-1, 2).T * 100
    np.testing.assert_allclose(np.hypot(x - 60.5, y - 40.5), 16.65, atol=0.5)


def test_at_the_edge_of_the_picture_it_leaves_it():
    (line,) = outline(blob(50, 99))
    x = np.array(line).reshape(-1, 2)[:, 0]
    assert x.max() > 1 > 0.85 > x.min()


def test_where_nothing_is_hot_there_is_no_line():
    assert outline(np.zeros((20, 30), np.float32)) == []


def test_the_data_is_json_with_the_cells_as_they_are():
    picture = np.zeros((600, 900, 3), np.uint8)
    data = heat_data(picture, blob(10, 20), COARSE, BARS, 1, title="A", note="B")
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert (data["width"], data["height"]) == (LONGEST_PX, round(LONGEST_PX * 600 / 900))
    assert data["cells"] == [0, 2, -3, 0.5]
    assert (data["rows"], data["columns"], data["reach"]) == (2, 2, 3.0)
    assert [bar["text"] for bar in data["bars"]] == ["90 %", "10 %"]
    assert not data["nothing"]
    assert not data["crisp"]


def test_nothing_is_nothing():
    picture = np.zeros((8, 8, 1), np.uint8)
    data = heat_data(picture, np.zeros((8, 8), np.float32), -np.abs(COARSE), BARS, 0)
    assert data["nothing"]
    assert data["crisp"]
    assert data["alt"] == "What speaks for cat (90 %): nothing in this layer."


def test_in_words_it_tells_where():
    half = np.zeros((100, 100), np.float32)
    half[:, 50:] = 1
    told = in_words(half, BARS, 0)
    assert "about 75% from the left and 50% from the top; 50% of the picture" in told


@pytest.mark.parametrize(
    ("told", "label"),
    [(0, 0), (1, 1), (1.0, 1), (2, None), (-1, None), (0.5, None), ("1", None), (None, None)],
)
def test_only_a_class_is_taken_for_one(monkeypatch, told, label):
    monkeypatch.setattr(st, "session_state", {"heat": {"label": told}})
    assert clicked("heat", 2) == label
    assert clicked("another", 2) is None
