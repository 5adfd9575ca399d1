"""Numbers that are typed or changed in a cell: refused in words, and nothing made is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from core import numbers
from core.lessons.base import Lesson
from core.ui import refresh, state

L = TypeVar("L", bound=Lesson)


def say_problem(lesson: Lesson, name: str) -> None:
    """What is wrong with a text, under its field."""
    if problem := lesson.text_problem(name):
        st.error(f"{problem} The last numbers that could be read stay.")


def readable(lesson: L) -> L:
    """The lesson with each unreadable text replaced by the last one that could be read."""
    good: dict[str, str] = st.session_state.setdefault("_readable", {})
    for name in lesson.readers:
        if lesson.text_problem(name):
            lesson = lesson.with_value(name, good.get(name, ""))
        else:
            good[name] = getattr(lesson, name)
    return lesson


def change_cell(lesson: Lesson, name: str, message: str) -> None:
    """Add what a component says of a changed cell to the text that keeps the changes."""
    edits = numbers.parse_edits(f"{getattr(readable(lesson), name)} {message}")
    _assign(lesson, name, edits)


def take_back(lesson: Lesson, name: str) -> None:
    """Take the last changed cell back."""
    _assign(lesson, name, numbers.parse_edits(getattr(readable(lesson), name))[:-1])


def _assign(lesson: Lesson, name: str, edits: Sequence[numbers.Edit]) -> None:
    state.assign(lesson.with_value(name, numbers.format_edits(edits)))
    refresh.everything()
