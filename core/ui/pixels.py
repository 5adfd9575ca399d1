"""Views of the page "Image as numbers"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core import numbers
from core.images.colour import SPACES, planes
from core.images.levels import histogram
from core.images.pixels import facts
from core.images.scale import METHODS
from core.lessons.pixels import PixelCase, PixelLesson, build, small_size
from core.palette import PALETTES
from core.ui import current_image, predict, refresh, state, typed
from core.ui.components.pixels import boards
from core.ui.components.pixels import code as boards_code
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.downloads import theme
from core.ui.predict import Conceal

BOARDS = "boards"
HIDEABLE = ("picture", "side", "method", "bits", "space", "top", "left", "rows", "columns",
            "cells", "pixel", "changes")  # fmt: skip


def load_components() -> None:
    """Send the code of the page's component, once."""
    boards_code.load()


def draw_main(controls: Controls[PixelLesson]) -> None:
    """Size, bits and colour space, in a row that wraps on a phone."""
    controls.row("side", "method", "bits", "space")


def draw_settings(controls: Controls[PixelLesson]) -> None:
    """The crop and everything else."""
    now = controls.lesson
    height, width = _small_size(now)
    controls.limit("top", height - min(now.rows, height))
    controls.limit("left", width - min(now.columns, width))
    controls.draw("picture")
    controls.pair("top", "left")
    controls.pair("rows", "columns")
    controls.draw("cells")
    with st.expander("Pinned and changed pixels"):
        controls.draw("pixel", "changes")
        typed.say_problem(controls.lesson, "changes")
        st.button("Take back the last change", on_click=_undo, disabled=not now.changes)


def _small_size(lesson: PixelLesson) -> tuple[int, int]:
    if lesson.picture == "triples":
        return 1, 3
    height, width = current_image.photo().pixels.shape[:2]
    return small_size(height, width, lesson.side)


def _undo() -> None:
    typed.take_back(state.current(PixelLesson), "changes")


def case_of(lesson: PixelLesson) -> PixelCase:
    """The lesson's numbers, from the current image."""
    return build(typed.readable(lesson), current_image.photo().pixels)


def draw_boards(case: PixelCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The linked boards, with their messages taken into the lesson; they give nothing away."""
    del conceal
    boards(
        case,
        key=BOARDS,
        large=large,
        settle=settle,
        on_edit=_edited,
        on_pin=_pinned,
        on_crop=_crop_moved,
    )


def _edited() -> None:
    if message := said(BOARDS, "edit"):
        typed.change_cell(state.current(PixelLesson), "changes", message)


def _pinned() -> None:
    if message := said(BOARDS, "pin"):
        state.assign(state.current(PixelLesson).with_value("pixel", message.rstrip(";")))
        refresh.everything()


def _crop_moved() -> None:
    if message := said(BOARDS, "crop"):
        top, left = (int(part) for part in message.split(","))
        lesson = state.current(PixelLesson)
        state.assign(lesson.with_value("top", top).with_value("left", left))
        refresh.everything()


def ask(case: PixelCase) -> Conceal:
    """Let the audience guess how many numbers there are; the boards hide nothing."""
    predict.ask(_questions(case), case=_name(case))
    return ""


def guessed(case: PixelCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case))


def _name(case: PixelCase) -> str:
    return f"{case.small.shape}_{case.lesson.bits}"


def _questions(case: PixelCase) -> Sequence[predict.Question]:
    height, width, channels = case.small.shape
    bits = case.lesson.bits
    return (
        predict.Question(
            "count",
            f"How many numbers is a picture of {height} x {width} pixels in colour?",
            (case.small.size,),
            ("Numbers",),
            f"{height} * {width} * {channels} = {case.small.size:,}.",
        ),
        predict.Question(
            "levels",
            f"How many colours can {bits} bits per channel tell apart?",
            (float(2 ** (3 * bits)),),
            ("Colours",),
            f"2^{bits} levels for each of three channels: (2^{bits})^3 = {2 ** (3 * bits):,}.",
        ),
    )


def show_facts(case: PixelCase) -> None:
    """Shape, type and memory, of the small picture and of the original."""
    photo = current_image.photo()
    small, whole = facts(case.small), facts(photo.pixels)
    height, width, channels = small.shape
    as_float = small.memory_bytes * 4
    st.markdown(
        f"| | Picture | Original ({photo.title}) |\n|---|---|---|\n"
        f"| Shape (height, width, channels) | `{small.shape}` | `{whole.shape}` |\n"
        f"| Type | `{small.dtype}`, whole numbers 0 to 255 | `{whole.dtype}` |\n"
        f"| Memory | `{height} * {width} * {channels} * 1 byte = {small.memory_bytes:,}` bytes "
        f"| {whole.memory_bytes:,} bytes |\n"
        f"| The same as `float32`, as a network takes it | {as_float:,} bytes "
        f"| {whole.memory_bytes * 4:,} bytes |\n"
        f"| Different colours in it | {small.colours:,} | {whole.colours:,} |\n"
        f"| Smallest, largest, mean of R, G, B | {_ranges(small.minimum, small.maximum)}; "
        f"{_means(small.mean)} | {_ranges(whole.minimum, whole.maximum)}; "
        f"{_means(whole.mean)} |\n"
    )
    levels = 2**case.lesson.bits
    st.markdown(
        f"- {case.lesson.bits} bits per channel: {levels} levels, {levels**3:,} colours. "
        "level = floor(v * 2^bits / 256), shown as round(level * 255 / (2^bits - 1)).\n"
        f"- {METHODS[case.lesson.method].title}: {METHODS[case.lesson.method].explanation}\n"
        f"- {SPACES[case.lesson.space].title}: {SPACES[case.lesson.space].explanation}\n"
        + "".join(
            f"- {plane.title}, {plane.low:g} to {plane.high:g} {plane.unit}: "
            f"{plane.explanation}\n"
            for plane in case.planes
        )
    )


def _ranges(low: tuple[int, ...], high: tuple[int, ...]) -> str:
    return ", ".join(f"{a} to {b}" for a, b in zip(low, high, strict=True))


def _means(mean: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.1f}" for value in mean)


def show_histogram(case: PixelCase) -> None:
    """How often each value occurs, in the crop or in the whole small picture."""
    part = st.segmented_control(
        "Of", ["picture", "crop"], default="picture", required=True, key="histogram_of"
    )
    shown = case.planes if part == "crop" else planes(case.small, case.lesson.space)
    colours = PALETTES[theme()]
    lines = {"r": "#D55E00", "g": "#009E73", "b": "#0072B2"}
    figure = go.Figure()
    for number, plane in enumerate(shown):
        counts = histogram(plane, 64)
        figure.add_bar(
            x=np.round((counts.edges[:-1] + counts.edges[1:]) / 2, 3),
            y=counts.counts,
            name=plane.title,
            marker_color=lines.get(plane.slug, colours.categorical[number]),
            opacity=0.65,
        )
    figure.update_layout(
        barmode="overlay", bargap=0, height=320, margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis_title="value", yaxis_title="pixels", legend_title_text="",
    )  # fmt: skip
    st.plotly_chart(
        figure,
        width="stretch",
        key="histogram",
        alt="Histogram of " + ", ".join(plane.title for plane in shown),
    )


def show_vector(case: PixelCase) -> None:
    """The crop as one row of numbers, the way a dense layer sees it."""
    values = np.stack([plane.values for plane in case.planes], axis=-1).reshape(-1)
    rows, columns = case.window.shape[:2]
    n = len(case.planes)
    st.markdown(
        f"`x.reshape(-1)` has {rows} * {columns} * {n} = **{values.size}** numbers. "
        f"x[i, j, c] is number (i * {columns} + j) * {n} + c. Neighbours in a column of the "
        f"picture are {columns * n} numbers apart here: what a dense layer gets no longer says "
        "who was beside whom."
    )
    text = "[" + ", ".join(numbers.format_number(round(float(v), 2)) for v in values) + "]"
    st.code(text, language=None, wrap_lines=True)
