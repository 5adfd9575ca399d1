"""Signs that become others: measured, on handwritten digits and on printed letters.

A digit is what it lies nearest to: the mean picture of one of the ten classes. A letter is
what it lies nearest to of the 26 that are printed in the same way.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from core.augment.safety.risk import Change, Lookalike
from core.data import digits
from core.data.dataset import Dataset

LETTERS = string.ascii_lowercase

_SIDE = 28
_DRAWN = 120
_FONT, _SCALE, _STROKE = cv2.FONT_HERSHEY_DUPLEX, 2.0, 3

Picture = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

CHANGES: Mapping[Change, Callable[[Picture], Picture]] = MappingProxyType(
    {
        "mirrored": lambda picture: picture[..., ::-1],
        "upside_down": lambda picture: picture[..., ::-1, :],
        "half_turn": lambda picture: picture[..., ::-1, ::-1],
    }
)
"""What is done to pictures (..., H, W); no pixel is interpolated."""

CHANGE_TITLES: Mapping[Change, str] = MappingProxyType(
    {
        "mirrored": "mirrored",
        "upside_down": "upside down",
        "half_turn": "turned by 180 degrees",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A sign before and after a change, and what it is taken for.

    Attributes:
        before: (28, 28) uint8, bright on black.
        after: (28, 28) uint8.
        said: what it is taken for at first; it is that.
        said_after: what it is taken for after the change.
        signs: what `counts` counts.
        counts: (k,) how many of `total` are taken for each sign after the change.
        total: pictures of that sign: 500 of a digit, 1 of a letter.
    """

    before: Picture
    after: Picture
    said: str
    said_after: str
    signs: tuple[str, ...]
    counts: Ints
    total: int

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        words = f"This {self.said} is taken for {_with_article(self.said_after)}."
        if self.total == 1:
            return words
        likeliest = int(self.counts.argmax())
        many, taken = int(self.counts[self.signs.index(self.said_after)]), self.said_after
        more = (
            ""
            if self.signs[likeliest] == taken
            else f" Most are {_with_article(self.signs[likeliest])}: "
            f"{int(self.counts[likeliest])}."
        )
        return f"{words} So are {many} of {self.total}.{more}"


def _with_article(sign: str) -> str:
    return f"{'an' if sign in '8aefhilmnorsx' else 'a'} {sign}"


def measured(example: Lookalike) -> Measured:
    """What a sign is taken for after a change.

    Of the 500 pictures of a digit the clearest is shown: of those that are rightly taken at
    first, and afterwards for the most frequent other digit, the one that then lies nearest to
    that digit's mean.

    Args:
        example: a digit or a small letter, and the change.

    Raises:
        ValueError: the sign is neither.

    Example:
        >>> found = measured(Lookalike("b", "mirrored"))
        >>> found.said, found.said_after
        ('b', 'd')
    """
    if example.sign in digits.CLASS_NAMES:
        return _measured_digit(int(example.sign), example.change)
    if len(example.sign) == 1 and example.sign in LETTERS:
        return _measured_letter(example.sign, example.change)
    raise ValueError(f"{example.sign!r} cannot be measured. Use 0 to 9, or a to z.")


def taken_for(pictures: Picture) -> Ints:
    """Which digit each picture is taken for: that whose mean picture is nearest.

    It knows no shifts and no sizes, so it can judge only changes that leave the ink in the
    middle. Source: Hastie, Tibshirani & Friedman 2009, section 13.2 (one prototype a class).

    Args:
        pictures: (n, 28, 28) or (n, 28, 28, 1) uint8, bright on black.

    Returns:
        (n,) int64.
    """
    return np.asarray(_distances(pictures).argmin(axis=1))


def confusion(change: Change) -> Ints:
    """(10, 10): of 500 pictures of each digit (row), how many are taken for which (column).

    Args:
        change: what is done to them first.
    """
    dataset = _digits()
    counts = np.zeros((10, 10), np.int64)
    changed = CHANGES[change](dataset.images[..., 0])
    np.add.at(counts, (dataset.labels, taken_for(changed)), 1)
    return counts


@lru_cache(maxsize=1)
def _digits() -> Dataset:
    return digits.load()


@lru_cache(maxsize=1)
def _means() -> npt.NDArray[np.float64]:
    """(10, 784) mean pictures."""
    dataset = _digits()
    rows = dataset.images.reshape(len(dataset), -1)
    return np.stack([rows[dataset.labels == digit].mean(axis=0) for digit in range(10)])


def _distances(pictures: Picture) -> npt.NDArray[np.float64]:
    """(n, 10) squared distances to the mean pictures."""
    rows = pictures.reshape(len(pictures), -1).astype(np.float64)
    means = _means()
    squares = (rows**2).sum(axis=1)[:, None] + (means**2).sum(axis=1)
    return np.asarray(squares - 2 * rows @ means.T)


def _measured_digit(digit: int, change: Change) -> Measured:
    dataset = _digits()
    pictures = dataset.images[dataset.labels == digit, ..., 0]
    changed = np.ascontiguousarray(CHANGES[change](pictures))
    distances = _distances(changed)
    after = distances.argmin(axis=1)
    counts = np.bincount(after, minlength=10)
    others = np.where(np.arange(10) == digit, -1, counts)
    other = int(others.argmax())
    clear = (taken_for(pictures) == digit) & (after == other)
    place = int(np.where(clear, distances[:, other], np.inf).argmin())
    return Measured(
        pictures[place], changed[place], str(digit), str(other),
        digits.CLASS_NAMES, counts.astype(np.int64), len(pictures),
    )  # fmt: skip


def _measured_letter(letter: str, change: Change) -> Measured:
    before = _printed(letter)
    after = np.ascontiguousarray(CHANGES[change](before))
    printed = np.stack([_printed(other) for other in LETTERS]).astype(float)
    nearest = int(((printed - after) ** 2).sum(axis=(1, 2)).argmin())
    counts = np.zeros(len(LETTERS), np.int64)
    counts[nearest] = 1
    return Measured(before, after, letter, LETTERS[nearest], tuple(LETTERS), counts, 1)


@lru_cache(maxsize=len(LETTERS))
def _printed(letter: str) -> Picture:
    """(28, 28): a letter, as large as fits, in the middle."""
    drawn = np.zeros((_DRAWN, _DRAWN), np.uint8)
    origin = _DRAWN // 3, 2 * _DRAWN // 3
    cv2.putText(drawn, letter, origin, _FONT, _SCALE, (255,), _STROKE, cv2.LINE_AA)
    rows, columns = np.nonzero(drawn > 127)
    sign = drawn[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    side = max(sign.shape)
    above, left = (side - sign.shape[0]) // 2, (side - sign.shape[1]) // 2
    square = np.zeros((side, side), np.uint8)
    square[above : above + sign.shape[0], left : left + sign.shape[1]] = sign
    small = cv2.resize(square, (_SIDE - 4, _SIDE - 4), interpolation=cv2.INTER_AREA)
    return np.pad(small, 2)
