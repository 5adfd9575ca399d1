"""The surface with everybody's path, the losses, and the arithmetic of a step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.arithmetic.verdicts import NAMES
from core.lessons.descent_case import DescentCase, Ground, Racer
from core.ui.components.source import Component
from core.ui.predict import Conceal

code = Component("descent", "colour", "numbers", "axes", "settle", "player", "land", "losses")

_DIGITS = 6
"""Significant digits that the browser is sent; it shows four."""
_FINE = 1000
"""Parts of the picture's side that contours are sent in."""


def descent(
    case: DescentCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_start: Callable[[], None],
    on_pin: Callable[[], None],
) -> None:
    """Show a descent; pointing, stepping and playing happen in the browser.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `start` ("x,y;drag" while the
            flag is dragged, "x,y;end" when it is put down) and `pin` ("a;7": racer, step).
        conceal: whether the audience still has to predict the way.
        large: for a projector; the surface then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_start: called when the start was moved.
        on_pin: called when a step was pinned.
    """
    code.mount(
        key=key,
        data=descent_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_start_change=on_start,
        on_pin_change=on_pin,
    )


def descent_data(
    case: DescentCase, *, conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: lines, numbers of every step and words; nothing to compute."""
    left, right, bottom, top = case.ground.window
    surface = case.surface
    return {
        "title": surface.title,
        "alt": _alt(case),
        "axes": list(surface.axes),
        "window": [left, right, bottom, top],
        "ground": _ground(case.ground),
        "minima": [list(minimum) for minimum in surface.minima],
        "lowest": surface.lowest,
        "start": list(case.start),
        "racers": [_racer(racer, hidden=bool(conceal)) for racer in case.racers],
        "batches": None if case.batches is None else [b.tolist() for b in case.batches],
        "step": case.lesson.shown_step,
        "lane": case.shown.lane.upper(),
        "conceal": conceal,
        "large": large,
        "focus": large,
    }


def _alt(case: DescentCase) -> str:
    names = ", ".join(f"{r.lane.upper()} {r.title}" for r in case.racers)
    return (
        f"{case.surface.title} with the paths of {names}. Arrow keys step, up and down change "
        "the racer, space plays, Enter pins. A click sets the start."
    )


def _ground(ground: Ground) -> dict[str, Any]:
    """Rings as flat lists x, y, x, y... in thousandths of the picture."""
    return {
        "levels": significant(np.array(ground.levels)),
        "rings": [
            [[round(share * _FINE) for point in ring for share in point] for ring in lines]
            for lines in ground.rings
        ],
    }


def _racer(racer: Racer, *, hidden: bool) -> dict[str, Any]:
    trace = racer.trace
    rows = trace.rows[:1] if hidden else trace.rows
    needed = {name for row in rows for name in re.findall(r"\{(\w+)-?\}", row.numbers)}
    needed |= {row.name for row in rows}
    steps = min(trace.steps, 1) if hidden else trace.steps
    points = 1 if hidden else len(trace.points)
    return {
        "lane": racer.lane.upper(),
        "name": racer.title,
        "rate": trace.spec.learning_rate,
        "path": significant(trace.points[:points]),
        "losses": significant(trace.losses[:points]),
        "rates": significant(trace.rates[:steps]),
        "columns": {
            name: significant(column[:steps])
            for name, column in trace.columns.items()
            if name in needed
        },
        "begin": dict(trace.begin),
        "rows": [
            {
                "name": row.name, "symbol": row.symbol, "words": row.words,
                "formula": row.formula, "numbers": row.numbers, "scalar": row.scalar,
            }
            for row in rows
        ],
        "how": "" if hidden else NAMES[racer.verdict.kind],
        "sentence": "" if hidden else racer.verdict.sentence,
    }  # fmt: skip


def significant(values: npt.NDArray[np.float64]) -> list[Any]:
    """The numbers as nested lists, rounded to six significant digits.

    Example:
        >>> significant(np.array([[1234567.0, 0.0], [-1e-9, 2.5]]))
        [[1234570.0, 0.0], [-1e-09, 2.5]]
    """
    flat = [float(f"{value:.{_DIGITS}g}") for value in values.ravel().tolist()]
    nested: list[Any] = np.array(flat).reshape(values.shape).tolist()
    return nested
