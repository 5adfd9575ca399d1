"""The exported script trains as the run did; the history is a table."""

import csv
import io

import numpy as np
import pytest

from core.architecture import PRESETS
from core.data.spec import DataSpec
from core.export.training_code import (
    PICTURES_FILE,
    history_csv,
    pictures_file,
    reads_pictures,
    training_script,
)
from core.training import Change, RunSpec
from core.training.series import Gatherer

FEW = DataSpec(images=300)

CASES = {
    "lenet": RunSpec(data=FEW, epochs=2, batch_size=32),
    "schedule, dropout and changes": RunSpec(
        data=FEW, architecture=PRESETS["dense"].architecture, optimizer="momentum",
        learning_rate=0.05, schedule="cosine", warmup_epochs=1, epochs=3, dropout=0.3,
        changes=(
            Change(step=3, setting="learning_rate", value=0.02),
            Change(step=5, setting="momentum", value=0.5),
            Change(step=6, setting="dropout", value=0.6),
        ),
    ),
    "augmentation, smoothing, clipping": RunSpec(
        data=FEW, optimizer="adamw", weight_decay=0.01, augmentation="all", clipping="norm",
        clip=0.5, label_smoothing=0.1, epochs=2, initializer="he_normal",
        changes=(Change(step=4, setting="augmentation_strength", value=0.8),),
    ),
    "batch norm and skips": RunSpec(
        data=FEW, architecture=PRESETS["resnet"].architecture, norm_order="after", epochs=1,
        loss="focal", optimizer="rmsprop",
    ),
    "squared error, steps": RunSpec(
        data=FEW, architecture=PRESETS["logistic"].architecture, loss="squared_error",
        label_smoothing=0.05, optimizer="adagrad", schedule="step", decay_epochs=1, epochs=3,
        learning_rate=0.01,
    ),
    "hinge, early stopping": RunSpec(
        data=FEW, architecture=PRESETS["dense"].architecture, loss="hinge", epochs=12,
        optimizer="sgd", learning_rate=0.3, early_stopping=True, patience=1,
    ),
}  # fmt: skip


def trained(spec):
    """The weights after a run of the worker's loop, and what it told of its epochs."""
    from core.training.worker.classification import Classification
    from core.training.worker.controls import Controls
    from core.training.worker.loop import Loop

    told = []
    dataset, split = spec.data.load()
    task = Classification(spec, dataset, split)
    loop = Loop(spec, task, Controls(), lambda *event: told.append(event), lambda: True)
    loop.run()
    epochs = [data for kind, _, data in told if kind == "epoch"]
    return task.model.get_weights(), epochs


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_script_ends_with_the_weights_of_the_run(name, tmp_path, monkeypatch):
    spec = CASES[name]
    weights, epochs = trained(spec)
    dataset, split = spec.data.load()
    (tmp_path / PICTURES_FILE).write_bytes(pictures_file(dataset, split))
    monkeypatch.chdir(tmp_path)
    script = training_script(spec, dataset.shape, len(dataset.class_names))
    space: dict = {}
    exec(compile(script, "training.py", "exec"), space)
    history = space["history"].history
    # Keras divides a batch's loss in another order than the loop: the last bits differ, and
    # some dozen steps make that a few parts in 10,000.
    for mine, theirs in zip(weights, space["model"].get_weights(), strict=True):
        assert np.allclose(mine, theirs, rtol=2e-3, atol=2e-4)
    assert history["loss"][0] == pytest.approx(epochs[-1]["loss"], rel=1e-3)
    assert history["val_loss"][0] == pytest.approx(epochs[-1]["validation_loss"], rel=1e-3)
    assert (tmp_path / "model.keras").exists()


@pytest.mark.parametrize("dataset", ["digits", "mnist", "fashion", "cifar10"])
def test_sets_that_a_package_carries_need_no_file(dataset):
    spec = RunSpec(data=DataSpec(dataset=dataset))
    assert not reads_pictures(spec)
    script = training_script(spec, (28, 28, 1), 10)
    compile(script, "training.py", "exec")
    assert PICTURES_FILE not in script


def test_the_split_that_is_written_out_is_the_run_s():
    spec = RunSpec(data=DataSpec(split_seed=3, training_share=0.6, validation_share=0.2))
    dataset, split = spec.data.load()
    script = training_script(spec, dataset.shape, 10)
    begin, end = (
        script.index("# Training, validation and test"),
        script.index("# The same seed"),
    )
    space = {"np": np, "labels": dataset.labels}
    exec(script[begin:end], space)
    for part in ("training", "validation", "test"):
        assert np.array_equal(space[part], getattr(split, part))


def test_a_published_test_set_is_the_last_pictures():
    script = training_script(RunSpec(data=DataSpec(dataset="mnist")), (28, 28, 1), 10)
    assert "keras.datasets.mnist.load_data()" in script
    assert "np.arange(len(labels) - 10_000, len(labels))" in script


def test_the_history_has_a_line_for_each_batch():
    from core.training import Event

    gatherer = Gatherer()
    gatherer.take(Event(0, 0.0, "started", 0, {"layers": ["dense_1"]}))
    norm = np.ones(1, np.float32)
    gatherer.take(
        Event(1, 0.0, "batches", 2, {
            "loss": np.array([2.5, 1.25], np.float32),
            "accuracy": np.array([0.0, 0.5], np.float32),
            "learning_rate": np.array([0.1, 0.1], np.float32),
            "gradient_norm": norm, "weight_norm": norm, "update_norm": norm,
        })
    )  # fmt: skip
    gatherer.take(
        Event(2, 0.0, "epoch", 2, {
            "epoch": 1, "loss": 1.875, "accuracy": 0.25, "validation_loss": 1.5,
            "validation_accuracy": 0.75,
        })
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(history_csv(gatherer.series()))))
    assert [row["batch"] for row in rows] == ["1", "2"]
    assert [float(row["loss"]) for row in rows] == [2.5, 1.25]
    assert not rows[0]["validation_loss"]
    assert float(rows[1]["validation_accuracy"]) == 0.75
