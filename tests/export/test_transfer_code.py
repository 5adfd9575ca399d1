"""The exported script of a transfer does what the run did, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.data.uploads import read_files
from core.export.notebook import sections
from core.export.training_pictures_code import PICTURES_FILE, pictures_file, reads_pictures
from core.export.transfer_code import BACKBONE_FILE, reads_backbone, transfer_script
from core.images.samples import SAMPLES
from core.training import Change, TransferSpec, exporting
from core.ui.pictures import png
from core.zoo.registry import ZOO
from tests.training.in_process import train
from tests.training.inline import Inline

ROOT = Path(__file__).parents[2]


def small(**settings):
    data = {"dataset": "faces", "images": 40}
    return TransferSpec(**({"data": data, "side": 64, "epochs": 2, "batch_size": 8} | settings))


def own():
    """Two classes of eight crops each, from two photos, in colour."""
    files = []
    for slug in ("chelsea", "coins"):
        pixels = SAMPLES[slug].load()
        crops = [pixels[10 * k : 10 * k + 120, 12 * k : 12 * k + 150] for k in range(8)]
        files += [(slug, png(crop)) for crop in crops]
    return read_files(files, 64).dataset


SAME = {
    "linear": small(epochs=4),
    "own-pictures": small(data={"dataset": "own", "image_size": 64}, dense=8),
    "flipped-with-dropout": small(
        pooling="max", dense=16, dropout=0.3, augmentation="flip", epochs=3, seed=5,
        optimizer="momentum", learning_rate=0.01, schedule="cosine", label_smoothing=0.1,
    ),
    "changed-on-the-way": small(
        epochs=3, early_stopping=True, patience=1,
        changes=(
            Change(step=3, setting="learning_rate", value=0.05),
            Change(step=6, setting="dropout", value=0.5),
        ),
    ),
    "fine-tuned": small(
        way="finetune", open_blocks=2, head_epochs=3, fine_rate=1e-4, dropout=0.2,
        augmentation="flip",
    ),
}  # fmt: skip
"""Scripts that give the run's curve."""
LIKE = {
    "changed-pictures": small(augmentation="shift", copies=3, epochs=6, seed=2),
    "from-scratch": small(way="scratch", epochs=1, learning_rate=0.0003),
}
"""Scripts with draws of their own."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What every script tells, and what the run told."""
    folder = tmp_path_factory.mktemp("scripts")
    backbone = exporting.backbone(Inline(), "efficientnet-lite0")
    curves = {}
    for name, spec in (SAME | LIKE).items():
        mine = own() if spec.data.dataset == "own" else None
        curves[name] = train(spec, mine).series
        dataset, split = spec.data.load(mine)
        case = folder / name
        case.mkdir()
        first = exporting.first_open(Inline(), spec)
        script = transfer_script(spec, dataset.shape, len(dataset.class_names), first)
        (case / "training.py").write_text(script)
        (case / BACKBONE_FILE).write_bytes(backbone)
        if reads_pictures(spec):
            (case / PICTURES_FILE).write_bytes(pictures_file(dataset, split))
    subprocess.run(
        [sys.executable, "-m", "tests.export.run_training", folder], cwd=ROOT, check=True
    )
    answers = {name: json.loads((folder / name / "told.json").read_text()) for name in curves}
    return curves, answers, folder


def columns(told, name):
    assert "failure" not in told[1][name], told[1][name]["failure"]
    curve = told[1][name]["curve"]
    return {key: np.array([row[key] for row in curve]) for key in curve[0]}


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", SAME)
def test_the_script_gives_the_curve_of_the_run(name, told):
    run, curve = told[0][name], columns(told, name)
    np.testing.assert_allclose(curve["loss"], run.epoch_loss, rtol=2e-3, atol=2e-4)
    np.testing.assert_allclose(curve["val_loss"], run.validation_loss, rtol=2e-3, atol=2e-4)
    np.testing.assert_allclose(curve["accuracy"], run.epoch_accuracy, atol=1e-6)


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", LIKE)
def test_with_draws_of_its_own_the_curve_is_like_that_of_the_run(name, told):
    run, curve = told[0][name], columns(told, name)
    assert len(curve["loss"]) == len(run.epoch_loss)
    np.testing.assert_allclose(curve["loss"], run.epoch_loss, rtol=0.5)


@pytest.mark.tf
@pytest.mark.slow
def test_the_script_leaves_a_model_for_pictures(told):
    import keras

    model = keras.saving.load_model(told[2] / "linear" / "model.keras", compile=False)
    assert model.input_shape == (None, 25, 25, 1)
    assert model.output_shape == (None, 2)


@pytest.mark.parametrize("slug", ZOO)
@pytest.mark.parametrize("way", ["frozen", "finetune", "scratch"])
def test_there_is_a_script_for_every_network(slug, way):
    spec = TransferSpec(backbone=slug, way=way, augmentation="all", dense=4)
    script = transfer_script(spec, (96, 96, 3), 3, "some_layer" if way == "finetune" else "")
    compile(script, slug, "exec")
    assert reads_backbone(spec) == (BACKBONE_FILE in script)
    assert ("import keras_cv" in script) == (ZOO[slug].source == "keras-cv")
    assert max(map(len, script.splitlines())) <= 96
    assert all(part.startswith("#") for part in sections(script))


def test_what_is_left_out_is_said():
    spec = TransferSpec(pipeline="mix.up")
    script = transfer_script(spec, (25, 25, 1), 2)
    assert "also went through a pipeline of augmentations: MixUp" in script.replace("\n# ", " ")
