"""Grids of numbers as short text: `1 0 1 / 0 1 0`, the way the lecture decks write them.

Rows are separated by `/`, channels by `|`, filters by `;`. Single changed cells are written
`x.0.2.1=5`: a letter for the grid, the indices, the new value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[^\s,]+")
_EDIT = re.compile(r"^([a-z])((?:\.\d+)+)=(\S+)$")
LARGEST = 1e6


class NumbersError(ValueError):
    """The typed text is not a grid of numbers; the message says where."""


def parse_number(word: str) -> float:
    """One finite number of at most a million, a decimal point or a fraction (`1/9` is not).

    Raises:
        NumbersError: it is not a number, or not one of that size.
    """
    try:
        value = float(word)
    except ValueError:
        raise NumbersError(
            f"{word!r} is not a number. Write digits, such as 3 or -0.5."
        ) from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise NumbersError(f"{word} is out of range. Use numbers between -1e6 and 1e6.")
    return value


def parse_grid(text: str) -> FloatArray:
    """Read one grid: `1 2 / 3 4` becomes [[1, 2], [3, 4]].

    Args:
        text: rows separated by `/` or line ends, numbers by spaces or commas.

    Returns:
        (rows, columns) float64.

    Raises:
        NumbersError: a word is not a number, or the rows differ in length.

    Example:
        >>> parse_grid("1 2 / 3 4").tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    rows = [
        [parse_number(word) for word in _NUMBER.findall(row)]
        for row in re.split(r"[/\n]", text)
        if row.strip()
    ]
    if not rows:
        raise NumbersError("There is no number. Write rows of numbers, such as 1 0 / 0 1.")
    lengths = [len(row) for row in rows]
    odd = next((i for i, length in enumerate(lengths) if length != lengths[0]), None)
    if odd is not None:
        raise NumbersError(
            f"Row {odd + 1} has {lengths[odd]} numbers, row 1 has {lengths[0]}. "
            "Give every row the same number of columns."
        )
    return np.array(rows, dtype=np.float64)


def parse_planes(text: str, separator: str = "|") -> list[FloatArray]:
    """Read several grids: `1 2 / 3 4 | 5 6 / 7 8`.

    Raises:
        NumbersError: as for `parse_grid`.
    """
    return [parse_grid(plane) for plane in text.split(separator)]


def parse_bank(text: str) -> list[list[FloatArray]]:
    """Read filters separated by `;`, each with its channels separated by `|`.

    Raises:
        NumbersError: as for `parse_grid`.
    """
    return [parse_planes(filter_text) for filter_text in text.split(";")]


def format_number(value: float) -> str:
    """The shortest text that reads back as the same number.

    Example:
        >>> format_number(3.0), format_number(-0.5)
        ('3', '-0.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def format_grid(grid: npt.ArrayLike) -> str:
    """Write one (rows, columns) grid, the inverse of `parse_grid`.

    Example:
        >>> format_grid([[1, 0], [0, 1]])
        '1 0 / 0 1'
    """
    rows = np.asarray(grid, dtype=np.float64)
    return " / ".join(" ".join(format_number(value) for value in row) for row in rows)


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed cell: the grid's letter, the place in it, and the new value."""

    grid: str
    index: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        """The text that `parse_edits` reads."""
        return f"{self.grid}.{'.'.join(map(str, self.index))}={format_number(self.value)}"


def parse_edits(text: str) -> tuple[Edit, ...]:
    """Read changed cells: `x.0.2.1=5 k.1.1.0.0=-1`.

    Raises:
        NumbersError: a word is not of that form.

    Example:
        >>> parse_edits("x.0.2.1=5")
        (Edit(grid='x', index=(0, 2, 1), value=5.0),)
    """
    edits = []
    for word in text.split():
        match = _EDIT.match(word)
        if not match:
            raise NumbersError(
                f"{word!r} is not a changed cell. Write x.row.column.channel=value, "
                "such as x.0.2.0=5."
            )
        index = tuple(int(part) for part in match[2].split(".")[1:])
        edits.append(Edit(match[1], index, parse_number(match[3])))
    return tuple(edits)


def format_edits(edits: Iterable[Edit]) -> str:
    """Write changed cells, the latest value of each cell once."""
    latest = {(edit.grid, edit.index): edit for edit in edits}
    return " ".join(str(edit) for edit in latest.values())


def apply_edits(grids: Mapping[str, FloatArray], edits: Iterable[Edit]) -> None:
    """Write the edits into writable grids; a cell outside of its grid is passed over.

    A cell that a smaller grid has no room for is kept in the text, and comes back with it.
    """
    for edit in edits:
        grid = grids.get(edit.grid)
        if grid is None or len(edit.index) != grid.ndim:
            continue
        if all(i < n for i, n in zip(edit.index, grid.shape, strict=True)):
            grid[edit.index] = edit.value
