"""Decoding against closed forms, TensorFlow's operations and the vectorised decoder."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from core.arithmetic.box_decoding import (
    Cell,
    decode_anchor,
    decode_dfl,
    decode_distances,
    decode_v1,
    encode_anchor,
    hump,
    sigmoid,
)
from core.arithmetic.detection_heads import HeadError
from core.vision.yolo_head import decode

NUMBERS = st.floats(-4, 4)
GRID = 13
CELLS = st.builds(Cell, st.integers(0, 12), st.integers(0, 12), st.just(GRID), st.just(416))


def test_zeros_are_the_anchor_in_the_middle_of_the_cell():
    done = decode_anchor([0, 0, 0, 0], 0, [0, 0], Cell(6, 6, 13, 416), (81, 82))
    assert done.point == (208, 208)
    assert done.box == (167.5, 167, 248.5, 249)
    assert done.objectness == 0.5
    assert done.scores == (0.25, 0.25)


def test_log_3_is_three_quarters_of_a_cell_and_log_2_two_anchors():
    t = [np.log(3), -np.log(3), np.log(2), -np.log(2)]
    done = decode_anchor(t, np.log(9), [np.log(4)], Cell(0, 1, 4, 400), (100, 50))
    np.testing.assert_allclose(done.point, (175, 25))
    np.testing.assert_allclose(done.box, (75, 12.5, 275, 37.5))
    np.testing.assert_allclose(done.scores, [0.9 * 0.8])


@given(CELLS, st.lists(NUMBERS, min_size=8, max_size=8))
def test_tensorflow_gives_the_same_boxes(cell, numbers):
    anchor = (135.0, 169.0)
    done = decode_anchor(numbers[:4], numbers[4], numbers[5:], cell, anchor)
    t = tf.constant(numbers, tf.float64)
    corner = tf.constant([cell.column, cell.row], tf.float64)
    middle = (tf.sigmoid(t[:2]) + corner) * 32.0
    half = tf.exp(t[2:4]) * anchor / 2
    np.testing.assert_allclose(done.box, tf.concat([middle - half, middle + half], 0))
    np.testing.assert_allclose(done.scores, tf.sigmoid(t[4]) * tf.sigmoid(t[5:]))


@given(CELLS, st.lists(NUMBERS, min_size=7, max_size=7))
def test_the_decoder_of_the_network_gives_the_same(cell, numbers):
    raw = np.zeros((GRID, GRID, 7), np.float32)
    raw[cell.row, cell.column] = numbers
    known = decode(raw, [(81, 82)], 416)
    done = decode_anchor(numbers[:4], numbers[4], numbers[5:], cell, (81, 82))
    place = cell.row, cell.column, 0
    np.testing.assert_allclose(done.box, known.boxes[place], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(done.scores, known.scores[place], rtol=1e-5)


@given(CELLS, st.lists(NUMBERS, min_size=4, max_size=4))
def test_encoding_is_the_way_back(cell, t):
    box = decode_anchor(t, 0, [0], cell, (50, 70)).box
    np.testing.assert_allclose(encode_anchor(box, cell, (50, 70)), t, atol=1e-9)


@given(CELLS, st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=2))
def test_the_centre_never_leaves_its_cell(cell, t):
    x, y = decode_anchor([*t, 0, 0], 0, [0], cell, (50, 70)).point
    left, top, right, bottom = cell.box
    assert left <= x <= right
    assert top <= y <= bottom


def test_v1_squares_the_roots_and_shares_the_classes():
    # A centre at (0.5, 0.5) of cell (3, 3) of 7: the middle of 448 pixels; 0.5^2 of them wide.
    done = decode_v1([0.5, 0.5, 0.5, -0.5], 0.8, [0.25, 0.75], Cell(3, 3, 7, 448))
    assert done.box == (168, 168, 280, 280)
    assert done.scores == (0.2, pytest.approx(0.6))
    assert done.best == 1


def test_fcos_measures_from_the_middle_of_the_cell():
    done = decode_distances(np.log([10, 20, 30, 40]) / 2, 0, [0], Cell(1, 2, 4, 64), 2)
    assert done.point == (40, 24)
    np.testing.assert_allclose(done.box, (30, 4, 70, 64))
    assert done.scores == (0.25,)


def test_one_bin_is_its_distance_and_equal_bins_are_7_and_a_half():
    cell = Cell(20, 30, 80, 640)
    sure = np.full((4, 16), -1e9)
    sure[[0, 1, 2, 3], [1, 2, 3, 4]] = 0
    done, _ = decode_dfl(sure, [0], cell)
    assert done.box == (244 - 8, 164 - 16, 244 + 24, 164 + 32)
    even, shares = decode_dfl(np.zeros((4, 16)), [0], cell)
    assert (shares == 1 / 16).all()
    assert even.box == (244 - 60, 164 - 60, 244 + 60, 164 + 60)
    assert even.objectness is None


@given(st.floats(0, 15), st.floats(0.25, 4))
def test_dfl_is_tensorflows_softmax_and_mean(peak, spread):
    logits = np.array([hump(peak, spread)] * 4)
    done, _ = decode_dfl(logits, [0], Cell(0, 0, 1, 1))
    mean = tf.reduce_sum(tf.nn.softmax(logits) * np.arange(16.0), 1)[0]
    np.testing.assert_allclose(done.values["el"], mean, rtol=1e-9)


def test_a_hump_near_bin_0_has_its_mean_further_away():
    means = []
    for spread in (0.25, 1, 2, 4):
        done, _ = decode_dfl(np.array([hump(0, spread)] * 4), [0], Cell(0, 0, 1, 1))
        means.append(done.values["el"])
    assert means == sorted(means)
    assert means[0] < 0.01
    assert means[-1] > 2


def test_the_sigmoid_of_large_numbers():
    assert (sigmoid(1000), sigmoid(-1000)) == (1, 0)


def test_what_cannot_be_is_refused_with_words():
    with pytest.raises(HeadError, match="row 7, column 0 is not in a grid of 7 x 7"):
        Cell(7, 0, 7, 416)
    cell = Cell(0, 0, 2, 100)
    with pytest.raises(HeadError, match="not in this cell"):
        encode_anchor((60, 60, 90, 90), cell, (10, 10))
    with pytest.raises(HeadError, match="without width"):
        encode_anchor((10, 10, 10, 20), cell, (10, 10))
    with pytest.raises(HeadError, match="four edges with 16 bins"):
        decode_dfl(np.zeros((4, 8)), [0], cell)
    assert encode_anchor((0, 15, 100, 35), cell, (100, 20))[0] == np.inf
