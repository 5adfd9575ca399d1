"""Views of the page "Softmax"."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from core.arithmetic.softmax import entropy
from core.arithmetic.verdicts import brief
from core.export.softmax_code import softmax_script
from core.export.softmax_picture import softmax_gif, softmax_png
from core.export.softmax_table import softmax_csv
from core.lessons.softmax import LETTERS, SoftmaxCase, SoftmaxLesson, build
from core.ui import downloads, page, predict, refresh, state
from core.ui.components.softmax import board, code
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "softmax_stage"
HIDEABLE = (
    "class_count", "logit", "right_class", "temperature", "smoothing_share", "shift_all",
    "number_format", "class_names", "softmax_step",
)  # fmt: skip
MAIN = 4
"""Logits that have a slider above the stage; the others have theirs in the settings."""


def load_components() -> None:
    """Send the code of the page's component, once."""
    code.load()


def draw_main(controls: Controls[SoftmaxLesson]) -> None:
    """The logits of the first classes, in a row that wraps on a phone."""
    count = min(controls.lesson.class_count, MAIN)
    controls.row(*[f"logit_{letter}" for letter in LETTERS[:count]])


def draw_settings(controls: Controls[SoftmaxLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    label, numbers, more = st.tabs(["Label", "Numbers", "More"])
    with label:
        controls.draw("class_count", "right_class", "temperature", "smoothing_share")
    with numbers:
        controls.draw("shift_all", "number_format")
        rest = [f"logit_{letter}" for letter in LETTERS[MAIN : now.class_count]]
        for first in range(0, len(rest), 2):
            controls.pair(*rest[first : first + 2])
    with more:
        controls.draw("class_names", "softmax_step")


def _assign(lesson: SoftmaxLesson) -> None:
    state.assign(lesson)
    refresh.everything()


def case_of(lesson: SoftmaxLesson) -> SoftmaxCase:
    """The lesson's numbers."""
    return build(lesson)


def draw_stage(case: SoftmaxCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The table, with its messages taken into the lesson."""
    board(
        case,
        key=STAGE,
        conceal=conceal,
        large=large,
        settle=settle,
        on_logit=_logit_moved,
        on_right=_right_chosen,
        on_pin=_pinned,
    )


def _logit_moved() -> None:
    moved, _, how = said(STAGE, "logit").partition(";")
    row, _, value = moved.partition("=")
    if not value:
        return
    lesson = state.current(SoftmaxLesson)
    state.assign(lesson.with_value(f"logit_{LETTERS[int(row)]}", float(value)))
    if how == "drag":  # the settings and the link follow when the drag is over
        refresh.stage()
    else:
        refresh.everything()


def _right_chosen() -> None:
    if number := said(STAGE, "right"):
        _assign(state.current(SoftmaxLesson).with_value("right_class", int(number)))


def _pinned() -> None:
    if step := said(STAGE, "pin"):
        _assign(state.current(SoftmaxLesson).with_value("softmax_step", int(step)))


# Predict first


def ask(case: SoftmaxCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    questions = _questions(case)
    done = predict.ask(questions, case=_name(case.lesson))
    return "" if len(done) == len(questions) else "values"


def guessed(case: SoftmaxCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case.lesson))


def _name(lesson: SoftmaxLesson) -> str:
    return f"{hash(lesson.with_value('softmax_step', 1)):x}"


def _questions(case: SoftmaxCase) -> Sequence[predict.Question]:
    made, lesson = case.made, case.lesson
    name = lesson.names[lesson.right]
    columns = {column.key: column for column in case.columns}
    share = columns["probabilities"].numbers[lesson.right]
    return (
        predict.Question(
            "probability",
            f"Which probability does {name} get? (three decimals)",
            (round(float(made.probabilities[lesson.right]), 3),),
            ("p",),
            f"{share}, after subtracting the largest logit.",
        ),
        predict.Question(
            "gradients",
            "How many logits does one step of gradient descent make larger?",
            (float((made.gradients < 0).sum()),),
            ("Logits",),
            "A step goes against p - y: up where the label is more than the probability.",
        ),
    )


# Taken home


def download(case: SoftmaxCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look = downloads.theme()
    with menu:
        downloads.button("Picture (PNG)", lambda: softmax_png(case, look), "softmax.png")
        downloads.button(
            "Animation, column by column (GIF)", lambda: softmax_gif(case, look), "softmax.gif"
        )
        downloads.button("All numbers (CSV)", lambda: softmax_csv(case), "softmax.csv")


def show_code(here: page.Page, case: SoftmaxCase) -> None:
    """The Keras script with the same numbers."""
    downloads.show_script(here, case.lesson, softmax_script(case))


# Below the stage


def show_facts(case: SoftmaxCase) -> None:
    """The formulas, and what the numbers say."""
    divided, others = ("z_i / T", "z_j / T") if case.made.temperature != 1 else ("z_i", "z_j")
    left, right = st.columns(2)
    with left:
        fraction = rf"\frac{{e^{{{divided} - m}}}}{{\sum_j e^{{{others} - m}}}}"
        st.latex(rf"p_i = {fraction},\quad m = \max_j {others}")
    with right:
        slope = r"\frac{p_i - y_i}{T}" if case.made.temperature != 1 else "p_i - y_i"
        st.latex(
            rf"L = -\sum_i y_i \log p_i,\quad \frac{{\partial L}}{{\partial z_i}} = {slope}"
        )
    st.markdown("\n".join(f"- {remark}" for remark in remarks(case)))


def remarks(case: SoftmaxCase) -> list[str]:
    """What the numbers of a case say, in sentences."""
    made, lesson = case.made, case.lesson
    name, count = lesson.names[lesson.right], lesson.class_count
    p = float(made.probabilities[lesson.right])
    texts = [
        f"{name} gets {brief(p)}. A network that knows nothing gives every class 1/{count}, "
        f"and its loss is log {count} = {brief(math.log(count))}: training should begin there.",
        f"e^loss = {brief(math.exp(min(made.loss, 700)))}: as unsure as a choice among so many "
        "equally likely classes.",
    ]
    least = entropy(made.targets)
    if lesson.smoothing_share:
        texts.append(
            f"With label smoothing {brief(lesson.smoothing_share)} the label itself has the "
            f"entropy {brief(least)}: no prediction has a lower loss. "
            f"{brief(made.loss - least)} above it is what can still be learned (the "
            "Kullback-Leibler divergence)."
        )
    if lesson.temperature != 1:
        texts.append(
            f"Temperature {brief(lesson.temperature)}: all differences of logits are divided "
            "by it. The order of the classes stays; the gradient is divided by it as well."
        )
    if count == 2:
        difference = float(made.scaled[0] - made.scaled[1])
        texts.append(
            f"Of two classes softmax is a sigmoid of the difference: p of {lesson.names[0]} = "
            f"sigmoid({brief(difference)}) = {brief(float(made.probabilities[0]))}."
        )
    return texts
