"""Overlap of masks: closed forms, identities between the measures, refusals."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.vision.metrics import (
    MetricError,
    compare,
    dice,
    iou,
    pixel_accuracy,
    precision,
    recall,
)

PAIRS = array_shapes(min_dims=2, max_dims=2, max_side=12).flatmap(
    lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape))
)


def square(y, x, side, canvas=20):
    mask = np.zeros((canvas, canvas), bool)
    mask[y : y + side, x : x + side] = True
    return mask


def test_two_squares_shifted_by_half():
    # 10 x 10 each, shifted by 5: they share 5 x 10 = 50 of 150 pixels.
    truth, predicted = square(0, 0, 10), square(0, 5, 10)
    assert compare(truth, predicted).counts == (50, 50, 50, 250)
    assert iou(truth, predicted) == 50 / 150
    assert dice(truth, predicted) == 100 / 200
    assert precision(truth, predicted) == recall(truth, predicted) == 0.5
    assert pixel_accuracy(truth, predicted) == 300 / 400


@pytest.mark.parametrize("shift", [0, 1, 3, 6])
def test_a_shifted_square_has_the_iou_of_geometry(shift):
    side = 6
    shared = max(side - shift, 0) ** 2
    expected = shared / (2 * side**2 - shared)
    assert iou(square(2, 2, side), square(2 + shift, 2 + shift, side)) == expected


def test_a_small_object_missed_has_a_high_accuracy_and_no_iou():
    # 2 % of the pixels are the object: who says "nothing" is right in 98 %.
    truth = np.zeros((10, 10), bool)
    truth[4, 4:6] = True
    nothing = np.zeros_like(truth)
    assert pixel_accuracy(truth, nothing) == 0.98
    assert iou(truth, nothing) == dice(truth, nothing) == recall(truth, nothing) == 0
    assert precision(truth, nothing) == 1  # nothing was said, so nothing said is wrong


def test_of_nothing_everything_is_right():
    empty = np.zeros((3, 4), bool)
    for measure in (iou, dice, precision, recall, pixel_accuracy):
        assert measure(empty, empty) == 1
    full = ~empty
    assert (iou(empty, full), dice(empty, full), precision(empty, full)) == (0, 0, 0)
    assert recall(empty, full) == 1


@given(PAIRS)
def test_measures_keep_their_identities(pair):
    truth, predicted = pair
    overlap, f1 = iou(truth, predicted), dice(truth, predicted)
    assert 0 <= overlap <= f1 <= 1
    assert f1 == pytest.approx(2 * overlap / (1 + overlap))
    assert overlap == iou(predicted, truth)
    assert precision(truth, predicted) == recall(predicted, truth)
    assert (overlap == 1) == np.array_equal(truth, predicted)
    p, r = precision(truth, predicted), recall(truth, predicted)
    assume(p + r > 0 and truth.any() and predicted.any())
    assert f1 == pytest.approx(2 * p * r / (p + r))  # Dice is F1


@given(PAIRS)
def test_every_pixel_is_one_of_four(pair):
    found = compare(*pair)
    parts = [
        found.true_positive, found.false_positive, found.false_negative, found.true_negative,
    ]  # fmt: skip
    np.testing.assert_array_equal(sum(part.astype(int) for part in parts), 1)
    assert found.counts == tuple(int(part.sum()) for part in parts)


@given(PAIRS)
def test_the_distance_of_jaccard_is_scipys(pair):
    from scipy.spatial.distance import jaccard

    one, other = (mask.ravel() for mask in pair)
    assume(one.any() or other.any())
    assert 1 - iou(*pair) == pytest.approx(jaccard(one, other))


def test_masks_may_be_numbers_of_which_0_is_outside():
    assert iou([[0, 255]], np.array([[0.0, 1.0]])) == 1
    assert iou(np.array([[0, 7]], np.uint8), [[False, True]]) == 1


def test_sizes_that_differ_are_said():
    with pytest.raises(MetricError, match="4 x 5 pixels and 5 x 4 pixels do not lie over each"):
        iou(np.zeros((4, 5), bool), np.zeros((5, 4), bool))
    with pytest.raises(MetricError, match="no pixel to compare"):
        dice(np.zeros((0, 3)), np.zeros((0, 3)))


def test_fractions_and_texts_are_no_mask():
    with pytest.raises(MetricError, match=r"from 0.2 to 0.9. Cut it at a threshold first"):
        iou([[0.2, 0.9]], [[0, 1]])
    with pytest.raises(MetricError, match="from nan to nan"):
        iou([[math.nan]], [[0]])
    with pytest.raises(MetricError, match="Use truth values or whole numbers"):
        iou([["a"]], [[0]])
