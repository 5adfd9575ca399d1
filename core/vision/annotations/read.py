"""What reading gives: records, and what had to be left out."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.vision.metrics.records import Record

MOST_BYTES = 20_000_000
MOST_BOXES = 100_000
_MOST_TOLD = 200
"""Entries that are named among those left out; the others are counted."""


class AnnotationError(ValueError):
    """A file holds no boxes that can be read; the message says why and what works."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that could not be read.

    Attributes:
        where: file, line or number of the entry.
        reason: what is wrong with it.
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Annotations:
    """What files hold.

    Attributes:
        records: see `core.vision.metrics.records`; boxes are xyxy in pixels.
        sizes: (width, height) of each picture that is named with its size.
        names: of the categories, by their ids.
        skipped: what could not be read.
        more_skipped: how many more there were.
        files: names of the pictures' files by their ids, where the annotations have both.
    """

    records: tuple[Record, ...]
    sizes: Mapping[Hashable, tuple[float, float]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    more_skipped: int = 0
    files: Mapping[Hashable, str] = field(default_factory=dict)


class Reading:
    """Collects what is read of a file, and what is not."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.sizes: dict[Hashable, tuple[float, float]] = {}
        self.names: dict[int, str] = {}
        self.files: dict[Hashable, str] = {}
        self._skipped: list[Skipped] = []
        self._more = 0

    def add(self, record: Record) -> None:
        """Take a record in.

        Raises:
            AnnotationError: there are too many.
        """
        if len(self.records) >= MOST_BOXES:
            raise AnnotationError(
                f"there are more than {MOST_BOXES:,} boxes. Use a part of them."
            )
        self.records.append(record)

    def skip(self, where: str, reason: str) -> None:
        """Leave an entry out."""
        if len(self._skipped) < _MOST_TOLD:
            self._skipped.append(Skipped(where, reason))
        else:
            self._more += 1

    def result(self) -> Annotations:
        """All that was read."""
        return Annotations(
            tuple(self.records), self.sizes, self.names, tuple(self._skipped), self._more,
            self.files,
        )  # fmt: skip


def text_of(data: bytes | str) -> str:
    """The text of a file.

    Raises:
        AnnotationError: it is too long, or no text in UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise AnnotationError(
            f"the file has {len(data) / 1e6:.0f} MB; at most {MOST_BYTES // 10**6} MB work."
        )
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnnotationError(
            f"the file is no text in UTF-8: byte {error.start} is none."
        ) from None


def numbers_of(values: Sequence[Any], count: int) -> list[float]:
    """So many finite numbers.

    Raises:
        ValueError: there are others; the message is for a person.
    """
    if not isinstance(values, (list, tuple)) or len(values) != count:
        raise ValueError(f"{_short(values)} are not {count} numbers")
    return [number_of(value) for value in values]


def number_of(value: Any) -> float:  # noqa: ANN401 - files hold anything
    """A finite number.

    Raises:
        ValueError: it is none.
    """
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{_short(value)} is no number")
    return number


def box_of(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    """A box with a width and a height.

    Raises:
        ValueError: it has none.
    """
    if right <= left or bottom <= top:
        raise ValueError(f"the box is {right - left:g} wide and {bottom - top:g} high")
    return left, top, right, bottom


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
