"""Maps reach the browser number by number, as closely as 16 bits allow."""

import base64
import json
import math

import numpy as np
import pytest
import skimage.measure
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as hs

from core.ui.components.maps import LONGEST_SIDE, MOST_CELLS, Layer, maps_data, opened

RANDOM = np.random.default_rng(0).normal(0, 3, (24, 20, 6))


def sent(values, **options):
    return maps_data([Layer("conv_1", np.asarray(values))], **options)["layers"][0]


def decoded(data):
    """The numbers as the browser reads them: (K, rows, columns), nan where there is none."""
    steps = np.frombuffer(base64.b64decode(data["numbers"]), dtype="<i2")
    steps = steps.reshape(-1, data["rows"], data["columns"])
    limits = np.array(data["limits"])[:, None, None]
    return np.where(steps == -32768, math.nan, steps / 32767 * limits)


@pytest.mark.parametrize("range_of", ["layer", "map"])
def test_every_number_arrives_to_half_a_step_of_its_range(range_of):
    data = sent(RANDOM, range_of=range_of)
    found = np.moveaxis(decoded(data), 0, 2)
    step = np.array(data["limits"]) / 32767
    # The limits are sent with eight digits.
    assert np.all(np.abs(found - RANDOM) <= step / 2 + 1e-7 * np.abs(RANDOM))


def test_one_range_for_the_layer_or_one_for_each_map():
    largest = np.abs(RANDOM).max(axis=(0, 1))
    assert sent(RANDOM, range_of="map")["limits"] == pytest.approx(largest.tolist(), rel=1e-5)
    shared = sent(RANDOM)["limits"]
    assert shared == pytest.approx([largest.max()] * 6, rel=1e-5)


@given(
    hs.tuples(hs.integers(1, 6), hs.integers(1, 6), hs.integers(1, 4)),
    hs.integers(0, 2**32),
    hs.sampled_from([1e-30, 1.0, 1e30]),
)
@settings(deadline=None, max_examples=50)
def test_signs_and_zeros_are_kept(shape, seed, scale):
    values = np.random.default_rng(seed).integers(-3, 4, shape) * scale
    found = np.moveaxis(decoded(sent(values)), 0, 2)
    assert np.array_equal(np.sign(found), np.sign(values))


def test_what_is_no_number_is_told_apart_from_0():
    values = np.array([[[1.0], [math.nan]], [[math.inf], [0.0]]])
    found = decoded(sent(values))[0]
    assert np.isnan(found).tolist() == [[False, True], [True, False]]
    assert found[0, 0] == 1
    assert sent(np.full((2, 2, 1), math.nan))["limits"] == [0]


def test_float32_and_maps_of_zeros_are_no_trouble():
    data = sent(np.zeros((3, 3, 2), np.float32))
    assert data["limits"] == [0, 0]
    assert not decoded(data).any()


@pytest.mark.parametrize("shape", [(128, 128), (130, 70), (65, 200)])
def test_large_maps_are_averaged_in_blocks(shape):
    values = np.random.default_rng(1).normal(size=(*shape, 2))
    data = sent(values)
    block = data["block"]
    assert max(data["rows"], data["columns"]) <= LONGEST_SIDE
    # scikit-image pads blocks at the edges with nan, which nanmean leaves out.
    for place in range(2):
        expected = skimage.measure.block_reduce(
            values[..., place], block, np.nanmean, cval=math.nan
        )
        assert decoded(data)[place] == pytest.approx(expected, abs=1e-3)
    assert data["note"] == f"each cell is the mean of {block} x {block}"


def test_no_more_maps_are_sent_than_asked_for_or_than_fit():
    many = np.zeros((5, 5, 100))
    data = sent(many, most=40)
    assert len(data["captions"]) == len(data["limits"]) == len(decoded(data)) == 40
    assert data["note"] == "40 of 100 maps"
    large = sent(np.zeros((64, 64, 100)), most=100)
    assert len(large["captions"]) == MOST_CELLS // 64**2
    assert sent(RANDOM)["note"] == ""


def test_captions_are_numbers_unless_given():
    assert sent(RANDOM)["captions"] == ["0", "1", "2", "3", "4", "5"]
    layer = Layer("conv_1", RANDOM[..., :2], ["edge", "spot"])
    assert maps_data([layer])["layers"][0]["captions"] == ["edge", "spot"]


def test_words_give_count_size_and_range():
    values = np.array([[[1.0, -2], [0.5, 4]]])
    assert sent(values)["alt"] == "conv_1: 2 maps of 1 x 2, values from -2 to 4."
    broken = values.copy()
    broken[0, 0, 0] = math.nan
    assert sent(broken)["alt"].endswith("values from -2 to 4, 1 of them no number.")
    assert sent(np.full((1, 1, 1), math.nan))["alt"] == (
        "conv_1: 1 map of 1 x 1, without a number."
    )


def test_the_data_is_json():
    data = maps_data([Layer("a", RANDOM), Layer("b", RANDOM[:3, :3])], range_of="map")
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_what_is_no_stack_of_maps_is_refused_in_words():
    with pytest.raises(ValueError, match=r"'conv_1' has the shape \(3, 3\); maps are"):
        Layer("conv_1", np.zeros((3, 3)))
    with pytest.raises(ValueError, match="at least one cell and one map"):
        Layer("conv_1", np.zeros((3, 3, 0)))
    with pytest.raises(ValueError, match="1 captions cannot stand for the 2 maps"):
        Layer("conv_1", np.zeros((3, 3, 2)), ["edge"])


@pytest.mark.parametrize(
    ("told", "place"),
    [("0,5", (0, 5)), ("0,6", None), ("1,0", None), ("0", None), (None, None), (5, None)],
)
def test_only_a_map_that_is_there_can_be_opened(monkeypatch, told, place):
    monkeypatch.setattr(st, "session_state", {"maps": {"open": told}})
    assert opened("maps", [Layer("conv_1", RANDOM)]) == place
    assert opened("other", [Layer("conv_1", RANDOM)]) is None
