"""Turning, mirroring and dividing kernels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.filtering import correlate
from core.kernels import KERNELS
from core.kernels.weights import Kernel, can_turn, mirrored, normalised, resized, turned

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])
SIDES = st.integers(1, 15)


def grid(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * 16 + width).integers(-9, 10, (height, width)) / 2


def test_quarter_turns_are_numpys():
    for eighths in (0, 2, 4, 6):
        plane = grid(4, 7)
        np.testing.assert_array_equal(turned(plane, eighths), np.rot90(plane, -eighths // 2))


@given(st.integers(0, 7).map(lambda n: 2 * n + 1))
def test_eight_eighths_give_the_kernel_back(side):
    plane = grid(side, side)
    result = plane
    for _ in range(8):
        result = turned(result, 1)
    np.testing.assert_array_equal(result, plane)
    np.testing.assert_array_equal(turned(turned(plane, 3), 5), plane)
    np.testing.assert_array_equal(turned(turned(plane, 1), 1), turned(plane, 2))
    assert sorted(turned(plane, 1).ravel()) == sorted(plane.ravel())


def test_robinsons_compass():
    """The eight kernels of Robinson 1977, from the Sobel kernel, clockwise."""
    assert turned(SOBEL, 1).tolist() == [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]]
    assert turned(SOBEL, 2).tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert turned(SOBEL, 3).tolist() == [[0, -1, -2], [1, 0, -1], [2, 1, 0]]
    assert turned(SOBEL, 4).tolist() == (-SOBEL).tolist()


def test_kirschs_north_east():
    kirsch = KERNELS["kirsch"].with_values({}).weights
    assert turned(kirsch, 1).tolist() == [[-3, 5, 5], [-3, 0, 5], [-3, -3, -3]]


@given(SIDES, SIDES, st.integers(0, 7))
def test_what_cannot_be_turned_is_refused(height, width, eighths):
    plane = grid(height, width)
    if can_turn(height, width, eighths):
        assert turned(plane, eighths).size == plane.size
    else:
        with pytest.raises(ValueError, match=f"{height} x {width} cannot be turned"):
            turned(plane, eighths)


@given(SIDES, SIDES)
def test_mirrors_are_their_own_way_back(height, width):
    plane = grid(height, width)
    assert mirrored(plane, "horizontal").tolist() == plane[:, ::-1].tolist()
    assert mirrored(plane, "vertical").tolist() == plane[::-1].tolist()
    assert mirrored(plane, "both").tolist() == turned(plane, 4).tolist()
    assert mirrored(plane, "none").tolist() == plane.tolist()


@pytest.mark.parametrize(
    ("divide", "scale"), [("published", 5), ("none", 1), ("sum", 4), ("absolute", 8)]
)
def test_what_the_sum_is_divided_by(divide, scale):
    kernel = normalised(Kernel(np.array([[-2.0, 1, 5]]), 5, 7), divide)
    assert (kernel.scale, kernel.offset) == (scale, 7)
    assert kernel.weights.tolist() == [[-2, 1, 5]]


def test_a_sum_of_nothing_stays_undivided():
    assert normalised(Kernel(SOBEL, 3), "sum").scale == 1
    assert normalised(Kernel(np.array([[0.1, 0.2, -0.3]])), "sum").scale == 1
    assert normalised(Kernel(np.zeros((2, 2)), 3), "absolute").scale == 1


@given(SIDES, SIDES, st.integers(0, 8), st.integers(0, 8))
def test_a_larger_kernel_answers_the_same(height, width, down, across):
    plane = grid(height, width)
    picture = np.random.default_rng(0).normal(size=(40, 40))
    larger = resized(plane, height + down, width + across)
    np.testing.assert_allclose(
        correlate(picture, larger, "zeros"), correlate(picture, plane, "zeros"), atol=1e-9
    )
    np.testing.assert_array_equal(resized(larger, height, width), plane)


def test_a_smaller_kernel_keeps_its_middle():
    nine = np.arange(1.0, 10).reshape(3, 3)
    assert resized(nine, 1, 1).tolist() == [[5]]
    assert resized(nine, 2, 3).tolist() == [[4, 5, 6], [7, 8, 9]]
