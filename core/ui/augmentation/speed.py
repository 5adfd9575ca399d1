"""The view "speed": how many pictures a second the pipeline lets through."""

from __future__ import annotations

import streamlit as st

from core import engine
from core.augment import AugmentError
from core.augment.throughput import Throughput, throughput
from core.engine import EngineError
from core.lessons.augmentation_case import AugmentationCase
from core.lessons.augmentation_subject import squares

_KEY = "_augment_speed"
_SIZES = (32, 64, 96, 128, 224, 384)


def show(case: AugmentationCase) -> None:
    """A button that measures, and what was measured of this pipeline."""
    st.markdown(
        "Inside of tf.data pictures are drawn anew while the network trains on those before. "
        "It is fast enough where it lets more pictures through than the network takes."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        side = st.select_slider(
            "Side of a picture (px)", _SIZES, 128, key="speed_side", width=260
        )
        asked = st.button("Measure", icon=":material/speed:", key="speed_measure")
    name = (case.lesson.pipeline.model_dump_json(), side)
    if asked:
        with st.spinner("TensorFlow compiles the pipeline, then counts...", show_time=True):
            st.session_state[_KEY] = (name, _measured(case, side))
    about, found = st.session_state.get(_KEY, (None, None))
    if about != name:
        st.caption("Not measured yet with these settings.")
    elif isinstance(found, Throughput):
        _say(found)
    elif found:
        st.warning(found)


def _measured(case: AugmentationCase, side: int) -> Throughput | str:
    try:
        return throughput(engine.connect(), squares(case.subject, side), case.lesson.pipeline)
    except (AugmentError, EngineError) as error:
        return str(error)


def _say(found: Throughput) -> None:
    through, bare, batch = st.columns(3)
    through.metric(
        "Through the pipeline", f"{found.images_per_second:,.0f} pictures/s",
        help="In batches, inside of tf.data, by one process with all its threads.",
    )  # fmt: skip
    bare.metric("Without any step", f"{found.bare_per_second:,.0f} pictures/s")
    batch.metric(f"A batch of {found.batch_size}", f"{found.step_ms:,.0f} ms")
    st.caption(
        f"Pictures of {found.width} x {found.height} pixels, {found.batches} batches counted, "
        f"{found.cores} cores. TensorFlow compiled the pipeline in {found.compile_seconds:.1f} "
        "s, once. The numbers are drawn beforehand by NumPy, for "
        f"{found.drawn_per_second:,.0f} pictures a second."
    )
