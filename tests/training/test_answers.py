"""Trained models that answer in an inference worker, against the same models asked by Keras."""

import os
import signal
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.architecture import PRESETS
from core.data.dataset import Dataset
from core.training import RunSpec
from core.training.answers import AnswerError, evaluate, look, predict
from core.training.worker import answers
from core.training.worker.classification import Classification
from core.training.worker.loop import as_bytes
from tests.training.in_process import tiny, train

pytestmark = [pytest.mark.tf, pytest.mark.slow]

ROUNDING = {"rtol": 1e-4, "atol": 1e-6}


@pytest.fixture(scope="module")
def trained():
    return train(tiny(epochs=4, label_smoothing=0.1))


@pytest.fixture(scope="module")
def pictures(trained):
    return trained.task.dataset.images[trained.task.split.test]


def untrained(slug, data=None):
    """A model of a preset, and some pictures for it."""
    spec = RunSpec(
        architecture=PRESETS[slug].architecture,
        data=data or {"dataset": "shapes", "images": 60, "image_size": 32},
    )
    dataset, split = spec.data.load()
    return Classification(spec, dataset, split).model, dataset.images[:5]


def test_probabilities_are_those_of_the_model(engine, trained, pictures):
    shares = predict(engine, trained.model, pictures)
    logits = trained.task.model(pictures.astype(np.float32), training=False)
    np.testing.assert_allclose(shares, tf.nn.softmax(logits), **ROUNDING)
    np.testing.assert_allclose(shares.sum(-1), 1, rtol=1e-5)


def test_any_number_of_pictures_may_be_asked_about(engine, trained, pictures):
    many = np.concatenate([pictures] * 40)
    assert len(many) > 256
    assert many.nbytes > 500_000
    shares = predict(engine, trained.model, many)
    np.testing.assert_allclose(
        shares[: len(pictures)], predict(engine, trained.model, pictures), **ROUNDING
    )
    one = predict(engine, trained.model, pictures[:1])
    assert one.shape == (1, 10)


@pytest.mark.parametrize("slug", ["vit", "resnet", "mobilenet"])
def test_every_layers_maps_are_those_of_the_model(engine, slug):
    model, pictures = untrained(slug)
    seen = look(engine, as_bytes(model), pictures[0])
    names = list(seen.maps)
    outputs = keras.Model(model.input, [model.get_layer(name).output for name in names])(
        pictures[:1].astype(np.float32), training=False
    )
    for name, output in zip(names, outputs, strict=True):
        value = np.asarray(output)[0]
        maps = seen.maps[name]
        assert maps.ndim == 3
        flat = value.T.ravel() if value.ndim == 2 else value.ravel()
        np.testing.assert_allclose(maps.ravel(), flat, rtol=1e-3, atol=1e-4, err_msg=name)
    np.testing.assert_allclose(
        seen.probabilities, predict(engine, as_bytes(model), pictures[:1])[0], **ROUNDING
    )
    assert names[-1] == "output"


def test_the_test_pictures_are_judged_as_keras_evaluates_them(engine, trained):
    spec = trained.loop._spec
    judged = evaluate(engine, trained.model, spec)
    dataset, split = spec.data.load()
    model = trained.task.model
    model.compile(
        loss=keras.losses.CategoricalCrossentropy(True, label_smoothing=0.1),
        metrics=["accuracy"],
    )
    target = np.eye(10)[dataset.labels[split.test]]
    loss, accuracy = model.evaluate(dataset.images[split.test], target, verbose=0)
    assert judged.accuracy == pytest.approx(accuracy)
    assert judged.loss == pytest.approx(loss, rel=1e-5)
    assert judged.count == len(split.test) == 30
    np.testing.assert_array_equal(judged.indices, split.test)
    assert (judged.predicted == dataset.labels[split.test]).mean() == pytest.approx(accuracy)


def test_a_model_on_own_pictures_is_judged_on_its_test_part(engine):
    images = np.zeros((60, 16, 16, 3), np.uint8)
    images[::2, :, :8] = 255
    labels = np.arange(60) % 2
    own = Dataset("own", "Mine", images, labels, ("left", "none"), "me", "mine")
    spec = tiny(
        data={"dataset": "own", "image_size": 16}, batch_size=8, epochs=6, learning_rate=0.01
    )
    judged = evaluate(engine, train(spec, own).model, spec, own)
    assert judged.accuracy == 1
    assert judged.count == 8


def test_the_model_travels_once_and_its_second_answer_is_warm(engine, trained, pictures):
    predict(engine, trained.model, pictures)
    sent = []
    send = engine.send
    engine.send = lambda slot, data: sent.append(data) or send(slot, data)
    try:
        predict(engine, trained.model, pictures[:3])
        evaluate(engine, trained.model, trained.loop._spec)
    finally:
        del engine.send
    assert not sent


def test_a_worker_keeps_the_models_used_last(trained, pictures):
    answers._models.clear()
    contents = {str(n): trained.model for n in range(6)}
    for digest, content in contents.items():
        assert answers.predict(digest, None, pictures) == (False, None)
        assert answers.predict(digest, content, pictures)[0]
        answers.predict("0", contents["0"], pictures)
    assert list(answers._models) == ["3", "4", "5", "0"]
    answers._models.clear()


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((2, 32, 32, 3), np.uint8),
        np.zeros((0, 28, 28, 1), np.uint8),
        np.zeros((2, 28, 28, 1), np.float32),
    ],
    ids=["size", "none", "type"],
)
def test_pictures_that_do_not_fit_are_refused_with_what_would(engine, trained, wrong):
    with pytest.raises(AnswerError, match=r"This model takes uint8 of shape \(n, 28, 28, 1\)"):
        predict(engine, trained.model, wrong)


def test_what_is_no_model_is_refused(engine, pictures):
    with pytest.raises(AnswerError):
        predict(engine, b"nothing of a model", pictures)


def test_a_killed_worker_says_so_and_the_next_one_answers(engine, trained, pictures):
    before = predict(engine, trained.model, pictures)
    victim = engine.submit("inference", os.getpid).result(60)
    blocking = engine.submit("inference", time.sleep, 60)
    while engine.state().running == 0:
        time.sleep(0.05)
    asking = []

    def kill_once(slot, function, *args):
        asking.append(function)
        future = type(engine).submit_by_name(engine, slot, function, *args)
        if len(asking) == 1:
            os.kill(victim, signal.SIGKILL)
        return future

    engine.submit_by_name = kill_once
    try:
        with pytest.raises(AnswerError, match="A new one is started; ask again"):
            predict(engine, trained.model, pictures)
    finally:
        del engine.submit_by_name
        blocking.cancel()
    np.testing.assert_array_equal(predict(engine, trained.model, pictures), before)
