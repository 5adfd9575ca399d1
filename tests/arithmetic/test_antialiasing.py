"""Blurred pooling equals the published example; shifts are measured as they should be."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.antialiasing import TAPS, blur_pool, shift, shift_test
from core.arithmetic.pooling import PoolSpec, pool
from core.arithmetic.upsampling import upsample_nearest

SIGNAL = np.array([0, 0, 1, 1, 0, 0, 1, 1, 0], dtype=float).reshape(1, 9, 1)
"""The periodic signal of Zhang 2019, section 3.1, with one value more for the last window."""
PAIRS = PoolSpec(size=(1, 2), stride=(1, 2))


def test_the_example_of_zhang():
    moved = shift(SIGNAL[:, :8], 0, -1)
    moved = np.concatenate([moved, moved[:, :1]], axis=1)
    assert pool(SIGNAL, PAIRS).output.ravel().tolist() == [0, 1, 0, 1]
    assert pool(moved, PAIRS).output.ravel().tolist() == [1, 1, 1, 1]
    assert blurred(SIGNAL) == [0.5, 1, 0.5, 1]
    assert blurred(moved) == [0.75, 0.75, 0.75, 0.75]


def blurred(signal: np.ndarray) -> list[float]:
    return blur_pool(signal, PAIRS, "tri-3", "wrap").output[0, :, 0].tolist()


@pytest.mark.parametrize("blur", TAPS)
@pytest.mark.parametrize("border", ["reflect", "wrap", "edge", "zeros"])
def test_scipy_blurs_the_same_way(blur, border):
    image = np.random.default_rng(3).normal(size=(9, 11, 2))
    spec = PoolSpec(kind="average", size=2, stride=2)
    result = blur_pool(image, spec, blur, border)
    taps = np.array(TAPS[blur], float) / sum(TAPS[blur])
    mode = {"reflect": "mirror", "wrap": "grid-wrap", "edge": "nearest", "zeros": "constant"}
    expected = result.dense.output
    for axis in (0, 1):
        # Even filters lie with their first tap on the value, as PyTorch's padding (0, 1).
        origin = -1 if len(taps) % 2 == 0 else 0
        expected = scipy.ndimage.correlate1d(
            expected, taps, axis=axis, mode=mode[border], origin=origin
        )
    assert np.allclose(result.output, expected[::2, ::2])
    assert np.allclose(result.links.apply(result.dense.output), result.output.ravel())
    assert result.weights.sum() == pytest.approx(1)


def test_a_pixel_that_the_border_repeats_is_linked_once():
    links = blur_pool(np.ones((4, 4, 1)), PoolSpec(size=1, stride=1), "tri-3", "reflect").links
    for place in range(links.places):
        sources, weights = links.of(place)
        assert len(set(sources.tolist())) == len(sources)
        assert weights.sum() == pytest.approx(1)
    # Reflected, the corner reads itself and three neighbours, each weight 1/4.
    assert links.of(0)[0].tolist() == [0, 1, 4, 5]
    assert links.of(0)[1].tolist() == [0.25, 0.25, 0.25, 0.25]


@given(st.integers(0, 999), st.integers(2, 3), st.integers(-2, 2), st.integers(-2, 2))
@settings(max_examples=40, deadline=None)
def test_a_shift_by_whole_steps_moves_the_output(seed, step, down, right):
    """Equivariance, as far as it goes: by multiples of the stride, on a ring."""
    image = np.random.default_rng(seed).normal(size=(4 * step, 4 * step, 1))
    test = shift_test(
        image, lambda x: pool(x, PoolSpec(size=step)).output, down * step, right * step
    )
    assert np.array_equal(test.after, shift(test.before, down, right))


def test_what_changes_is_counted():
    image = np.zeros((4, 4, 1))
    image[0, 0] = 1
    test = shift_test(image, lambda x: pool(x, PoolSpec()).output, 1, 1)
    assert test.input_changed == 2 / 16
    assert test.output_changed == 0
    assert test.output_distance == 0
    far = shift_test(image, lambda x: pool(x, PoolSpec()).output, 2, 0)
    assert far.output_changed == 2 / 4
    # Outputs 1 0 0 0 and 0 0 1 0: mean change 1/2, standard deviation sqrt(1/4 * 3/4).
    assert far.output_distance == pytest.approx(0.5 / np.sqrt(3 / 16))


def test_nothing_changes_where_all_is_equal():
    test = shift_test(np.ones((4, 4, 1)), lambda x: upsample_nearest(x, 2).output, 1, 0)
    assert (test.input_changed, test.input_distance, test.output_distance) == (0, 0, 0)


def test_a_blur_makes_a_maximum_steadier():
    image = np.random.default_rng(5).normal(size=(32, 32, 1))
    spec = PoolSpec()
    sharp = shift_test(image, lambda x: pool(x, spec).output, 0, 1)
    soft = shift_test(image, lambda x: blur_pool(x, spec, "bin-5", "wrap").output, 0, 1)
    assert soft.output_distance < 0.8 * sharp.output_distance
