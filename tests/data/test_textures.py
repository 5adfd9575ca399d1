"""Textures differ in their spectrum, and in nothing simpler."""

import numpy as np
import pytest

from core.data import DataError
from core.data.textures import PAIRS, textures


def spectrum(image: np.ndarray) -> np.ndarray:
    """Power at each frequency, one half of the plane, without the mean."""
    levels = image[..., 0].astype(float)
    windowed = (levels - levels.mean()) * np.outer(np.hanning(64), np.hanning(64))
    return np.abs(np.fft.rfft2(windowed)) ** 2


def peak(power: np.ndarray) -> tuple[float, float]:
    """Row and column frequency of the largest value, in cycles per picture."""
    row, column = np.unravel_index(power.argmax(), power.shape)
    return np.fft.fftfreq(64, 1 / 64)[row], float(column)


def test_stripes_have_one_peak_and_dots_have_two() -> None:
    drawn = textures(20, 64, 0, noise=0)
    for image, label in zip(drawn.images, drawn.labels, strict=True):
        power = spectrum(image)
        row, column = peak(power)
        rows, columns = np.meshgrid(np.fft.fftfreq(64, 1 / 64), np.arange(33), indexing="ij")
        near = np.hypot(rows - row, columns - column) < 4
        # The mirror image of a peak close to column 0 falls into the same half.
        near |= np.hypot(rows + row, columns + column) < 4
        share = power[near].sum() / power.sum()
        assert (share > 0.9) == (label == 0)


def test_gratings_lean_as_their_class_says() -> None:
    drawn = textures(20, 64, 1, pair="gratings")
    assert drawn.class_names == ("leaning right", "leaning left")
    for image, label in zip(drawn.images, drawn.labels, strict=True):
        row, column = peak(spectrum(image))
        # Stripes lean right (/) where the wave runs right and down: both frequencies agree.
        angle = np.degrees(np.arctan2(row, column))
        assert abs(angle - (45 if label == 0 else -45)) < 15 + 5


@pytest.mark.parametrize("pair", PAIRS)
def test_neither_brightness_nor_contrast_tells_the_classes_apart(pair) -> None:
    drawn = textures(600, 24, 2, pair=pair)
    for statistic in (np.mean, np.std):
        values = statistic(drawn.images.astype(float), axis=(1, 2, 3))
        one, other = values[drawn.labels == 0], values[drawn.labels == 1]
        # The means of 300 differ by less than four standard errors.
        error = np.sqrt(one.var() / 300 + other.var() / 300)
        assert abs(one.mean() - other.mean()) < 4 * error


def test_more_textures_keep_the_first_ones() -> None:
    np.testing.assert_array_equal(textures(3, 16, 4).images, textures(6, 16, 4).images[:3])
    assert not np.array_equal(textures(3, 16, 4).images, textures(3, 16, 5).images)


def test_classes_take_turns() -> None:
    assert textures(7, 16, 0).class_counts == (4, 3)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n": 0}, "0 pictures do not work"),
        ({"size": 8}, "size 8 is out of bounds"),
        ({"seed": -1}, "negative"),
        ({"pair": "wood"}, "'wood' is no pair of textures"),
        ({"noise": 101}, "noise 101"),
    ],
)
def test_settings_out_of_bounds_are_refused_in_words(options, text) -> None:
    with pytest.raises(DataError, match=text):
        textures(**{"n": 2, "size": 32, "seed": 0, **options})
