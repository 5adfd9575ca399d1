"""Controls and stage of the page "Normalisation"."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.arithmetic.norm_steps import steps
from core.arithmetic.terms import shown
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import NormCase, build
from core.ui import current_image, curves, predict, refresh, state, typed
from core.ui.components.block import block
from core.ui.components.block import code as block_code
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "block"
HIDEABLE = (
    "norm_kind", "norm_phase", "norm_place", "norm_input", "norm_samples", "norm_channels",
    "norm_height", "norm_width", "norm_groups", "norm_over", "norm_gamma", "norm_beta",
    "norm_epsilon", "norm_momentum", "norm_batches", "norm_affine", "norm_stretch",
    "norm_move", "norm_seed", "norm_cell", "norm_edits",
)  # fmt: skip


def load_components() -> None:
    """Send the code of the page's components, once."""
    block_code.load()
    curves.load_components()


def draw_main(controls: Controls[NormLesson]) -> None:
    """The norm and its numbers, in rows that wrap on a phone."""
    now = controls.lesson
    for name in ("norm_kind", "norm_phase", "norm_place"):  # other settings go with others
        controls.react(name, refresh.everything)
    controls.row("norm_kind", "norm_phase", "norm_place")
    names = ["norm_gamma"] if now.norm_kind == "rms" else ["norm_gamma", "norm_beta"]
    names.append("norm_epsilon")
    if now.infers:
        names.append("norm_momentum")
    controls.row(*names)


def draw_settings(controls: Controls[NormLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    block_tab, norm_tab, more_tab = st.tabs(["Block", "Norm", "More"])
    with block_tab:
        controls.draw("norm_input")
        if now.norm_input == "own":
            controls.draw("norm_numbers")
            typed.say_problem(controls.lesson, "norm_numbers")
        controls.pair("norm_samples", "norm_channels")
        controls.pair("norm_height", "norm_width")
        controls.draw("norm_seed")
    with norm_tab:
        controls.draw("norm_groups", disabled=now.norm_kind != "group")
        controls.draw("norm_over", disabled=now.norm_kind not in ("layer", "rms"))
        controls.draw("norm_affine", disabled=now.norm_kind != "batch")
        if not now.infers:
            controls.draw("norm_momentum", disabled=now.norm_kind != "batch")
        controls.draw("norm_batches", disabled=now.norm_kind != "batch")
    with more_tab:
        controls.draw("norm_stretch", "norm_move", "norm_cell", "norm_edits")
        typed.say_problem(controls.lesson, "norm_edits")
        st.button(
            "Take back the last change",
            on_click=_undo,
            disabled=not controls.lesson.norm_edits,
        )


def _undo() -> None:
    typed.take_back(state.current(NormLesson), "norm_edits")


def photo_of(lesson: NormLesson) -> current_image.Pixels | None:
    """The current image, where the lesson asks for it."""
    return current_image.photo().pixels if lesson.norm_input == "photo" else None


def case_of(lesson: NormLesson) -> NormCase:
    """The lesson's numbers, with the current image where it asks for it."""
    return build(typed.readable(lesson), photo_of(lesson))


def draw_stage(case: NormCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The block, with its messages taken into the lesson."""
    block(
        case,
        key=STAGE,
        conceal=conceal,
        large=large,
        settle=settle,
        on_edit=_edited,
        on_pin=_pinned,
        on_kind=_kind_chosen,
    )


def _edited() -> None:
    if message := said(STAGE, "edit"):
        typed.change_cell(state.current(NormLesson), "norm_edits", message)


def _pinned() -> None:
    if message := said(STAGE, "pin"):
        lesson = state.current(NormLesson)
        state.assign(lesson.with_value("norm_cell", message.rstrip(";")))
        refresh.everything()


def _kind_chosen() -> None:
    if kind := said(STAGE, "kind"):
        lesson = state.current(NormLesson).model_dump() | {"norm_kind": kind}
        state.assign(NormLesson.nearest(lesson)[0])
        refresh.everything()


def ask(case: NormCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    answered = predict.ask(_questions(case), case=_name(case))
    return "" if {"mean", "value"} <= answered else "values"


def guessed(case: NormCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case))


def _name(case: NormCase) -> str:
    return f"{hash(case.lesson.with_value('norm_cell', '')):x}"


def _questions(case: NormCase) -> Sequence[predict.Question]:
    result, place = case.result, (0, 0, 0, 0)
    lines = {step.slug: step for step in steps(result, place)}
    first = lines["variance" if result.kind == "rms" else "mean"]
    last = lines["scale"]
    return (
        predict.Question(
            "sets",
            f"How many sets of cells share a {first.title.lower()}?",
            (len(result.means),),
            ("Sets",),
            f"One for every {result.count} of the {result.x.size} cells.",
        ),
        predict.Question(
            "mean",
            f"Which {first.title.lower()} does the first cell, x [0, 0, 0, 0], get?",
            (_screen(first.value),),
            (first.title,),
            first.text,
        ),
        predict.Question(
            "value",
            "And what does it become, before any activation behind it?",
            (_screen(last.value),),
            ("Result",),
            f"{lines['normalize'].text}; {last.text}.",
        ),
    )


def _screen(value: float) -> float:
    """As it is shown, so that a guess can be exact."""
    return float(shown(value))
