"""The exported script of a run that learns masks does what the run did."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.architecture.unet import UNet, nearest_sizes
from core.data.masked import SceneSpec
from core.export.notebook import sections
from core.export.segmentation_code import reads_backbone, segmentation_script
from core.export.training_pictures_code import PICTURES_FILE, pictures_file, reads_pictures
from core.export.transfer_code import BACKBONE_FILE
from core.training import Change, SegmentationSpec, exporting
from tests.training.in_process import train, weights
from tests.training.inline import Inline

ROOT = Path(__file__).parents[2]


def small(side=32, **settings):
    data = SceneSpec(
        images=40, image_size=side, shape_classes=("circle", "plus"), shape_smallest=40,
        shape_largest=60, shapes_most=1,
    )  # fmt: skip
    defaults = {"data": data, "unet": UNet(depth=2, width=4), "batch_size": 8, "epochs": 2}
    return SegmentationSpec(**(defaults | settings))


CASES = {
    "mirrored-with-dropout": small(augmentation="flip", dropout=0.3, seed=3),
    "published-ways": small(
        44, unet=UNet(depth=2, width=4, up="unpooling", padding="valid"), mask_loss="dice",
        optimizer="momentum", learning_rate=0.05, schedule="constant", warmup_epochs=0,
    ),
    "changed-on-the-way": small(
        unet=UNet(depth=1, width=4, up="transposed", skips=False, norm=False),
        mask_loss="focal", epochs=3, early_stopping=True, patience=1, clipping="norm",
        changes=(
            Change(step=2, setting="learning_rate", value=0.02),
            Change(step=5, setting="dropout", value=0.5),
        ),
    ),
    "pretrained": small(64, encoder="lite0"),
    "pretrained-and-learnt": small(
        80, encoder="lite0", encoder_frozen=False, learning_rate=5e-4, epochs=1,
        mask_loss="crossentropy",
    ),
}  # fmt: skip


def script_of(spec):
    dataset, _ = spec.data.load()
    return segmentation_script(spec, dataset.shape, len(dataset.class_names))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each script left, run one after the other in another process."""
    folder = tmp_path_factory.mktemp("scripts")
    backbone = exporting.backbone(Inline(), "efficientnet-lite0")
    for name, spec in CASES.items():
        assert reads_pictures(spec)
        (folder / name).mkdir()
        (folder / name / "training.py").write_text(script_of(spec))
        (folder / name / PICTURES_FILE).write_bytes(pictures_file(*spec.data.load()))
        if reads_backbone(spec):
            (folder / name / BACKBONE_FILE).write_bytes(backbone)
    command = [sys.executable, "-m", "tests.export.run_training", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=600)
    return {name: json.loads((folder / name / "told.json").read_text()) for name in CASES}


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_script_has_the_curve_of_the_run(name, told):
    """Up to the order in which float32 is added up, which drifts from step to step."""
    assert "failure" not in told[name], told[name]["failure"]
    series, curve = train(CASES[name]).series, told[name]["curve"]
    assert len(curve) == len(series.epochs)
    for column, ours in (("loss", series.epoch_loss), ("val_loss", series.validation_loss)):
        theirs = np.array([epoch[column] for epoch in curve])
        np.testing.assert_allclose(theirs, ours, rtol=2e-3)
    # Keras' own metric counts over all validation pictures, as the run does.
    theirs = [epoch["val_mean_iou"] for epoch in curve]
    np.testing.assert_allclose(theirs, series.validation_accuracy, atol=0.01)


@pytest.mark.tf
def test_the_weights_begin_as_those_of_the_run_to_the_last_bit():
    from core.training.worker.mask_networks import network_of

    spec = small(unet=UNet(depth=3, width=4), dropout=0.1, seed=5)
    script = segmentation_script(spec, (32, 32, 3), 4)
    begin, end = script.index("# The same seed"), script.index("# Optimiser and loss")
    space = {}
    exec(script[: script.index("\n\n")] + "\n\n" + script[begin:end], space)
    expected = network_of(spec, (32, 32, 3), 4).model
    np.testing.assert_array_equal(weights(space["model"]), weights(expected))
    assert [la.name for la in space["model"].layers] == [la.name for la in expected.layers]


@pytest.mark.parametrize(
    ("encoder", "up", "padding"),
    [
        ("unet", "transposed", "same"),
        ("unet", "unpooling", "valid"),
        ("unet", "bilinear", "valid"),
        ("lite0", "bilinear", "same"),
    ],
)
def test_it_is_sound_python_of_sections_that_begin_with_a_comment(
    encoder, up, padding, tmp_path
):
    unet = UNet(depth=3, width=64, up=up, padding=padding)
    side = 100 if encoder == "lite0" else nearest_sizes(unet, 200)[-1]
    spec = SegmentationSpec(unet=unet, encoder=encoder, augmentation="flip", schedule="finder")
    script = segmentation_script(spec, (side, side, 3), 21)
    path = tmp_path / "training.py"
    path.write_text(script)
    options = ["--isolated", "--line-length", "96", "--select", "F,E,W"]
    command = [sys.executable, "-m", "ruff", "check", *options, path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    assert all(section.startswith("# ") for section in sections(script))
    assert reads_backbone(spec) == (BACKBONE_FILE in script)
