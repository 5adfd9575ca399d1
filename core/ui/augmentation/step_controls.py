"""Controls of one step: sliders, switches and choices, from what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.augment.catalog import Parameter, catalog
from core.augment.steps.base import StepModel
from core.ui import refresh, state

PROBABILITY = Parameter(
    name="probability",
    title="Probability",
    help="Share of the pictures that the step changes.",
    default=1.0,
    low=0.0,
    high=1.0,
    step=0.05,
)


def draw(step: StepModel, part: str, on_step: Callable[[StepModel], None]) -> None:
    """Draw the controls of a step.

    Args:
        step: its settings as they are.
        part: of the page, that the controls stand in.
        on_step: called in a callback, with the changed step.
    """
    kind: str = step.kind  # type: ignore[attr-defined]
    for parameter in (*catalog()[kind].parameters, PROBABILITY):
        if parameter.name == "fill_value" and getattr(step, "fill", "") != "constant":
            continue
        _draw(step, parameter, f"augment_{kind}_{parameter.name}", part, on_step)


def _draw(
    step: StepModel,
    parameter: Parameter,
    key: str,
    part: str,
    on_step: Callable[[StepModel], None],
) -> None:
    now = getattr(step, parameter.name)
    if st.session_state.get(key) != now:
        st.session_state[key] = now

    def change() -> None:
        if refresh.sent_by(part) == "no":  # an echo of what stood there before
            return
        value = st.session_state[key]
        if (changed := with_setting(step, parameter.name, value)) is not None:
            on_step(changed)

    common: dict[str, Any] = {
        "label": parameter.title, "key": key, "on_change": change, "help": _help(parameter),
    }  # fmt: skip
    if isinstance(parameter.default, bool):
        st.toggle(**common)
    elif parameter.choices:
        st.selectbox(options=parameter.choices, **common)
    else:
        st.select_slider(options=places(parameter, now), format_func=_written, **common)


def with_setting(step: StepModel, name: str, value: object) -> StepModel | None:
    """The step with one setting changed; None where that cannot be."""
    try:
        return type(step).model_validate({**step.model_dump(), name: value})
    except ValidationError:
        return None


def places(parameter: Parameter, now: float) -> list[float]:
    """Where the slider can stand: from the lowest to the highest value, and where it is.

    Example:
        >>> places(PROBABILITY, 0.5)[:3]
        [0.0, 0.05, 0.1]
    """
    if parameter.low is None or parameter.high is None:
        raise TypeError(f"{parameter.name} has no bounds, and cannot be a slider")
    if isinstance(parameter.default, int):
        stops: list[float] = [*range(int(parameter.low), int(parameter.high) + 1)]
        stops = stops[:: max(int(parameter.step), 1)] + stops[-1:]
    else:
        low, step = Decimal(str(parameter.low)), Decimal(str(parameter.step))
        count = int((Decimal(str(parameter.high)) - low) / step)
        stops = [float(low + place * step) for place in range(count + 1)]
        stops.append(parameter.high)
    return sorted({*stops, now})


def _written(value: float) -> str:
    return f"{value:g}"


def _help(parameter: Parameter) -> str:
    if parameter.neutral is None:
        return parameter.help
    return f"{parameter.help} At {parameter.neutral:g} it changes nothing."


def assign_step(kind: type[Any], step: StepModel) -> None:
    """Callback: take a changed step over into the page's settings."""
    state.assign(state.current(kind).with_step(step))
    refresh.everything()
