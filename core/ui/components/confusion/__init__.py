"""A confusion matrix as a table that one can point at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.confusion import Confusion
from core.ui.components.source import Component

Tint = Literal["share", "mistakes"]
MOST_CLASSES = 100
COMPACT_FROM = 21
"""With so many classes cells become small and the table scrolls."""

code = Component("confusion", "colour")

_LEGENDS: dict[Tint, str] = {
    "share": "The stronger the colour, the larger the share of the row.",
    "mistakes": "The stronger the colour, the larger the mistake's share of the row.",
}
_CELL = re.compile(r"(\d{1,3}),(\d{1,3})")


def confusion_table(
    matrix: Confusion,
    names: Sequence[str],
    *,
    key: str,
    selected: tuple[int, int] | None = None,
    tint: Tint = "share",
    noun: tuple[str, str] = ("picture", "pictures"),
    on_cell: Callable[[], None],
) -> None:
    """Show a confusion matrix with recall and precision at its margins.

    Args:
        matrix: the counts.
        names: of the classes, at most `MOST_CLASSES`.
        key: the component's key; within `on_cell`, `clicked(key, classes)` tells the cell.
        selected: row and column of the cell that is marked.
        tint: "share" colours each cell by its share of its row; "mistakes" leaves the diagonal
            out, so that rare mistakes are seen too.
        noun: what was counted, one of them and many.
        on_cell: called when a cell was chosen, or the chosen one let go.
    """
    data = confusion_data(matrix, names, selected=selected, tint=tint, noun=noun)
    code.mount(key=key, data=data, on_cell_change=on_cell)


def clicked(key: str, classes: int) -> tuple[int, int] | None:
    """Row and column that the browser tells in `on_cell`; None when a cell was let go.

    Args:
        key: the component's key.
        classes: number of classes; a cell beyond them is none.
    """
    state = st.session_state.get(key)
    found = _CELL.fullmatch(str(state.get("cell"))) if state else None
    if not found:
        return None
    row, column = int(found[1]), int(found[2])
    return (row, column) if max(row, column) < classes else None


def confusion_data(
    matrix: Confusion,
    names: Sequence[str],
    *,
    selected: tuple[int, int] | None = None,
    tint: Tint = "share",
    noun: tuple[str, str] = ("picture", "pictures"),
) -> dict[str, Any]:
    """What the browser is sent: counts, tones from 0 to 1, margins as text, and words.

    Raises:
        ValueError: too many classes, or as many names as there are not.
    """
    classes = matrix.classes
    if classes > MOST_CLASSES:
        raise ValueError(f"{classes} classes are too many to show; at most {MOST_CLASSES}.")
    if len(names) != classes:
        raise ValueError(f"{len(names)} names cannot stand for {classes} classes.")
    return {
        "names": list(names),
        "counts": matrix.counts.reshape(-1).tolist(),
        "tones": np.round(_tones(matrix, tint), 4).reshape(-1).tolist(),
        "actual": matrix.actual.tolist(),
        "predicted": matrix.predicted.tolist(),
        "shares": [_percent(share) for share in matrix.shares.reshape(-1)],
        "recall": [_percent(share) for share in matrix.recall],
        "precision": [_percent(share) for share in matrix.precision],
        "accuracy": _percent(matrix.accuracy),
        "summary": summary(matrix, noun),
        "legend": _LEGENDS[tint],
        "noun": list(noun),
        "selected": None if selected is None else list(selected),
        "compact": classes >= COMPACT_FROM,
    }


def summary(matrix: Confusion, noun: tuple[str, str] = ("picture", "pictures")) -> str:
    """Accuracy and the means over classes in words.

    Example:
        >>> summary(Confusion(np.array([[3, 1], [0, 4]])))[:50]
        'Accuracy 87.5 % (7 of 8 pictures); means over clas'
    """
    if matrix.total == 0:
        return f"No {noun[0]} yet."
    right = int(matrix.right.sum())
    counted = noun[0] if matrix.total == 1 else noun[1]
    return (
        f"Accuracy {_percent(matrix.accuracy)} % ({right:,} of {matrix.total:,} {counted}); "
        f"means over classes: recall {_percent(matrix.macro_recall)} %, "
        f"precision {_percent(matrix.macro_precision)} %, F1 {_percent(matrix.macro_f1)} %."
    )


def _tones(matrix: Confusion, tint: Tint) -> npt.NDArray[np.float64]:
    """How strongly each cell is coloured, 0 to 1."""
    shares = np.nan_to_num(matrix.shares)
    if tint == "share":
        return shares
    wrong = shares * ~np.eye(matrix.classes, dtype=bool)
    return wrong / (wrong.max() or 1.0)


def _percent(share: float) -> str:
    """Percent with one decimal, which says 100 and 0 only where that is exact."""
    if not np.isfinite(share):
        return "–"
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}"
    return f"{min(max(100 * share, 0.1), 99.9):.1f}"
