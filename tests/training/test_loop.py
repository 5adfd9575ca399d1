"""The loop against Keras' own `fit`, and against itself: what is told must change nothing."""

import gc
import threading

import keras
import numpy as np
import pytest

from core.architecture import PRESETS, decode
from core.data.dataset import Dataset
from core.training import Change, RunSpec
from core.training.worker import loop as loops
from core.training.worker.classification import Classification, Judgement
from core.training.worker.controls import Controls
from core.training.worker.loop import epoch_order
from core.training.worker.optimizers import optimizer_of
from core.training.worker.steps import Steps
from tests.training.in_process import TINY, tiny, train, weights

pytestmark = pytest.mark.tf

SAME_SUMS = 2e-4
"""`fit` adds up a batch in another order: float32's rounding, grown over 21 steps."""


def fitted(spec, optimizer, epochs):
    """Epoch losses, accuracies and validation losses of `fit` on the same batches."""
    dataset, split = spec.data.load()
    model = Classification(spec, dataset, split).model
    model.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(True, label_smoothing=spec.label_smoothing),
        metrics=["accuracy"],
    )
    classes = np.eye(len(dataset.class_names), dtype=np.float32)[dataset.labels]
    rows = []
    for epoch in range(epochs):
        order = epoch_order(split.training, spec.seed, epoch)
        told = model.fit(
            dataset.images[order],
            classes[order],
            batch_size=spec.batch_size,
            shuffle=False,
            verbose=0,
            validation_data=(dataset.images[split.validation], classes[split.validation]),
        ).history
        rows.append([told[name][0] for name in ("loss", "accuracy", "val_loss")])
    return np.array(rows).T


@pytest.mark.parametrize(
    ("settings", "optimizer"),
    [
        ({"optimizer": "sgd", "learning_rate": 0.05}, lambda: keras.optimizers.SGD(0.05)),
        (
            {"optimizer": "nesterov", "learning_rate": 0.02, "momentum": 0.8},
            lambda: keras.optimizers.SGD(0.02, 0.8, nesterov=True),
        ),
        (
            {"optimizer": "adam", "label_smoothing": 0.1, "batch_size": 33},
            lambda: keras.optimizers.Adam(0.001),
        ),
        (
            {"optimizer": "adamw", "weight_decay": 0.1, "clipping": "norm", "clip": 0.5},
            lambda: keras.optimizers.AdamW(0.001, weight_decay=0.1, global_clipnorm=0.5),
        ),
        ({"optimizer": "rmsprop"}, lambda: keras.optimizers.RMSprop(0.001)),
        (
            {"optimizer": "adagrad", "learning_rate": 0.05, "clipping": "value", "clip": 0.01},
            lambda: keras.optimizers.Adagrad(0.05, clipvalue=0.01),
        ),
    ],
    ids=[
        "sgd",
        "nesterov",
        "adam-smoothing-odd-batch",
        "adamw-norm",
        "rmsprop",
        "adagrad-value",
    ],
)
def test_a_run_is_keras_fit_on_the_same_batches(settings, optimizer):
    spec = tiny(epochs=3, seed=4, **settings)
    loss, accuracy, validation_loss = fitted(spec, optimizer(), spec.epochs)
    series = train(spec).series
    np.testing.assert_allclose(series.epoch_loss, loss, rtol=SAME_SUMS)
    np.testing.assert_allclose(series.epoch_accuracy, accuracy, atol=1e-6)
    np.testing.assert_allclose(series.validation_loss, validation_loss, rtol=SAME_SUMS)


def test_every_picture_is_seen_once_an_epoch_in_an_order_of_its_own():
    training = np.random.default_rng(1).permutation(1000)[:333]
    first, again, second = (epoch_order(training, 5, epoch) for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()
    for order in (first, second):
        np.testing.assert_array_equal(np.sort(order), np.sort(training))


NOISY = {"dropout": 0.4, "augmentation": "all", "optimizer": "momentum", "learning_rate": 0.01}
"""Everything that draws at random."""


def test_the_same_seed_gives_the_same_losses_to_the_last_bit_and_another_seed_others():
    first, again, other = (train(tiny(seed=seed, **NOISY)).loss for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.9


def test_the_weights_at_first_do_not_depend_on_dropout_and_augmentation():
    plain, noisy = (
        Classification(spec, *spec.data.load()).model
        for spec in (tiny(seed=8), tiny(seed=8, **NOISY))
    )
    np.testing.assert_array_equal(weights(plain), weights(noisy))


def test_blocks_of_steps_give_the_curve_of_single_steps(monkeypatch):
    monkeypatch.setattr(loops, "MOST_IN_A_BLOCK", 1)
    single = train(tiny(**NOISY)).loss
    monkeypatch.setattr(loops, "MOST_IN_A_BLOCK", 256)
    monkeypatch.setattr(loops, "BLOCK_SECONDS", 100.0)
    np.testing.assert_array_equal(train(tiny(**NOISY)).loss, single)


def test_looking_does_not_change_the_curve(monkeypatch):
    monkeypatch.setattr(loops, "LOOK_EVERY", 1e9)
    seldom = train(tiny(**NOISY))
    monkeypatch.setattr(loops, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(loops, "LOOK_SHARE", 1e9)
    often = train(tiny(**NOISY))
    assert len(often.of("snapshot")) >= len(seldom.of("snapshot")) + 4
    np.testing.assert_array_equal(often.loss, seldom.loss)
    np.testing.assert_array_equal(weights(often.task.model), weights(seldom.task.model))


def test_changes_given_beforehand_repeat_a_run_that_was_steered():
    spec = tiny(epochs=3, **NOISY)
    wanted = {2: ("dropout", 0.7), 5: ("learning_rate", 0.03), 8: ("momentum", 0.5)}
    wanted |= {11: ("augmentation_strength", 0.9)}

    def steer(event, order):
        if event.kind == "paused":
            if event.step in wanted:
                setting, value = wanted[event.step]
                order("set", setting=setting, value=value)
            order("batch")

    steered = train(spec, when=steer, paused=True)
    changes = tuple(Change(step=e.step, **e.data) for e in steered.of("changed"))
    assert {c.step: (c.setting, c.value) for c in changes} == wanted
    repeated = train(spec.model_copy(update={"changes": changes}))
    np.testing.assert_array_equal(repeated.loss, steered.loss)
    np.testing.assert_array_equal(repeated.series.learning_rate, steered.series.learning_rate)
    assert (steered.loss != train(spec).loss).mean() > 0.5


def test_a_run_that_pauses_at_every_batch_has_the_curve_of_one_that_does_not():
    def step_by_step(event, order):
        if event.kind == "paused":
            order("batch")

    spec = tiny(**NOISY)
    stepped = train(spec, when=step_by_step, paused=True)
    assert [e.step for e in stepped.of("paused")] == list(range(14))
    np.testing.assert_array_equal(stepped.loss, train(spec).loss)


def test_an_order_between_two_epochs_ends_no_epoch_twice():
    def poke(event, order):
        if event.kind in ("started", "epoch"):
            order("set", setting="learning_rate", value=0.01)
            order("pause")
        if event.kind == "paused":
            order("resume")

    trained = train(tiny(epochs=3), when=poke)
    assert [e.data["epoch"] for e in trained.of("epoch")] == [1, 2, 3]
    assert [e.step for e in trained.of("paused")] == [0, 7, 14]


def test_dropout_can_be_raised_from_nothing_and_taken_back_and_the_model_still_loads(tmp_path):
    changes = (
        Change(step=3, setting="dropout", value=0.5),
        Change(step=6, setting="dropout", value=0.0),
    )
    trained = train(tiny(epochs=1, changes=changes))
    plain = train(tiny(epochs=1))
    np.testing.assert_array_equal(trained.loss[:3], plain.loss[:3])
    assert (trained.loss[3:] != plain.loss[3:]).all()
    masks = {e.step: e.data["dropout_mask"] for e in trained.of("snapshot")}
    assert masks[0].all()
    path = tmp_path / "model.keras"
    path.write_bytes(trained.model)
    loaded = keras.models.load_model(path, safe_mode=True)
    np.testing.assert_array_equal(weights(loaded), weights(trained.task.model))


def test_momentum_can_be_raised_from_nothing():
    raised = tiny(
        optimizer="momentum",
        momentum=0.0,
        learning_rate=0.05,
        changes=(Change(step=4, setting="momentum", value=0.9),),
    )
    plain = train(raised.model_copy(update={"optimizer": "sgd", "changes": ()}))
    trained = train(raised)
    # The step after the change is the first one that goes further than plain descent.
    np.testing.assert_array_equal(trained.loss[:5], plain.loss[:5])
    assert (trained.loss[6:] != plain.loss[6:]).any()


def test_the_learning_rate_told_is_the_schedules_times_what_was_set():
    change = Change(step=5, setting="learning_rate", value=0.01)
    spec = tiny(learning_rate=0.1, schedule="exponential", decay=0.5, decay_epochs=1)
    rates = train(spec.model_copy(update={"changes": (change,)})).series.learning_rate
    steps = np.arange(14)
    expected = np.where(steps < 5, 0.1, 0.01) * 0.5 ** (steps / 7)
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_lengths_are_those_of_gradient_weights_and_update():
    spec = tiny(optimizer="sgd", learning_rate=0.05, epochs=1, architecture=decode("flatten"))
    series = train(
        spec, when=lambda e, o: o("batch") if e.kind == "paused" else None, paused=True
    ).series
    assert series.layers == ("output",)
    assert len(series.norm_steps) == 7
    # A step of plain descent is the gradient times the rate.
    np.testing.assert_allclose(series.update_norm, 0.05 * series.gradient_norm, rtol=1e-3)
    first = Classification(spec, *spec.data.load()).model
    assert series.weight_norm[0, 0] == pytest.approx(np.linalg.norm(weights(first)), rel=1e-5)


def test_clipping_holds_the_whole_gradient_at_the_bound():
    spec = tiny(optimizer="sgd", learning_rate=0.1, clipping="norm", clip=0.01, epochs=1)
    series = train(spec).series
    assert (np.linalg.norm(series.gradient_norm, axis=1) > 0.1).all()
    np.testing.assert_allclose(
        np.linalg.norm(series.update_norm, axis=1), 0.1 * 0.01, rtol=2e-3
    )


# How it ends


def early(**settings):
    """Overfits at once: a large rate and few pictures."""
    defaults = {
        "learning_rate": 0.02,
        "epochs": 30,
        "early_stopping": True,
        "patience": 3,
        "architecture": decode("flatten_dense-u64"),
    }
    return tiny(**(defaults | settings))


def test_early_stopping_waits_for_its_patience_and_restores_the_best_weights(tmp_path):
    trained = train(early())
    losses = trained.series.validation_loss
    best = int(losses.argmin()) + 1
    assert len(losses) == best + 3 < 30
    assert trained.end["best"] == best
    assert f"epoch {best}" in trained.end["reason"]
    assert [e.data["epoch"] for e in trained.of("epoch") if e.data["best"]][-1] == best
    path = tmp_path / "model.keras"
    path.write_bytes(trained.model)
    model = keras.models.load_model(path)
    dataset, split = early().data.load()
    logits = model(dataset.images[split.validation].astype(np.float32))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    saved = float(loss(dataset.labels[split.validation], logits))
    assert saved == pytest.approx(losses.min(), rel=1e-5)
    assert saved < losses[-1]


def test_without_restoring_the_last_weights_stay():
    trained = train(early(restore_best=False))
    assert trained.end["best"] == 0
    judged = trained.task.judge(trained.task.split.validation)
    assert judged.loss == pytest.approx(trained.series.validation_loss[-1], rel=1e-6)


def test_an_early_stop_is_keras_early_stop():
    spec = early()
    dataset, split = spec.data.load()
    losses = train(spec).series.validation_loss
    stopping = keras.callbacks.EarlyStopping(
        patience=3, min_delta=loops.SMALLEST_GAIN, restore_best_weights=True
    )
    stopping.set_model(Classification(spec, dataset, split).model)
    stopping.on_train_begin()
    stopping.model.stop_training = False
    for epoch, loss in enumerate(losses):
        assert not stopping.model.stop_training, "Keras would have stopped before"
        stopping.on_epoch_end(epoch, {"val_loss": loss})
    assert stopping.model.stop_training
    assert stopping.best_epoch == losses.argmin()


def test_a_loss_that_is_no_number_ends_the_run_and_is_explained():
    trained = train(
        tiny(
            optimizer="sgd",
            learning_rate=10,
            epochs=9,
            architecture=PRESETS["vit"].architecture,
        )
    )
    assert trained.end["state"] == "failed"
    assert not np.isfinite(trained.loss[-1])
    assert np.isfinite(trained.loss[:-1]).all()
    step = len(trained.loss)
    assert trained.end["reason"].startswith(
        f"The loss is no longer a number at step {step:,} (before it: "
    )
    assert "With learning rate 10 each step goes so far" in trained.end["reason"]
    assert "Try 1," in trained.end["reason"]
    assert trained.of("ended")[0].step == step


def test_a_run_that_is_worse_than_guessing_says_so():
    lenet = PRESETS["lenet"].architecture
    trained = train(tiny(optimizer="sgd", learning_rate=10, architecture=lenet))
    assert trained.end["state"] == "finished"
    last = trained.of("epoch")[-1].data["loss"]
    assert trained.end["reason"].startswith(
        f"It has not learnt: the loss of the last epoch is {last:.3g}"
    )
    assert "guessing has 2.30" in trained.end["reason"]
    assert "here 10, is too large. Try 1." in trained.end["reason"]
    assert not train(tiny(architecture=lenet)).end["reason"]


def test_a_validation_loss_that_is_no_number_is_never_the_best(monkeypatch):
    judgements = iter([0.5, np.nan, 0.4, np.nan, np.nan, np.nan])

    def judge(_, indices):
        losses = np.full(len(indices), next(judgements), np.float32)
        return Judgement(losses, np.zeros(len(indices), np.uint16), losses[:, None], 0.0)

    monkeypatch.setattr(Classification, "judge", judge)
    monkeypatch.setattr(loops.Loop, "_look", lambda _: None)
    trained = train(tiny(epochs=6, early_stopping=True, patience=3))
    assert [e.data["best"] for e in trained.of("epoch")] == [
        True,
        False,
        True,
        False,
        False,
        False,
    ]
    assert trained.end["best"] == 3


def test_a_search_raises_the_rate_until_the_loss_explodes():
    trained = train(
        tiny(schedule="finder", optimizer="sgd", architecture=PRESETS["lenet"].architecture)
    )
    series = trained.series
    assert trained.end["state"] == "finished"
    assert "exploded" in trained.end["reason"]
    assert 20 < len(series.steps) <= 150
    assert series.learning_rate[0] == pytest.approx(1e-6)
    ratios = series.learning_rate[1:] / series.learning_rate[:-1]
    np.testing.assert_allclose(ratios, (10 / 1e-6) ** (1 / 149), rtol=1e-4)
    assert not trained.of("epoch")


# All networks


@pytest.mark.parametrize("slug", PRESETS)
@pytest.mark.parametrize(
    "data",
    [{"dataset": "digits", "images": 100}, {"dataset": "shapes", "images": 120}],
    ids=["grey", "colour"],
)
def test_every_network_learns_a_few_steps_and_can_be_looked_into(slug, data):
    architecture = PRESETS[slug].architecture
    spec = RunSpec(data=data, architecture=architecture, batch_size=16, epochs=1)
    before = weights(Classification(spec, *spec.data.load()).model)
    trained = train(spec)
    assert trained.end["state"] == "finished"
    assert np.isfinite(trained.loss).all()
    after = weights(trained.task.model)
    assert np.isfinite(after).all()
    assert (before != after).mean() > 0.5
    assert (trained.series.update_norm[-1] > 0).all()
    snapshot = trained.of("snapshot")[-1].data
    assert snapshot["maps"].keys() == snapshot["histograms"].keys()
    assert list(snapshot["maps"]) == trained.of("started")[0].data["shown"]


@pytest.mark.parametrize(
    "rows",
    [
        "global.pool",
        "flatten",
        "pool_flatten",
        "layer.norm_flatten",
        "separable.conv-f4_global.pool",
        "depthwise.conv-x2-n1_flatten",
        "patches-w8_global.pool_dense-u8-n1",
    ],
)
def test_every_kind_of_first_layer_can_be_looked_into(rows):
    trained = train(tiny(architecture=decode(rows), epochs=1))
    snapshot = trained.of("snapshot")[-1].data
    for name, planes in snapshot["filters"].items():
        assert planes["bytes"].ndim == 4, name
    assert trained.end["state"] == "finished"


def test_own_pictures_train():
    images = np.zeros((60, 20, 24, 3), np.uint8)
    images[::2, :, :12] = 255
    labels = np.arange(60) % 2
    own = Dataset("own", "Mine", images, labels, ("left", "none"), "me", "mine")
    spec = RunSpec(
        data={"dataset": "own", "image_size": 24},
        architecture=TINY,
        batch_size=8,
        epochs=4,
        learning_rate=0.01,
    )
    trained = train(spec, own)
    assert trained.task.dataset.shape == (24, 24, 3)
    assert trained.series.validation_accuracy[-1] == 1


def test_the_judgement_after_an_epoch_is_keras_evaluate():
    trained = train(tiny(epochs=2))
    model, split = trained.task.model, trained.task.split
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    dataset = trained.task.dataset
    loss, accuracy = model.evaluate(
        dataset.images[split.validation], dataset.labels[split.validation], verbose=0
    )
    last = trained.of("epoch")[-1].data
    assert last["validation_loss"] == pytest.approx(loss, rel=1e-5)
    assert last["validation_accuracy"] == pytest.approx(accuracy)
    assert last["losses"].mean() == pytest.approx(loss, rel=1e-5)
    right = last["predicted"] == dataset.labels[split.validation]
    assert right.mean() == pytest.approx(accuracy)


def test_an_interrupted_block_ends_after_the_batch_that_is_being_computed():
    spec = tiny()
    dataset, split = spec.data.load()
    task = Classification(spec, dataset, split)
    controls = Controls()
    steps = Steps(task, optimizer_of(spec, task.trainable), controls.interrupt)
    order = np.resize(split.training, (200_000, 20)).astype(np.int32)
    steps.run(order[:1], np.ones(1, np.float32))
    interrupting = threading.Timer(
        0.3, controls.hear, ({"sender": "me", "number": 0, "word": "pause"},)
    )
    interrupting.start()
    block = steps.run(order, np.ones(len(order), np.float32))
    done = len(block.loss)
    assert 0 < done < len(order)
    assert int(steps.optimizer.iterations) == 1 + done
    assert len(block.score) == done
    assert np.isfinite(block.loss).all()
    # Until somebody has taken the command, nothing more is done.
    assert len(steps.run(order[:5], np.ones(5, np.float32)).loss) == 0
    assert [command["word"] for command in controls.take()] == ["pause"]
    assert len(steps.run(order[:5], np.ones(5, np.float32)).loss) == 5


def test_no_graph_stays_behind_when_a_run_has_ended():
    def graphs():
        gc.collect()
        return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())

    train(tiny(epochs=1))
    before = graphs()
    train(tiny(epochs=1))
    train(tiny(epochs=1))
    assert graphs() == before


def test_the_lengths_that_are_told_are_those_of_one_step():
    """Plain SGD: the update is the rate times the gradient; weights are from before it."""
    spec = tiny(optimizer="sgd", learning_rate=0.05, epochs=1, batch_size=140)
    network = Classification(spec, *spec.data.load()).model
    first = [layer.get_weights() for layer in network.layers]
    told = train(spec).of("batches")[-1].data
    np.testing.assert_allclose(told["update_norm"], 0.05 * told["gradient_norm"], rtol=1e-3)
    trained = [parts for parts in first if parts]
    lengths = [np.sqrt(sum(float((part**2).sum()) for part in parts[:2])) for parts in trained]
    np.testing.assert_allclose(told["weight_norm"][0], lengths[0], rtol=1e-5)
    np.testing.assert_allclose(told["weight_norm"][-1], lengths[-1], rtol=1e-5)
