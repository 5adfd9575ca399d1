"""The view "time": how long each step took, from the picture to its boxes."""

from __future__ import annotations

import streamlit as st

from core.lessons.detect import FACES
from core.lessons.detect_case import DetectCase
from core.ui.classify.plots import bars
from core.ui.detect.drawing import took_ms


def show_time(case: DetectCase) -> None:
    """A bar for each step for the first picture, and the whole for each picture."""
    one, found = case.looked[0], case.found[0]
    if one.candidates is None or found is None:
        st.caption("The times come with the answer.")
        return
    stages = one.candidates.stages
    network = "Windows through the cascade" if case.lesson.det_method == FACES else "Network"
    steps = [("Scale the picture", stages.resize_ms)]
    if case.lesson.det_method != FACES:
        steps += [
            ("To the engine and back", stages.travel_ms),
            ("Preprocess", stages.preprocess_ms),
        ]
    steps += [
        (network, stages.network_ms),
        ("Decode all candidates", one.candidates.decode_ms),
        ("Thresholds and suppression", found.took_ms),
    ]
    whole = took_ms(one, found)
    st.markdown(
        f"**{whole:.0f} ms** from {one.title} to {len(found)} boxes, the way to the engine not "
        "counted. When a threshold moves, only the last bar is done again."
    )
    bars(steps, key="detect_times", unit="ms")
    if len(case.looked) > 1:
        st.markdown(
            "| picture | milliseconds |\n|---|--:|\n"
            + "\n".join(
                f"| {each.title} | {took_ms(each, boxes):.0f} |"
                for each, boxes in zip(case.looked, case.found, strict=True)
                if boxes is not None
            )
        )
    loaded = (
        f" This was the first picture: loading the network took {stages.load_ms / 1000:.1f} s "
        "more."
        if stages.load_ms > 100
        else ""
    )
    st.caption(
        "Measured once, when the picture came; what else this machine did at the time counts, "
        f"too.{loaded}"
    )
