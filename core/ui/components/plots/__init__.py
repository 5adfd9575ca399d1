"""Still figures that can be pointed at: lines, a compass, a field of colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component

FloatArray = npt.NDArray[np.float64]

code = Component("plots", "colour", "numbers", "axes", "tables")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Numbers over an axis.

    Attributes:
        title: what stands above.
        alt: the same for those who do not see it.
        x: (N,) places, growing.
        x_title: what they are, with the unit.
        unit: what follows a place when it is read.
        series: (N,) numbers by name; told apart by colour and dashes.
    """

    title: str
    alt: str
    x: FloatArray
    x_title: str
    unit: str
    series: Mapping[str, FloatArray]

    def data(self) -> dict[str, Any]:
        """What the browser is sent."""
        return {
            "kind": "lines",
            "title": self.title,
            "alt": self.alt,
            "x": _short(self.x),
            "xTitle": self.x_title,
            "unit": self.unit,
            "series": [{"name": name, "y": _short(y)} for name, y in self.series.items()],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Compass:
    """Numbers by direction.

    Attributes:
        title: what stands above.
        alt: the same for those who do not see it.
        angles: (N,) degrees, clockwise from the right.
        values: (N,) 0 or more.
    """

    title: str
    alt: str
    angles: FloatArray
    values: FloatArray

    def data(self) -> dict[str, Any]:
        """What the browser is sent."""
        return {
            "kind": "compass",
            "title": self.title,
            "alt": self.alt,
            "angles": _short(self.angles),
            "values": _short(self.values),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A square of numbers as colours, from 0 up.

    Attributes:
        title: what stands above.
        alt: the same for those who do not see it.
        axis: (N,) places of both axes, from -0.5 to 0.5.
        x_title: what they are.
        values: (N, N) 0 or more; rows go down.
    """

    title: str
    alt: str
    axis: FloatArray
    x_title: str
    values: FloatArray

    def data(self) -> dict[str, Any]:
        """What the browser is sent."""
        return {
            "kind": "field",
            "title": self.title,
            "alt": self.alt,
            "axis": _short(self.axis),
            "xTitle": self.x_title,
            "side": len(self.axis),
            "values": _short(self.values),
            "high": float(self.values.max()),
        }


def plots(panels: Sequence[Lines | Compass | Field], *, key: str) -> None:
    """Show figures beside each other, below each other on a phone.

    Args:
        panels: from left to right.
        key: the component's key.
    """
    code.mount(key=key, data={"panels": [panel.data() for panel in panels]})


def _short(values: FloatArray) -> list[float]:
    return [float(f"{value:.4g}") for value in values.ravel()]
