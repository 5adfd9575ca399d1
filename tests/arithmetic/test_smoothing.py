"""The running average is a filter that other libraries have, without its bias."""

import math

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.smoothing import running_average

SERIES = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60)
WEIGHTS = st.floats(0, 0.99)


@given(SERIES, WEIGHTS)
@settings(deadline=None)
def test_it_is_scipys_first_order_filter_over_what_it_makes_of_ones(values, weight):
    filtered = scipy.signal.lfilter([1 - weight], [1, -weight], values)
    ones = scipy.signal.lfilter([1 - weight], [1, -weight], np.ones(len(values)))
    found = running_average(np.array(values), weight)
    np.testing.assert_allclose(found, filtered / ones, rtol=1e-6, atol=1e-6)


@given(st.floats(-1e6, 1e6), st.integers(1, 50), WEIGHTS)
@settings(deadline=None)
def test_a_constant_stays_what_it_is_from_the_first_value_on(value, count, weight):
    found = running_average(np.full(count, value), weight)
    # Below the smallest normal number, half of a value may be 0.
    np.testing.assert_allclose(found, value, rtol=1e-9, atol=1e-300)


def test_weight_0_changes_nothing():
    series = np.array([3.0, -1, 2.5])
    assert running_average(series, 0).tolist() == series.tolist()


def test_the_weights_of_three_values_by_hand():
    # (1 * w^2 + 2 * w + 6) / (w^2 + w + 1) with w = 0.5
    assert running_average(np.array([1.0, 2, 6]), 0.5)[-1] == pytest.approx(7.25 / 1.75)


def test_what_is_no_number_is_passed_over():
    series = np.array([1.0, math.nan, 3, math.inf, -math.inf, 5])
    found = running_average(series, 0.5)
    assert np.array_equal(np.isfinite(found), np.isfinite(series))
    assert np.isnan(found[1])
    assert (found[3], found[4]) == (math.inf, -math.inf)
    alone = running_average(np.array([1.0, 3, 5]), 0.5)
    np.testing.assert_allclose(found[[0, 2, 5]], alone)


@pytest.mark.parametrize("weight", [-0.1, 1, 1.5])
def test_a_weight_out_of_bounds_is_refused_in_words(weight):
    with pytest.raises(ValueError, match=f"weight {weight:g} is out of bounds"):
        running_average(np.ones(3), weight)


@pytest.mark.parametrize("weight", [0.3, 0.9, 0.999])
def test_long_series_are_averaged_as_precisely(weight):
    values = np.random.default_rng(5).normal(size=20_000) * np.geomspace(1e6, 1e-6, 20_000)
    filtered = scipy.signal.lfilter([1 - weight], [1, -weight], values)
    ones = scipy.signal.lfilter([1 - weight], [1, -weight], np.ones(20_000))
    found = running_average(values, weight)
    # As exact as the largest of the values that still weigh something.
    tolerance = 1e-12 * running_average(np.abs(values), weight)
    assert np.all(np.abs(found - filtered / ones) <= tolerance)
