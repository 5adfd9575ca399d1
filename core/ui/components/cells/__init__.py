"""Small masks as grids of cells: two to be pressed, and what becomes of every cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.lessons.masks_pictures import EXTRA, HIT, MISSED
from core.lessons.segment_case import COAT
from core.ui.components.source import Component
from core.vision.metrics import Comparison
from core.vision.metrics.formulas import KINDS, Kind, counts_of

code = Component("cells", "colour")

_COLOURS: dict[Kind, tuple[int, int, int] | None] = {
    "TP": HIT, "FP": EXTRA, "FN": MISSED, "TN": None,
}  # fmt: skip
_LOOKS: dict[Kind, str] = {"TP": "", "FP": "striped", "FN": "dotted", "TN": ""}


def cells(
    found: Comparison, *, key: str, large: bool = False, on_pick: Callable[[], None]
) -> None:
    """Show two small masks and their cells counted.

    Args:
        found: the true mask and the predicted one.
        key: the component's key; `st.session_state[key]` holds `pick` ("true;2,3;..." or
            "predicted;2,3;...": row and column of the cell that was pressed).
        large: for a projector.
        on_pick: called when a cell was pressed.
    """
    code.mount(key=key, data=cells_data(found) | {"large": large}, on_pick_change=on_pick)


def cells_data(found: Comparison) -> dict[str, Any]:
    """What the browser is sent: three grids and words."""
    counts = counts_of(found)
    masks = {"true": ("Truth", found.truth), "predicted": ("Predicted", found.predicted)}
    boards = [
        {
            "name": name,
            "title": title,
            "note": f"{int(mask.sum())} inside; press a cell",
            "cells": [_cell(bool(inside)) for inside in mask.ravel()],
        }
        for name, (title, mask) in masks.items()
    ]
    pairs = zip(found.truth.ravel().tolist(), found.predicted.ravel().tolist(), strict=True)
    kinds = [_kind(true, said) for true, said in pairs]
    boards.append(
        {
            "name": "",
            "title": "Counted",
            "note": ", ".join(f"{kind} {count}" for kind, count in counts.items()),
            "cells": [
                {"text": kind, "says": f"{kind}, {KINDS[kind]}", "inside": False,
                 "colour": _COLOURS[kind], "look": _LOOKS[kind]}
                for kind in kinds
            ],
        }
    )  # fmt: skip
    said = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    return {"columns": found.truth.shape[1], "boards": boards, "says": said}


def _cell(inside: bool) -> dict[str, Any]:
    return {
        "text": "1" if inside else "0",
        "says": "inside" if inside else "outside",
        "inside": inside,
        "colour": COAT if inside else None,
        "look": "",
    }


def _kind(true: bool, said: bool) -> Kind:
    if said:
        return "TP" if true else "FP"
    return "FN" if true else "TN"
