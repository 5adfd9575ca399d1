"""The view "exercise": write your own edge detector, and have it measured."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images.filtering import correlate
from core.kernels.detector import ORIENTATIONS, EdgeReport, measure
from core.kernels.patterns import PICTURES
from core.kernels.words import Check, checks, conclusion, short
from core.lessons.kernels import EMPTY, KernelLesson
from core.lessons.kernels_case import KernelCase
from core.ui import refresh, state
from core.ui.components.plots import Compass, Lines, plots
from core.ui.kernels.pictures import signed
from core.ui.pictures import crisp

FloatArray = npt.NDArray[np.float64]


def show_exercise(case: KernelCase) -> None:
    """The task, the verdict, the measurements, and what they were measured on."""
    st.markdown(
        "**Write your own edge detector** (NTU, exercise 1). Change the weights above until "
        "the "
        "kernel is silent on flat areas and loud at edges. Start from zeros, or repair one "
        "that "
        "fails."
    )
    with st.container(horizontal=True):
        for label, weights in STARTS:
            st.button(label, on_click=_begin, args=(weights,), key=f"kernels_start_{label}")
    report = measure(case.kernel)
    _judge(report)
    for check in checks(report):
        _show(check)
    plots([_compass(report), _profile(report)], key="kernels_compass")
    _show_pictures(case)


STARTS = (
    ("Start from zeros", EMPTY),
    ("Repair a blur", "1 1 1 / 1 1 1 / 1 1 1"),
    ("Repair a sharpener", "0 -1 0 / -1 5 -1 / 0 -1 0"),
)


def _begin(weights: str) -> None:
    lesson = state.current(KernelLesson)
    fresh = KernelLesson(
        named="own", own_weights=weights, resolution=lesson.resolution, border=lesson.border
    )
    state.assign(fresh)
    refresh.everything()


def _judge(report: EdgeReport) -> None:
    text = conclusion(report)
    if report.verdict == "yes":
        st.success(text, icon=":material/check:")
    elif report.verdict == "partly":
        st.info(text, icon=":material/contrast:")
    else:
        st.info(text, icon=":material/close:")


_SIGNS = {
    True: ":material/check: Yes.", False: ":material/close: No.", None: ":material/straighten:"
}  # fmt: skip


def _show(check: Check) -> None:
    text = check.text.replace("*", r"\*")
    st.markdown(f"{_SIGNS[check.passed]} **{check.title}.** {text}")


def _compass(report: EdgeReport) -> Compass:
    """Amplitudes of gratings by direction, all the way round."""
    amplitudes = report.gratings[:, report.gratings.max(axis=0).argmax()]
    wide = short(report.best_wavelength)
    return Compass(
        f"Answer to stripes of every direction, {wide} px wide",
        "Answer to stripes by the direction across them, clockwise from the right",
        np.concatenate([ORIENTATIONS, ORIENTATIONS + 180]),
        np.concatenate([amplitudes, amplitudes]),
    )


def _profile(report: EdgeReport) -> Lines:
    return Lines(
        f"Answer across a step edge, brighter at {short(report.best)} degrees",
        "Answer by the distance from a step edge, and the step itself",
        report.shifts,
        "pixels from the edge",
        "px",
        {
            "answer": report.profile + report.offset,
            "the step": np.clip(report.shifts + 0.5, 0, 1) * 255,
        },
    )


_TILE = 168
"""Width of a test picture, in pixels: two go side by side on a phone."""


def _show_pictures(case: KernelCase) -> None:
    """Test pictures above, answers below, all answers in the same colours."""
    kernel = case.kernel
    shown = [(entry.title, entry.call()) for entry in PICTURES.values()]
    answers = [
        correlate(picture, kernel.effective, "edge") + kernel.offset for _, picture in shown
    ]
    reach = max(float(np.abs(values).max()) for values in answers) or 1.0
    with st.container(horizontal=True, gap="medium"):
        for (title, picture), values in zip(shown, answers, strict=True):
            with st.container(width=_TILE, gap="small"):
                grey = np.rint(picture).astype(np.uint8)
                crisp(grey, alt=title, caption=title, side=256)
                low, high = short(float(values.min())), short(float(values.max()))
                crisp(signed(values, reach), alt=f"Answer to: {title}",
                      caption=f"{low} to {high}", side=256)  # fmt: skip
    st.caption(f"Answers in one scale: blue is -{short(reach)}, orange {short(reach)}.")
