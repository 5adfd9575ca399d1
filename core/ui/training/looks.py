"""Looking into the network while it learns: predictions, filters, maps, norms, histograms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.curves import Histogram
from core.training import Event, Run
from core.training.snapshots import stretch
from core.ui import curves
from core.ui.components import tiles
from core.ui.components.maps import Layer, maps
from core.ui.training import charts
from core.ui.training.wait import snapshot_of

NORMS_PX = 170


def predictions(run: Run) -> None:
    """The fixed sample pictures with the probabilities of all classes."""
    snapshot = snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    dataset = run.pictures()
    samples = sample_pictures(run)
    rows = snapshot.data["probabilities"].astype(float)
    losses = snapshot.data["sample_losses"]
    shown = [
        tiles.Tile(
            caption=f"{dataset.class_names[int(row.argmax())]}: {row.max():.0%}",
            detail=f"is {dataset.class_names[label]}, loss {loss:.3f}",
            right=int(row.argmax()) == label,
            bars=tuple(zip(dataset.class_names, row.tolist(), strict=True)),
            truth=dataset.class_names[label],
        )
        for row, label, loss in zip(rows, dataset.labels[samples], losses, strict=True)
    ]
    tiles.show(
        dataset.images[samples],
        shown,
        key="run_predictions",
        alt="Fixed validation pictures with the probabilities of their classes",
        side_px=150,
    )


def filters(run: Run) -> None:
    """The weights of a layer as pictures."""
    snapshot = snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    layers = snapshot.data["filters"]
    if not layers:
        st.info("This network has no convolution, and no dense layer on the pixels: there are "
                "no weights that make a picture.")  # fmt: skip
        return
    name = _layer(list(layers), "run_filter_layer")
    planes = stretch(layers[name])
    st.caption(_filters_in_words(name, planes))
    count, channels = planes.shape[3], planes.shape[2]
    flat = planes.transpose(0, 1, 3, 2).reshape(*planes.shape[:2], -1)
    captions = [
        f"filter {f + 1}" + (f", channel {c + 1}" if channels > 1 else "")
        for f in range(count)
        for c in range(channels)
    ]
    maps([Layer(f"{name}, weights", flat, captions)], key="run_filters", most=flat.shape[2])


def _filters_in_words(name: str, planes: np.ndarray) -> str:
    height, width, channels, count = planes.shape
    of = f", the first {channels} of their input channels" if channels > 1 else ""
    return f"{name}: {count} filters of {height} x {width}{of}. Blue is below 0, orange above."


def feature_maps(run: Run) -> None:
    """What each layer makes of one picture; which one is chosen."""
    snapshot = snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    _choose_picture(run)
    layers = snapshot.data["maps"]
    name = _layer(list(layers), "run_map_layer")
    values = stretch(layers[name])
    silent = snapshot.data["silent"][name]
    st.caption(f"{name}: {values.shape[2]} maps. {silent:.0%} of its units gave 0 for every "
               "picture that was looked at.")  # fmt: skip
    dataset = run.pictures()
    watched = dataset.images[snapshot.data["watched"]]
    picture, shown = st.columns([1, 5])
    with picture:
        tiles.show(watched[None], ["input"], key="run_watched", alt="The picture")
    with shown:
        maps([Layer(f"{name}, feature maps", values)], key="run_maps")


def norms(run: Run) -> None:
    """Length of gradient, weights and update, layer by layer."""
    for slug, chart in charts.lengths(run.series()).items():
        curves.show(chart, key=f"run_norms_{slug}", height_px=NORMS_PX)
    st.caption("A gradient that becomes shorter layer by layer towards the input vanishes; "
               "an update about 1/1000 of the weights' length is usual.")  # fmt: skip


def histograms(run: Run) -> None:
    """How the activations of each layer are distributed, and the dropout mask."""
    snapshot = snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    counts: Mapping[str, Any] = snapshot.data["histograms"]
    shown = []
    for name, values in counts.items():
        low, high = snapshot.data["ranges"][name]
        if high > low:
            edges = np.linspace(low, high, len(values) + 1)
            shown.append(Histogram(name, edges, values.astype(np.int64)))
    curves.show_histograms(shown, key="run_histograms")


def dropout(run: Run) -> None:
    """What the run's dropout silences: one mask as it would be drawn for the next batch."""
    snapshot = snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    mask = snapshot.data["dropout_mask"]
    silenced = int((~mask).sum())
    rate = _rate_at(run, snapshot.step)
    st.markdown(
        f"**{silenced} of {mask.size} units** before the output are silenced; the rest are "
        f"multiplied by 1 / (1 - {rate:g}) = {1 / (1 - rate):.3g}, so that their sum stays the "
        "same on average. Outside of training nothing is silenced."
    )
    width = math.ceil(math.sqrt(mask.size))
    height = -(-mask.size // width)
    grid = np.zeros(height * width, np.float32)
    grid[: mask.size] = np.where(mask, 1.0, -1.0)
    layer = Layer("Mask", grid.reshape(height, width, 1), ["orange: kept, blue: silenced"])
    maps([layer], key="run_mask")


def _rate_at(run: Run, step: int) -> float:
    """The run's dropout at a moment."""
    changed = [c.value for c in run.changes() if c.setting == "dropout" and c.step <= step]
    return changed[-1] if changed else run.spec.dropout


def sample_pictures(run: Run) -> np.ndarray:
    """Indices of the pictures that are followed."""
    started: Event | None = run.latest("started")
    return started.data["sample"] if started else np.zeros(0, np.int64)


def _layer(names: list[str], key: str) -> str:
    """The layer that a person wants to see; the first that there is."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    return st.segmented_control("Layer", names, key=key, required=True, wrap=True) or names[0]


def _choose_picture(run: Run) -> None:
    samples = sample_pictures(run).tolist()
    if run.ended:
        return
    dataset = run.pictures()

    def watch() -> None:
        if not run.ended:
            run.watch(int(st.session_state["run_picture"]))

    st.select_slider(
        "Picture", samples, key="run_picture", on_change=watch,
        format_func=lambda i: f"{i}: {dataset.class_names[dataset.labels[i]]}",
    )  # fmt: skip
