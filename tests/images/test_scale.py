"""Resizing against Pillow and against the definition."""

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.scale import LARGEST_SIDE, METHODS, resize

RNG = np.random.default_rng(5)
PHOTO = RNG.integers(0, 256, (37, 53, 3), dtype=np.uint8)
SLOPE = np.broadcast_to(np.arange(0, 64, dtype=np.uint8)[None, :, None] * 4, (20, 64, 3)).copy()


@given(st.integers(1, 120), st.integers(1, 120))
def test_nearest_takes_the_pixel_at_the_centre_as_pillow_does(height: int, width: int) -> None:
    resized = resize(PHOTO, height, width, "nearest")
    rows = ((np.arange(height) * 2 + 1) * 37) // (2 * height)
    columns = ((np.arange(width) * 2 + 1) * 53) // (2 * width)
    np.testing.assert_array_equal(resized, PHOTO[rows][:, columns])
    other = PIL.Image.fromarray(PHOTO).resize((width, height), PIL.Image.Resampling.NEAREST)
    np.testing.assert_array_equal(resized, other)


@pytest.mark.parametrize(("down", "across"), [(1, 1), (2, 2), (3, 4), (5, 2)])
def test_area_is_the_mean_of_the_block(down: int, across: int) -> None:
    image = RNG.integers(0, 256, (6 * down, 7 * across, 3), dtype=np.uint8)
    blocks = image.reshape(6, down, 7, across, 3).mean(axis=(1, 3))
    # Rounded to the nearest level; exact halves either way.
    assert np.abs(resize(image, 6, 7, "area") - blocks).max() <= 0.51


def test_bilinear_doubles_by_quarters() -> None:
    # New centres lie a quarter of a pixel from the old ones: 3/4 of one, 1/4 of the other.
    image = np.array([[0, 100, 200]], dtype=np.uint8)[..., None].repeat(3, axis=-1)
    assert resize(image, 1, 6, "bilinear")[0, :, 0].tolist() == [0, 25, 75, 125, 175, 200]


@pytest.mark.parametrize("method", ["bilinear", "bicubic"])
def test_enlarging_agrees_with_pillow(method: str) -> None:
    smooth = PIL.Image.fromarray(PHOTO).resize((30, 20), PIL.Image.Resampling.BOX)
    other = smooth.resize((90, 60), PIL.Image.Resampling[method.upper()])
    resized = resize(np.asarray(smooth), 60, 90, method)
    # Inside, since the borders are continued differently. Pillow's cubic has a = -0.5,
    # OpenCV's a = -0.75, which differs by up to 1/16 of the contrast or so.
    difference = np.abs(resized.astype(int) - np.asarray(other))[6:-6, 6:-6]
    assert difference.max() <= (1 if method == "bilinear" else 25)
    assert difference.mean() <= (0.5 if method == "bilinear" else 5)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_size_changes_nothing(method: str) -> None:
    np.testing.assert_array_equal(resize(PHOTO, 37, 53, method), PHOTO)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [(1, 1), (11, 200), (90, 7)])
def test_a_flat_picture_stays_flat(method: str, size: tuple[int, int]) -> None:
    flat = np.full((23, 31, 3), (7, 130, 251), dtype=np.uint8)
    resized = resize(flat, *size, method)
    assert resized.shape == (*size, 3)
    assert resized.dtype == np.uint8
    assert np.abs(resized.astype(int) - (7, 130, 251)).max() <= 1


@pytest.mark.parametrize("method", METHODS)
def test_centres_meet_so_that_a_slope_stays_in_place(method: str) -> None:
    resized = resize(SLOPE, 20, 32, method)[10, 4:-4, 0].astype(int)
    centres = (np.arange(32)[4:-4] + 0.5) * 2 - 0.5
    # Two columns are one new one: an old centre is half a column, 2 levels, away.
    assert np.abs(resized - 4 * centres).max() <= 2


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("method", METHODS)
def test_the_channels_are_kept(method: str, channels: int) -> None:
    image = RNG.integers(0, 256, (9, 8, channels), dtype=np.uint8)
    assert resize(image, 5, 13, method).shape == (5, 13, channels)


def test_only_averaging_shrinks_without_aliasing() -> None:
    # Stripes of one pixel: their mean is 127.5, every other method picks some of them.
    stripes = np.zeros((64, 64, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    spread = {method: int(np.ptp(resize(stripes, 20, 20, method))) for method in METHODS}
    assert spread["area"] < min(spread[other] for other in spread if other != "area")


def test_a_read_only_picture_can_be_resized() -> None:
    image = PHOTO.copy()
    image.setflags(write=False)
    assert resize(image, 5, 5, "area").shape == (5, 5, 3)


@pytest.mark.parametrize(
    ("height", "width", "method", "words"),
    [
        (5, 5, "magic", "'magic' is no way to resize. Use one of nearest, bilinear"),
        (0, 5, "area", "height 0 is out of bounds. Use 1 to 4096"),
        (5, LARGEST_SIDE + 1, "area", "width 4097"),
    ],
)
def test_impossible_sizes_are_refused(height: int, width: int, method: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        resize(PHOTO, height, width, method)


def test_methods_are_listed_for_the_page() -> None:
    assert list(METHODS) == ["nearest", "bilinear", "bicubic", "area", "lanczos"]
    for slug, method in METHODS.items():
        assert method.slug == slug
        assert method.title
        assert method.explanation.endswith(".")
