"""Transfers as they are done: what is learnt, what stays, and what comes out."""

import subprocess
import sys

import numpy as np
import pytest

from core.training import TransferSpec
from core.training.anatomy import Anatomy, Part, shares
from core.training.answers import look, predict
from core.training.worker.anatomy import anatomy
from core.training.worker.backbones import Backbone
from core.training.worker.controls import Controls
from core.training.worker.entry import task_of
from core.training.worker.preparation import Preparation, StoppedError
from tests.training.conftest import WAIT
from tests.training.in_process import train, weights

pytestmark = pytest.mark.tf

SMALL = 64
"""A side of the pictures at which the backbone is quick."""


def small(**settings):
    """A run of a few seconds: 40 of the faces, and two batches an epoch."""
    data = {"dataset": "faces", "images": 40}
    return TransferSpec(**({"data": data, "side": SMALL, "epochs": 2} | settings))


def silent(kind, step, data):
    """Hear nothing."""


def named(model):
    return {f"{w.path}": np.array(w) for w in model.weights}


def moved(before, after):
    """Names of the weights that are no longer the same to the last bit."""
    return {name for name in before if (before[name] != after[name]).any()}


def loaded(shape=(25, 25, 1)):
    """The backbone's weights by name, as published."""
    return named(Backbone("efficientnet-lite0", shape, SMALL)._whole)


@pytest.fixture(scope="module")
def frozen():
    """Faces against non-faces at the network's own side."""
    return train(TransferSpec(epochs=10, name="frozen"))


def test_a_frozen_backbone_tells_faces_from_what_is_none(frozen):
    dataset, split = frozen.task.dataset, frozen.task.split
    held_out = np.concatenate([split.validation, split.test])
    logits = frozen.task.model.predict(dataset.images[held_out], verbose=0)
    assert (logits.argmax(-1) == dataset.labels[held_out]).mean() > 0.95


def test_the_head_on_features_is_the_saved_model_on_pictures(frozen):
    task = frozen.task
    judged = task.judge(task.split.validation)
    logits = task.model.predict(task.dataset.images[task.split.validation], verbose=0)
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    np.testing.assert_allclose(judged.probabilities, shares, atol=1e-5)


def test_the_model_predicts_the_same_in_a_process_that_knows_keras_alone(frozen, tmp_path):
    (tmp_path / "model.keras").write_bytes(frozen.model)
    pictures = frozen.task.dataset.images[:6]
    np.save(tmp_path / "pictures.npy", pictures)
    script = (
        "import keras, numpy, sys\n"
        "model = keras.saving.load_model('model.keras', compile=False, safe_mode=True)\n"
        "numpy.save('logits.npy', model.predict(numpy.load('pictures.npy'), verbose=0))\n"
        "assert not any(name.startswith(('core', 'keras_cv')) for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=WAIT)
    here = frozen.task.model.predict(pictures, verbose=0)
    np.testing.assert_allclose(np.load(tmp_path / "logits.npy"), here, atol=1e-4)


def test_a_second_head_computes_no_features_and_a_further_split_only_what_is_new():
    train(small())
    again = train(small(pooling="max", dense=16, dropout=0.2))
    told = [e.data for e in again.of("preparing") if e.data["what"] == "features"]
    assert [(data["done"], data["of"]) for data in told] == [(0, 0)]
    other = train(small(data={"dataset": "faces", "images": 40, "split_seed": 1}))
    told = [e.data for e in other.of("preparing") if e.data["what"] == "features"]
    seen = set(again.task.split.training) | set(again.task.split.validation)
    wanted = set(other.task.split.training) | set(other.task.split.validation)
    assert told[0]["of"] == len(wanted - seen) > 0


def test_of_a_frozen_backbone_no_bit_moves_and_all_of_the_head_does():
    trained = train(small(dense=8))
    after, before = named(trained.task.model), loaded()
    assert not moved(before, after)
    assert len(trained.task.trainable) == 4
    assert trained.of("started")[0].data["trainable"] == 1280 * 8 + 8 + 8 * 2 + 2
    first = trained.of("snapshot")[0].data
    assert trained.series.epoch_loss[-1] < trained.series.epoch_loss[0]
    assert "block3a" in first["maps"]


def test_fine_tuning_moves_the_open_blocks_and_no_statistics():
    trained = train(small(way="finetune", open_blocks=2, head_epochs=3, fine_rate=1e-3))
    changed = moved(loaded(), named(trained.task.model))
    blocks = {name.split("_")[0] for name in changed}
    assert blocks == {"block7a", "top"}
    assert not any("moving" in name for name in changed)
    assert {name.rpartition("/")[2] for name in changed} >= {"kernel", "gamma", "beta"}
    assert [name for name, _ in trained.task.layers] == ["block7a", "top", "output"]
    heads = [e.data for e in trained.of("preparing") if e.data["what"] == "head"]
    assert [data["done"] for data in heads] == [1, 2, 3]
    begins = trained.of("snapshot")[0].data["validation_loss"]
    assert begins == pytest.approx(heads[-1]["validation_loss"], rel=1e-3)


def test_statistics_move_where_they_are_let_go_and_only_above_the_cut():
    trained = train(
        small(way="finetune", open_blocks=1, head_epochs=0, keep_statistics=False, epochs=1)
    )
    changed = moved(loaded(), named(trained.task.model))
    assert {name.split("/")[0] for name in changed if "moving" in name} == {"top_bn"}


def test_from_scratch_the_weights_are_random_and_the_seed_decides_them():
    one, again, other = (
        named(Backbone("efficientnet-lite0", (25, 25, 1), SMALL, seed=seed)._whole)
        for seed in (1, 1, 2)
    )
    published = loaded()
    kernels = {name for name in one if "kernel" in name}
    assert not moved(one, again)
    assert kernels <= moved(one, other)
    assert kernels <= moved(one, published)
    means = [value for name, value in one.items() if "moving_mean" in name]
    assert not np.concatenate(means).any()


def test_flipped_training_draws_from_the_pictures_and_their_mirror_images():
    task = train(small(augmentation="flip", epochs=1)).task
    indices = np.repeat(task.split.training[:1], 64).astype(np.int32)
    drawn, target = (part.numpy() for part in task.batch(indices))
    picture = task.dataset.images[indices[:1]].astype(np.float32)
    both = [task.network.body.predict(p, verbose=0)[0] for p in (picture, picture[:, :, ::-1])]
    near = np.array([[np.abs(row - one).max() < 1e-3 for one in both] for row in drawn])
    assert near.any(axis=1).all()
    assert 15 < near[:, 0].sum() < 49  # 32 and four deviations
    assert (target == np.eye(2)[task.dataset.labels[indices[0]]]).all()


def test_mixed_labels_reach_the_features():
    task = train(small(pipeline="mix.up", copies=2, epochs=1)).task
    _, target = task.batch(task.split.training.astype(np.int32))
    np.testing.assert_allclose(target.numpy().sum(-1), 1, rtol=1e-5)
    assert ((target.numpy() > 0.01) & (target.numpy() < 0.99)).any()


def test_the_same_seed_gives_the_same_head_to_the_last_bit():
    noisy = {"dropout": 0.4, "augmentation": "flip", "dense": 8}
    first, again, other = (train(small(seed=s, **noisy)).task for s in (3, 3, 4))
    head = weights(first.network.head)
    np.testing.assert_array_equal(head, weights(again.network.head))
    assert (head != weights(other.network.head)).mean() > 0.5


@pytest.mark.parametrize(
    "settings",
    [
        {"way": "frozen", "dense": 8},
        {"way": "finetune", "open_blocks": 3, "head_epochs": 0},
        {"way": "scratch"},
    ],
    ids=lambda settings: settings["way"],
)
def test_the_drawn_parameters_are_those_of_the_model(settings):
    spec = small(**settings)
    parts = [Part(*row) for row in anatomy("efficientnet-lite0")]
    drawn = shares(spec, Anatomy("efficientnet-lite0", 224, tuple(parts)), 2)
    task = task_of(spec, *spec.data.load(), Preparation(Controls(), silent, lambda: True))
    learnt = {
        name: sum(task.trainable[p].value.shape.num_elements() for p in places)
        for name, places in task.layers
    }
    assert {share.name: share.trainable for share in drawn if share.trainable} == learnt
    assert sum(share.trainable + share.frozen for share in drawn) == task.model.count_params()


def test_stopped_while_it_prepares_nothing_is_trained():
    told = []

    def stop(event, order):
        told.append(event)
        order("stop")

    with pytest.raises(StoppedError):
        train(small(seed=77, way="finetune"), when=stop)
    assert [event.kind for event in told] == ["preparing"]


def test_a_transfer_goes_through_the_desk_and_its_model_answers(desk, engine):
    spec = small(epochs=200, early_stopping=False)
    run = desk.start(spec, "me", paused=True)
    for event in run.events():
        if event.kind == "paused":
            break
    run.set(learning_rate=0.01)
    run.one_epoch()
    for event in run.events():
        if event.kind == "epoch":
            run.stop()
    assert run.wait(WAIT)
    assert (run.state, run.reason) == ("stopped", "Stopped by hand.")
    assert [change.value for change in run.changes()] == [0.01]
    pictures = run.pictures().images[run.split().validation]
    answers = predict(engine, run.model, pictures)
    predicted = run.latest("snapshot").data["predicted"]
    np.testing.assert_array_equal(answers.argmax(-1), predicted)
    maps = look(engine, run.model, pictures[0]).maps
    assert {name.split("_")[0] for name in maps} >= {"stem", "block1a", "block7a", "top"}
    assert len(maps) < 25
