"""A project's settings become the page's, and what is taken home says what it is."""

import json

import numpy as np
import pytest

from core.lessons.transfer import WAYS, TransferLesson
from core.training import Run, TransferSpec
from core.training.exporting import Converted
from core.ui.transfer import taking

SETTINGS = TransferLesson(
    dataset="shapes", images=200, image_size=64, shape_star=False, shape_hexagon=True,
    training_percent=60, validation_percent=20, split_seed=3, backbone="mobilenet-v2",
    backbone_side=97, head_pooling="max", head_dense=32, head_dropout=0.3, head_rate=0.01,
    head_epochs=8, open_blocks=3, fine_rate=3e-5, fine_epochs=4, keep_statistics=False,
    scratch_rate=0.002, scratch_epochs=6, scratch_side=129, scratch_batch=4,
    transfer_batch=32, transfer_optimizer="momentum", transfer_seed=7,
    transfer_augmentation="flip", transfer_strength=0.5, transfer_copies=2,
    transfer_pipeline="flip.horizontal",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_settings_of_a_run_are_those_that_start_it_again(way):
    spec = SETTINGS.spec(way)
    assert taking.lesson_of(TransferLesson(), spec).spec(way) == spec


def test_what_the_other_ways_need_stays_as_it_is():
    again = taking.lesson_of(SETTINGS, TransferSpec(way="frozen", epochs=50))
    assert again.head_epochs == 50
    assert (again.scratch_rate, again.fine_epochs) == (0.002, 4)


def test_the_class_names_come_with_what_the_model_takes():
    run = Run(TransferSpec(), "me")
    told = json.loads(taking.classes_json(run))
    assert told["class_names"] == list(run.pictures().class_names)
    assert told["input"]["height"] == told["input"]["width"] == 25
    assert told["input"]["values"].endswith("grey")


def test_a_converted_model_says_how_close_it_comes():
    before = np.array([[1, 0], [0, 1]], np.float32)
    made = Converted(
        bytes(2_500_000), "float32", before, before + np.float32([[2e-5, 0], [0, 0]])
    )
    assert taking.in_words(made) == (
        "2.5 MB. On 2 held-out pictures: the same class, logits differ by at most 2e-5."
    )
    far = Converted(b"", "float32", before, before[::-1])
    assert "0 classes the same, logits differ by at most 1, more than usual" in taking.in_words(
        far
    )
