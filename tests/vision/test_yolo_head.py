"""Raw maps become boxes as the paper says, number by number."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.yolo_head import (
    MOST_EXPONENT,
    TINY_ANCHORS,
    TINY_MASKS,
    decode,
    decode_tiny,
    sigmoid,
)


def head_of(t, row=4, column=7, anchor=1, classes=2):
    """A map of 13 x 13 with the given numbers in one place, zeros elsewhere."""
    raw = np.zeros((13, 13, 3, 5 + classes), np.float32)
    raw[row, column, anchor] = t
    return decode(raw, [TINY_ANCHORS[i] for i in TINY_MASKS[0]], 416)


def test_one_box_by_hand():
    """Redmon & Farhadi 2018, figure 2, with a calculator."""
    head = head_of([0.4, -1.2, 0.3, -0.5, 2.0, 1.0, -1.0])
    at = (4, 7, 1)
    assert head.stride == (32, 32)
    assert (head.column[at], head.row[at]) == (7, 4)
    assert (head.anchor_width[at], head.anchor_height[at]) == (135, 169)
    assert head.offset_x[at] == pytest.approx(0.598688, abs=1e-6)
    assert head.offset_y[at] == pytest.approx(0.231475, abs=1e-6)
    assert head.centre_x[at] == pytest.approx(243.158, abs=1e-3)  # (0.598688 + 7) 32
    assert head.centre_y[at] == pytest.approx(135.4072, abs=1e-3)  # (0.231475 + 4) 32
    assert head.width[at] == pytest.approx(182.2309, abs=1e-3)  # 135 e^0.3
    assert head.height[at] == pytest.approx(102.5037, abs=1e-3)  # 169 e^-0.5
    assert head.objectness[at] == pytest.approx(0.880797, abs=1e-6)
    np.testing.assert_allclose(head.scores[at], [0.643914, 0.236883], atol=1e-6)
    np.testing.assert_allclose(
        head.boxes[at], [152.04255, 84.15535, 334.27345, 186.65905], atol=1e-3
    )


def test_all_zeros_put_an_anchor_into_the_middle_of_each_cell():
    coarse, fine = decode_tiny([np.zeros((13, 13, 255)), np.zeros((26, 26, 255))], 416)
    assert (coarse.boxes.shape, fine.boxes.shape) == ((13, 13, 3, 4), (26, 26, 3, 4))
    assert coarse.classes == fine.classes == 80
    # The last cell of the fine map, 16 pixels wide, with the anchor 23 x 27.
    np.testing.assert_allclose(fine.boxes[25, 25, 0], [408 - 11.5, 408 - 13.5, 419.5, 421.5])
    np.testing.assert_allclose(coarse.boxes[0, 0, 2], [16 - 172, 16 - 159.5, 188, 175.5])
    np.testing.assert_array_equal(fine.scores, np.full((26, 26, 3, 80), 0.25))


finite = st.floats(-30, 30, width=32)


@given(st.lists(finite, min_size=6, max_size=6), st.integers(0, 12), st.integers(0, 12))
def test_a_centre_never_leaves_its_cell_and_a_score_is_below_the_objectness(t, row, column):
    head = head_of(t, row, column, classes=1)
    at = (row, column, 1)
    assert column * 32 <= head.centre_x[at] <= (column + 1) * 32
    assert row * 32 <= head.centre_y[at] <= (row + 1) * 32
    assert 0 <= head.scores[at][0] <= head.objectness[at] <= 1
    width = 135 * math.exp(min(t[2], MOST_EXPONENT))
    assert head.width[at] == pytest.approx(width, rel=1e-5)
    x0, y0, x1, y1 = head.boxes[at]
    assert x0 <= x1
    assert y0 <= y1


def test_numbers_beyond_float32_stay_finite():
    head = head_of([1e4, -1e4, 1e4, 1e4, -1e4, 1e4, 0])
    assert np.isfinite(head.boxes).all()
    assert np.isfinite(head.scores).all()
    np.testing.assert_array_equal(sigmoid(np.float32([-1e30, 0, 1e30])), [0, 0.5, 1])


@pytest.mark.parametrize("shape", [(13, 13, 254), (13, 13), (13, 13, 2, 85), (13, 13, 12)])
def test_a_map_that_does_not_fit_is_said(shape):
    with pytest.raises(ValueError, match="does not hold 5 \\+ C numbers for each of 3 anchors"):
        decode(np.zeros(shape), TINY_ANCHORS[:3], 416)


def test_the_anchor_nobody_uses():
    assert {index for mask in TINY_MASKS for index in mask} == {1, 2, 3, 4, 5}
