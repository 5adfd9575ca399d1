"""What methods say of the current image: asked here, by every page that segments."""

from __future__ import annotations

from time import perf_counter

import streamlit as st

from core.lessons.segment import NETWORKS, Method, SegmentLesson
from core.lessons.segment_case import Found, Image, Segmented, classical, segmented
from core.vision.baselines import BaselineError
from core.vision.baselines.picture import BaselineSpec, reduced
from core.vision.maps import MAPS, MapQuestion

PATIENCE_S = 0.6
"""How long a stage waits for an answer before it shows itself without."""


@st.cache_resource(max_entries=16, show_spinner=False)
def working(digest: str, _pixels: Image) -> Image:
    """The photo at the size in which it is divided and shown."""
    del digest
    pixels = reduced(_pixels)
    pixels.setflags(write=False)
    return pixels


def answered(lesson: SegmentLesson, method: Method, digest: str, picture: Image) -> Segmented:
    """What a method says, as far as it is known; the rest is asked for.

    Args:
        lesson: how it is asked.
        method: which.
        digest: of the picture.
        picture: (H, W, 3) uint8.
    """
    spec = lesson.spec(method)
    if spec is not None:
        return _classical(method, digest, spec, picture)
    network = NETWORKS[method]
    question = MapQuestion(digest, network)
    answer = MAPS.want(question, picture)
    if answer is None and MAPS.network_ms(network) is not None:
        MAPS.wait([question], PATIENCE_S)
        answer = MAPS.want(question, picture)
    if answer is not None:
        return segmented(method, answer)
    coming = MAPS.coming(network)
    return Segmented(
        method, None, MAPS.failure(network), (coming.done, coming.total) if coming else None
    )


def _classical(method: Method, digest: str, spec: BaselineSpec, picture: Image) -> Segmented:
    try:
        answer, took_ms = _computed(digest, spec, picture)
    except BaselineError as error:
        return Segmented(method, None, str(error))
    return segmented(method, answer, took_ms=took_ms)


@st.cache_resource(max_entries=48, show_spinner=False)
def _computed(digest: str, spec: BaselineSpec, _picture: Image) -> tuple[Found, float]:
    """What a classical method gives, and the milliseconds that it took."""
    del digest
    begun = perf_counter()
    found = classical(_picture, spec)
    return found, (perf_counter() - begun) * 1000


def ask_again(method: str) -> None:
    """Ask the network behind a method again that has failed."""
    for known, network in NETWORKS.items():
        if known == method:
            MAPS.try_again(network)


def fetched(method: str) -> float | None:
    """How much of the network behind a method has come, 0 to 1; None where none is fetched."""
    network = NETWORKS.get(method)
    coming = MAPS.coming(network) if network else None
    return min(coming.done / max(coming.total, 1), 1.0) if coming else None
