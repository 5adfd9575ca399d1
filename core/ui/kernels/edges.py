"""The view "edges": Sobel's pictures and Canny's stages."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.canny import CannyStages, canny
from core.images.gradients import OPERATORS, Gradient, gradient, smoothed
from core.kernels.words import short
from core.lessons.kernels_case import KernelCase
from core.palette import PALETTES
from core.ui.downloads import theme
from core.ui.kernels.pictures import bright, directions, marked, signed, wheel
from core.ui.pictures import crisp, png

KINDS = {"gradient": "Gradient", "canny": "Canny, step by step"}


def show_edges(case: KernelCase) -> None:
    """The gradient, or the way from it to thin lines."""
    kind = st.segmented_control(
        "Edges", list(KINDS), default="gradient", format_func=KINDS.__getitem__, required=True,
        key="kernels_edges", label_visibility="collapsed",
    )  # fmt: skip
    if kind == "canny":
        _show_canny(case)
    else:
        _show_gradient(case)


def _show_gradient(case: KernelCase) -> None:
    lesson = case.lesson
    pair = OPERATORS[lesson.operator]
    found = gradient(
        smoothed(case.grey, lesson.smoothing), lesson.operator, lesson.operator_taps
    )
    first, second = (
        ("right", "down") if pair.first_axis == (1.0, 0.0) else ("falling", "rising")
    )
    reach = float(max(np.abs(found.first).max(), np.abs(found.second).max())) or 1.0
    span = f"-{short(reach)} to {short(reach)}"
    top = float(found.magnitude.max())
    columns = st.columns(2)
    with columns[0]:
        crisp(signed(found.first, reach), alt=f"Gradient, {first}",
              caption=f"1. {pair.title}, {first}: {span}")  # fmt: skip
        crisp(bright(found.magnitude, top), alt="Magnitude of the gradient",
              caption=f"3. Magnitude sqrt(x^2 + y^2): 0 to {short(top)}")  # fmt: skip
    with columns[1]:
        crisp(signed(found.second, reach), alt=f"Gradient, {second}",
              caption=f"2. {pair.title}, {second}: {span}")  # fmt: skip
        crisp(directions(found.direction, _strength(found)), alt="Direction of the gradient",
              caption="4. Direction in which it gets brighter; dark where there is "
              "none")  # fmt: skip
    _say_directions()


def _strength(found: Gradient) -> np.ndarray:
    """Brightness of the direction's colours: half of all edges are seen well."""
    magnitude = found.magnitude
    return magnitude / (float(np.quantile(magnitude, _SEEN)) or 1.0)


_SEEN = 0.95


def _say_directions() -> None:
    legend, words = st.columns([1, 6], vertical_alignment="center")
    with legend:
        st.image(png(wheel()), width=84, alt="Wheel of the direction's colours")
    with words:
        st.caption(
            "Orange: brighter to the right; green: downwards; blue: to the left; pink: "
            "upwards. "
            "Each of the first two pictures sees one direction only; together they see every "
            "edge, and their ratio says which way it runs: direction = atan2(y, x)."
        )


def _show_canny(case: KernelCase) -> None:
    lesson = case.lesson
    stages = canny(
        case.grey,
        lesson.canny_low,
        lesson.canny_high,
        sigma=lesson.smoothing,
        taps=lesson.operator_taps,
        euclidean=lesson.canny_length == "euclidean",
    )
    palette = PALETTES[theme()]
    shape = (case.grey.shape[0], case.grey.shape[1])
    top = float(stages.magnitude.max())
    thinned = np.where(stages.thin, stages.magnitude, 0.0)
    strong, weak, dropped = palette.window, palette.kernel, "#8A95A3"
    pictures = (
        (stages.smooth, f"1. Smoothed, sigma {short(lesson.smoothing)}"),
        (bright(stages.magnitude, top), f"2. Gradient's length, 0 to {short(top)}"),
        (bright(thinned, top), "3. Non-maximum suppression: only ridges stay"),
        (
            marked({strong: stages.strong, weak: stages.weak}, shape),
            "4. Two thresholds: strong and weak",
        ),
        (
            marked({strong: stages.strong, weak: stages.saved, dropped: stages.dropped}, shape),
            "5. Hysteresis: weak ones that touch strong ones stay; grey go",
        ),
        (stages.edges.astype(np.uint8) * 255, "6. Edges, as cv2.Canny gives them"),
    )
    for start in (0, 2, 4):
        for place, (picture, caption) in zip(
            st.columns(2), pictures[start : start + 2], strict=True
        ):
            with place:
                crisp(picture, alt=caption, caption=caption)
    _say_canny(stages, lesson.canny_low, lesson.canny_high)


def _say_canny(stages: CannyStages, low: int, high: int) -> None:
    count = [int(part.sum()) for part in
             (stages.thin, stages.strong, stages.weak, stages.saved, stages.edges)]  # fmt: skip
    ridges, strong, weak, saved, edges = (f"{n:,}" for n in count)
    st.markdown(
        f"- {ridges} pixels are the largest across their edge.\n"
        f"- {strong} of them exceed {high}: strong. {weak} lie between {low} and {high}: "
        "weak.\n"
        f"- {saved} weak ones hang together with a strong one and stay; {edges} edge pixels in "
        f"all, {count[4] / stages.edges.size:.1%} of the photo.\n"
        "- The thresholds are compared with the length of the Sobel gradient, which reaches "
        "1140 for the 3 x 3 kernels (sum: 1530). `cv2.Canny` itself does not smooth: that is a "
        "`cv2.GaussianBlur` before it."
    )
