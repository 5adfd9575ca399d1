"""Grids of numbers and how each follows from others: what a stage shows, in words too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.links import Links
from core.arithmetic.terms import bracketed, shown

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Rule = Literal["max", "min", "mean", "l2", "sum", "copy", "place"]
Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One picture of a chain.

    Attributes:
        name: what a cell of it is called, such as "input".
        title: heading with the size.
        values: (H, W, C) float64.
        origin: (row, column) of the first cell that is no padding.
        inner_hw: (height, width) without padding.
        unreached: (H, W) True where no window reads; None for nowhere.
        marked: (H, W, C) True where a window took its value; None for nowhere.
        letter: of a changed cell in the settings; empty where cells cannot be changed.
        line: whether it is one row of numbers, which stands on a line of its own.
        scale: grids of the same word are coloured on one scale.
    """

    name: str
    title: str
    values: FloatArray
    origin: tuple[int, int] = (0, 0)
    inner_hw: tuple[int, int] | None = None
    unreached: BoolArray | None = None
    marked: BoolArray | None = None
    letter: str = ""
    line: bool = False
    scale: str = "values"

    @property
    def added(self) -> BoolArray:
        """(H, W) True where a cell is padding."""
        flags = np.zeros(self.values.shape[:2], dtype=np.bool_)
        if self.inner_hw is not None:
            flags[:] = True
            (top, left), (height, width) = self.origin, self.inner_hw
            flags[top : top + height, left : left + width] = False
        return flags


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """How one grid of a chain follows from another.

    Attributes:
        source: number of the grid that is read.
        target: number of the grid that follows.
        links: from the places of the target to those of the source, over all channels, or over
            one where `each` says that all are alike. A weight of 0 means that a value lies in
            the window and does not count.
        rule: what becomes of the values; "sum" is weighted, "copy" takes one, "place" computes
            nothing and lights the same cell.
        each: whether the links are those of one plane.
        picks: (places of the target,) flat place row * width + column in the source's inner
            plane of the value that was taken; None where none is.
        nothing: why a cell without a source is 0.
    """

    source: int
    target: int
    links: Links
    rule: Rule
    each: bool = False
    picks: IntArray | None = None
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One source of a cell.

    Attributes:
        place: (row, column, channel) in the source.
        value: number there.
        weight: what it is multiplied by.
    """

    place: Place
    value: float
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Grids in the order in which they stand.

    Attributes:
        grids: at least one.
        joins: how they follow from each other.
        stepped: number of the grid whose cells are gone through one by one.
        signs: what stands before each grid but the first.
    """

    grids: tuple[Grid, ...]
    joins: tuple[Join, ...]
    stepped: int
    signs: tuple[str, ...]

    def into(self, grid: int) -> Join | None:
        """The join that computes a grid."""
        return next((j for j in self.joins if j.target == grid and j.rule != "place"), None)

    def out_of(self, grid: int) -> Join | None:
        """The join that a grid feeds."""
        return next((j for j in self.joins if j.source == grid and j.rule != "place"), None)


def terms(chain: Chain, join: Join, place: Place) -> tuple[Term, ...]:
    """What a cell of the join's target is made of.

    Args:
        chain: that the join belongs to.
        join: one of its joins.
        place: (row, column, channel) in the target.
    """
    source, target = chain.grids[join.source].values, chain.grids[join.target].values
    sources, weights = join.links.of(_flat(place, target.shape, each=join.each))
    return tuple(
        Term(at, float(source[at]), float(weight))
        for at, weight in zip(
            (_place(int(s), place[2], source.shape, each=join.each) for s in sources),
            weights,
            strict=True,
        )
    )


def _flat(place: Place, shape: tuple[int, ...], *, each: bool) -> int:
    row, column, channel = place
    cell = row * shape[1] + column
    return cell if each else cell * shape[2] + channel


def _place(flat: int, channel: int, shape: tuple[int, ...], *, each: bool) -> Place:
    cell, own = (flat, channel) if each else divmod(flat, shape[2])
    return (*divmod(cell, shape[1]), own)


def related(chain: Chain, grid: int, place: Place) -> tuple[frozenset[Place], ...]:
    """Everything that a cell is made of, and everything that it goes into.

    Args:
        chain: that the cell belongs to.
        grid: number of its grid.
        place: (row, column, channel).

    Returns:
        For each grid the cells that are lit with this one; its own grid's without it.
    """
    lit: list[set[Place]] = [set() for _ in chain.grids]
    for upwards in (True, False):
        front = {(grid, place)}
        while front:
            front = {cell for at in front for cell in _next(chain, at, lit, upwards=upwards)}
    return tuple(frozenset(places) for places in lit)


def _next(
    chain: Chain, at: tuple[int, Place], lit: list[set[Place]], *, upwards: bool
) -> list[tuple[int, Place]]:
    """Light the neighbours of a cell; give back those from which the way goes on."""
    grid, place = at
    found = []
    for join in chain.joins:
        if grid != (join.target if upwards else join.source):
            continue
        other = join.source if upwards else join.target
        for cell in sources(chain, join, place) if upwards else targets(chain, join, place):
            lit[other].add(cell)
            if join.rule != "place":
                found.append((other, cell))
    return found


def sources(chain: Chain, join: Join, place: Place) -> tuple[Place, ...]:
    """The cells of the join's source that a cell of its target is made of."""
    return tuple(term.place for term in terms(chain, join, place))


def targets(chain: Chain, join: Join, place: Place) -> tuple[Place, ...]:
    """The cells of the join's target that a cell of its source goes into."""
    shape = chain.grids[join.target].values.shape
    flat = _flat(place, chain.grids[join.source].values.shape, each=join.each)
    found = join.links.targets[join.links.sources == flat]
    return tuple(_place(int(t), place[2], shape, each=join.each) for t in found)


def sentence(chain: Chain, grid: int, place: Place, *, most: int = 60) -> str:
    """How a cell comes about: `max(0, 1, 4, 5) = 5`.

    Args:
        chain: that the cell belongs to.
        grid: number of its grid.
        place: (row, column, channel).
        most: how many terms to write out; the rest is counted.
    """
    value = float(chain.grids[grid].values[place])
    join = chain.into(grid)
    if join is None:
        return shown(value)
    found = terms(chain, join, place)
    if not found:
        return f"{shown(value)}: {join.nothing}"
    text = _arithmetic(join.rule, found, chain.grids[join.source].name, most)
    return f"{text} = {shown(value)}{_taken(chain, join, place)}"


def _arithmetic(rule: Rule, found: tuple[Term, ...], source: str, most: int) -> str:
    if rule == "copy":
        return " and ".join(f"{source} {where(term.place)}" for term in found)
    if rule == "sum":
        words = [f"{bracketed(term.weight)}*{bracketed(term.value)}" for term in found]
        return " + ".join(_kept(words, most))
    counted = [term.value for term in found if term.weight]
    if rule == "l2":
        words = _kept([f"{bracketed(value)}^2" for value in counted], most)
        return f"sqrt({' + '.join(words)})"
    if rule == "mean":
        words = _kept([bracketed(value) for value in counted], most)
        return f"({' + '.join(words)}) / {len(counted)}"
    return f"{rule}({', '.join(_kept([shown(value) for value in counted], most))})"


def _kept(words: list[str], most: int) -> list[str]:
    if len(words) <= most:
        return words
    return [*words[:most], f"... ({len(words) - most} more)"]


def _taken(chain: Chain, join: Join, place: Place) -> str:
    """Where the value was taken from, as frameworks count it."""
    grid = chain.grids[join.source]
    if join.picks is None:
        return ""
    flat = int(join.picks[_flat(place, chain.grids[join.target].values.shape, each=False)])
    width = (grid.inner_hw or grid.values.shape[:2])[1]
    row, column = divmod(flat, width)
    return f", at index {flat}: row {row}, column {column}"


def where(place: Place) -> str:
    """A place in words: `[0, 1]`, with the channel where it is not the first."""
    row, column, channel = place
    return f"[{row}, {column}]" if channel == 0 else f"[{row}, {column}, {channel}]"
