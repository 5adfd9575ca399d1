"""The convolution as a matrix product, linked with the stage."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from core.lessons.convolution import ConvolutionCase
from core.ui.components.source import Component

Kind = Literal["im2col", "toeplitz"]
MOST_ENTRIES = 20_000
"""Cells that the browser draws without lag."""

code = Component("matrix", "colour", "numbers")


def size(case: ConvolutionCase, kind: Kind) -> int:
    """How many cells the view would have to draw."""
    result, (height, width) = case.result, case.lesson.kernel_hw
    windows = result.rows.outputs * result.columns.outputs
    seen = case.lesson.channels // case.lesson.groups
    return windows * height * width * (seen if kind == "im2col" else 1)


def matrix(case: ConvolutionCase, kind: Kind, channel: int, *, hidden: bool, key: str) -> None:
    """Show one matrix product of the shown filter.

    Args:
        case: settings, numbers and result.
        kind: patches times weights, or the sparse matrix times one padded channel.
        channel: which input channel the sparse matrix reads.
        hidden: whether the output has to be predicted.
        key: the component's key.
    """
    data = _unrolled(case) if kind == "im2col" else _sparse(case, channel)
    data |= {"kind": kind, "hidden": hidden, "outputColumns": case.result.columns.outputs}
    code.mount(key=key, data=data)


def _unrolled(case: ConvolutionCase) -> dict[str, Any]:
    from core.arithmetic.matrix import im2col  # SciPy takes 0.3 s: not before it is needed

    lesson, spec = case.lesson, case.lesson.conv_spec()
    group = lesson.shown_filter // (lesson.filters // lesson.groups)
    parts = im2col(case.result, case.kernel, spec, group)
    weights = parts.weights[:, lesson.shown_filter % parts.weights.shape[1]]
    height, width = lesson.kernel_hw
    depth = parts.patches.shape[1] // (height * width)
    column_of = np.arange(parts.patches.shape[1]).reshape(height, width, depth)
    return {
        "left": _dense(parts.patches),
        "vector": _dense(weights[:, None]),
        "product": _dense((parts.patches @ weights)[:, None]),
        "titles": {
            "left": f"Windows as rows, {_shape(parts.patches)}",
            "vector": f"Filter {lesson.shown_filter + 1}",
            "product": "Output, before the bias",
        },
        "columnOf": column_of.tolist(),
        "rowText": "Row {row} is the window of output {place}; times the weights: its value.",
        "columnText": "Column {column} holds what one weight multiplies, window by window.",
    }


def _sparse(case: ConvolutionCase, channel: int) -> dict[str, Any]:
    from core.arithmetic.matrix import toeplitz

    lesson = case.lesson
    grid = toeplitz(
        case.result, case.kernel, lesson.conv_spec(), channel, lesson.shown_filter
    ).tocoo()
    vector = case.result.padded[..., channel].reshape(-1)
    entries = [
        [int(r), int(c), float(v)]
        for r, c, v in zip(grid.row, grid.col, np.round(grid.data, 6), strict=True)
    ]
    several = lesson.channels > 1
    return {
        "left": {"rows": grid.shape[0], "columns": grid.shape[1], "entries": entries},
        "vector": _dense(vector[:, None]),
        "product": _dense(grid @ vector[:, None]),
        "titles": {
            "left": f"Sparse matrix, {grid.shape[0]} x {grid.shape[1]}",
            "vector": f"Padded channel {channel}" if several else "Padded input",
            "product": "Its share of the output" if several else "Output, before the bias",
        },
        "channel": channel,
        "inputColumns": case.result.columns.padded,
        "rowText": "Row {row} holds the weights where the window of output {place} lies.",
        "columnText": "Column {column} is one input cell: a weight for each output it feeds.",
    }


def _dense(table: npt.NDArray[np.float64]) -> dict[str, Any]:
    rounded = np.round(table, 6).tolist()
    return {
        "rows": table.shape[0],
        "columns": table.shape[1],
        "entries": [[r, c, v] for r, row in enumerate(rounded) for c, v in enumerate(row)],
    }


def _shape(table: npt.NDArray[np.float64]) -> str:
    return f"{table.shape[0]} x {table.shape[1]}"
