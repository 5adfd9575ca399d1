"""The exported script of a run that learns boxes does what the run did; the five steps run."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.architecture.detector import Detector
from core.architecture.yolov8 import Yolov8
from core.data.boxed import BoxSceneSpec
from core.export.detection_code import detection_script
from core.export.notebook import sections
from core.export.training_pictures_code import PICTURES_FILE, pictures_file, reads_pictures
from core.export.yolo_steps import STEPS, whole
from core.training import Change, DetectionSpec
from tests.training.in_process import train, weights

ROOT = Path(__file__).parents[2]


def small(**settings):
    data = BoxSceneSpec(
        images=40, image_size=32, shape_classes=("circle", "plus"), shape_smallest=40,
        shape_largest=60, shapes_most=2,
    )  # fmt: skip
    network = Detector(width=4, depth=1)
    return DetectionSpec(
        **({"data": data, "detector": network, "batch_size": 8, "epochs": 2} | settings)
    )


CASES = {
    "mirrored-with-dropout": small(dropout=0.3, seed=3),
    "squared-three-boxes-changed": small(
        detector=Detector(width=4, depth=2, stride=16, boxes=3, norm=False),
        box_loss="squared", box_weight=5.0, augmentation="none", optimizer="momentum",
        learning_rate=0.001, epochs=3,
        changes=(Change(step=5, setting="learning_rate", value=0.0005),),
    ),
    "yolov8": small(
        detector=Yolov8(width=8), box_weight=7.5, class_weight=0.5, clipping="norm", clip=10.0,
        learning_rate=0.001, seed=2,
    ),
    "giou": small(box_loss="giou", empty_weight=1.0, class_weight=2.0, augmentation="none"),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each script left, run one after the other in another process."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, spec in CASES.items():
        assert reads_pictures(spec)
        (folder / name).mkdir()
        (folder / name / "training.py").write_text(detection_script(spec, (32, 32, 3), 2))
        (folder / name / PICTURES_FILE).write_bytes(pictures_file(*spec.data.load()))
    command = [sys.executable, "-m", "tests.export.run_training", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=600)
    return {name: json.loads((folder / name / "told.json").read_text()) for name in CASES}


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_script_has_the_curve_of_the_run(name, told):
    """Up to the order in which float32 is added up, which drifts from step to step."""
    assert "failure" not in told[name], told[name]["failure"]
    run, curve = train(CASES[name]), told[name]["curve"]
    series = run.series
    assert len(curve) == len(series.epochs)
    for column, ours in (("loss", series.epoch_loss), ("val_loss", series.validation_loss)):
        theirs = np.array([epoch[column] for epoch in curve])
        np.testing.assert_allclose(theirs, ours, rtol=2e-3)
    parts = np.stack([event.data["validation_parts"] for event in run.of("epoch")])
    for place, part in enumerate(CASES[name].parts):
        theirs = [epoch[f"val_{part}_loss"] for epoch in curve]
        np.testing.assert_allclose(theirs, parts[:, place], rtol=5e-3)


@pytest.mark.tf
def test_the_weights_begin_as_those_of_the_run_to_the_last_bit():
    from core.models.detector import build
    from core.training.worker.classification import seeded

    spec = small(detector=Detector(width=4, boxes=2), dropout=0.1, seed=5)
    script = detection_script(spec, (32, 32, 3), 4)
    begin, end = script.index("# The same seed"), script.index("# Picture and boxes are")
    space = {}
    exec(script[: script.index("\n\n")] + "\n\n" + script[begin:end], space)
    with seeded(5):
        expected = build(spec.detector, (32, 32, 3), 4, head_dropout=0.1, dropout_seed=5)
    np.testing.assert_array_equal(weights(space["model"]), weights(expected))
    assert [la.name for la in space["model"].layers] == [la.name for la in expected.layers]


@pytest.mark.tf
def test_kerascvs_network_begins_as_that_of_the_run_to_the_last_bit():
    from core.models.yolov8 import build
    from core.training.worker.classification import seeded

    spec = small(detector=Yolov8(width=8, depth=2), seed=5)
    script = detection_script(spec, (32, 32, 3), 4)
    begin, end = script.index("# The same seed"), script.index("# Picture and boxes are")
    space = {}
    exec(script[: script.index("\n\n")] + "\n\n" + script[begin:end], space)
    with seeded(5):
        expected = build(spec.detector, (32, 32, 3), 4)
    np.testing.assert_array_equal(weights(space["model"]), weights(expected))


def test_who_answers_is_told_in_the_script_as_in_the_run():
    from core.architecture.detector import assign

    script = detection_script(small(detector=Detector(boxes=3)), (96, 96, 3), 2)
    begin, end = script.index("# The cell that"), script.index("# The same seed")
    space = {"np": np}
    exec(script[begin:end], space)
    data = BoxSceneSpec(images=20, shapes_fewest=3, shapes_most=6, overlap=True).pictures()
    for boxes, labels in zip(data.boxes, data.box_labels, strict=True):
        expected = assign(Detector(boxes=3), 96, boxes, labels).target
        np.testing.assert_array_equal(space["answering"](boxes, labels), expected)


def sound(script, folder):
    """What is wrong with it as Python; empty for nothing."""
    path = folder / "training.py"
    path.write_text(script)
    options = ["--isolated", "--line-length", "96", "--select", "F,E,W"]
    command = [sys.executable, "-m", "ruff", "check", *options, path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout if found.returncode else ""


@pytest.mark.parametrize("loss", ["ciou", "giou", "squared"])
@pytest.mark.parametrize("schedule", ["cosine", "finder"])
def test_it_is_sound_python_of_sections_that_begin_with_a_comment(loss, schedule, tmp_path):
    spec = DetectionSpec(
        detector=Detector(width=64, boxes=3), box_loss=loss, schedule=schedule,
        augmentation="flip" if loss == "ciou" else "none",
    )  # fmt: skip
    script = detection_script(spec, (256, 256, 3), 80)
    assert sound(script, tmp_path) == ""
    assert all(section.startswith("# ") for section in sections(script))
    others = {"ciou", "giou", "squared"} - {loss}
    assert not any(f"def {other}_loss" in script for other in others)


@pytest.mark.parametrize("schedule", ["cosine", "finder"])
@pytest.mark.parametrize("augmentation", ["flip", "none"])
def test_so_is_that_of_kerascvs_network(schedule, augmentation, tmp_path):
    spec = DetectionSpec(detector=Yolov8(), schedule=schedule, augmentation=augmentation)
    script = detection_script(spec, (256, 256, 3), 80)
    assert sound(script, tmp_path) == ""
    assert all(section.startswith("# ") for section in sections(script))
    assert ("def mirrored" in script) == (augmentation == "flip")
    assert "objectness" not in script


@pytest.mark.tf
@pytest.mark.slow
def test_the_five_steps_run_one_after_the_other(tmp_path):
    assert [step.title for step in STEPS] == [
        "Load", "Train", "Validate", "Predict", "Export",
    ]  # fmt: skip
    script = whole().replace("EPOCHS, PICTURES = 20, 256", "EPOCHS, PICTURES = 1, 8")
    assert "EPOCHS, PICTURES = 1, 8" in script
    (tmp_path / "steps.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "steps.py"], cwd=tmp_path, capture_output=True, text=True, timeout=900,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "MaP" in done.stdout
    assert (tmp_path / "detector.keras").stat().st_size > 10**7
    assert (tmp_path / "detector_saved_model" / "saved_model.pb").exists()
