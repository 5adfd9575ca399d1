"""What a network is given, step by step, and what wrong numbers look like to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.vision.prepare import resized
from core.vision.seen import believed, steps
from core.vision.spec import ClassifySpec
from core.zoo.preprocessing import PREPROCESSINGS

PHOTO = data.chelsea()


def test_the_steps_follow_from_each_other():
    seen = steps(PHOTO, ClassifySpec())
    x0, y0, x1, y1 = seen.box_xyxy
    np.testing.assert_array_equal(seen.cut, PHOTO[y0:y1, x0:x1])
    np.testing.assert_array_equal(seen.pixels, resized(PHOTO, 224))
    np.testing.assert_array_equal(seen.given, (seen.pixels.astype(np.float32) - 127) / 128)


@pytest.mark.parametrize("slug", PREPROCESSINGS)
def test_the_arithmetic_of_the_pixel_is_right_for_every_preprocessing(slug):
    seen = steps(PHOTO, ClassifySpec(scaling=slug))
    row, column = seen.middle
    for place, (name, level, mean, deviation, value) in enumerate(seen.arithmetic()):
        channel = ("red", "green", "blue").index(name)
        assert level == seen.pixels[row, column, channel]
        assert value == pytest.approx((level - mean) / deviation, abs=1e-5)
        assert value == pytest.approx(float(seen.given[row, column, place]))
    assert [name for name, *_ in seen.arithmetic()] == [name for name, *_ in seen.spread()]


def test_the_spread_is_numpys():
    seen = steps(PHOTO, ClassifySpec(scaling="standard"))
    for place, (_, low, high, mean, deviation) in enumerate(seen.spread()):
        plane = seen.given[..., place].astype(np.float64)
        assert (low, high) == (plane.min(), plane.max())
        assert mean == pytest.approx(plane.mean())
        assert deviation == pytest.approx(plane.std())


@given(st.sampled_from(sorted(PREPROCESSINGS)))
def test_the_right_preprocessing_is_believed_as_it_is(slug):
    right = PREPROCESSINGS[slug]
    pixels = np.random.default_rng(1).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    np.testing.assert_array_equal(believed(right.apply(pixels), right), pixels)


def test_wrong_preprocessing_is_believed_to_be_white_pale_or_blue():
    lite = PREPROCESSINGS["lite"]
    pixels = np.full((4, 4, 3), (200, 100, 50), np.uint8)
    # Levels as they are: (level * 128 + 127) is white for all but black.
    assert believed(PREPROCESSINGS["none"].apply(pixels), lite).min() == 255
    # 0 to 1 becomes 127 to 255: pale.
    pale = believed(PREPROCESSINGS["unit"].apply(pixels), lite)
    assert tuple(pale[0, 0]) == (227, 177, 152)
    # Blue first: red is taken for blue.
    swapped = believed(PREPROCESSINGS["caffe"].apply(pixels), lite)
    assert swapped[0, 0, 2] > swapped[0, 0, 0]


def test_a_padded_picture_is_shown_with_its_rims():
    seen = steps(PHOTO, ClassifySpec(fit="pad"))
    assert seen.cut.shape == (451, 451, 3)
    assert tuple(seen.cut[0, 0]) == (127, 127, 127)
