"""Test-time augmentation of a small trained model, against Keras asked draw by draw."""

import numpy as np
import pytest
import tensorflow as tf

from core.augment import AugmentError, PipelineSpec, apply
from core.augment.averaging import MOST_DRAWS, average, judge
from core.augment.text import decode
from core.training.answers import AnswerError
from core.training.answers import evaluate as evaluate_plain
from tests.training.in_process import tiny, train

pytestmark = [pytest.mark.tf, pytest.mark.slow]

SPEC = decode("rotation-degrees20-fillconstant_translation-probability0.5-fillconstant")


@pytest.fixture(scope="module")
def trained():
    return train(tiny(epochs=4))


@pytest.fixture(scope="module")
def pictures(trained):
    return trained.task.dataset.images[trained.task.split.test][:6]


def probabilities(trained, pictures):
    return tf.nn.softmax(
        trained.task.model(pictures.astype(np.float32), training=False)
    ).numpy()


def test_each_draw_is_what_the_model_says_of_that_draw(engine, trained, pictures):
    found = average(engine, trained.model, pictures, SPEC, seed=3, draws=5)
    np.testing.assert_allclose(
        found.plain, probabilities(trained, pictures), rtol=1e-4, atol=1e-6
    )
    draws = apply(np.repeat(pictures, 5, axis=0), SPEC, 3).images
    np.testing.assert_array_equal(found.seen.reshape(draws.shape), draws)
    each = probabilities(trained, draws).reshape(6, 5, 10)
    np.testing.assert_allclose(found.each, each, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.averaged, each.mean(axis=1), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.averaged.sum(axis=1), 1, rtol=1e-5)
    assert found.spread.max() > 0


def test_draws_of_nothing_are_the_plain_prediction(engine, trained, pictures):
    found = average(engine, trained.model, pictures, PipelineSpec(), draws=3)
    np.testing.assert_allclose(found.averaged, found.plain, rtol=1e-5)
    assert found.spread.max() < 1e-6


def test_the_test_part_is_judged_without_and_with_draws(engine, trained):
    run = trained.loop._spec
    found = judge(engine, trained.model, run, SPEC, draws=10)
    assert found.accuracy == evaluate_plain(engine, trained.model, run).accuracy
    dataset, split = run.data.load()
    np.testing.assert_array_equal(found.indices, split.test)
    np.testing.assert_array_equal(found.labels, dataset.labels[split.test])
    # 300 draws, made in parts: number i * draws + d wherever a part begins.
    draws = apply(np.repeat(dataset.images[split.test], 10, axis=0), SPEC, 0).images
    each = probabilities(trained, draws).reshape(30, 10, 10)
    np.testing.assert_allclose(found.averaged, each.mean(axis=1), rtol=1e-3, atol=1e-5)
    gained = len(found.mended) - len(found.spoiled)
    assert gained / 30 == pytest.approx(found.averaged_accuracy - found.accuracy)


def test_only_so_many_test_pictures_are_asked_about(engine, trained):
    found = judge(engine, trained.model, trained.loop._spec, SPEC, draws=2, most=7)
    assert len(found.labels) == len(found.plain) == 7


@pytest.mark.parametrize(
    ("text", "draws", "complaint"),
    [
        ("rotation_mix.up", 4, "MixUp puts other pictures into a picture"),
        ("zoom-smallest150-largest120", 4, "goes from 150 to 120"),
        ("rotation", 0, "0 draws"),
        ("rotation", MOST_DRAWS + 1, f"Use 1 to {MOST_DRAWS}"),
    ],
)
def test_what_cannot_be_averaged_is_refused(trained, pictures, text, draws, complaint):
    with pytest.raises(AugmentError) as error:
        average(None, trained.model, pictures, decode(text), draws=draws)
    assert complaint in str(error.value)


def test_pictures_of_another_size_are_refused(engine, trained):
    with pytest.raises(AnswerError, match=r"takes uint8 of shape \(n, 28, 28, 1\)"):
        average(engine, trained.model, np.zeros((1, 32, 32, 1), np.uint8), SPEC)
