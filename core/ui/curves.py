"""Live charts: `core.charts` says what is drawn, the components draw it without flicker.

Not `st.echarts_chart`: it keeps its place on the page, but replaces its whole chart with every
change of data, so that a zoom, a curve switched off and the cursor are lost once a second
(Streamlit 1.67 calls `setOption` with `notMerge`).
"""

from __future__ import annotations

from collections.abc import Sequence

from core.curves import Chart, Histogram
from core.ui.components import bars, curves


def load_components() -> None:
    """Send the code of the charts; call once a page, outside of what runs again."""
    curves.code.load()
    bars.code.load()


def show(chart: Chart, *, key: str, height_px: int = curves.HEIGHT_PX) -> None:
    """Show curves; call it again with the same key as often as there is news.

    Args:
        chart: from `core.charts`, or made by hand.
        key: the component's key.
        height_px: height of one panel in pixels; more on a projector, as its type is larger.
    """
    curves.curves(chart, key=key, height_px=height_px)


def show_histograms(
    histograms: Sequence[Histogram], *, key: str, height_px: int = bars.HEIGHT_PX
) -> None:
    """Show histograms side by side; call it again with the same key when counts change.

    Args:
        histograms: what is shown.
        key: the component's key.
        height_px: height of each in pixels; more on a projector, as its type is larger.
    """
    bars.bars(histograms, key=key, height_px=height_px)
