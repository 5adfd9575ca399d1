"""Losses against Keras' own, against TensorFlow's, and against their formulas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training import RunSpec
from core.training.worker.losses import per_picture

pytestmark = pytest.mark.tf

rng = np.random.default_rng(3)
LOGITS = rng.normal(0, 3, (16, 10)).astype(np.float32)
CLASSES = rng.integers(0, 10, 16)
TARGET = np.eye(10, dtype=np.float32)[CLASSES]
ROUNDING = {"rtol": 2e-5, "atol": 1e-6}


def loss(name, smoothing=0.0, logits=LOGITS):
    spec = RunSpec(loss=name, label_smoothing=smoothing)
    return per_picture(spec)(tf.constant(TARGET), tf.constant(logits)).numpy()


def softmax(logits):
    powers = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def smoothed(smoothing):
    return TARGET * (1 - smoothing) + smoothing / 10


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_cross_entropy_is_its_formula(smoothing):
    expected = -(smoothed(smoothing) * np.log(softmax(LOGITS))).sum(-1)
    np.testing.assert_allclose(loss("crossentropy", smoothing), expected, **ROUNDING)


def test_cross_entropy_is_tensorflows_sparse_one():
    expected = tf.nn.sparse_softmax_cross_entropy_with_logits(CLASSES, LOGITS)
    np.testing.assert_allclose(loss("crossentropy"), expected, **ROUNDING)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_batch_mean_is_what_keras_would_minimise(smoothing):
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
    ours = loss("crossentropy", smoothing).mean()
    assert ours == pytest.approx(float(theirs(TARGET, LOGITS)), rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_focal_loss_weighs_each_class_by_what_its_probability_leaves(smoothing):
    p = np.clip(softmax(LOGITS), 1e-7, 1 - 1e-7)
    expected = (-smoothed(smoothing) * 0.25 * (1 - p) ** 2 * np.log(p)).sum(-1)
    np.testing.assert_allclose(loss("focal", smoothing), expected, **ROUNDING)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_squared_error_is_of_the_probabilities(smoothing):
    expected = ((softmax(LOGITS) - smoothed(smoothing)) ** 2).mean(-1)
    np.testing.assert_allclose(loss("squared_error", smoothing), expected, **ROUNDING)


def test_hinge_is_the_largest_margin_violation():
    right = LOGITS[np.arange(16), CLASSES]
    wrong = np.where(TARGET > 0, -np.inf, LOGITS).max(-1)
    # Keras takes the maximum over (1 - target) * logit, in which the right class is a 0.
    expected = np.maximum(1 + np.maximum(wrong, 0) - right, 0)
    np.testing.assert_allclose(loss("hinge"), expected, **ROUNDING)


@pytest.mark.parametrize("name", ["crossentropy", "focal", "squared_error", "hinge"])
def test_every_loss_stays_a_number_where_a_logit_is_huge(name):
    assert np.isfinite(loss(name, 0.1, LOGITS * 1e4)).all()
