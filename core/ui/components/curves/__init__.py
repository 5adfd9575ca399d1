"""Live curves: panels over one horizontal axis, with zoom, cursor and legend."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.smoothing import running_average
from core.arithmetic.thinning import thin
from core.curves import Chart, Curve, chart_in_words
from core.ui.components.source import Component

FloatArray = npt.NDArray[np.float64]
Zoom = tuple[float, float, bool]
"""From, to, and whether the view moves on with the newest value."""

MOST_POINTS = 600
"""Points of one curve that the browser is sent, about one for each pixel of a wide panel."""
HEIGHT_PX = 230
"""Height of one panel, its axis included."""

code = Component("curves", "colour", "axes", "plot")


def curves(chart: Chart, *, key: str, height_px: int = HEIGHT_PX) -> None:
    """Show curves; made to be called again and again while they grow.

    What a person does with it (zoom, cursor, curves switched off, logarithm) happens in the
    browser and outlives each call with the same key. A zoom is told to Python, which then
    sends the stretch in full detail.

    Args:
        chart: the curves, marks and axes.
        key: the component's key; `st.session_state[key]` holds `zoom`, [from, to, whether it
            follows the newest value] or None.
        height_px: height of one panel in pixels; more on a projector, as its type is larger.
    """
    data = curves_data(chart, zoom=_zoom(key)) | {"height": height_px}
    code.mount(key=key, data=data, on_zoom_change=_ignore)


def curves_data(chart: Chart, *, zoom: Zoom | None = None) -> dict[str, Any]:
    """What the browser is sent: points thinned to what a screen can show, and words."""
    places = {axis.slug: place for place, axis in enumerate(chart.axes)}
    return {
        "alt": chart_in_words(chart),
        "xTitle": chart.x_title,
        "xLog": chart.x_log,
        "xHigh": chart.x_high,
        "perEpoch": chart.steps_per_epoch,
        "axes": [
            {
                "title": axis.title,
                "log": axis.log,
                "low": axis.low,
                "high": axis.high,
                "curves": [_curve(curve, zoom) for curve in chart.of(axis)],
            }
            for axis in chart.axes
        ],
        "marks": [{"x": mark.x, "text": mark.text} for mark in chart.marks],
        "spots": [
            {"axis": places[spot.axis], "x": spot.x, "y": spot.y, "text": spot.text}
            for spot in chart.spots
        ],
    }


def _ignore() -> None:
    """A zoom needs no answer but the next run."""


def _zoom(key: str) -> Zoom | None:
    """The zoom that the browser told last; whatever else it tells is no zoom."""
    state = st.session_state.get(key)
    zoom = state.get("zoom") if state else None
    match zoom:
        case [int() | float() as start, int() | float() as end, bool() as follow]:
            if math.isfinite(start) and math.isfinite(end):
                return float(start), float(end), follow
    return None


def _curve(curve: Curve, zoom: Zoom | None) -> dict[str, Any]:
    chosen = _chosen(curve, zoom)
    broken = chosen[~np.isfinite(curve.y[chosen])]
    smooth = running_average(curve.y, curve.smoothing) if curve.smoothing > 0 else None
    return {
        "name": curve.name,
        "style": curve.style,
        "number": curve.number,
        "points": curve.points,
        "shown": curve.shown,
        "x": _places(curve.x[chosen]),
        "y": _values(curve.y[chosen]),
        "smooth": None if smooth is None else _values(smooth[chosen]),
        "broken": [
            [place, _what(value)]
            for place, value in zip(_places(curve.x[broken]), curve.y[broken], strict=True)
        ],
        "last": _last(curve.y if smooth is None else smooth),
    }


def _chosen(curve: Curve, zoom: Zoom | None) -> npt.NDArray[np.intp]:
    """Which points are sent: half of them for the whole, half for the zoomed stretch."""
    if zoom is None or curve.x.size <= MOST_POINTS:
        return thin(curve.y, MOST_POINTS)
    start, end, follow = zoom
    if follow:
        start, end = start + curve.x[-1] - end, curve.x[-1]
    first = max(int(np.searchsorted(curve.x, start)) - 1, 0)
    last = min(int(np.searchsorted(curve.x, end, side="right")) + 1, curve.x.size)
    half = MOST_POINTS // 2
    stretch = thin(curve.y, half, start=first, stop=last) if last > first else _NONE
    return np.union1d(thin(curve.y, half), stretch)


_NONE = np.zeros(0, dtype=np.intp)


def _last(values: FloatArray) -> float | str | None:
    """The latest value, or a word if it is no number."""
    if not values.size:
        return None
    return _values(values[-1:])[0] if math.isfinite(values[-1]) else _what(values[-1])


def _what(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "inf" if value > 0 else "-inf"


def _places(values: FloatArray) -> list[float]:
    """Whole numbers as such, others with eight digits, so that neighbours stay apart."""
    return [int(v) if v.is_integer() else float(f"{v:.8g}") for v in values.tolist()]


def _values(values: FloatArray) -> list[float | None]:
    """Five digits, more than a screen shows; None where there is no number."""
    return [float(f"{v:.5g}") if math.isfinite(v) else None for v in values.tolist()]
