"""The view "learn": gradient descent finds the kernel that made a picture."""

from __future__ import annotations

import streamlit as st

from core.kernels.words import short
from core.lessons.kernels_case import KernelCase
from core.lessons.kernels_learning import LearnCase, learn
from core.ui import frame, live_frame
from core.ui.components.learning import learning


def show_learning(case: KernelCase) -> None:
    """Input, target and the way to the kernel; then why it went as it went."""
    st.markdown(
        "A hidden kernel made the target from the input. Nobody tells it: gradient descent "
        "finds "
        "it from the two pictures, as a network finds all of its kernels. Settings under Learn."
    )
    found = learn(case.lesson, live_frame.photo().pixels)
    known = case.lesson.learn_teacher == "stage"
    learning(found, known=known, key="kernels_learning", large=frame.presenting())
    _say_outcome(found)
    st.markdown("\n".join(f"- {line}" for line in _lines(found)))


def _say_outcome(found: LearnCase) -> None:
    descent, rate = found.descent, found.lesson.learn_rate
    limit = short(found.limit)
    first, last = float(descent.errors[0]), float(descent.errors[-1])
    if descent.blown_up is not None or last > first:
        st.info(
            f"It diverges: at a rate of {rate:g} every step overshoots the valley's floor and "
            f"lands higher up on the other side. Below {limit} it comes closer.",
            icon=":material/trending_up:",
        )
    elif found.lesson.learn_batch == "all" and rate > _NEAR * found.limit:
        st.info(
            f"A rate of {rate:g} is near the limit {limit}: it jumps from side to side of the "
            "valley and still comes closer.",
            icon=":material/show_chart:",
        )
    else:
        st.success(
            f"The error falls from {short(first)} to {short(last)}; the least possible is "
            f"{short(found.task.error(found.task.solution))}.",
            icon=":material/trending_down:",
        )


_NEAR = 0.9


def _lines(found: LearnCase) -> list[str]:
    task, lesson = found.task, found.lesson
    rows, columns = task.places
    taps = task.shape[0]
    lines = [
        f"{rows} x {columns} = {rows * columns:,} windows, {taps} x {taps} = {taps * taps} "
        "weights: as many equations, so few unknowns. Least squares solves them at once; "
        "networks cannot, as their error is no parabola.",
        "The slope for one weight is 2 / N times the sum over all windows of error times the "
        "pixel under that weight: a correlation of the picture with the error picture.",
        f"The error is a bowl. Its steepest direction allows rates below {short(found.limit)}; "
        f"its flattest is {_condition(task.condition)} times flatter, and that is what takes "
        "so "
        "many steps.",
    ]
    if lesson.learn_scaling == "plain":
        lines.append(
            "The input lies between 0 and 1, so every pixel shares a large mean: one very "
            "steep "
            "direction. Standardise it and see the same kernel found in fewer steps."
        )
    elif lesson.learn_picture == "photo":
        lines.append(
            "In a photo neighbours are alike, so weights beside each other pull on nearly the "
            "same pixels. Learn from noise, and all directions are equally steep."
        )
    if max(found.teacher.weights.shape) > taps:
        lines.append(
            f"The hidden kernel is larger than {taps} x {taps}: what is found is the best that "
            "fits, and an error stays."
        )
    if lesson.learn_noise:
        lines.append("The noise in the target cannot be learned; it stays as error.")
    return lines


def _condition(value: float) -> str:
    return short(float(f"{value:.2g}")) if value < _ENDLESS else "endlessly many"


_ENDLESS = 1e12
