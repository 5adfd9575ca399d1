"""A block (N, H, W, C) under a norm: which cells share a mean, and each line's result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.arithmetic.normalization import KINDS, Kind, share
from core.lessons.normalization_case import NormCase
from core.ui.components.source import Component
from core.ui.predict import Conceal

FloatArray = npt.NDArray[np.float64]

code = Component("block", "colour", "numbers", "planes", "linked", "player", "settle", "tables")

TITLES: dict[Kind, str] = {
    "batch": "Batch",
    "layer": "Layer",
    "instance": "Instance",
    "group": "Group",
    "rms": "RMS",
}


def block(
    case: NormCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_edit: Callable[[], None],
    on_pin: Callable[[], None],
    on_kind: Callable[[], None],
) -> None:
    """Show a norm; pointing, stepping and playing happen in the browser.

    Args:
        case: settings, numbers and results.
        key: the component's key; `st.session_state[key]` holds `edit` (text of one changed
            cell, as `core.numbers.parse_edits` reads it), `pin` ("n,row,column,channel;") and
            `kind` (the slug of another norm).
        conceal: what the audience has to predict.
        large: cells for a projector; the block then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_edit: called when a cell was changed.
        on_pin: called when a cell was pinned or let go.
        on_kind: called when another norm was chosen.
    """
    code.mount(
        key=key,
        data=block_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_edit_change=on_edit,
        on_pin_change=on_pin,
        on_kind_change=on_kind,
    )


def block_data(case: NormCase, *, conceal: Conceal = "", large: bool = False) -> dict[str, Any]:
    """What the browser is sent: numbers, sets and words, nothing to compute with."""
    lesson, result = case.lesson, case.result
    samples, height, width, channels = lesson.shape
    return {
        "shape": list(lesson.shape),
        "raw": _numbers(case.block),
        "x": _numbers(result.x),
        "sets": result.sets.ravel().tolist(),
        "means": _numbers(result.means),
        "variances": _numbers(result.variances),
        "normalized": _numbers(result.normalized),
        "gamma": _numbers(result.gamma),
        "beta": None if result.kind == "rms" else _numbers(result.beta),
        "epsilon": f"{result.epsilon:g}",
        "inference": result.inference,
        "undoes": lesson.undoes,
        "lines": [
            {"slug": line.slug, "title": line.title, "values": _numbers(line.values)}
            for line in case.lines
        ],
        "kind": lesson.norm_kind,
        "kinds": [_kind(case, kind) for kind in KINDS],
        "cell": lesson.norm_cell if _is_inside(case) else "",
        "title": f"Block, {samples} x {height} x {width} x {channels} (N, H, W, C)",
        "legend": "share their mean with the chosen cell"
        if lesson.norm_kind != "rms"
        else "share their mean square with the chosen cell",
        "conceal": bool(conceal),
        "large": large,
        "focus": large,
    }


def _is_inside(case: NormCase) -> bool:
    """Whether the pinned cell is there."""
    return lesson_cell(case.chosen_cell) == case.lesson.norm_cell


def lesson_cell(place: tuple[int, ...]) -> str:
    """A place as the settings write it."""
    return ",".join(map(str, place))


def _kind(case: NormCase, kind: Kind) -> dict[str, Any]:
    lesson = case.lesson
    groups = lesson.norm_groups if kind == "group" else None
    if groups is not None and lesson.norm_channels % groups:
        groups = 1
    sets = share(lesson.shape, kind, groups, lesson.norm_over)
    return {
        "slug": kind,
        "title": TITLES[kind],
        "words": _words(kind, lesson.norm_over, groups),
        "sets": sets.ravel().tolist(),
    }


def _words(kind: Kind, over: str, groups: int | None) -> str:
    """What the mean is taken over."""
    if kind in ("layer", "rms"):
        return "over H, W, C" if over == "sample" else "over C"
    if kind == "group":
        return f"H, W, C in {groups}"
    return "over N, H, W" if kind == "batch" else "over H, W"


def _numbers(values: FloatArray) -> list[float]:
    """Flat, with more digits than are shown."""
    numbers: list[float] = np.round(values, 6).ravel().tolist()
    return numbers
