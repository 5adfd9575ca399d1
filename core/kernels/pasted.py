"""Kernels out of the clipboard: spreadsheets, Python lists, Matlab, Pillow's flat tuples."""

from __future__ import annotations

import re
from math import isfinite, isqrt

import numpy as np
import numpy.typing as npt

from core.kernels.weights import LARGEST
from core.numbers import LARGEST as LARGEST_NUMBER
from core.numbers import NumbersError

FloatArray = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:/\d+\.?\d*)?", re.IGNORECASE)
_ROW_END = re.compile(r"[\])]\s*,?\s*[\[(]|;|\n|\s/\s")
_AROUND = re.compile(
    r"^\s*[a-z_][\w.]*\s*=(?!=)|\b(?:np|numpy)\.\w+|array|dtype\s*=\s*\S+|float\d*|[\[\](){},]",
    re.IGNORECASE,
)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\t": " ", "\r": "\n"})


def parse_kernel(text: str) -> FloatArray:
    """Read a grid of weights, however it was written.

    Rows end with a line, a semicolon, a closing bracket or a slash between spaces; numbers may
    be fractions. A flat list with commas whose length is the square of an odd number becomes a
    square, as Pillow writes its kernels.

    Args:
        text: from the clipboard or from an input box.

    Returns:
        (kh, kw) float64, at most `LARGEST` rows and columns.

    Raises:
        NumbersError: it is no grid of numbers, or one too large.

    Example:
        >>> parse_kernel("[[0, 1/4, 0], [-1, 5, -1]]").tolist()
        [[0.0, 0.25, 0.0], [-1.0, 5.0, -1.0]]
    """
    if len(text) > _LONGEST:
        raise NumbersError(
            f"That text has {len(text):,} characters. Paste a kernel of at most {LARGEST} x "
            f"{LARGEST} numbers."
        )
    rows = [_row(row) for row in _ROW_END.split(text.translate(_MINUS))]
    rows = [row for row in rows if row]
    if not rows:
        raise NumbersError("There is no number. Write rows of numbers, such as 1 0 / 0 1.")
    side = isqrt(len(rows[0]))
    if len(rows) == 1 and "," in text and side > 1 and side % 2 and side**2 == len(rows[0]):
        rows = [rows[0][i : i + side] for i in range(0, side**2, side)]
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        odd = next(i for i, length in enumerate(lengths) if length != lengths[0])
        raise NumbersError(
            f"Row {odd + 1} has {lengths[odd]} numbers, row 1 has {lengths[0]}. "
            "Give every row the same number of columns."
        )
    if len(rows) > LARGEST or lengths[0] > LARGEST:
        raise NumbersError(
            f"{len(rows)} x {lengths[0]} weights are too many. Use at most {LARGEST} rows and "
            f"{LARGEST} columns."
        )
    return np.array(rows)


_LONGEST = 40_000


def _row(text: str) -> list[float]:
    """The numbers of one row, without brackets, commas and names around them."""
    return [_value(word) for word in _AROUND.sub(" ", text).split()]


def _value(word: str) -> float:
    if not _NUMBER.fullmatch(word):
        raise NumbersError(f"{word!r} is not a number. Write digits, such as 3, -0.5 or 1/9.")
    top, _, bottom = word.partition("/")
    if bottom and float(bottom) == 0:
        raise NumbersError(f"{word} divides by 0. Use another number below the line.")
    value = float(top) / float(bottom or 1)
    if not isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise NumbersError(f"{word} is out of range. Use numbers between -1e6 and 1e6.")
    return value
