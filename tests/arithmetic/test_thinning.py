"""Thinned lines keep what stands out, and stand still while they grow."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.thinning import thin

ODD = st.sampled_from([math.nan, math.inf, -math.inf])
NUMBERS = st.floats(-1e6, 1e6, width=32)
FINITE = st.lists(NUMBERS, max_size=400)
MIXED = st.lists(st.one_of(NUMBERS, NUMBERS, NUMBERS, ODD), max_size=400)


@given(MIXED, st.integers(8, 60))
@settings(deadline=None)
def test_never_more_points_than_asked_for_in_their_order_with_both_ends(values, most):
    chosen = thin(np.array(values), most)
    assert len(chosen) <= most
    assert np.all(np.diff(chosen) > 0)
    if len(values) <= most:
        assert chosen.tolist() == list(range(len(values)))
    else:
        assert (chosen[0], chosen[-1]) == (0, len(values) - 1)


@given(FINITE.filter(len), st.integers(8, 60))
@settings(deadline=None)
def test_the_lowest_and_the_highest_value_stay(values, most):
    series = np.array(values)
    kept = series[thin(series, most)]
    assert kept.min() == series.min()
    assert kept.max() == series.max()


@given(MIXED, st.integers(8, 60))
@settings(deadline=None)
def test_the_first_value_that_is_not_finite_stays(values, most):
    series = np.array(values)
    broken = np.flatnonzero(~np.isfinite(series))
    kept = set(thin(series, most).tolist())
    assert not len(broken) or broken[0] in kept


@given(FINITE.filter(lambda v: len(v) > 40), st.integers(20, 60), st.data())
@settings(deadline=None)
def test_a_stretch_is_thinned_as_the_series_that_it_is(values, most, data):
    series = np.array(values)
    start = data.draw(st.integers(0, len(values) - 2))
    stop = data.draw(st.integers(start + 1, len(values)))
    chosen = thin(series, most, start=start, stop=stop)
    assert len(chosen) <= most
    assert (chosen[0], chosen[-1]) == (start, stop - 1)
    assert series[chosen].max() == series[start:stop].max()
    assert series[chosen].min() == series[start:stop].min()


def test_what_was_chosen_stays_while_the_series_grows():
    series = np.random.default_rng(3).normal(size=4000)
    now = thin(series[:1501], 200)
    # 98 windows of 16 points hold 1568 of them; from there on windows are twice as long.
    for count in range(1502, 1569):
        before, now = now, thin(series[:count], 200)
        # The end of the series may be no extreme once its window has more points.
        settled = (count - 1) // 16 * 16 - 16
        assert np.array_equal(before[before < settled], now[now < settled])


def test_every_window_keeps_its_extremes():
    series = np.random.default_rng(4).normal(size=1024)
    chosen = set(thin(series, 2 + 2 * 65).tolist())
    for first in range(0, 1024, 16):
        window = series[first : first + 16]
        assert {first + int(window.argmin()), first + int(window.argmax())} <= chosen


def test_a_single_spike_among_a_hundred_thousand_is_seen():
    series = np.zeros(100_000)
    series[77_777] = 1
    assert 77_777 in thin(series, 100)
    series[33_333] = np.nan
    assert {33_333, 77_777} <= set(thin(series, 100).tolist())


def test_too_few_points_are_refused_in_words():
    with pytest.raises(ValueError, match=r"7 points are too few to thin to\. Use 8 or more\."):
        thin(np.zeros(10), 7)
