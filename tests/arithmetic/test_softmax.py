"""Softmax and cross-entropy against Keras, SciPy, published examples and float arithmetic."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from core.arithmetic.errors import ShapeError
from core.arithmetic.softmax import entropy, naive, smoothed, softmax
from core.arithmetic.softmax_steps import columns

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
KNOWN = {"exp": math.exp, "log": math.log}


@st.composite
def settings_of(draw: st.DrawFn) -> tuple[np.ndarray, int, float, float]:
    """Logits, right class, temperature, smoothing."""
    logits = draw(st.lists(st.floats(-20, 20), min_size=2, max_size=10))
    right = draw(st.integers(0, len(logits) - 1))
    return np.array(logits), right, draw(st.floats(0.1, 10)), draw(st.floats(0, 1))


@pytest.mark.tf
@settings(max_examples=100, deadline=None)
@given(settings_of())
def test_loss_and_gradient_are_those_of_keras(drawn):
    import keras
    import tensorflow as tf

    logits, right, temperature, smoothing = drawn
    made = softmax(logits, right, temperature=temperature, smoothing=smoothing)
    z = tf.Variable(logits)
    label = tf.one_hot([right], len(logits), dtype=tf.float64)
    with tf.GradientTape() as tape:
        loss = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=smoothing, dtype="float64"
        )(label, (z / temperature)[None])
    p = keras.ops.convert_to_numpy(keras.ops.softmax(z / temperature))
    np.testing.assert_allclose(made.probabilities, p, rtol=1e-12, atol=1e-15)
    assert made.loss == pytest.approx(float(loss), rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(
        made.gradients, tape.gradient(loss, z).numpy(), rtol=1e-9, atol=1e-12
    )


@settings(deadline=None)
@given(settings_of())
def test_probabilities_are_those_of_scipy_and_the_steps_fit_together(drawn):
    logits, right, temperature, smoothing = drawn
    made = softmax(logits, right, temperature=temperature, smoothing=smoothing)
    np.testing.assert_allclose(made.probabilities, special.softmax(logits / temperature))
    np.testing.assert_allclose(
        made.log_probabilities, special.log_softmax(logits / temperature), atol=1e-12
    )
    assert made.probabilities.sum() == pytest.approx(1)
    assert made.targets.sum() == pytest.approx(1)
    assert made.gradients.sum() == pytest.approx(0, abs=1e-12)
    assert made.shifted.max() == 0
    assert 1 <= made.total <= len(logits)
    # Gibbs: no prediction does better than the label itself.
    assert made.loss >= entropy(made.targets) - 1e-12


@settings(deadline=None)
@given(settings_of(), st.floats(-500, 500))
def test_a_shift_of_all_logits_changes_nothing(drawn, shift):
    logits, right, temperature, smoothing = drawn
    one, other = (
        softmax(z, right, temperature=temperature, smoothing=smoothing)
        for z in (logits, logits + shift)
    )
    # Logits near 500 keep 13 digits, and the temperature may multiply what is lost by ten.
    np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(settings_of())
def test_what_is_written_comes_to_the_number_beside_it(drawn):
    logits, right, temperature, smoothing = drawn
    made = softmax(logits, right, temperature=temperature, smoothing=smoothing)
    found = columns(made, right, write=repr)
    assert len(found) == 10
    for column in found:
        assert len(column.numbers) == len(column.values)
        assert column.single == (column.key in ("total", "loss"))
        for value, numbers in zip(column.values, column.numbers, strict=True):
            if numbers:
                assert eval(numbers, KNOWN) == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_the_example_of_the_cs231n_notes():
    """Karpathy, CS231n, "Linear classification": scores, probabilities and 1.04."""
    made = softmax(np.array([-2.85, 0.86, 0.28]), 2)
    np.testing.assert_allclose(made.probabilities, [0.016, 0.631, 0.353], atol=6e-4)
    assert made.loss == pytest.approx(1.04, abs=5e-3)


def test_the_example_of_the_cs231n_slides():
    """Lecture 3: cat, car, frog; 24.5, 164.0, 0.18; 0.13, 0.87, 0.00."""
    made = softmax(np.array([3.2, 5.1, -1.7]), 0)
    np.testing.assert_allclose(np.exp(made.logits), [24.5, 164.0, 0.18], atol=0.04)
    np.testing.assert_allclose(made.probabilities, [0.13, 0.87, 0.0], atol=6e-3)
    assert made.loss == pytest.approx(2.04, abs=5e-3)


def test_ten_equal_scores_lose_the_logarithm_of_ten():
    made = softmax(np.zeros(10), 3)
    assert made.loss == pytest.approx(math.log(10))
    np.testing.assert_allclose(np.delete(made.gradients, 3), 0.1)
    assert made.gradients[3] == pytest.approx(-0.9)


def test_two_classes_are_a_sigmoid():
    for z in (-3.0, 0.5, 8.0):
        made = softmax(np.array([z, 0.0]), 0)
        assert made.probabilities[0] == pytest.approx(1 / (1 + math.exp(-z)))


def test_hot_is_flat_and_cold_is_the_largest():
    logits = np.array([1.0, 2.0, 3.0])
    hot = softmax(logits, 0, temperature=1000.0)
    np.testing.assert_allclose(hot.probabilities, 1 / 3, atol=1e-3)
    cold = softmax(logits, 0, temperature=0.01)
    np.testing.assert_allclose(cold.probabilities, [0, 0, 1], atol=1e-30)
    assert np.isfinite(cold.loss)


def test_the_temperature_and_the_label_are_checked():
    with pytest.raises(ShapeError, match="divides by nothing"):
        softmax(np.zeros(3), 0, temperature=0)
    with pytest.raises(ShapeError, match="class 4 is not among 3"):
        smoothed(3, 3, 0.1)


@pytest.mark.parametrize(
    ("precision", "holds", "breaks"), [("float16", 11.0, 11.2), ("float32", 88.7, 88.8),
                                       ("float64", 709.7, 709.8)],
)  # fmt: skip
def test_the_naive_form_breaks_where_ieee_754_says(precision, holds, breaks):
    good = naive(np.array([holds, 0.0]), 0, temperature=1, precision=precision)
    assert not good.broken
    bad = naive(np.array([breaks, 0.0]), 0, temperature=1, precision=precision)
    assert bad.broken
    assert math.isinf(bad.exponentials[0])
    assert math.isnan(bad.probabilities[0])
    assert holds < good.limit < breaks
    assert softmax(np.array([breaks, 0.0]), 0).loss == pytest.approx(0, abs=1e-4)


def test_far_below_zero_the_naive_form_divides_nothing_by_nothing():
    bad = naive(np.array([-1000.0, -1001.0]), 0, temperature=1, precision="float32")
    assert bad.total == 0
    assert bad.broken
    safe = softmax(np.array([-1000.0, -1001.0]), 0)
    np.testing.assert_allclose(safe.probabilities, special.softmax([1.0, 0.0]))


def test_the_naive_form_loses_a_probability_that_the_safe_one_keeps_as_a_loss():
    bad = naive(np.array([0.0, 200.0]), 0, temperature=1, precision="float64")
    assert bad.loss == pytest.approx(200)
    worse = naive(np.array([-800.0, 0.0]), 0, temperature=1, precision="float64")
    assert math.isinf(worse.loss)
    assert softmax(np.array([-800.0, 0.0]), 0).loss == pytest.approx(800)
