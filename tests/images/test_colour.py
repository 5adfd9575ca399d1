"""Colour spaces against colorsys, scikit-image, Pillow and published values."""

import colorsys
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest
import skimage.color
from hypothesis import given
from hypothesis.extra import numpy as hnp

from core.images.colour import SPACES, combine, planes

RNG = np.random.default_rng(3)
STEPS = np.linspace(0, 255, 18).astype(np.uint8)
"""0, 15, 30 ... 255: the grid of them holds greys, primaries and everything between."""
GRID = np.stack(np.meshgrid(STEPS, STEPS, STEPS), axis=-1).reshape(54, 108, 3)
PHOTO = RNG.integers(0, 256, (90, 110, 3), dtype=np.uint8)
COLOURS = np.concatenate([GRID.reshape(-1, 3), PHOTO.reshape(-1, 3)])[None]


def values(image: np.ndarray, space: str) -> np.ndarray:
    return np.stack([plane.values for plane in planes(image, space)], axis=-1)


def test_rgb_is_the_image_itself() -> None:
    np.testing.assert_array_equal(values(PHOTO, "rgb"), PHOTO)


@pytest.mark.parametrize(
    ("colour", "luma"),
    [
        ((255, 0, 0), 76.245),
        ((0, 255, 0), 149.685),
        ((0, 0, 255), 29.07),
        ((255, 255, 255), 255.0),
        ((10, 20, 30), 2.99 + 11.74 + 3.42),
    ],
)
def test_grey_weighs_as_rec_601_does(colour: tuple[int, int, int], luma: float) -> None:
    image = np.array([[colour]], dtype=np.uint8)
    assert planes(image, "grey")[0].values[0, 0] == pytest.approx(luma, abs=1e-4)


def test_grey_agrees_with_pillow() -> None:
    other = np.asarray(PIL.Image.fromarray(COLOURS).convert("L"))
    # Pillow rounds to whole levels with 16-bit weights.
    assert np.abs(values(COLOURS, "grey")[..., 0] - other).max() <= 0.51


def test_hsv_agrees_with_colorsys() -> None:
    expected = [colorsys.rgb_to_hsv(*(colour / 255)) for colour in COLOURS[0]]
    found = values(COLOURS, "hsv")[0]
    # float32, and OpenCV adds its epsilon to the divisor: 2e-7 of 360 degrees is 1e-4.
    assert np.abs(found[:, 0] - 360 * np.array(expected)[:, 0]).max() < 1e-3
    assert np.abs(found[:, 1:] - np.array(expected)[:, 1:]).max() < 1e-5


@pytest.mark.parametrize(
    ("colour", "hsv"),
    [
        ((255, 0, 0), (0, 1, 1)),
        ((255, 255, 0), (60, 1, 1)),
        ((0, 255, 0), (120, 1, 1)),
        ((0, 255, 255), (180, 1, 1)),
        ((0, 0, 255), (240, 1, 1)),
        ((255, 0, 255), (300, 1, 1)),
        ((0, 0, 0), (0, 0, 0)),
        ((51, 51, 51), (0, 0, 0.2)),
    ],
)
def test_hsv_of_the_textbook_colours(
    colour: tuple[int, int, int], hsv: tuple[float, float, float]
) -> None:
    found = values(np.array([[colour]], dtype=np.uint8), "hsv")[0, 0]
    assert found == pytest.approx(hsv, abs=1e-4)


def test_lab_agrees_with_scikit_image() -> None:
    expected = skimage.color.rgb2lab(COLOURS, illuminant="D65", observer="2")
    # scikit-image rounds the white point to five digits, so its white has b = 0.005.
    assert np.abs(values(COLOURS, "lab") - expected).max() < 0.02


@pytest.mark.parametrize(
    ("colour", "lab"),
    [
        # B. Lindbloom's CIE colour calculator, sRGB, D65, no adaptation.
        ((255, 0, 0), (53.2408, 80.0925, 67.2032)),
        ((0, 255, 0), (87.7347, -86.1827, 83.1793)),
        ((0, 0, 255), (32.2970, 79.1875, -107.8602)),
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
    ],
)
def test_lab_of_the_primaries(
    colour: tuple[int, int, int], lab: tuple[float, float, float]
) -> None:
    found = values(np.array([[colour]], dtype=np.uint8), "lab")[0, 0]
    assert found == pytest.approx(lab, abs=0.01)


def test_ycrcb_agrees_with_pillow() -> None:
    other = np.asarray(PIL.Image.fromarray(COLOURS).convert("YCbCr")).astype(int)
    y, cr, cb = np.moveaxis(values(COLOURS, "ycrcb"), -1, 0)
    # Pillow's integer tables round down to whole levels.
    assert np.abs(y - other[..., 0]).max() <= 1.01
    assert np.abs(cb - other[..., 1]).max() <= 1.01
    assert np.abs(cr - other[..., 2]).max() <= 1.01


def test_ycrcb_of_pure_colours_reaches_its_bounds() -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 255], [0, 0, 255], [99, 99, 99]]], np.uint8)
    found = values(colours, "ycrcb")[0]
    assert found[0] == pytest.approx((76.245, 255.5, 84.972), abs=1e-2)
    assert found[1, 1] == pytest.approx(0.5, abs=1e-3)
    assert found[2, 2] == pytest.approx(255.5, abs=1e-3)
    assert found[3] == pytest.approx((99, 128, 128), abs=1e-3)


@pytest.mark.parametrize("space", ["rgb", "hsv", "lab", "ycrcb"])
def test_there_and_back_is_the_same_picture(space: str) -> None:
    np.testing.assert_array_equal(combine(planes(COLOURS, space), space), COLOURS)


@given(hnp.arrays(np.uint8, (3, 4, 3)))
def test_there_and_back_is_the_same_for_any_picture(image: np.ndarray) -> None:
    for space in ("rgb", "hsv", "lab", "ycrcb"):
        np.testing.assert_array_equal(combine(planes(image, space), space), image)


def test_grey_comes_back_as_three_equal_channels() -> None:
    back = combine(planes(COLOURS, "grey"), "grey")
    assert (back == back[..., :1]).all()
    assert np.abs(back[..., 0] - values(COLOURS, "grey")[..., 0]).max() <= 0.5


def test_lab_back_to_rgb_agrees_with_scikit_image_outside_the_grid() -> None:
    lightness, a, b = planes(np.zeros((1, 1, 3), np.uint8), "lab")
    for lab in [
        (50.0, 20.0, -30.0),
        (80.0, -60.0, 60.0),
        (5.0, 3.0, 2.0),
        (60.0, 120.0, 120.0),
    ]:
        channels = [
            replace(plane, values=np.full((1, 1), value, np.float32))
            for plane, value in zip((lightness, a, b), lab, strict=True)
        ]
        expected = skimage.color.lab2rgb(np.array([[lab]]))
        assert np.abs(combine(channels, "lab") - 255 * expected).max() <= 0.6


@pytest.mark.parametrize("space", SPACES)
def test_values_stay_within_the_range_that_is_told(space: str) -> None:
    for plane, channel in zip(planes(COLOURS, space), SPACES[space].channels, strict=True):
        assert plane.values.shape == COLOURS.shape[:2]
        assert plane.values.dtype == np.float32
        assert not plane.values.flags.writeable
        assert plane.low <= plane.values.min() <= plane.values.max() <= plane.high
        assert (plane.slug, plane.title, plane.unit) == (
            channel.slug,
            channel.title,
            channel.unit,
        )
        assert plane.explanation.endswith(".")


def test_spaces_are_listed_for_the_page() -> None:
    assert list(SPACES) == ["rgb", "grey", "hsv", "lab", "ycrcb"]
    assert [len(space.channels) for space in SPACES.values()] == [3, 1, 3, 3, 3]


def test_what_is_no_colour_space_or_no_rgb_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'cmyk' is no colour space here\. Use one of rgb"):
        planes(PHOTO, "cmyk")
    with pytest.raises(ValueError, match=r"shape \(90, 110\) is not \(height, width, 3\)"):
        planes(PHOTO[..., 0], "rgb")
    with pytest.raises(ValueError, match="HSV is made of the channels h, s, v in this order"):
        combine(planes(PHOTO, "rgb"), "hsv")
