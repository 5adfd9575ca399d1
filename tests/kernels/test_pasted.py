"""Kernels as people paste them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFilter

from core.kernels.pasted import parse_kernel
from core.numbers import NumbersError, format_grid

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@pytest.mark.parametrize(
    "text",
    [
        "-1 0 1 / -2 0 2 / -1 0 1",
        "-1\t0\t1\n-2\t0\t2\n-1\t0\t1\n",
        "-1,0,1\r\n-2,0,2\r\n-1,0,1",
        "[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]",
        "kernel = np.array([[-1., 0., 1.],\n                   [-2., 0., 2.],\n"
        "                   [-1., 0., 1.]], dtype=np.float32)",
        "[[-1  0  1]\n [-2  0  2]\n [-1  0  1]]",
        "[-1 0 1; -2 0 2; -1 0 1]",
        "((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))",
        "(-1, 0, 1, -2, 0, 2, -1, 0, 1)",
        "array([[-1,  0,  1],\n       [-2,  0,  2],\n       [-1,  0,  1]])",
        "\u22121 0 1\n\u22122 0 2\n\u22121 0 1",
        "-4/4 0/7 1e0 / -2.0 .0 +2. / -1 0 3/3",
    ],
)
def test_many_ways_to_write_sobel(text):
    assert parse_kernel(text).tolist() == SOBEL


def test_pillows_filters_can_be_pasted():
    for name in ("BLUR", "EMBOSS", "SMOOTH_MORE"):
        size, _, _, numbers = getattr(ImageFilter, name).filterargs
        assert parse_kernel(str(numbers)).tolist() == np.reshape(numbers, size).tolist()


def test_a_row_stays_a_row_unless_it_is_a_square_with_commas():
    assert parse_kernel("1 2 1").shape == (1, 3)
    assert parse_kernel("1 1 1 1 1 1 1 1 1").shape == (1, 9)
    assert parse_kernel("1,1,1,1").shape == (1, 4)
    assert parse_kernel("1").shape == (1, 1)
    assert parse_kernel("1/9").tolist() == [[1 / 9]]
    assert parse_kernel("1\n2\n1").shape == (3, 1)


@given(st.integers(1, 15), st.integers(1, 15), st.integers(0, 999))
def test_what_is_copied_can_be_pasted(height, width, seed):
    grid = np.random.default_rng(seed).normal(size=(height, width))
    tabs = "\n".join("\t".join(repr(float(v)) for v in row) for row in grid)
    for text in (format_grid(grid), tabs, repr(grid.tolist())):
        if "," in text and height == 1 and width == 9:
            continue  # Pillow's way to write 3 x 3
        np.testing.assert_array_equal(parse_kernel(text), grid)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no number"),
        ("hello", "'hello' is not a number"),
        ("1 2 / 3", "Row 2 has 1 numbers, row 1 has 2"),
        ("1 nan", "'nan' is not a number"),
        ("1 1e9", "out of range"),
        ("1 1/0", "divides by 0"),
        (" ".join(["1"] * 16), "1 x 16 weights are too many"),
        ("1\n" * 16, "16 x 1 weights are too many"),
        ("1 " * 30_000, "60,000 characters"),
        ("__import__('os')", "is not a number"),
    ],
)
def test_what_is_no_kernel_is_refused_with_a_reason(text, message):
    with pytest.raises(NumbersError, match=message):
        parse_kernel(text)


@given(st.text(max_size=40))
def test_nonsense_is_refused_politely(text):
    try:
        grid = parse_kernel(text)
    except NumbersError as error:
        assert str(error)
    else:
        assert grid.ndim == 2
        assert np.isfinite(grid).all()
