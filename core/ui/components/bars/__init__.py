"""Histograms side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.curves import Histogram, histogram_in_words
from core.ui.components.source import Component

HEIGHT_PX = 170
"""Height of one histogram, its axis included."""

code = Component("bars", "colour", "axes")


def bars(histograms: Sequence[Histogram], *, key: str, height_px: int = HEIGHT_PX) -> None:
    """Show histograms, as many side by side as there is room.

    Args:
        histograms: what is shown.
        key: the component's key.
        height_px: height of each in pixels; more on a projector, as its type is larger.
    """
    code.mount(key=key, data=bars_data(histograms) | {"height": height_px})


def bars_data(histograms: Sequence[Histogram]) -> dict[str, Any]:
    """What the browser is sent: edges and counts, and words."""
    return {
        "histograms": [
            {
                "title": histogram.title,
                "alt": histogram_in_words(histogram),
                "edges": [float(f"{edge:.7g}") for edge in histogram.edges.tolist()],
                "counts": histogram.counts.tolist(),
                "total": int(histogram.counts.sum()),
            }
            for histogram in histograms
        ]
    }
