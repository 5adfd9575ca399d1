"""The view "exercise": write your own edge detector, and have it measured."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import streamlit as st

from core.images.filtering import correlate
from core.kernels.detector import ORIENTATIONS, EdgeReport, measure
from core.kernels.patterns import PICTURES
from core.kernels.words import Check, checks, conclusion, short
from core.lessons.kernels import EMPTY, KernelCase, KernelLesson
from core.palette import PALETTES
from core.ui import refresh, state
from core.ui.downloads import theme
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
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            _compass(report), width="stretch", key="kernels_compass",
            alt="Answer to stripes of every direction",
        )  # fmt: skip
    with right:
        st.plotly_chart(
            _profile(report), width="stretch", key="kernels_profile",
            alt="Answer along a step edge",
        )  # fmt: skip
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


def _compass(report: EdgeReport) -> go.Figure:
    """Amplitudes of gratings by direction, all the way round."""
    angles = np.concatenate([ORIENTATIONS, ORIENTATIONS + 180, ORIENTATIONS[:1]])
    figure = go.Figure()
    chosen = report.gratings.max(axis=0).argmax()
    amplitudes = report.gratings[:, chosen]
    figure.add_scatterpolar(
        r=np.round(np.concatenate([amplitudes, amplitudes, amplitudes[:1]]), 4),
        theta=angles, mode="lines", fill="toself", name="answer",
        line={"color": "#0072B2"}, hovertemplate="%{theta} degrees: %{r}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=330, margin={"l": 40, "r": 40, "t": 50, "b": 20}, showlegend=False,
        title={"text": f"Stripes of every direction, {short(report.best_wavelength)} px wide",
               "font": {"size": 14}},
        polar={"bgcolor": "rgba(0,0,0,0)",
               "angularaxis": {"direction": "clockwise", "rotation": 0, "dtick": 45},
               "radialaxis": {"nticks": 4, "angle": 22.5, "tickangle": 0}},
    )  # fmt: skip
    return figure


def _profile(report: EdgeReport) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(
        x=report.shifts, y=np.round(report.profile + report.offset, 4), mode="lines",
        name="answer", line={"color": "#D55E00"},
        hovertemplate="%{x} px: %{y}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=report.shifts, y=np.where(report.shifts > 0, 255, 0), mode="lines", name="the step",
        line={"color": PALETTES[theme()].muted, "dash": "dot", "shape": "hv"},
    )  # fmt: skip
    figure.update_layout(
        height=330, margin={"l": 10, "r": 10, "t": 50, "b": 20},
        title={"text": f"Across a step edge, brighter at {short(report.best)} degrees",
               "font": {"size": 14}},
        xaxis_title="pixels from the edge", yaxis_title="grey levels",
        legend={"orientation": "h", "y": 1.08},
    )  # fmt: skip
    return figure


def _show_pictures(case: KernelCase) -> None:
    """Test pictures above, answers below, all answers in the same colours."""
    kernel = case.kernel
    shown = [(entry.title, entry.call()) for entry in PICTURES.values()]
    answers = [
        correlate(picture, kernel.effective, "edge") + kernel.offset for _, picture in shown
    ]
    reach = max(float(np.abs(values).max()) for values in answers) or 1.0
    for place, (title, picture), values in zip(
        st.columns(len(shown)), shown, answers, strict=True
    ):
        with place:
            grey = np.rint(picture).astype(np.uint8)
            crisp(grey, alt=title, caption=title, side=256)
            low, high = short(float(values.min())), short(float(values.max()))
            crisp(signed(values, reach), alt=f"Answer to: {title}",
                  caption=f"{low} to {high}", side=256)  # fmt: skip
    st.caption(f"Answers in one scale: blue is -{short(reach)}, orange {short(reach)}.")
