"""Windows, places, edits and facts of an image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.images.pixels import (
    apply_edits,
    crop,
    facts,
    flatten,
    flatten_index,
    memory_bytes,
    unflatten_index,
)

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
images = shapes.flatmap(lambda shape: hnp.arrays(np.uint8, shape))
SQUARE = np.arange(75, dtype=np.uint8).reshape(5, 5, 3)  # the deck's x_ijc, i, j = 0..4


def test_crop_is_the_window_row_by_row() -> None:
    window = crop(SQUARE, 1, 2, 2, 3)
    assert window[..., 0].tolist() == [[21, 24, 27], [36, 39, 42]]
    window[:] = 0
    assert SQUARE[1, 2, 0] == 21


def test_crop_of_everything_is_the_image() -> None:
    np.testing.assert_array_equal(crop(SQUARE, 0, 0, 5, 5), SQUARE)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ((0, 0, 6, 5), "6 rows from 0 does not fit: the image has 5 rows"),
        ((3, 0, 3, 5), "3 rows from 3"),
        ((-1, 0, 2, 2), "2 rows from -1"),
        ((0, 4, 2, 2), "2 columns from 4 does not fit: the image has 5 columns"),
        ((0, 0, 0, 2), "0 rows"),
    ],
)
def test_crop_beyond_the_image_is_refused(window: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        crop(SQUARE, *window)


def test_edits_change_their_places_only() -> None:
    edited = apply_edits(SQUARE, ((0, 0, 0, 255), (4, 3, 2, 1), (4, 3, 2, 9)))
    changed = {tuple(place): edited[tuple(place)] for place in np.argwhere(edited != SQUARE)}
    assert changed == {(0, 0, 0): 255, (4, 3, 2): 9}
    assert SQUARE[0, 0, 0] == 0


def test_edits_work_on_a_read_only_image() -> None:
    image = SQUARE.copy()
    image.setflags(write=False)
    assert apply_edits(image, [(0, 0, 0, 7)])[0, 0, 0] == 7
    np.testing.assert_array_equal(apply_edits(image, ()), image)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ((5, 0, 0, 1), r"row i = 5 lies outside.*\(5, 5, 3\)\. Use 0 to 4"),
        ((-1, 0, 0, 1), "row i = -1"),
        ((0, 5, 0, 1), "column j = 5"),
        ((0, 0, 3, 1), r"channel c = 3.*Use 0 to 2"),
        ((0, 0, 0, 256), "value 256 does not fit into 8 bits"),
        ((0, 0, 0, -1), "value -1"),
    ],
)
def test_impossible_edits_are_refused(edit: tuple[int, int, int, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        apply_edits(SQUARE, (edit,))


@given(images)
def test_flatten_index_finds_each_value_where_numpy_puts_it(image: np.ndarray) -> None:
    flat = flatten(image)
    assert flat.shape == (image.size,)
    for place in np.ndindex(image.shape):
        k = flatten_index(*place, image.shape)
        assert k == np.ravel_multi_index(place, image.shape)
        assert flat[k] == image[place]
        assert unflatten_index(k, image.shape) == place


@pytest.mark.parametrize(
    ("place", "expected"), [((0, 0, 0), 0), ((0, 1, 0), 3), ((1, 0, 0), 15), ((4, 4, 2), 74)]
)
def test_flatten_index_of_the_decks_5_by_5_image(
    place: tuple[int, int, int], expected: int
) -> None:
    assert flatten_index(*place, (5, 5, 3)) == expected


def test_places_outside_are_refused() -> None:
    with pytest.raises(ValueError, match="column j = 5"):
        flatten_index(0, 5, 0, (5, 5, 3))
    for k in (-1, 75):
        with pytest.raises(ValueError, match=f"index {k} lies outside the 75 values"):
            unflatten_index(k, (5, 5, 3))


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((5, 5, 3), "uint8", 75),
        ((224, 224, 3), "float32", 224 * 224 * 3 * 4),
        ((28, 28), "float64", 6272),
        ((), "int16", 2),
    ],
)
def test_memory_is_the_product_of_the_sides(
    shape: tuple[int, ...], dtype: str, expected: int
) -> None:
    assert memory_bytes(shape, dtype) == expected == np.empty(shape, dtype).nbytes


def test_facts_of_red_green_and_blue() -> None:
    image = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 0, 0]]], dtype=np.uint8)
    found = facts(image)
    assert found.shape == (2, 2, 3)
    assert found.dtype == "uint8"
    assert found.memory_bytes == 12
    assert found.bits_per_pixel == 24
    assert found.colours == 3
    assert found.minimum == (0, 0, 0)
    assert found.maximum == (255, 255, 255)
    assert found.mean == (127.5, 63.75, 63.75)


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)).flatmap(
        lambda shape: hnp.arrays(np.uint8, shape)
    )
)
def test_facts_count_colours_as_a_set_does(image: np.ndarray) -> None:
    found = facts(image)
    pixels = [tuple(pixel) for row in image.tolist() for pixel in row]
    assert found.colours == len(set(pixels))
    assert found.memory_bytes == len(pixels) * image.shape[2]
    for channel, values in enumerate(zip(*pixels, strict=True)):
        assert found.minimum[channel] == min(values)
        assert found.maximum[channel] == max(values)
        assert found.mean[channel] == pytest.approx(sum(values) / len(values))


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((4, 4), np.uint8), "not .height, width, channels."),
        (np.zeros((0, 4, 3), np.uint8), "at least one pixel"),
        (np.zeros((4, 4, 4), np.uint8), "1 to 3 channels"),
        (np.zeros((4, 4, 3), np.float32), "float32 is not uint8"),
    ],
)
def test_facts_of_something_else_are_refused(image: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        facts(image)
