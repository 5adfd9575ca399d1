"""The convolution stage: input, kernel and output as linked grids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.arithmetic.geometry import AxisPlan, PaddingMode
from core.lessons.convolution import ConvolutionCase
from core.ui.components.source import Component
from core.ui.predict import Conceal

code = Component("stage", "colour", "numbers", "planes", "linked", "settle", "tables")


def stage(
    case: ConvolutionCase,
    *,
    key: str,
    conceal: Conceal = "",
    large: bool = False,
    settle: bool = False,
    on_edit: Callable[[], None],
    on_pin: Callable[[], None],
    on_filter: Callable[[], None],
) -> None:
    """Show a convolution; pointing, stepping and playing happen in the browser.

    Args:
        case: settings, numbers and result.
        key: the component's key; `st.session_state[key]` holds `edit` (text of one changed
            cell, as `core.numbers.parse_edits` reads it), `pin` ("row,column;filter") and
            `filter` (1, 2...).
        conceal: what the audience has to predict: "values" of the output, its "size" too.
        large: cells for a projector; the stage then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_edit: called when a cell of input or kernel was changed.
        on_pin: called when an output cell was pinned or let go.
        on_filter: called when another filter was chosen.
    """
    code.mount(
        key=key,
        data=stage_data(case, conceal=conceal, large=large) | {"settle": settle},
        on_edit_change=on_edit,
        on_pin_change=on_pin,
        on_filter_change=on_filter,
    )


def stage_data(
    case: ConvolutionCase, *, conceal: Conceal = "", large: bool = False
) -> dict[str, Any]:
    """What the browser is sent: numbers, tap positions and words, nothing to compute with."""
    lesson, result = case.lesson, case.result
    rows, columns = result.rows, result.columns
    return {
        "input": _planes(result.padded),
        "weights": _weights(case),
        "output": [] if conceal == "size" else _planes(result.output),
        "bias": None if case.bias is None else _numbers(case.bias),
        "rowTaps": rows.taps.tolist(),
        "columnTaps": columns.taps.tolist(),
        "rowSource": _own_source(rows, lesson.mode),
        "columnSource": _own_source(columns, lesson.mode),
        "rowPadding": (rows.source("zeros") < 0).tolist(),
        "columnPadding": (columns.source("zeros") < 0).tolist(),
        "rowReached": rows.reached.tolist(),
        "columnReached": columns.reached.tolist(),
        "kernelSize": list(lesson.kernel_hw),
        "filtersPerGroup": lesson.filters // lesson.groups,
        "transposed": lesson.transposed,
        "filter": lesson.shown_filter,
        "cell": lesson.cell,
        "conceal": conceal,
        "large": large,
        "focus": large,
        "titles": _titles(case, conceal),
        "legend": _legend(rows, columns, lesson.transposed),
    }


def _own_source(plan: AxisPlan, mode: PaddingMode) -> list[int]:
    source: list[int] = plan.source(mode).tolist()
    return source


def _numbers(values: npt.NDArray[np.float64]) -> list[float]:
    numbers: list[float] = np.round(values, 6).ravel().tolist()
    return numbers


def _planes(volume: npt.NDArray[np.float64]) -> list[list[float]]:
    """One flat list for each channel of an (H, W, C) array."""
    return [_numbers(volume[..., c]) for c in range(volume.shape[2])]


def _weights(case: ConvolutionCase) -> list[list[list[float]]]:
    """weights[filter][channel of its group], each a flat plane."""
    lesson, kernel = case.lesson, case.kernel
    if not lesson.transposed:
        return [_planes(kernel[..., f]) for f in range(lesson.filters)]
    per_out, per_in = lesson.filters // lesson.groups, lesson.channels // lesson.groups
    return [
        _planes(kernel[:, :, f % per_out, (f // per_out) * per_in :][..., :per_in])
        for f in range(lesson.filters)
    ]


def _titles(case: ConvolutionCase, conceal: Conceal) -> dict[str, str]:
    lesson, result = case.lesson, case.result
    (height, width), (kernel_height, kernel_width) = lesson.input_hw, lesson.kernel_hw
    padded = result.padded.shape[:2]
    given = f"Input {height} x {width} x {lesson.channels}"
    if padded != (height, width):
        verb = "stretched and padded" if result.rows.stretch > 1 else "padded"
        given += f", {verb} to {padded[0]} x {padded[1]}"
    depth = lesson.channels // lesson.groups
    weights = f"Kernel {kernel_height} x {kernel_width} x {depth}"
    if lesson.filters > 1:
        weights += f", filter {lesson.shown_filter + 1} of {lesson.filters}"
    if lesson.flip != lesson.transposed:
        weights += ", read mirrored"
    shape = (
        "? x ?" if conceal == "size" else f"{result.rows.outputs} x {result.columns.outputs}"
    )
    return {
        "input": given,
        "kernel": weights,
        "output": f"Output {shape} x {lesson.filters}",
    }


def _legend(rows: AxisPlan, columns: AxisPlan, transposed: bool) -> list[dict[str, str]]:
    entries = []
    if rows.padded > rows.size or columns.padded > columns.size:
        text = "padding and inserted zeros" if transposed else "padding"
        entries.append({"kind": "padding", "text": text})
    if not (rows.reached.all() and columns.reached.all()):
        entries.append({"kind": "unreached", "text": "read by no window"})
    return entries
