"""What a network sees is the part of the image that is drawn round, at its size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.prepare import PAD_LEVEL, box_of, prepare, resized
from core.zoo.registry import ZOO


def test_the_crop_is_224_of_256_pixels_from_the_middle():
    # Source: Krizhevsky et al. 2012: 256 pixels, a crop of 224.
    assert box_of(256, 256, "crop") == (16, 16, 240, 240)
    image = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    np.testing.assert_array_equal(resized(image, 224), image[16:240, 16:240])


def test_the_whole_image_is_squashed_or_filled_up():
    image = np.full((100, 200, 3), 255, np.uint8)
    assert box_of(100, 200, "squash") == (0, 0, 200, 100)
    assert resized(image, 50, "squash").min() == 255
    assert box_of(100, 200, "pad") == (0, -50, 200, 150)
    padded = resized(image, 200, "pad")
    assert np.all(padded[:50] == PAD_LEVEL)
    assert np.all(padded[50:150] == 255)
    assert np.all(padded[150:] == PAD_LEVEL)


@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(["crop", "squash", "pad"]))
def test_every_image_becomes_a_square(height, width, fit):
    image = np.full((height, width, 3), 200, np.uint8)
    seen = prepare(image, 24, fit, ZOO["efficientnet-lite0"].preprocessing)
    assert seen.pixels.shape == seen.given.shape == (24, 24, 3)
    assert seen.given.dtype == np.float32
    if fit != "pad":
        assert seen.given == pytest.approx((200 - 127) / 128)
    x0, y0, x1, y1 = seen.box_xyxy
    if fit != "squash":
        assert x1 - x0 == y1 - y0
    assert (x0 + x1, y0 + y1) == (pytest.approx(width, abs=1), pytest.approx(height, abs=1))


def test_shrinking_counts_every_pixel():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 254
    np.testing.assert_array_equal(resized(stripes, 16, "squash"), 127)
