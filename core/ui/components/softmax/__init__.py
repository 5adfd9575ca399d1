"""Softmax and cross-entropy as a table that fills up step by step."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from core.arithmetic.softmax_steps import Column
from core.arithmetic.verdicts import brief
from core.lessons.softmax import LETTERS, SoftmaxCase
from core.ui.components.source import Component
from core.ui.predict import Conceal

code = Component("softmax", "colour", "numbers", "settle", "player")

GIVEN = ("logits", "targets")
"""Columns that are there before anything is computed."""


def board(
    case: SoftmaxCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_logit: Callable[[], None],
    on_right: Callable[[], None],
    on_pin: Callable[[], None],
) -> None:
    """Show the table; pointing, stepping and playing happen in the browser.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `logit` ("0=2.3;drag" while a
            logit is dragged, "0=2.3;end" afterwards), `right` (number of the right class) and
            `pin` (the step that is shown).
        conceal: whether the audience still has to predict the numbers.
        large: for a projector; the player then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_logit: called when a logit was moved.
        on_right: called when another class was made the right one.
        on_pin: called when another step was chosen by hand.
    """
    code.mount(
        key=key,
        data=board_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_logit_change=on_logit,
        on_right_change=on_right,
        on_pin_change=on_pin,
    )


def board_data(
    case: SoftmaxCase, *, conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: every number as text, and as the length of its bar."""
    lesson = case.lesson
    return {
        "names": list(lesson.names),
        "right": lesson.right,
        "bases": [
            getattr(lesson, f"logit_{letter}") for letter in LETTERS[: lesson.class_count]
        ],
        "columns": [
            _column(column, hidden=bool(conceal) and column.key not in GIVEN)
            for column in case.columns
        ],
        "naive": _naive(case) if not conceal else {"rows": [], "title": "", "verdict": ""},
        "step": lesson.softmax_step,
        "conceal": conceal,
        "large": large,
        "focus": large,
    }


def _column(column: Column, *, hidden: bool) -> dict[str, Any]:
    return {
        "key": column.key,
        "title": column.title,
        "words": column.words,
        "formula": column.formula,
        "single": column.single,
        "values": [0.0 if hidden else float(f"{value:.6g}") for value in column.values],
        "texts": ["?" if hidden else brief(value) for value in column.values],
        "numbers": ["" if hidden else text for text in column.numbers],
    }


def _naive(case: SoftmaxCase) -> dict[str, Any]:
    machine = case.naive
    rows = [
        ("e^(z / T)", machine.exponentials.tolist()),
        ("sum", [machine.total]),
        ("p", machine.probabilities.tolist()),
        ("-log p of the right class", [machine.loss]),
    ]
    return {
        "title": f"Without subtracting the largest, in {machine.precision}",
        "verdict": naive_in_words(case),
        "broken": machine.broken,
        "rows": [
            {"name": "", "texts": list(case.lesson.names)},
            *({"name": name, "texts": [brief(v) for v in values]} for name, values in rows),
        ],
    }


def naive_in_words(case: SoftmaxCase) -> str:
    """Whether the naive form breaks, and why."""
    machine, scaled = case.naive, case.made.scaled
    limit, highest = brief(machine.limit), brief(machine.highest)
    most = float(scaled.max())
    if most > machine.limit:
        return (
            f"e^{brief(most)} is more than {highest}, the largest number of {machine.precision}"
            f", so it is stored as inf, and inf / inf is not a number. Exponents up to {limit} "
            "hold. With the largest subtracted no exponent is above 0."
        )
    if math.isinf(machine.total):
        return (
            f"Each exponential still fits, their sum does not: it is more than {highest}, the "
            f"largest number of {machine.precision}."
        )
    if machine.total == 0:
        return (
            "All exponentials are so small that they are stored as 0, and 0 / 0 is not a "
            "number. With the largest subtracted one of them is e^0 = 1."
        )
    if machine.broken:
        return (
            "The probability of the right class is so small that it is stored as 0, and log 0 "
            "is minus infinity. From the logits the loss is computed without that logarithm."
        )
    return (
        f"Nothing breaks here: all exponents are below {limit}, the logarithm of the largest "
        f"number of {machine.precision}. Shift all logits and watch."
    )
