"""Drawings become pictures like MNIST's, and nothing else gets in."""

import base64
import io
import math
import zlib

import cv2
import numpy as np
import PIL.Image
import pytest
import skimage.measure
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.data import digits
from core.images.drawn import (
    LARGEST_SIDE,
    LONGEST_TEXT,
    DrawingError,
    as_mnist,
    drawing_text,
    mnist_steps,
    read_drawing,
)

PLACES = st.tuples(st.integers(30, 249), st.integers(30, 249))


@pytest.fixture(scope="module")
def mnist():
    return digits.load().images[..., 0]


def stroke(points, width=24):
    """A polyline with round ends, as a pen leaves it."""
    drawing = np.zeros((280, 280), np.uint8)
    cv2.polylines(drawing, [np.array([points[0], *points])], False, 255, width, cv2.LINE_AA)
    return drawing


def url(picture: PIL.Image.Image, kind="PNG") -> str:
    with io.BytesIO() as file:
        picture.save(file, kind)
        data = file.getvalue()
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def centre(picture):
    """Centre of mass as scikit-image measures it."""
    return skimage.measure.centroid(picture.astype(np.float64))


# The recipe


@given(st.lists(PLACES, min_size=1, max_size=6), st.integers(6, 40))
@settings(deadline=None, max_examples=60)
def test_ink_fills_a_box_of_20_and_keeps_its_proportions(points, width):
    steps = mnist_steps(stroke(points, width))
    (height, across), (fitted_height, fitted_across) = steps.cut.shape, steps.fitted.shape
    assert max(fitted_height, fitted_across) == 20
    scale = 20 / max(height, across)
    assert fitted_height == pytest.approx(height * scale, abs=0.5)
    assert fitted_across == pytest.approx(across * scale, abs=0.5)
    assert steps.picture.shape == (28, 28)
    assert steps.picture.dtype == np.uint8


@given(st.lists(PLACES, min_size=1, max_size=6), st.integers(6, 40))
@example([(80, 30), (80, 93), (142, 64)], 6)  # an edge stops it
@settings(deadline=None, max_examples=60)
def test_the_centre_of_mass_comes_to_14_14_where_the_edges_allow(points, width):
    steps = mnist_steps(stroke(points, width))
    for axis, mass in enumerate(centre(steps.picture)):
        last = 28 - steps.fitted.shape[axis]
        if 0 < steps.corner[axis] < last:
            assert abs(mass - 14) <= 0.5 + 1e-9
        else:
            # At the first row it can only be too low, at the last only too high.
            missed = 14 - mass if steps.corner[axis] == 0 else mass - 14
            assert missed <= 0.5 + 1e-9


@given(st.lists(PLACES, min_size=1, max_size=4), st.integers(-15, 15), st.integers(-15, 15))
@settings(deadline=None, max_examples=40)
def test_it_does_not_matter_where_on_the_canvas_one_draws(points, down, right):
    drawing = stroke(points)
    assert np.array_equal(as_mnist(drawing), as_mnist(np.roll(drawing, (down, right), (0, 1))))


def test_no_ink_is_lost_or_made():
    drawing = stroke([(60, 60), (200, 90), (120, 220)])
    steps = mnist_steps(drawing)
    assert steps.picture.sum() == steps.fitted.sum()
    share = steps.fitted.size / steps.cut.size
    # The shorter side is rounded to whole pixels, which stretches the ink a little.
    assert steps.fitted.sum() / (drawing.sum() * share) == pytest.approx(1, abs=0.02)


def test_edges_are_grey_from_anti_aliasing():
    levels = np.unique(as_mnist(stroke([(60, 60), (200, 230)])))
    assert len(levels) > 10
    assert (levels[0], levels[-1]) == (0, 255)


def test_a_lopsided_drawing_stays_inside():
    drawing = np.zeros((280, 280), np.uint8)
    drawing[40:60, 40:240] = 255
    drawing[40:240, 40:42] = 20
    steps = mnist_steps(drawing)
    assert steps.corner[0] == 8
    assert steps.picture.sum() == steps.fitted.sum()


def test_a_dot_and_a_line_become_as_large_as_any_digit():
    dot = as_mnist(stroke([(100, 100), (100, 100)]))
    assert np.ptp(np.flatnonzero(dot.any(axis=1))) == 19
    line = np.zeros((280, 280), np.uint8)
    line[30:250, 140] = 255
    assert mnist_steps(line).fitted.shape == (20, 1)
    pixel = np.zeros((280, 280), np.uint8)
    pixel[7, 9] = 255
    assert mnist_steps(pixel).fitted.shape == (20, 20)


def test_the_steps_say_their_numbers():
    drawing = np.zeros((280, 280), np.uint8)
    drawing[50:250, 100:150] = 255
    assert mnist_steps(drawing).sentences == (
        "The ink fills rows 50 to 249 and columns 100 to 149: 200 x 50 pixels are cut out.",
        "They are fitted into 20 x 20 with their shape kept: 20 x 5.",
        # Rows 0 to 19 weigh the same, and so do the 5 columns: 9.5 + 4 and 2 + 12.
        "The centre of mass, at row 13.5 and column 14.0, is brought nearest to (14, 14).",
    )


def test_an_empty_canvas_is_refused_in_words():
    with pytest.raises(DrawingError, match="Nothing is drawn yet"):
        as_mnist(np.zeros((280, 280), np.uint8))


def test_what_would_vanish_is_refused_in_words():
    dust = np.zeros((280, 280), np.uint8)
    dust[[20, 260], [20, 260]] = 40
    with pytest.raises(DrawingError, match=r"too faint.*Use a wider brush\."):
        as_mnist(dust)


# The real digits


def test_mnist_itself_follows_the_recipe(mnist):
    centres = np.array([centre(digit) for digit in mnist])
    assert np.abs(centres - 14).max() <= 0.5
    sides = [max(mnist_steps(digit).cut.shape) for digit in mnist]
    assert sides.count(20) == 4999


@pytest.mark.parametrize("times", [1, 10])
def test_a_digit_of_mnist_comes_out_as_it_is(mnist, times):
    """Its own 28 x 28 pixels, and the same on a canvas of 280 x 280.

    The one digit of 5,000 that is 19 pixels high is enlarged to 20, and changes.
    """
    sheet = np.kron(mnist, np.ones((1, times, times), np.uint8))
    changed = [not np.array_equal(as_mnist(d), m) for d, m in zip(sheet, mnist, strict=True)]
    assert sum(changed) == 1


def test_a_digit_enlarged_smoothly_stays_nearest_to_itself(mnist):
    """Drawn anew with soft edges, it resembles its own original more than the others."""
    some = mnist[::25]
    flat = some.reshape(len(some), -1).astype(np.float64)
    found = 0
    for number, digit in enumerate(some):
        smooth = cv2.resize(digit, (280, 280), interpolation=cv2.INTER_LINEAR)
        again = as_mnist(np.where(smooth > 127, 255, 0).astype(np.uint8)).ravel()
        distances = np.sqrt(((flat - again) ** 2).sum(axis=1))
        found += int(distances.argmin()) == number
    assert found >= 0.95 * len(some)


# What arrives from the browser


def test_what_the_canvas_sends_is_read_without_loss():
    drawing = stroke([(60, 60), (200, 90), (120, 220)])
    found = read_drawing(url(PIL.Image.fromarray(drawing)))
    assert np.array_equal(found, drawing)
    assert not found.flags.writeable
    colour = PIL.Image.fromarray(drawing).convert("RGBA")
    assert np.array_equal(read_drawing(url(colour)), drawing)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_a_drawing_as_text_reads_back_as_itself(height, width, seed):
    drawing = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    assert np.array_equal(read_drawing(drawing_text(drawing)), drawing)


@given(st.text(max_size=80) | st.binary(max_size=200).map(
    lambda data: "data:image/png;base64," + base64.b64encode(data).decode("ascii")
))  # fmt: skip
@settings(deadline=None)
def test_whatever_arrives_is_refused_in_words(text):
    with pytest.raises(DrawingError) as refused:
        read_drawing(text)
    assert str(refused.value).endswith(".")


def test_too_long_a_text_is_refused_before_it_is_decoded():
    with pytest.raises(DrawingError, match=f"at most {LONGEST_TEXT:,} are read"):
        read_drawing("data:image/png;base64," + "A" * LONGEST_TEXT)


def test_too_large_a_picture_is_refused_by_its_header():
    """Few bytes can hold many pixels."""
    bomb = PIL.Image.new("1", (LARGEST_SIDE + 1, 20_000))
    with pytest.raises(DrawingError, match=f"20000 x {LARGEST_SIDE + 1} pixels; at most"):
        read_drawing(url(bomb))


def test_other_formats_are_refused_whatever_they_call_themselves():
    with pytest.raises(DrawingError, match="is no PNG"):
        read_drawing(url(PIL.Image.new("L", (28, 28)), "GIF"))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_damaged_picture_is_refused_in_words(kept):
    noise = np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)
    data = base64.b64decode(url(PIL.Image.fromarray(noise)).split(",")[1])
    cut = base64.b64encode(data[: math.floor(len(data) * kept)]).decode("ascii")
    with pytest.raises(DrawingError, match="60 x 60 pixels arrived damaged"):
        read_drawing("data:image/png;base64," + cut)


def test_a_text_chunk_that_unpacks_to_much_is_refused():
    """Compressed text in a PNG is another way to fill the memory."""
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(b"0" * 100_000_000, 9)
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    data = base64.b64decode(url(PIL.Image.new("L", (28, 28))).split(",")[1])
    end_of_header = 8 + 25
    spoilt = data[:end_of_header] + chunk + data[end_of_header:]
    text = "data:image/png;base64," + base64.b64encode(spoilt).decode("ascii")
    with pytest.raises(DrawingError):
        read_drawing(text)
