"""Curves reach the browser thinned, rounded and without a number that is none."""

import json

import numpy as np
import pytest
import streamlit as st

from core.arithmetic.smoothing import running_average
from core.charts import Measured, progress
from core.curves import Axis, Chart, Curve, Histogram, Mark, Spot
from core.ui.components import curves
from core.ui.components.bars import bars_data
from core.ui.components.curves import MOST_POINTS, curves_data

LOSS = Axis("loss", "Loss")
STEPS = np.arange(1.0, 20_001)
NOISE = np.random.default_rng(0).normal(size=20_000)


def sent(curve, **options):
    return curves_data(Chart((LOSS,), (curve,)), **options)["axes"][0]["curves"][0]


def long_curve(y=NOISE, **options):
    return Curve("Training", STEPS[: len(y)], np.asarray(y, dtype=np.float64), **options)


def test_few_points_are_sent_as_they_are():
    data = sent(long_curve([2.3025851, 0.1, 12345.678]))
    assert data["x"] == [1, 2, 3]
    assert data["y"] == [2.3026, 0.1, 12346]
    assert data["last"] == 12346


def test_many_points_are_thinned_to_what_a_screen_shows():
    data = sent(long_curve())
    assert MOST_POINTS / 2 < len(data["x"]) == len(data["y"]) <= MOST_POINTS
    assert max(data["y"]) == pytest.approx(NOISE.max(), rel=1e-4)
    assert min(data["y"]) == pytest.approx(NOISE.min(), rel=1e-4)
    for x, y in zip(data["x"], data["y"], strict=True):
        assert y == pytest.approx(NOISE[x - 1], rel=1e-4)


@pytest.mark.parametrize("follow", [False, True])
def test_a_zoomed_stretch_is_sent_point_by_point(follow):
    zoom = (19_900.0, 20_000.0, True) if follow else (700.0, 800.0, False)
    data = sent(long_curve(), zoom=zoom)
    assert len(data["x"]) <= MOST_POINTS
    assert set(range(int(zoom[0]), int(zoom[1]) + 1)) <= set(data["x"])
    assert (data["x"][0], data["x"][-1]) == (1, 20_000)


def test_a_stretch_that_follows_moves_to_the_newest_point():
    data = sent(long_curve(), zoom=(400.0, 500.0, True))
    assert set(range(19_900, 20_001)) <= set(data["x"])


def test_a_zoom_beyond_the_curve_harms_nothing():
    for zoom in ((30_000.0, 40_000.0, False), (-5.0, -1.0, False), (5.0, 5.0, False)):
        data = sent(long_curve(), zoom=zoom)
        assert (data["x"][0], data["x"][-1]) == (1, 20_000)
        assert len(data["x"]) <= MOST_POINTS


def test_the_smooth_line_has_the_points_of_the_raw_one():
    data = sent(long_curve(smoothing=0.9))
    smooth = running_average(NOISE, 0.9)
    assert data["smooth"] == pytest.approx([smooth[x - 1] for x in data["x"]], rel=1e-4)
    assert data["last"] == pytest.approx(smooth[-1], rel=1e-4)
    assert sent(long_curve())["smooth"] is None


def test_what_is_no_number_breaks_the_line_and_is_named():
    data = sent(long_curve([1, np.nan, 3, np.inf, -np.inf], smoothing=0.5))
    assert data["y"] == [1, None, 3, None, None]
    assert [value is None for value in data["smooth"]] == [False, True, False, True, True]
    assert data["broken"] == [[2, "NaN"], [4, "inf"], [5, "-inf"]]
    assert data["last"] == "-inf"


def test_everything_is_json():
    measured = Measured(STEPS, np.where(STEPS % 7 == 0, np.nan, NOISE), NOISE)
    chart = progress(measured, measured, measured, marks=[Mark(2, "paused")], steps=30_000)
    data = curves_data(chart)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["marks"] == [{"x": 2, "text": "paused"}]
    assert (data["xHigh"], data["perEpoch"]) == (30_000, None)
    assert data["alt"].startswith("Loss by batch: Training, per batch")


def test_curves_stand_under_their_axis_and_spots_know_its_place():
    rate = Axis("rate", "Learning rate", log=True)
    chart = Chart(
        (LOSS, rate),
        (long_curve([1], axis="rate"), long_curve([2])),
        spots=(Spot(1, 1, "here", "rate"),),
    )
    data = curves_data(chart)
    assert [axis["curves"][0]["y"] for axis in data["axes"]] == [[2], [1]]
    assert [axis["log"] for axis in data["axes"]] == [False, True]
    assert data["spots"] == [{"axis": 1, "x": 1, "y": 1, "text": "here"}]


def test_an_empty_curve_is_sent_empty():
    data = sent(long_curve([], smoothing=0.9))
    assert (data["x"], data["y"], data["smooth"], data["last"]) == ([], [], [], None)


@pytest.mark.parametrize(
    ("told", "zoom"),
    [
        ([2, 5.5, True], (2.0, 5.5, True)),
        (None, None),
        ([2, 5], None),
        (["2", 5, True], None),
        ([float("nan"), 5, True], None),
        ({"from": 2}, None),
    ],
)
def test_only_a_zoom_is_taken_for_one(monkeypatch, told, zoom):
    monkeypatch.setattr(st, "session_state", {"chart": {"zoom": told}})
    assert curves._zoom("chart") == zoom
    assert curves._zoom("another") is None


def test_histograms_are_sent_with_their_total():
    counts, edges = np.histogram(NOISE, bins=10)
    (data,) = bars_data([Histogram("Weights", edges, counts)])["histograms"]
    assert data["counts"] == counts.tolist()
    assert data["total"] == 20_000
    assert data["edges"] == pytest.approx(edges.tolist(), rel=1e-6)
    assert data["alt"].startswith("Weights: 20,000 values from")
    assert json.loads(json.dumps(data, allow_nan=False)) == data
