"""Predict first: results stay hidden until the audience has committed itself to a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.numbers import format_number
from core.ui import refresh

Conceal = Literal["", "values", "size"]
"""What the audience has still to predict: nothing, the output's values, its size too."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to guess.

    Attributes:
        slug: short name, part of the widget's key.
        prompt: what is asked.
        answer: the numbers that are right, one for each box.
        boxes: label of each box.
        why: the reasoning, shown afterwards.
    """

    slug: str
    prompt: str
    answer: tuple[float, ...]
    boxes: tuple[str, ...]
    why: str


def on() -> bool:
    """Whether the audience predicts, known before the switch is drawn."""
    if "predict" in st.session_state:
        return bool(st.session_state["predict"])
    return st.query_params.get("predict", "").lower() == "true"


def switch() -> None:
    """The switch "Predict first"."""
    st.toggle(
        "Predict first",
        key="predict",
        bind="query-params",
        on_change=refresh.stage,
        help="Hides output size, parameters and values until a guess has been typed.",
    )


def ask(questions: Sequence[Question], *, case: str) -> frozenset[str]:
    """Draw the questions; after each guess, whether it was right and why.

    Args:
        questions: in the order in which they are asked.
        case: name of the settings; another case starts with empty boxes.

    Returns:
        The slugs of the questions that have been answered.
    """
    done = set()
    with st.container(border=True):
        for question in questions:
            # A container each: a verdict must not move the boxes below, which would lose what
            # is being typed into them.
            with st.container():
                if _ask_one(question, case):
                    done.add(question.slug)
    return frozenset(done)


def answered(questions: Sequence[Question], *, case: str) -> bool:
    """Whether all guesses for these settings are in, without drawing the questions."""
    return all(
        st.session_state.get(_key(question, box, case)) is not None
        for question in questions
        for box in range(len(question.boxes))
    )


def _key(question: Question, box: int, case: str) -> str:
    return f"guess_{question.slug}_{box}_{case}"


def _ask_one(question: Question, case: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(question.prompt, width=360)
        guesses = [
            st.number_input(
                box, value=None, step=1.0, format="%g", width=150,
                key=_key(question, i, case), placeholder="?",
                on_change=refresh.stage,
            )
            for i, box in enumerate(question.boxes)
        ]  # fmt: skip
    if any(guess is None for guess in guesses):
        return False
    _judge(question, tuple(float(guess) for guess in guesses if guess is not None))
    return True


def _judge(question: Question, guesses: tuple[float, ...]) -> None:
    right = all(
        abs(guess - answer) <= 1e-3 + 1e-9 * abs(answer)
        for guess, answer in zip(guesses, question.answer, strict=True)
    )
    why = question.why.replace("*", "\\*")  # Markdown would set 2*3*4 in italics
    answer = " x ".join(format_number(round(value, 3)) for value in question.answer)
    if right:
        st.success(f"Right: {answer}. {why}", icon=":material/check:")
    else:
        guessed = " x ".join(format_number(guess) for guess in guesses)
        st.error(f"Not {guessed} but {answer}. {why}", icon=":material/close:")
