"""A page for the tests of components that pages share: each alone, with data that grow.

Run with `streamlit run tests/e2e/parts_app.py` and opened as `/?part=curves`; `&still=1` stops
the clock.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import charts
from core.arithmetic.confusion import confusion
from core.curves import Histogram, Mark
from core.images import drawn
from core.ui import curves
from core.ui.components import canvas, maps
from core.ui.components import confusion as table

STEPS_PER_EPOCH = 50
NAMES = ("4", "7", "9")
# Seconds between two changes of the data. (A text here would be shown: Streamlit's magic.)
EVERY = None if "still" in st.query_params else 0.4


def count() -> int:
    """How often the part has been drawn."""
    runs: int = st.session_state.get("_runs", 0) + 1
    st.session_state["_runs"] = runs
    st.text(f"run {runs}")
    return runs


@st.fragment(run_every=EVERY)
def show_curves() -> None:
    """Loss 1 / step and accuracy 1 - 1 / step, 20 steps more at every run."""
    steps = 180 + 20 * count()
    x = np.arange(1.0, steps + 1)
    ends = x[STEPS_PER_EPOCH - 1 :: STEPS_PER_EPOCH]
    loss = 1 / x
    loss[99] = np.nan
    chart = charts.progress(
        charts.Measured(x, loss, 1 - 1 / x),
        charts.Measured(ends, 1 / ends, 1 - 1 / ends),
        charts.Measured(ends, 2 / ends, 1 - 2 / ends),
        marks=[Mark(120, "learning rate 0.01 -> 0.001")],
        smoothing=0,
        steps_per_epoch=STEPS_PER_EPOCH,
    )
    curves.show(chart, key="curves")
    values = np.random.default_rng(0).normal(size=50 * steps)
    counts, edges = np.histogram(values, bins=np.linspace(-4, 4, 9))
    curves.show_histograms([Histogram("Weights", edges, counts)], key="bars")


@st.fragment(run_every=EVERY)
def show_confusion() -> None:
    """Three digits; at every run one 4 more is taken for a 9."""
    runs = count()
    actual = np.repeat([0, 0, 1, 2], [45, 7 + runs, 50, 60])
    predicted = np.repeat([0, 2, 1, 2], [45, 7 + runs, 50, 60])

    def choose() -> None:
        st.session_state["_cell"] = table.clicked("table", len(NAMES))

    cell = st.session_state.get("_cell")
    matrix = confusion(actual, predicted, len(NAMES))
    table.confusion_table(matrix, NAMES, key="table", selected=cell, on_cell=choose)
    st.text(f"chosen {cell}")


@st.fragment
def show_canvas() -> None:
    """A canvas, another view in its place, and what Python has received."""
    if st.toggle("Another view", key="another"):
        return
    text = canvas.canvas(key="drawing", on_drawing=lambda: None)
    st.button("Put a bar", on_click=lambda: canvas.put("drawing", drawn.drawing_text(bar())))
    if not text:
        st.text("empty")
        return
    drawing = drawn.read_drawing(text)
    top, left, bottom, right = drawn.mnist_steps(drawing).box
    st.text(f"ink {top} {left} {bottom} {right} of {drawing.shape[0]} x {drawing.shape[1]}")


def bar() -> np.ndarray:
    """A bright rectangle."""
    drawing = np.zeros((280, 280), np.uint8)
    drawing[100:140, 40:240] = 255
    return drawing


@st.fragment(run_every=EVERY)
def show_maps() -> None:
    """Two layers whose numbers are row + column / 10 - map, times the run."""
    runs = count()
    rows, columns, places = np.ogrid[:4, :5, :3]
    values = (rows + columns / 10 - places) * float(runs)
    layers = [maps.Layer("conv_1", values), maps.Layer("conv_2", -values[:3, :3])]
    maps.maps(layers, key="maps")


PARTS = {
    "curves": (show_curves, curves.load_components),
    "confusion": (show_confusion, table.code.load),
    "canvas": (show_canvas, canvas.code.load),
    "maps": (show_maps, maps.code.load),
}

show, load = PARTS[st.query_params.get("part", "curves")]
st.title("Parts")
show()
load()
