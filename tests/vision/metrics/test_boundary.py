"""The outlines' measure: closed forms on squares, and distances computed one by one."""

import math

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.vision.metrics import MetricError, boundary, boundary_f, match_boundaries


def square(y, x, side, canvas=60):
    mask = np.zeros((canvas, canvas), bool)
    mask[y : y + side, x : x + side] = True
    return mask


def test_the_outline_of_a_square_is_its_rim():
    outline = boundary(square(3, 4, 10))
    assert outline.sum() == 4 * 10 - 4
    assert outline[3, 4]
    assert not outline[4, 5]


def test_beyond_the_picture_is_not_outside():
    assert not boundary(np.ones((5, 5), bool)).any()
    # A band over the whole height: only its two long sides are outline.
    band = np.zeros((6, 9), bool)
    band[:, 3:6] = True
    np.testing.assert_array_equal(np.flatnonzero(boundary(band).all(0)), [3, 5])
    assert boundary(band).sum() == 12


@given(arrays(bool, (9, 11)))
def test_the_outline_is_scipys(mask):
    eroded = scipy.ndimage.binary_erosion(mask, border_value=1)
    np.testing.assert_array_equal(boundary(mask), mask & ~eroded)


def test_outlines_within_the_tolerance_match_and_beyond_it_do_not():
    # 0.8 % of the diagonal of 60 x 60 is 0.68: one pixel.
    assert match_boundaries(square(10, 10, 20), square(10, 10, 20)).tolerance_px == 1
    assert boundary_f(square(10, 10, 20), square(9, 9, 22)) == pytest.approx(
        # The corners of the larger square are sqrt(2) away from the smaller one's.
        2 * (80 / 84) / (80 / 84 + 1)
    )
    assert boundary_f(square(10, 10, 20), square(14, 14, 12)) == 0


def test_a_ragged_outline_costs_f_and_hardly_iou():
    from core.vision.metrics import iou

    truth = square(100, 100, 300, canvas=500)
    ragged = truth.copy()
    ragged[100:400:10, 80:100] = True  # spikes of one row, 20 pixels long
    assert iou(truth, ragged) > 0.99
    assert boundary_f(truth, ragged) < 0.9


@given(arrays(bool, (7, 8)), arrays(bool, (7, 8)), st.sampled_from([0.0, 0.1, 0.2]))
def test_matches_are_those_of_all_distances(truth, predicted, tolerance):
    found = match_boundaries(truth, predicted, tolerance)
    reach = math.ceil(tolerance * math.hypot(7, 8))
    there = np.argwhere(found.predicted)
    for y, x in np.argwhere(found.truth):
        near = len(there) and np.hypot(*(there - (y, x)).T).min() <= reach
        assert found.found[y, x] == bool(near)
    assert found.recall == 1 or found.found.sum() < found.truth.sum()
    assert boundary_f(truth, predicted, tolerance) == boundary_f(predicted, truth, tolerance)


def test_without_outlines_nothing_is_wrong():
    empty, full = np.zeros((8, 8), bool), np.ones((8, 8), bool)
    assert boundary_f(empty, empty) == boundary_f(full, full) == 1
    assert boundary_f(empty, square(2, 2, 3, canvas=8)) == 0


def test_sizes_that_differ_are_said():
    with pytest.raises(MetricError, match="8 x 8 pixels and 4 x 4 pixels"):
        boundary_f(np.zeros((8, 8), bool), np.zeros((4, 4), bool))
