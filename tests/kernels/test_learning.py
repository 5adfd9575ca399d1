"""Finding a hidden kernel: gradients, descent and the closed form."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernels import KERNELS
from core.kernels.learning import Problem, descend, make_problem
from core.kernels.weights import Kernel

PICTURE = np.random.default_rng(2).normal(size=(20, 26)).cumsum(axis=1) / 3
SEEDS = st.integers(0, 10_000)


def task(slug: str = "sobel-x", taps: int = 3, noise: float = 0.0) -> Problem:
    return make_problem(PICTURE, KERNELS[slug].with_values({"taps": 3}), taps, noise=noise)


def test_the_target_is_the_filtered_picture():
    for slug in ("sobel-x", "pillow-smooth", "emboss"):
        kernel = KERNELS[slug].with_values({})
        expected = scipy.signal.correlate2d(PICTURE, kernel.effective, mode="valid")
        made = task(slug)
        np.testing.assert_allclose(made.wanted.reshape(made.places), expected, atol=1e-9)


@pytest.mark.parametrize("taps", [3, 5, 7])
@pytest.mark.parametrize("slug", ["sobel-x", "roberts-down", "box", "pillow-blur"])
def test_the_closed_form_finds_the_hidden_kernel(slug, taps):
    hidden = KERNELS[slug].with_values({"taps": 3}).effective
    found = task(slug, taps).solution
    if max(hidden.shape) > taps:
        assert task(slug, taps).error(found) > 1e-3  # it cannot be written with fewer taps
        return
    assert task(slug, taps).error(found) == pytest.approx(0, abs=1e-12)
    assert sorted(np.round(found[np.abs(found) > 1e-9], 9)) == pytest.approx(
        sorted(hidden[hidden != 0])
    )


def test_larger_kernels_find_zeros_around_it():
    found = task("emboss", 5).solution
    np.testing.assert_allclose(found[1:4, 1:4], [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], atol=1e-9)
    assert np.abs(found[[0, 4]]).max() < 1e-9


def test_even_kernels_lie_before_the_pixel():
    """The same pixels as in the photo work: row and column (k - 1) // 2 are the pixel's own."""
    found = task("roberts-down", 3).solution
    np.testing.assert_allclose(found, [[0, 0, 0], [0, 1, 0], [0, 0, -1]], atol=1e-9)


@given(SEEDS, st.sampled_from([1, 3, 5]), st.floats(0, 2))
@settings(deadline=None)
def test_the_gradient_is_the_errors_slope(seed, taps, noise):
    made = make_problem(PICTURE, KERNELS["emboss"].with_values({}), taps, noise=noise)
    draw = np.random.default_rng(seed)
    weights, direction = draw.normal(size=(2, taps, taps))
    # The error is a parabola along every line, so this difference is exact but for rounding.
    slope = (made.error(weights + direction) - made.error(weights - direction)) / 2
    expected = float((made.gradient(weights) * direction).sum())
    assert expected == pytest.approx(slope, rel=1e-6, abs=1e-6)


def test_the_gradient_is_the_picture_correlated_with_the_errors():
    made = task()
    weights = np.random.default_rng(0).normal(size=(3, 3))
    differences = made.answers(weights) - made.wanted.reshape(made.places)
    expected = 2 * scipy.signal.correlate2d(PICTURE, differences, mode="valid")
    np.testing.assert_allclose(made.gradient(weights), expected / differences.size, atol=1e-9)


def test_nothing_is_better_than_the_solution():
    made = task("log", 3, noise=0.5)
    best = made.error(made.solution)
    np.testing.assert_allclose(made.gradient(made.solution), 0, atol=1e-9)
    for seed in range(20):
        other = made.solution + np.random.default_rng(seed).normal(size=(3, 3)) / 100
        assert made.error(other) > best


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_just_below_the_largest_rate_it_comes_closer_and_just_above_it_does_not(momentum):
    made, start = task(), np.ones((3, 3))
    limit = made.largest_rate(momentum)
    below = descend(made, start, 0.98 * limit, 3000, momentum=momentum)
    assert below.errors[-1] < 1e-3 * below.errors[0]
    above = descend(made, start, 1.02 * limit, 3000, momentum=momentum)
    assert above.errors[-1] > below.errors[0]


def test_a_rate_far_too_large_is_stopped():
    run = descend(task(), np.zeros((3, 3)), 1000.0, 500)
    assert run.blown_up is not None
    assert run.blown_up == run.steps + 1
    assert np.isfinite(run.errors).all()
    assert np.abs(run.kernels).max() <= 1e6
    assert run.errors[-1] > run.errors[0]


def test_on_noise_every_direction_is_as_steep_as_any_other():
    noise = np.random.default_rng(0).standard_normal((120, 120))
    made = make_problem(noise, KERNELS["sobel-x"].with_values({}), 3)
    assert made.condition < 1.3
    run = descend(made, np.zeros((3, 3)), 0.45, 30)
    np.testing.assert_allclose(run.kernels[-1], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], atol=1e-6)
    assert task().condition > 10  # neighbours in a picture are alike


def test_steps_are_kept_and_agree_with_their_formula():
    made = task()
    run = descend(made, np.zeros((3, 3)), 0.1, 7)
    assert run.kernels.shape == (8, 3, 3)
    for step in range(7):
        expected = run.kernels[step] - 0.1 * made.gradient(run.kernels[step])
        np.testing.assert_allclose(run.kernels[step + 1], expected, atol=1e-12)
        np.testing.assert_allclose(run.gradients[step], made.gradient(run.kernels[step]))
        assert run.errors[step] == pytest.approx(made.error(run.kernels[step]))


def test_a_batch_of_everything_is_everything():
    made, start = task(), np.zeros((3, 3))
    whole = descend(made, start, 0.05, 5)
    same = descend(made, start, 0.05, 5, batch=10**6)
    few = descend(made, start, 0.05, 5, batch=20, seed=3)
    again = descend(made, start, 0.05, 5, batch=20, seed=3)
    np.testing.assert_array_equal(whole.kernels, same.kernels)
    np.testing.assert_array_equal(few.kernels, again.kernels)
    assert not np.allclose(whole.kernels, few.kernels)


def test_many_small_batches_point_the_right_way():
    made, weights = task(), np.ones((3, 3))
    slopes = [
        descend(made, weights, 1.0, 1, batch=40, seed=seed).kernels[1] - weights
        for seed in range(400)
    ]
    mean, true = np.mean(slopes, axis=0), -made.gradient(weights)
    spread = np.std(slopes, axis=0) / np.sqrt(400)
    assert (np.abs(mean - true) < 5 * spread).all()


def test_noise_in_the_target_stays_as_error():
    made = task(noise=0.7)
    # What 9 of 432 numbers can explain by chance is gone.
    assert made.error(made.solution) == pytest.approx(0.49 * (1 - 9 / 432), rel=0.2)


def test_a_picture_without_room_is_refused():
    with pytest.raises(ValueError, match="A picture of 4 x 9 has no room"):
        make_problem(np.zeros((4, 9)), Kernel(np.ones((5, 5))), 3)


@pytest.mark.tf
def test_the_descent_is_keras_sgd():
    import keras

    made, rate = task("emboss"), 0.07
    for momentum in (0.0, 0.8):
        run = descend(made, np.zeros((3, 3)), rate, 6, momentum=momentum)
        optimizer = keras.optimizers.SGD(rate, momentum=momentum)
        weights = keras.Variable(np.zeros((3, 3)), dtype="float64")
        for step in range(6):
            slope = keras.ops.convert_to_tensor(made.gradient(weights.value.numpy()))
            optimizer.apply([slope], [weights])
            # Keras keeps its learning rate in float32.
            np.testing.assert_allclose(weights.value.numpy(), run.kernels[step + 1], rtol=1e-5,
                                       atol=1e-6)  # fmt: skip
