"""The confusion table is sent what was counted, and says it in words."""

import json

import numpy as np
import pytest
import streamlit as st

from core.arithmetic.confusion import Confusion
from core.ui.components.confusion import (
    COMPACT_FROM,
    MOST_CLASSES,
    clicked,
    confusion_data,
    summary,
)

DIGITS = Confusion(np.array([[45, 1, 7], [0, 50, 0], [3, 0, 57]]))
NAMES = ("4", "7", "9")


def square(classes):
    return Confusion(np.arange(classes**2, dtype=np.int64).reshape(classes, classes))


def test_counts_and_margins_are_those_of_the_matrix():
    data = confusion_data(DIGITS, NAMES)
    assert data["counts"] == [45, 1, 7, 0, 50, 0, 3, 0, 57]
    assert data["actual"] == [53, 50, 60]
    assert data["predicted"] == [48, 51, 64]
    assert data["recall"] == ["84.9", "100", "95.0"]
    assert data["precision"] == ["93.8", "98.0", "89.1"]
    assert data["accuracy"] == "93.3"
    assert data["shares"][2] == "13.2"


def test_tones_are_the_shares_of_the_row():
    data = confusion_data(DIGITS, NAMES)
    tones = np.array(data["tones"]).reshape(3, 3)
    np.testing.assert_allclose(tones, DIGITS.counts / [[53], [50], [60]], atol=5e-5)
    np.testing.assert_allclose(tones.sum(axis=1), 1, atol=2e-4)


def test_tones_of_mistakes_leave_the_diagonal_out_and_reach_1():
    tones = np.array(confusion_data(DIGITS, NAMES, tint="mistakes")["tones"]).reshape(3, 3)
    assert np.diag(tones).tolist() == [0, 0, 0]
    assert tones.max() == tones[0, 2] == 1
    assert tones[2, 0] == pytest.approx((3 / 60) / (7 / 53), abs=5e-5)
    perfect = confusion_data(Confusion(np.diag([1, 2])), "ab", tint="mistakes")
    assert perfect["tones"] == [0, 0, 0, 0]


def test_percentages_are_100_and_0_only_where_that_is_exact():
    nearly = Confusion(np.array([[99_999, 1], [0, 4]]))
    data = confusion_data(nearly, "ab")
    assert data["recall"] == ["99.9", "100"]
    assert data["shares"] == ["99.9", "0.1", "0", "100"]


def test_classes_without_pictures_have_no_shares():
    data = confusion_data(Confusion(np.array([[2, 0], [0, 0]])), "ab")
    assert data["recall"] == ["100", "–"]
    assert data["precision"] == ["100", "–"]
    assert data["tones"] == [1, 0, 0, 0]


@pytest.mark.parametrize("classes", [1, 2, 20, 21, MOST_CLASSES])
def test_the_data_is_json_for_every_number_of_classes(classes):
    data = confusion_data(square(classes), [str(c) for c in range(classes)], selected=(0, 0))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert len(data["counts"]) == len(data["tones"]) == len(data["shares"]) == classes**2
    assert data["compact"] == (classes >= COMPACT_FROM)


def test_the_summary_names_accuracy_and_means():
    assert summary(DIGITS) == (
        "Accuracy 93.3 % (152 of 163 pictures); means over classes: recall 93.3 %, "
        "precision 93.6 %, F1 93.4 %."
    )
    assert summary(Confusion(np.array([[1]])), ("pixel", "pixels")).startswith(
        "Accuracy 100 % (1 of 1 pixel);"
    )
    assert summary(Confusion(np.zeros((2, 2), np.int64))) == "No picture yet."


def test_what_cannot_be_shown_is_refused_in_words():
    with pytest.raises(ValueError, match="101 classes are too many to show; at most 100"):
        confusion_data(square(101), ["x"] * 101)
    with pytest.raises(ValueError, match="2 names cannot stand for 3 classes"):
        confusion_data(DIGITS, "ab")


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ("1,2", (1, 2)),
        ("none", None),
        ("1,3", None),
        ("-1,0", None),
        ("1,2,0", None),
        ("1", None),
        (12, None),
        (None, None),
    ],
)
def test_only_a_cell_of_the_table_is_taken_for_one(monkeypatch, told, cell):
    monkeypatch.setattr(st, "session_state", {"table": {"cell": told}})
    assert clicked("table", 3) == cell
    assert clicked("another", 3) is None
