"""A chain of linked grids: each cell lights what it is made of and what it goes into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.arithmetic.chain import Chain, Grid, Join
from core.ui.components.source import Component
from core.ui.predict import Conceal

FloatArray = npt.NDArray[np.float64]

code = Component("chain", "colour", "numbers", "planes", "linked", "player", "settle", "tables")


def chain(
    shown: Chain,
    *,
    key: str,
    cell: str = "",
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    plain: bool = False,
    on_edit: Callable[[], None],
    on_pin: Callable[[], None],
) -> None:
    """Show a chain; pointing, stepping and playing happen in the browser.

    Args:
        shown: grids and how they follow from each other.
        key: the component's key; `st.session_state[key]` holds `edit` (text of one changed
            cell, as `core.numbers.parse_edits` reads it) and `pin` ("row,column,channel;").
        cell: the pinned cell of the stepped grid, "row,column,channel", or empty.
        conceal: what the audience has to predict of all grids but the first.
        large: cells for a projector; the stepped grid then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        plain: only to point at: without the player and without tables.
        on_edit: called when a cell was changed.
        on_pin: called when a cell was pinned or let go.
    """
    data = chain_data(shown, cell=cell, conceal=conceal, large=large)
    how = {"settle": settle, "plain": plain}
    code.mount(key=key, data=data | how, on_edit_change=on_edit, on_pin_change=on_pin)


def chain_data(
    shown: Chain, *, cell: str = "", conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: numbers, links and words, nothing to compute with."""
    grids = [
        _grid(grid, conceal if number else "", hide_marks=bool(conceal))
        for number, grid in enumerate(shown.grids)
    ]
    return {
        "grids": grids,
        "joins": [_join(shown, join) for join in shown.joins],
        "stepped": shown.stepped,
        "signs": list(shown.signs),
        "shape": ";".join(f"{g['name']}{g['line']}{g['letter']}" for g in grids),
        "sizes": ";".join(f"{g['rows']}x{g['columns']}x{len(g['planes'])}" for g in grids),
        "cell": cell,
        "conceal": conceal,
        "large": large,
        "focus": large,
        "legend": _legend(shown, bool(conceal)),
    }


def _grid(grid: Grid, conceal: Conceal, *, hide_marks: bool) -> dict[str, Any]:
    height, width = grid.values.shape[:2]
    flags = np.zeros((height, width), dtype=np.bool_)
    marked = None if hide_marks else grid.marked
    return {
        "name": grid.name,
        "title": _unsized(grid.title) if conceal == "size" else grid.title,
        "rows": height,
        "columns": width,
        "planes": [_numbers(grid.values[..., c]) for c in range(grid.values.shape[2])],
        "blank": "-\u221e" if (grid.values == -np.inf).any() else "\u221e",
        "pad": np.flatnonzero(grid.added).tolist(),
        "unreached": np.flatnonzero(
            flags if grid.unreached is None else grid.unreached
        ).tolist(),
        "taken": []
        if marked is None
        else [np.flatnonzero(marked[..., c]).tolist() for c in range(marked.shape[2])],
        "origin": list(grid.origin),
        "inner": (grid.inner_hw or (height, width))[1],
        "letter": grid.letter,
        "line": grid.line,
        "scale": grid.scale,
        "conceal": conceal,
    }


def _unsized(title: str) -> str:
    """The heading's first word, without the size."""
    return f"{title.split()[0].rstrip(',')} ? x ?"


def _numbers(plane: FloatArray) -> list[float | None]:
    """Flat, rounded to what is shown with room to spare; None where it is not finite."""
    return [
        value if np.isfinite(value) else None for value in np.round(plane, 6).ravel().tolist()
    ]


def _join(shown: Chain, join: Join) -> dict[str, Any]:
    weights = join.links.weights
    plain = bool((weights == 1).all())
    return {
        "source": join.source,
        "target": join.target,
        "starts": join.links.starts.tolist(),
        "sources": join.links.sources.tolist(),
        "weights": None if plain else np.round(weights, 6).tolist(),
        "rule": join.rule,
        "each": join.each,
        "picks": None if join.picks is None else join.picks.tolist(),
        "nothing": join.nothing,
    }


def _legend(shown: Chain, hide_marks: bool) -> list[dict[str, str]]:
    entries = []
    if any(grid.added.any() for grid in shown.grids):
        entries.append({"kind": "padding", "text": "padding"})
    if any(grid.unreached is not None and grid.unreached.any() for grid in shown.grids):
        entries.append({"kind": "unreached", "text": "read by no window"})
    if not hide_marks and any(grid.marked is not None for grid in shown.grids):
        entries.append({"kind": "taken", "text": "taken by a window"})
    return entries
