"""The tiny network as a graph, its passes step by step, and the loss over the updates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.arithmetic.backprop_steps import Step, chain
from core.arithmetic.verdicts import brief
from core.lessons.backprop import INPUTS, BackpropCase
from core.ui.components.source import Component
from core.ui.predict import Conceal

code = Component("backprop", "colour", "numbers", "axes", "settle", "player")

LOSSES = {
    "squared": "squared error",
    "half_squared": "half squared error",
    "cross_entropy": "cross-entropy",
}
"""What stands at the loss."""


def backprop(
    case: BackpropCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_edit: Callable[[], None],
    on_learn: Callable[[], None],
    on_pin: Callable[[], None],
) -> None:
    """Show the network; pointing, stepping and playing happen in the browser.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `edit` ("w11=0.5"), `learn`
            (how many updates shall be done) and `pin` (the step that is shown).
        conceal: whether the audience still has to predict the numbers.
        large: for a projector; the player then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_edit: called when a number was changed.
        on_learn: called when another number of updates was asked for.
        on_pin: called when another step was chosen by hand.
    """
    code.mount(
        key=key,
        data=backprop_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_edit_change=on_edit,
        on_learn_change=on_learn,
        on_pin_change=on_pin,
    )


def backprop_data(
    case: BackpropCase, *, conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: every number as text, and what belongs to which step."""
    made, hidden = case.made, bool(conceal)
    network = made.network
    after = made.updated(case.lesson.step_rate).parameters
    return {
        "alt": _alt(case),
        "given": {
            name: {"raw": value, "text": brief(value)}
            for name in INPUTS
            for value in (getattr(case.example, name),)
        },
        "parameters": {
            name: {
                "raw": float(f"{value:.6g}"),
                "text": brief(value),
                "after": "" if hidden else brief(after[name]),
                "chain": [] if hidden else _chain(case, name),
            }
            for name, value in network.parameters.items()
        },
        "values": {} if hidden else {k: brief(v) for k, v in made.values.items()},
        "gradients": {} if hidden else {k: brief(v) for k, v in made.gradients.items()},
        "steps": [_step(step) for step in (case.steps[:1] if hidden else case.steps)],
        "step": 1 if hidden else case.lesson.pass_step,
        "updates": case.updates,
        "curve": [] if hidden else [[n, float(f"{v:.4g}")] for n, v in case.curve],
        "history": f"Mean loss, {case.updates} updates done"
        if case.updates != 1
        else "Mean loss, 1 update done",
        "remark": "" if hidden else _remark(case),
        "hidden": network.hidden,
        "output": network.output,
        "loss": LOSSES[network.loss],
        "conceal": conceal,
        "large": large,
        "focus": large,
    }


def _alt(case: BackpropCase) -> str:
    return (
        f"Two inputs, two hidden units ({case.made.network.hidden}), one output "
        f"({case.made.network.output}), {LOSSES[case.made.network.loss]}. Tab goes to the "
        "numbers that can be changed, Enter changes them."
    )


def _chain(case: BackpropCase, name: str) -> list[dict[str, str]]:
    return [
        {"symbol": factor.symbol, "value": brief(factor.value), "place": factor.place}
        for factor in chain(case.made, name)
    ]


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "phase": step.phase,
        "words": step.words,
        "lit": list(step.lit),
        "lines": [
            {"symbols": line.symbols, "numbers": line.numbers, "value": brief(line.value)}
            for line in step.lines
        ],
    }


def _remark(case: BackpropCase) -> str:
    lesson = case.lesson
    if case.lost is not None and lesson.updates_done >= case.lost:
        return (
            f"With learning rate {brief(lesson.step_rate)} the weights grow beyond "
            f"1,000,000,000,000 after {case.lost} updates: each step overshoots by more than "
            "the last. Take a smaller one."
        )
    if len(lesson.examples) > 1:
        return (
            f"Example {case.turn + 1} of {len(lesson.examples)}: ({brief(case.example.x1)}, "
            f"{brief(case.example.x2)}) should give {brief(case.example.y)}. Each update takes "
            "the next one; the loss below the graph is the mean over all."
        )
    return ""
