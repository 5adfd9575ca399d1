"""Photo work against the convolution page's arithmetic, Pillow and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from core.arithmetic.convolution import ConvSpec, convolve
from core.images.filtering import (
    MIDDLE,
    answer,
    axis_plan,
    correlate,
    prepared,
    shown,
)
from core.kernels import KERNELS
from core.kernels.weights import Kernel

MODES = ("zeros", "constant", "reflect", "edge", "wrap")
PHOTO = np.random.default_rng(1).integers(0, 256, (40, 52, 3), dtype=np.uint8)


@given(
    st.integers(1, 15), st.integers(1, 15), st.sampled_from(MODES), st.integers(1, 3),
    st.floats(-255, 255), st.integers(0, 9999),
)  # fmt: skip
@settings(deadline=None, max_examples=150)
def test_photo_work_is_convolve_on_the_same_border(height, width, mode, channels, value, seed):
    draw = np.random.default_rng(seed)
    image = draw.integers(0, 256, (draw.integers(16, 30), draw.integers(16, 30), channels))
    weights = draw.normal(size=(height, width))
    spec = ConvSpec(
        kernel_size=(height, width), padding="same", padding_mode=mode, padding_value=value,
        groups=channels,
    )  # fmt: skip
    bank = np.repeat(weights[:, :, None, None], channels, axis=3)
    exact = convolve(image, bank, spec).output
    # From 11 x 11 on OpenCV multiplies in frequency space; its rounding grows with the sum.
    slack = 1e-12 * 255 * np.abs(weights).sum() + 1e-9
    np.testing.assert_allclose(correlate(image, weights, mode, value), exact, atol=slack)


@pytest.mark.parametrize("mode", MODES)
def test_grey_pictures_keep_their_shape(mode):
    grey = PHOTO[..., 0]
    weights = np.arange(8.0).reshape(2, 4)
    np.testing.assert_array_equal(
        correlate(grey, weights, mode, 9), correlate(PHOTO, weights, mode, 9)[..., 0]
    )


def test_windows_of_even_kernels_lie_as_kerass():
    plan = axis_plan(5, 4)
    assert (plan.before, plan.after, plan.outputs) == (1, 2, 5)
    assert correlate(np.eye(1, 5), np.array([[1.0, 0]]), "zeros")[0].tolist() == [1, 0, 0, 0, 0]


def test_preparing_a_photo():
    grey = prepared(PHOTO, "grey", 512)
    red, green, blue = np.moveaxis(PHOTO.astype(float), -1, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    assert grey.dtype == np.uint8
    assert np.abs(grey - luma).max() <= 0.51
    np.testing.assert_array_equal(prepared(PHOTO, "channels", 512), PHOTO)
    assert prepared(PHOTO, "channels", 26).shape == (20, 26, 3)
    assert prepared(PHOTO, "grey", 26).shape == (20, 26)


def test_scale_and_offset():
    grey = prepared(PHOTO, "grey", 512)
    kernel = Kernel(np.array([[3.0]]), 6, 10)
    np.testing.assert_allclose(answer(grey, kernel).response, grey / 2 + 10)


@pytest.mark.parametrize("name", ["SMOOTH", "SHARPEN", "FIND_EDGES", "CONTOUR", "DETAIL"])
def test_clipped_pictures_are_pillows_away_from_the_border(name):
    """These five read the same upside down."""
    ours = shown(
        answer(PHOTO, KERNELS[f"pillow-{name.lower().replace('_', '-')}"].with_values({})),
        "clip",
    )
    theirs = np.asarray(Image.fromarray(PHOTO).filter(getattr(ImageFilter, name)))
    difference = np.abs(ours.astype(int) - theirs)[1:-1, 1:-1]
    assert difference.max() <= 1  # halves are rounded to even here, up there
    assert difference.mean() < 0.1


def test_what_is_shown():
    row = np.array([[0, 50, 100, 150, 255]], dtype=np.uint8)
    filtered = answer(row, Kernel(np.array([[2.0]]), 1, -200))
    assert filtered.response.tolist() == [[-200, -100, 0, 100, 310]]
    assert shown(filtered, "clip").tolist() == [[0, 0, 0, 100, 255]]
    assert shown(filtered, "absolute").tolist() == [[200, 100, 0, 100, 255]]
    assert shown(filtered, "stretch").tolist() == [[0, 50, 100, 150, 255]]
    assert filtered.reach == 310
    assert shown(filtered, "signed").tolist() == [
        [MIDDLE - 82, MIDDLE - 41, MIDDLE, MIDDLE + 41, MIDDLE + 127]
    ]


def test_signed_pictures_show_the_strongest_channel():
    pixel = np.array([[[10, 200, 90]]], dtype=np.uint8)
    filtered = answer(pixel, Kernel(np.array([[1.0]]), 1, -100))
    assert filtered.response.tolist() == [[[-90, 100, -10]]]
    assert filtered.strongest.tolist() == [[100]]
    assert shown(filtered, "signed").shape == (1, 1)


def test_a_flat_picture_under_a_derivative_is_all_zero():
    flat = np.full((9, 9), 77, dtype=np.uint8)
    filtered = answer(flat, KERNELS["sobel-x"].with_values({}), "edge")
    assert filtered.reach == 1
    assert (shown(filtered, "signed") == MIDDLE).all()
    assert (shown(filtered, "stretch") == 0).all()
