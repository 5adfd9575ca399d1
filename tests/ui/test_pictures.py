"""Pictures reach the screen pixel by pixel."""

import io

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.ui.pictures import enlarged, png

SHAPES = st.tuples(st.integers(1, 20), st.integers(1, 20)) | st.tuples(
    st.integers(1, 20), st.integers(1, 20), st.just(3)
)


@given(arrays.arrays(np.uint8, SHAPES))
def test_png_keeps_every_number(image):
    read = PIL.Image.open(io.BytesIO(png(image)))
    assert read.format == "PNG"
    assert read.mode == ("RGB" if image.ndim == 3 else "L")
    assert np.array_equal(np.asarray(read), image)


def test_png_keeps_red_red():
    red = np.array([[[255, 0, 0]]], dtype=np.uint8)
    assert PIL.Image.open(io.BytesIO(png(red))).getpixel((0, 0)) == (255, 0, 0)


@given(arrays.arrays(np.uint8, SHAPES), st.integers(1, 100))
def test_enlarging_makes_squares_of_one_colour(image, side):
    large = enlarged(image, side)
    factor = large.shape[0] // image.shape[0]
    assert factor >= 1
    assert large.shape == (image.shape[0] * factor, image.shape[1] * factor, *image.shape[2:])
    for i in range(factor):
        for j in range(factor):
            assert np.array_equal(large[i::factor, j::factor], image)


@pytest.mark.parametrize(("side", "factor"), [(512, 128), (3, 1), (7, 1), (8, 2), (0, 1)])
def test_the_long_side_comes_close_and_pixels_stay_whole(side, factor):
    assert enlarged(np.zeros((2, 4, 3), np.uint8), side).shape == (2 * factor, 4 * factor, 3)
