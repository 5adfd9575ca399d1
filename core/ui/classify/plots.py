"""Still charts of the page "Classify", drawn by Vega in the page's colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.palette import PALETTES
from core.ui.downloads import theme

_ROW_PX = 34


def bars(values: Sequence[tuple[str, float]], *, key: str, unit: str) -> None:
    """Horizontal bars with their numbers.

    Args:
        values: name and number of each, in the order in which they stand.
        key: of the chart.
        unit: stands behind each number.
    """
    colours = PALETTES[theme()]
    rows = [
        {"name": name, "value": value, "text": f"{value:.1f} {unit}"} for name, value in values
    ]
    base: dict[str, Any] = {
        "y": {"field": "name", "type": "nominal", "sort": None, "title": None,
              "axis": {"labelLimit": 240, "labelFontSize": 14, "labelColor": colours.text}},
        "x": {"field": "value", "type": "quantitative", "title": unit,
              # The numbers stand behind the bars, also behind the longest.
              "scale": {"domainMax": 1.16 * max(value for _, value in values)},
              "axis": {"labelFontSize": 13, "titleFontSize": 13, "tickCount": 8}},
    }  # fmt: skip
    spec = {
        "data": {"values": rows},
        "height": _ROW_PX * len(rows),
        "encoding": base,
        "layer": [
            {"mark": {"type": "bar", "color": colours.lines[0], "height": {"band": 0.62}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 14,
                         "color": colours.text},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }  # fmt: skip
    said = ", ".join(f"{name} {value:.1f} {unit}" for name, value in values)
    st.vega_lite_chart(spec=spec, key=key, width="stretch", alt=said)


@dataclass(frozen=True, slots=True)
class Dot:
    """A network in a plot.

    Attributes:
        name: of the network.
        x: megabytes or milliseconds.
        y: accuracy in percent.
        kind: which group it belongs to; told by colour and shape.
        detail: what stands with it besides.
    """

    name: str
    x: float
    y: float
    kind: str
    detail: str


def scatter(
    dots: Sequence[Dot], *, key: str, x_title: str, y_title: str, x_domain: tuple[float, float]
) -> None:
    """Points with names at the pointer; the horizontal axis is logarithmic.

    Args:
        dots: the points.
        key: of the chart.
        x_title: of the horizontal axis.
        y_title: of the vertical axis.
        x_domain: where the horizontal axis begins and ends.
    """
    colours = PALETTES[theme()]
    kinds = list(dict.fromkeys(dot.kind for dot in dots))
    rows = [
        {"name": d.name, "x": round(d.x, 2), "y": d.y, "kind": d.kind, "detail": d.detail}
        for d in dots
    ]
    named = [rows[place] for place in _apart(dots, x_domain)]
    place: dict[str, Any] = {
        "x": {"field": "x", "type": "quantitative", "title": x_title,
              "scale": {"type": "log", "domain": list(x_domain)},
              "axis": {"labelFontSize": 13, "titleFontSize": 13, "grid": True, "tickCount": 6}},
        "y": {"field": "y", "type": "quantitative", "title": y_title,
              "scale": {"domain": [55, 90]},
              "axis": {"labelFontSize": 13, "titleFontSize": 13}},
    }  # fmt: skip
    legend = {
        "orient": "bottom",
        "title": None,
        "labelFontSize": 13,
        "labelColor": colours.text,
    }
    points = {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0.9},
        "encoding": place
        | {
            "color": {"field": "kind", "type": "nominal", "legend": legend,
                      "scale": {"domain": kinds, "range": list(colours.lines[: len(kinds)])}},
            "shape": {"field": "kind", "type": "nominal", "legend": legend,
                      "scale": {"domain": kinds,
                                "range": ["circle", "diamond", "triangle-up"][: len(kinds)]}},
            "tooltip": [
                {"field": "name", "title": "network"},
                {"field": "detail", "title": " "},
                {"field": "y", "title": y_title},
            ],
        },
    }  # fmt: skip
    names = {
        "data": {"values": named},
        "mark": {"type": "text", "dy": -11, "fontSize": 12, "color": colours.text},
        "encoding": place | {"text": {"field": "name"}},
    }
    said = ", ".join(f"{d.name} {d.detail} {d.y:g} %" for d in dots[:_SAID])
    st.vega_lite_chart(
        spec={"height": 330, "layer": [points, names]}, key=key, width="stretch",
        alt=f"{y_title} over {x_title}: {said}",
    )  # fmt: skip


_SAID = 12


def _apart(dots: Sequence[Dot], x_domain: tuple[float, float]) -> list[int]:
    """Which names are written: not those of hubs, and none over another."""
    width = math.log(x_domain[1] / x_domain[0])
    written: list[int] = []
    for place, dot in enumerate(dots):
        free = all(
            abs(math.log(dot.x / dots[other].x)) > _NAME_WIDE * width
            or abs(dot.y - dots[other].y) > _NAME_HIGH
            for other in written
        )
        if free and dot.kind != HUB:
            written.append(place)
    return written


HUB = "from a hub"
_NAME_WIDE, _NAME_HIGH = 0.2, 1.9
"""Room that a name takes, as a share of the width and in percent of accuracy."""
