"""What a chart of curves is made of, and what it says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Style = Literal["training", "validation"]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a chart.

    Attributes:
        name: what the legend calls it; curves of one name are switched together.
        x: (n,) ascending: batches done, or learning rates.
        y: (n,) values; where one is not finite, the line breaks and is marked.
        style: validation is dashed.
        axis: slug of the `Axis` that it is drawn over.
        number: of the run or the layer, from 0, which gives colour and symbol; None where the
            style gives them.
        points: whether every point has a symbol, as for values per epoch.
        smoothing: weight of the past, 0 to less than 1, for a smooth line over the raw one.
        shown: whether it is switched on at first.
    """

    name: str
    x: FloatArray
    y: FloatArray
    style: Style = "training"
    axis: str = "loss"
    number: int | None = None
    points: bool = False
    smoothing: float = 0.0
    shown: bool = True

    def __post_init__(self) -> None:
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise ValueError(
                f"{self.name!r} has {self.x.size} places and {self.y.size} values; each point "
                "needs one of each."
            )
        if not np.all(np.diff(self.x) >= 0):
            raise ValueError(f"{self.name!r} goes back in x: sort its points.")


@dataclass(frozen=True, slots=True)
class Axis:
    """One panel of a chart; panels share the horizontal axis.

    Attributes:
        slug: the name by which curves refer to it.
        title: its heading.
        log: whether its scale is logarithmic.
        low: its scale never begins below, or None.
        high: its scale never ends above, or None.
    """

    slug: str
    title: str
    log: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at `x`, such as "learning rate 0.01 -> 0.001"."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A point that matters, such as the suggested learning rate."""

    x: float
    y: float
    text: str
    axis: str = "loss"


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Curves over one horizontal axis.

    Attributes:
        axes: the panels, in reading order.
        curves: all curves of all panels.
        marks: drawn through all panels.
        spots: points that stand out.
        x_title: what the horizontal axis counts.
        x_log: whether its scale is logarithmic.
        x_high: where it ends when less is there to be drawn, such as the last batch planned.
        steps_per_epoch: to tell the epoch of a batch, or None.
    """

    axes: tuple[Axis, ...]
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    spots: tuple[Spot, ...] = ()
    x_title: str = "Batch"
    x_log: bool = False
    x_high: float | None = None
    steps_per_epoch: int | None = None

    def __post_init__(self) -> None:
        known = {axis.slug for axis in self.axes}
        used = [curve.axis for curve in self.curves] + [spot.axis for spot in self.spots]
        for slug in used:
            if slug not in known:
                raise ValueError(
                    f"there is no axis {slug!r}; the chart has {', '.join(sorted(known))}."
                )

    def of(self, axis: Axis) -> tuple[Curve, ...]:
        """The curves of one panel."""
        return tuple(curve for curve in self.curves if curve.axis == axis.slug)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How often values lie in each of a row of bins.

    Attributes:
        title: its heading.
        edges: (n + 1,) ascending, finite: where the bins begin and end.
        counts: (n,) how many values lie in each.
    """

    title: str
    edges: FloatArray
    counts: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.edges.shape != (len(self.counts) + 1,) or not len(self.counts):
            raise ValueError(
                f"{self.title!r} has {len(self.counts)} counts and {len(self.edges)} edges; "
                "n bins have n + 1 edges."
            )
        if not np.all(np.diff(self.edges) > 0) or not np.isfinite(self.edges).all():
            raise ValueError(f"the edges of {self.title!r} do not ascend.")


def chart_in_words(chart: Chart) -> str:
    """The latest and the best numbers of every curve, and the marks, for those who listen."""
    parts = [_axis_in_words(chart, axis) for axis in chart.axes]
    if chart.spots:
        said = (f"{s.text} at {number(s.x)}, {number(s.y)}" for s in chart.spots)
        parts.append(f"Points: {'; '.join(said)}.")
    if chart.marks:
        marks = (f"{mark.text} at {number(mark.x)}" for mark in chart.marks)
        parts.append(f"Marked: {'; '.join(marks)}.")
    return " ".join(parts)


def histogram_in_words(histogram: Histogram) -> str:
    """Count, range and the fullest bin, for those who listen."""
    edges, counts = histogram.edges, histogram.counts
    total = int(counts.sum())
    if total == 0:
        return f"{histogram.title}: no value yet."
    fullest = int(counts.argmax())
    return (
        f"{histogram.title}: {total:,} values from {number(edges[0])} to {number(edges[-1])}; "
        f"most, {int(counts[fullest]):,}, lie between {number(edges[fullest])} and "
        f"{number(edges[fullest + 1])}."
    )


def number(value: float) -> str:
    """Four significant digits.

    Example:
        >>> number(0.123456), number(1875.0), number(12345.0), number(3e-05)
        ('0.1235', '1,875', '12,345', '3e-05')
    """
    if float(value).is_integer() and abs(value) < _LARGEST_WHOLE:
        return f"{int(value):,}"
    return f"{value:.4g}"


_LARGEST_WHOLE = 1e9


def _axis_in_words(chart: Chart, axis: Axis) -> str:
    curves = [curve for curve in chart.of(axis) if curve.x.size]
    if not curves:
        return f"{axis.title}: no value yet."
    unit = chart.x_title.lower()
    said = (_curve_in_words(curve, unit) for curve in curves)
    return f"{axis.title} by {unit}: {'; '.join(said)}."


def _curve_in_words(curve: Curve, unit: str) -> str:
    text = f"{curve.name} {_value(curve.y[-1])} at {unit} {number(curve.x[-1])}"
    finite = np.isfinite(curve.y)
    if finite.any() and curve.x.size > 1:
        low, high = curve.y[finite].min(), curve.y[finite].max()
        text += f" (lowest {number(low)}, highest {number(high)})"
    if not finite.all():
        first = int(np.flatnonzero(~finite)[0])
        text += f", {_value(curve.y[first])} first at {unit} {number(curve.x[first])}"
    return text


def _value(value: float) -> str:
    if np.isnan(value):
        return "not a number"
    return number(value) if np.isfinite(value) else "infinite"
