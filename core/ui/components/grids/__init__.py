"""Grids of numbers in a row, as in an equation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component

code = Component("grids", "colour", "numbers", "planes", "tables")


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One grid of the row.

    Attributes:
        title: what stands above it.
        values: (rows, columns) float64.
        sign: what stands before it, such as "=".
    """

    title: str
    values: npt.NDArray[np.float64]
    sign: str = ""


def grids(row: Sequence[Grid], *, key: str, large: bool = False) -> None:
    """Show grids beside each other; they wrap where there is no room.

    Args:
        row: from left to right.
        key: the component's key.
        large: cells for a projector.
    """
    code.mount(key=key, data=grids_data(row) | {"large": large})


def grids_data(row: Sequence[Grid]) -> dict[str, Any]:
    """What the browser is sent."""
    return {
        "grids": [
            {
                "title": grid.title,
                "sign": grid.sign,
                "rows": grid.values.shape[0],
                "columns": grid.values.shape[1],
                "values": [float(f"{value:.7g}") for value in grid.values.ravel()],
            }
            for grid in row
        ]
    }
