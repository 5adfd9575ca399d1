"""What a run leaves, and what the model is shown."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.data import resizing
from core.data.dataset import Dataset
from core.training import Change, RunError, RunSpec
from core.ui.training import taking, trying
from core.ui.training.repeating import read_settings


def test_settings_come_back_as_they_were():
    spec = RunSpec(
        optimizer="nesterov", learning_rate=0.03, schedule="cosine", epochs=7,
        changes=(Change(step=5, setting="dropout", value=0.5),),
    )  # fmt: skip
    assert read_settings(spec.model_dump_json(indent=2).encode(), RunSpec) == spec


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file"),
        (b"[1, 2]", "the file"),
        (b"\xff\xfe", "the file"),
        (b'{"epochs": 0}', "epochs: Input should be greater than or equal to 1"),
        (b'{"optimizer": "sledgehammer"}', "optimizer"),
        (b'{"surprise": 1}', "surprise"),
        (b'{"changes": [{"step": 1, "setting": "epochs", "value": 1}]}', "changes.0.setting"),
        (b" " * 300_000, "300,000 bytes"),
    ],
)
def test_other_files_are_refused_in_words(content, words):
    with pytest.raises(RunError, match=words):
        read_settings(content, RunSpec)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("2. adam 0.001", "2-adam-0.001"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "run"),
        ("a/b\\c:d", "a-b-c-d"),
    ],
)
def test_file_names_are_harmless(name, stem):
    assert taking.file_stem(name) == stem
    assert "/" not in taking.file_stem(name)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (20, 30, 3), (25, 25, 1)])
@pytest.mark.parametrize("picture", [(60, 40), (40, 60, 3), (7, 5, 3), (28, 28)])
def test_any_picture_fits_the_network(shape, picture):
    pixels = np.random.default_rng(0).integers(0, 256, picture, dtype=np.uint8)
    made = trying.fitted(pixels, shape)
    assert made.shape == shape
    assert made.dtype == np.uint8


def test_the_middle_is_taken_and_nothing_is_stretched():
    wide = np.zeros((40, 120, 3), np.uint8)
    cv2.circle(wide, (60, 20), 15, (255, 255, 255), -1)
    made = trying.fitted(wide, (40, 40, 1))[:, :, 0]
    rows, columns = np.nonzero(made > 127)
    assert rows.max() - rows.min() == columns.max() - columns.min() == 30


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_tried_is_made_small_as_what_was_learnt(channels):
    """Photos of a zip are squeezed into squares; one of them, tried, must come out the same."""
    draw = np.random.default_rng(2)
    photo = draw.integers(0, 256, (40, 120, channels), dtype=np.uint8)
    small = resizing.fitted(photo, 40, 40)
    images = np.stack([small] * 4)
    sizes = np.array([(40, 120), (120, 40), (40, 120), (40, 40)])
    toy = Dataset("own", "Toy", images, np.arange(4) % 2, ("a", "b"), "", "")
    tried = photo if channels == 3 else photo[:, :, 0]
    squeezed = trying.as_learnt(tried, replace(toy, original_hw=sizes))
    np.testing.assert_array_equal(squeezed, small)
    for kept in (None, np.full((4, 2), 90)):
        cut = trying.as_learnt(tried, replace(toy, original_hw=kept))
        np.testing.assert_array_equal(cut, photo[:, 40:80])


def test_a_picture_of_the_right_size_is_left_as_it_is():
    pixels = np.random.default_rng(1).integers(0, 256, (28, 28, 3), dtype=np.uint8)
    assert np.array_equal(trying.fitted(pixels, (28, 28, 3)), pixels)
