"""Runs whose pictures go through a pipeline of augmentations."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from pydantic import ValidationError

from core.augment.text import decode
from core.augment.worker.pipeline import apply
from core.training.worker.augmentation import PipelineDraws
from tests.training.in_process import tiny, train, weights

pytestmark = pytest.mark.tf

PICTURES = np.random.default_rng(0).integers(0, 256, (6, 20, 20, 1)).astype(np.float32)
TARGET = keras.ops.one_hot(np.arange(6) % 3, 3)


def drawn(draws, pictures=PICTURES, target=TARGET):
    """As in a compiled step."""
    images, labels = tf.function(draws)(tf.constant(pictures), target)
    return images.numpy(), labels.numpy()


def test_every_picture_of_a_run_is_drawn_anew_as_apply_draws_it():
    spec = decode("rotation-degrees30_brightness")
    draws = PipelineDraws(spec, 7)
    for first in (0, 6):
        images, labels = drawn(draws)
        wanted = apply(PICTURES, spec, 7, first=first).images
        np.testing.assert_allclose(images, wanted, atol=1e-3)
        np.testing.assert_array_equal(labels, TARGET)


def test_labels_are_mixed_with_the_pictures():
    spec = decode("mix.up-alpha1")
    images, labels = drawn(PipelineDraws(spec, 1))
    made = apply(PICTURES, spec, 1)
    np.testing.assert_allclose(images, made.images, atol=1e-3)
    np.testing.assert_allclose(labels, made.shares @ TARGET.numpy(), atol=1e-6)
    np.testing.assert_allclose(labels.sum(axis=1), 1, atol=1e-6)


def test_a_last_batch_of_one_picture_is_not_mixed():
    images, labels = drawn(PipelineDraws(decode("mix.up"), 1), PICTURES[:1], TARGET[:1])
    np.testing.assert_array_equal(images, PICTURES[:1])
    np.testing.assert_array_equal(labels, TARGET[:1])


def test_a_pipeline_that_changes_nothing_changes_no_run():
    idle = train(tiny(pipeline="rotation-degrees0_flip.vertical-probability0"))
    plain = train(tiny())
    one, other = (weights(trained.task.model) for trained in (plain, idle))
    np.testing.assert_allclose(one, other, atol=2e-4)


def test_the_same_run_gives_the_same_curve_and_another_one_than_without():
    spec = tiny(pipeline="rotation-degrees30_cut.mix-probability0.5")
    one, again, plain = train(spec), train(spec), train(tiny())
    np.testing.assert_array_equal(one.series.loss, again.series.loss)
    assert abs(one.series.loss - plain.series.loss).max() > 0.01


def test_a_text_that_is_no_pipeline_starts_no_run():
    with pytest.raises(ValidationError, match="no augmentation"):
        tiny(pipeline="nonsense")
    with pytest.raises(ValidationError, match="Step 1"):
        tiny(pipeline="zoom-smallest120-largest80")
