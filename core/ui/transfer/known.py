"""What a run's model makes of pictures, asked once and kept for a while.

`points_of(run)` gives the pictures of the run's plane, `point_of(run, picture)` a further one.
Everything is kept under the run's name, so that it outlives each rerun of a page.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import engine
from core.insight.space import Plane, Points, plane, points
from core.insight.tsne import Embedding, tsne
from core.insight.where import Heat, MapLayer, grad_cam, map_layers
from core.training import Run

Pixels = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

PARTS = ("training", "validation", "test")
MOST_POINTS = 600
"""Pictures of a plane: their features take half a minute at the most."""
AT_ONCE = 32
"""Pictures of one question, so that the page can say how far it is."""
SLOW = 0.4
"""Seconds after which it says so."""

AnyRun = Run[Any]


def chosen(run: AnyRun, most: int = MOST_POINTS) -> tuple[Indices, Indices]:
    """Which pictures the plane shows: all, or of each part its share, and their parts.

    Returns:
        (n,) places in the data set, and (n,) places in `PARTS`.
    """
    split = run.split()
    parts = (split.training, split.validation, split.test)
    total = sum(len(part) for part in parts)
    share = min(most / total, 1.0)
    # Each part is in mixed order, so that its beginning has something of every class.
    taken = [part[: max(round(share * len(part)), 1)] for part in parts]
    groups = [np.full(len(part), place) for place, part in enumerate(taken)]
    return np.concatenate(taken), np.concatenate(groups).astype(np.int64)


def points_of(run: AnyRun) -> Points:
    """Features and probabilities of the chosen pictures; a bar tells how far it is.

    Raises:
        EngineError: they cannot be asked for.
    """
    indices, _ = chosen(run)
    begun, bar, parts = time.monotonic(), st.empty(), []
    for at in range(0, len(indices), AT_ONCE):
        if time.monotonic() - begun > SLOW:
            bar.progress(at / len(indices), f"Features of {at} of {len(indices)} pictures")
        parts.append(_part(run.id, at, run, indices[at : at + AT_ONCE]))
    bar.empty()
    return Points(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
    )


def point_of(run: AnyRun, picture: Pixels) -> Points:
    """The same for one picture, (H, W, C) uint8, as large as the model takes it.

    Raises:
        EngineError: it cannot be asked for.
    """
    return _one(run.id, _digest(picture), run, picture)


def plane_of(run: AnyRun) -> Plane:
    """The plane of the two principal components."""
    return _plane(run.id, points_of(run).features)


def tsne_of(run: AnyRun, perplexity: int, seed: int) -> Embedding:
    """The chosen pictures laid out by t-SNE.

    Raises:
        EngineError: it cannot be asked for.
    """
    return _tsne(run.id, perplexity, seed, points_of(run).features)


def heat_of(run: AnyRun, picture: Pixels, label: int | None, layer: str) -> Heat:
    """Where the model looks for a class.

    Raises:
        EngineError: it cannot be asked for.
    """
    return _heat(run.id, _digest(picture), label, layer, run, picture)


@st.cache_data(max_entries=32, show_spinner="The network is brought to the worker...")
def layers_of(run_id: str, _run: AnyRun) -> tuple[MapLayer, ...]:
    """The layers that `heat_of` can be asked about."""
    return map_layers(engine.connect(), _run.model or b"")


def _digest(picture: Pixels) -> str:
    return hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest()


@st.cache_resource(max_entries=256, show_spinner="The network looks at the pictures...")
def _part(run_id: str, at: int, _run: AnyRun, _indices: Indices) -> Points:
    pictures = _run.pictures().images[_indices]
    return points(engine.connect(), _run.model or b"", pictures)


@st.cache_resource(max_entries=256, show_spinner=False)
def _one(run_id: str, digest: str, _run: AnyRun, _picture: Pixels) -> Points:
    return points(engine.connect(), _run.model or b"", _picture[None])


@st.cache_resource(max_entries=16, show_spinner=False)
def _plane(run_id: str, _features: Floats) -> Plane:
    return plane(_features)


@st.cache_resource(max_entries=32, show_spinner="t-SNE is laying the pictures out...")
def _tsne(run_id: str, perplexity: int, seed: int, _features: Floats) -> Embedding:
    return tsne(engine.connect(), _features, perplexity, seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def _heat(
    run_id: str, digest: str, label: int | None, layer: str, _run: AnyRun, _picture: Pixels
) -> Heat:
    return grad_cam(engine.connect(), _run.model or b"", _picture, label, layer)
