"""Views of the page "Pooling and unpooling"."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.arithmetic.chain import sentence, where
from core.arithmetic.pool_facts import PoolFacts, pool_facts
from core.arithmetic.upsampling import is_even_overlap
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import PoolingCase, build
from core.ui import current_image, predict, refresh, state, typed
from core.ui.components.chain import chain
from core.ui.components.chain import code as chain_code
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "chain"
HIDEABLE = (
    "pool_shows", "pool_kind", "pool_input", "pool_height", "pool_width", "pool_channels",
    "pool_size", "pool_stride", "pool_pad", "pool_padding", "pool_ceil", "pool_count",
    "pool_blur", "pool_border", "pool_apart", "pool_upstream", "pool_back", "pool_factor",
    "pool_align", "pool_taps", "pool_weights", "pool_units", "pool_shift", "pool_seed",
    "pool_cell", "pool_edits",
)  # fmt: skip


def load_components() -> None:
    """Send the code of the page's component, once."""
    chain_code.load()


def draw_main(controls: Controls[PoolingLesson]) -> None:
    """What is shown, and the sliders of every lecture, in a row that wraps on a phone."""
    now = controls.lesson
    for name in ("pool_shows", "pool_kind", "pool_back"):  # other settings go with others
        controls.react(name, refresh.everything)
    back = {"gradient": "pool_upstream", "unpool": "pool_back"}.get(now.pool_shows)
    controls.row("pool_shows", "pool_kind", *([back] if back else []))
    names = [] if now.is_global else ["pool_size", "pool_stride"]
    if now.pool_padding == "amount" and not now.is_global:
        names.append("pool_pad")
    if now.pool_apart:
        names += [f"{name}_across" for name in names]
    factor = ["pool_factor"] if now.pool_shows == "unpool" and now.back != "max" else []
    if factor and now.back == "transposed":
        controls.row(*names)
        controls.row(*factor, "pool_taps")
    else:
        controls.row(*names, *factor)


def draw_settings(controls: Controls[PoolingLesson]) -> None:
    """All other settings, in tabs."""
    input_tab, window_tab, back_tab, more_tab = st.tabs(["Input", "Window", "Back", "Shift"])
    with input_tab:
        controls.draw("pool_input")
        if controls.lesson.pool_input == "own":
            controls.draw("pool_numbers")
            typed.say_problem(controls.lesson, "pool_numbers")
        controls.pair("pool_height", "pool_width")
        controls.pair("pool_channels", "pool_seed")
    with window_tab:
        _draw_window(controls)
    with back_tab:
        _draw_back(controls)
    with more_tab:
        controls.pair("pool_shift_down", "pool_shift_right")
        with st.expander("Pinned and changed cells"):
            controls.draw("pool_cell", "pool_edits")
            typed.say_problem(controls.lesson, "pool_edits")
            st.button(
                "Take back the last change",
                on_click=_undo,
                disabled=not controls.lesson.pool_edits,
            )


def _draw_window(controls: Controls[PoolingLesson]) -> None:
    now = controls.lesson
    if now.is_global:
        st.caption("A global pooling has one window: the whole channel.")
        return
    controls.draw("pool_padding")
    controls.draw("pool_ceil", disabled=now.pool_padding == "same")
    controls.draw("pool_count", disabled=now.pool_kind != "average")
    controls.draw("pool_blur")
    controls.draw("pool_border", disabled=not now.blurs)
    controls.draw("pool_apart")


def _draw_back(controls: Controls[PoolingLesson]) -> None:
    now = controls.lesson
    controls.draw("pool_align", disabled=now.back != "bilinear")
    controls.draw("pool_weights", disabled=now.back != "transposed")
    if now.back == "transposed":
        st.caption(overlap_words(now))
    if now.pool_back != now.back:
        st.caption(
            "This pooling mixes the values of a window, so no place is remembered: "
            "nearest takes over."
        )
    controls.draw("pool_units", disabled=now.pool_shows != "flatten")


def overlap_words(lesson: PoolingLesson) -> str:
    """Whether the transposed convolution makes a checkerboard, and what helps."""
    taps, factor = lesson.pool_taps, lesson.pool_factor
    if is_even_overlap(taps, factor):
        return (
            f"{taps} is divisible by {factor}: away from the border, every place is reached by "
            f"{(taps // factor) ** 2} values. No checkerboard from the overlap."
        )
    better = range(factor, 7, factor)
    return (
        f"{taps} is not divisible by {factor}: some places are reached by more values than "
        "their neighbours, and a checkerboard appears. Use a kernel of "
        f"{' or '.join(map(str, better))}, or nearest and then a convolution."
    )


def _undo() -> None:
    typed.take_back(state.current(PoolingLesson), "pool_edits")


def case_of(lesson: PoolingLesson) -> PoolingCase:
    """The lesson's numbers, with the current image where it asks for it."""
    photo = current_image.photo().pixels if lesson.pool_input == "photo" else None
    return build(typed.readable(lesson), photo)


def draw_stage(case: PoolingCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The chain of grids, with its messages taken into the lesson."""
    chain(
        case.chain,
        key=STAGE,
        cell=case.lesson.pool_cell,
        conceal=conceal,
        large=large,
        settle=settle,
        on_edit=_edited,
        on_pin=_pinned,
    )


def _edited() -> None:
    if message := said(STAGE, "edit"):
        typed.change_cell(state.current(PoolingLesson), "pool_edits", message)


def _pinned() -> None:
    if message := said(STAGE, "pin"):
        lesson = state.current(PoolingLesson)
        state.assign(lesson.with_value("pool_cell", message.rstrip(";")))
        refresh.everything()


def ask(case: PoolingCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    answered = predict.ask(_questions(case), case=_name(case))
    if "size" not in answered:
        return "size"
    return "" if "value" in answered else "values"


def guessed(case: PoolingCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case))


def _name(case: PoolingCase) -> str:
    """Another name for other numbers; shifts and the way back keep the guesses."""
    kept = {"pool_shift_down": 0, "pool_shift_right": 0, "pool_cell": ""}
    return f"{hash(case.lesson.model_copy(update=kept)):x}"


def _questions(case: PoolingCase) -> Sequence[predict.Question]:
    facts = facts_of(case)
    names = [shown.name for shown in case.chain.grids]
    grid = names.index(TARGETS[case.lesson.pool_shows])
    values = case.chain.grids[grid].values
    place = (values.shape[0] - 1, values.shape[1] - 1, 0)
    noun = case.chain.grids[grid].name
    return (
        predict.Question(
            "size",
            "How large is the pooled map?",
            case.output.shape[:2],
            ("Height", "Width"),
            f"Height: {facts.rows.text}. Width: {facts.columns.text}.",
        ),
        predict.Question(
            "parameters",
            "How many parameters does the pooling have?",
            (0,),
            ("Parameters",),
            "None: a rule is applied, nothing is learned.",
        ),
        predict.Question(
            "value",
            f"What is {noun} {where(place)}, the last cell?",
            (float(values[place]),),
            ("Value",),
            sentence(case.chain, grid, place),
        ),
    )


TARGETS = {
    "pool": "pooled",
    "gradient": "gradient at the input",
    "unpool": "unpooled",
    "flatten": "flat",
}
"""The grid whose last cell is asked for, by what the stage shows."""


def facts_of(case: PoolingCase) -> PoolFacts:
    """What stands beside the stage."""
    blur = case.lesson.pool_blur
    return pool_facts(
        case.result,
        (case.output.shape[0], case.output.shape[1], case.output.shape[2]),
        blur=blur if case.blurred is not None and blur != "none" else None,
        steps=case.lesson.stride_hw,
        units=case.lesson.pool_units,
    )
