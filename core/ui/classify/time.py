"""The view "time": how long each step takes on this machine."""

from __future__ import annotations

import streamlit as st

from core import engine
from core.engine import EngineError
from core.images.samples import SAMPLES
from core.lessons.classify_case import ClassifyCase
from core.ui import current_image
from core.ui.classify.plots import bars
from core.ui.current_image import Photo
from core.ui.pictures import png
from core.vision.looks import LOOKS
from core.vision.spec import ClassifySpec
from core.vision.timing import REPEATS, Timing, measure

_STEPS = (
    ("decode_ms", "Decode the file"),
    ("resize_ms", "Crop and resize"),
    ("travel_ms", "To the engine and back"),
    ("normalise_ms", "Normalise"),
    ("network_ms", "Network"),
    ("top_ms", "Softmax, top k"),
)


def show_time(case: ClassifyCase) -> None:
    """A bar for each step, and what they add up to."""
    answered = case.answered[0]
    if not answered.warm or answered.failure:
        st.caption(f"It is measured once {answered.entry.title} is loaded.")
        return
    photo = current_image.photo()
    spec = case.lesson.spec(answered.network)
    file, about = file_of(photo)
    times = int(st.session_state.get(_ROUND, 0))
    try:
        timing = _measured(photo.digest, spec, case.lesson.top_count, times, file)
    except (EngineError, TimeoutError) as error:
        st.info(str(error), icon=":material/timer_off:")
        return
    st.markdown(
        f"**{timing.total_ms:.0f} ms** from the file to {case.lesson.top_count} names: "
        f"{answered.entry.title} takes {timing.network_ms:.0f} of them, "
        f"{timing.network_ms / timing.total_ms:.0%}."
    )
    bars(
        [(title, getattr(timing, name)) for name, title in _STEPS],
        key="stage_times", unit="ms",
    )  # fmt: skip
    st.caption(
        f"Medians of {REPEATS} rounds with the network warm. The file is {about}. What else "
        "this machine does at the time counts, too. The first answer takes seconds: Keras is "
        "imported, weights are read, the network is compiled."
    )
    st.button("Measure again", icon=":material/timer:", key="measure_again", on_click=_again)


_ROUND = "_classify_rounds"
_PATIENCE_S = 5.0
"""Until the curve is complete: nothing else should run while it is measured."""


def _again() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


@st.cache_data(max_entries=64, show_spinner="Measuring...")
def _measured(digest: str, spec: ClassifySpec, k: int, times: int, _file: bytes) -> Timing:
    del digest, times
    LOOKS.rest(_PATIENCE_S)
    return measure(engine.connect(), _file, spec, k)


def file_of(photo: Photo) -> tuple[bytes, str]:
    """The picture's file, and what there is to say about it."""
    if photo.sample:
        path = SAMPLES[photo.sample].path
        data = path.read_bytes()
        kind = path.suffix.removeprefix(".").upper()
        return data, f"{path.name}, {kind}, {len(data) / 1000:.0f} kB"
    data = png(photo.pixels)
    return data, f"your picture as it is kept here, written as PNG, {len(data) / 1000:.0f} kB"
