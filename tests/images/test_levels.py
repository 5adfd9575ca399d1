"""Quantisation and histograms against closed forms and counting."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.images.colour import SPACES, planes
from core.images.levels import MOST_BINS, histogram, quantize

ALL_VALUES = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)


@pytest.mark.parametrize("bits", range(1, 9))
def test_levels_follow_the_formula_for_every_value(bits: int) -> None:
    quantized = quantize(ALL_VALUES, bits)
    assert quantized.bits == bits
    assert quantized.levels.dtype == quantized.shown.dtype == np.uint8
    for v in range(256):
        level = math.floor(v * 2**bits / 256)
        assert quantized.levels.flat[v] == level
        assert quantized.shown.flat[v] == math.floor(level * 255 / (2**bits - 1) + 0.5)


@pytest.mark.parametrize(
    ("bits", "shown"), [(1, [0, 255]), (2, [0, 85, 170, 255]), (4, list(range(0, 256, 17)))]
)
def test_the_shown_levels_are_spread_from_black_to_white(bits: int, shown: list[int]) -> None:
    assert np.unique(quantize(ALL_VALUES, bits).shown).tolist() == shown


def test_one_bit_splits_at_128() -> None:
    shown = quantize(np.array([[[0], [127], [128], [255]]], dtype=np.uint8), 1).shown
    assert shown.ravel().tolist() == [0, 0, 255, 255]


def test_eight_bits_change_nothing() -> None:
    np.testing.assert_array_equal(quantize(ALL_VALUES, 8).shown, ALL_VALUES)


@given(hnp.arrays(np.uint8, (4, 5, 3)), st.integers(1, 8))
def test_quantising_twice_is_quantising_once(image: np.ndarray, bits: int) -> None:
    once = quantize(image, bits)
    twice = quantize(once.shown, bits)
    np.testing.assert_array_equal(twice.shown, once.shown)
    np.testing.assert_array_equal(twice.levels, once.levels)


@pytest.mark.parametrize("bits", [0, 9, -1])
def test_impossible_bits_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match=f"{bits} bits per channel is out of bounds"):
        quantize(ALL_VALUES, bits)


@pytest.mark.parametrize("bins", [256, 128, 64, 32, 16, 8, 4, 2, 1])
def test_bins_hold_equally_many_of_the_256_values(bins: int) -> None:
    every = np.repeat(ALL_VALUES, 3, axis=-1)
    counts = histogram(planes(every, "rgb")[0], bins).counts
    assert counts.tolist() == [256 // bins] * bins


@given(hnp.arrays(np.uint8, (6, 7, 3)))
def test_with_256_bins_each_value_is_counted(image: np.ndarray) -> None:
    for channel, plane in enumerate(planes(image, "rgb")):
        expected = Counter(image[..., channel].ravel().tolist())
        counts = histogram(plane, 256).counts
        assert {v: n for v, n in enumerate(counts.tolist()) if n} == dict(expected)


@given(
    hnp.arrays(np.uint8, (5, 6, 3)), st.sampled_from(list(SPACES)), st.integers(1, MOST_BINS)
)
def test_no_pixel_is_lost_in_any_colour_space(image: np.ndarray, space: str, bins: int) -> None:
    for plane in planes(image, space):
        found = histogram(plane, bins)
        assert found.counts.sum() == 30
        assert found.edges.shape == (bins + 1,)
        assert (found.edges[0], found.edges[-1]) == (plane.low, plane.high)


def test_edges_belong_to_the_bin_above_and_the_last_to_the_last() -> None:
    plane = planes(ALL_VALUES.repeat(3, axis=-1), "hsv")[2]
    values = np.array([[0.0, 0.25, 0.5, 0.75, 1.0]], dtype=np.float32)
    assert histogram(replace(plane, values=values), 4).counts.tolist() == [1, 1, 1, 2]


@pytest.mark.parametrize("bins", [0, MOST_BINS + 1])
def test_impossible_bins_are_refused(bins: int) -> None:
    with pytest.raises(ValueError, match=f"{bins} bins is out of bounds. Use 1 to 1024"):
        histogram(planes(ALL_VALUES.repeat(3, axis=-1), "rgb")[0], bins)
