"""Charts say their numbers in words, and refuse what cannot be drawn."""

import numpy as np
import pytest

from core.curves import (
    Axis,
    Chart,
    Curve,
    Histogram,
    Mark,
    Spot,
    chart_in_words,
    histogram_in_words,
    number,
)

LOSS = Axis("loss", "Loss")


def curve(y, name="Training", **options):
    return Curve(name, np.arange(1.0, len(y) + 1), np.array(y, dtype=np.float64), **options)


def test_words_give_the_latest_the_lowest_and_the_highest_value():
    chart = Chart((LOSS,), (curve([2.5, 0.25, 0.5]),))
    assert chart_in_words(chart) == (
        "Loss by batch: Training 0.5 at batch 3 (lowest 0.25, highest 2.5)."
    )


def test_words_tell_curves_marks_and_spots_apart():
    chart = Chart(
        (LOSS, Axis("accuracy", "Accuracy")),
        (curve([1, 2]), curve([3, 4], "Validation"), curve([0.5], axis="accuracy")),
        (Mark(900, "learning rate 0.01 -> 0.001"),),
        (Spot(0.002, 1.5, "suggested"),),
        x_title="Epoch",
    )
    assert chart_in_words(chart) == (
        "Loss by epoch: Training 2 at epoch 2 (lowest 1, highest 2); "
        "Validation 4 at epoch 2 (lowest 3, highest 4). "
        "Accuracy by epoch: Training 0.5 at epoch 1. "
        "Points: suggested at 0.002, 1.5. "
        "Marked: learning rate 0.01 -> 0.001 at 900."
    )


def test_words_name_what_is_no_number_and_where_it_began():
    broken = Chart((LOSS,), (curve([1, np.nan, 2, np.nan]),))
    assert chart_in_words(broken) == (
        "Loss by batch: Training not a number at batch 4 (lowest 1, highest 2), "
        "not a number first at batch 2."
    )
    grown = Chart((LOSS,), (curve([1, np.inf, 1]),))
    assert "infinite first at batch 2" in chart_in_words(grown)
    lost = Chart((LOSS,), (curve([np.nan, np.nan]),))
    assert "lowest" not in chart_in_words(lost)


def test_words_say_that_there_is_nothing_yet():
    assert chart_in_words(Chart((LOSS,), (curve([]),))) == "Loss: no value yet."
    assert chart_in_words(Chart((LOSS,), ())) == "Loss: no value yet."
    empty = Histogram("Weights", np.array([0.0, 1.0]), np.array([0]))
    assert histogram_in_words(empty) == "Weights: no value yet."


def test_a_histogram_names_its_fullest_bin():
    counts, edges = np.histogram([0.1, 0.2, 0.3, 0.9, -0.4], bins=[-0.5, 0, 0.5, 1])
    assert histogram_in_words(Histogram("Weights", edges, counts)) == (
        "Weights: 5 values from -0.5 to 1; most, 3, lie between 0 and 0.5."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1875, "1,875"), (0.000123456, "0.0001235"), (2e-7, "2e-07"), (1e12, "1e+12")],
)
def test_numbers_have_four_digits(value, text):
    assert number(value) == text


def test_what_cannot_be_drawn_is_refused_in_words():
    with pytest.raises(ValueError, match="'Training' has 3 places and 2 values"):
        Curve("Training", np.arange(3.0), np.arange(2.0))
    with pytest.raises(ValueError, match="'Training' goes back in x"):
        Curve("Training", np.array([1.0, 3, 2]), np.zeros(3))
    with pytest.raises(ValueError, match="no axis 'rate'; the chart has loss"):
        Chart((LOSS,), (curve([1], axis="rate"),))
    with pytest.raises(ValueError, match="no axis 'rate'"):
        Chart((LOSS,), (), spots=(Spot(1, 1, "here", "rate"),))
    with pytest.raises(ValueError, match="2 counts and 2 edges; n bins have"):
        Histogram("Weights", np.array([0.0, 1]), np.array([1, 2]))
    with pytest.raises(ValueError, match="do not ascend"):
        Histogram("Weights", np.array([0.0, 0, 1]), np.array([1, 2]))
