"""Settings of a lesson between reruns: from the link, from the widgets, from a preset.

Widgets carry their values under the field's name, and Streamlit binds the same name to the
link. What is not drawn (hidden from an audience, or without meaning at the moment) is
remembered here. Two rules keep links whole, both for reasons in Streamlit 1.67:

- A widget whose identity changes is seeded from the link of the *first* page load again, so
  sliders must be widgets that their key alone identifies (`select_slider`, not `slider`).
- When code changes one bound value, Streamlit writes the whole link from a copy that misses
  what the person has dragged since. So code always assigns all values of a lesson.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TypeVar

import streamlit as st

from core.lessons.base import Lesson, Value
from core.ui import refresh

L = TypeVar("L", bound=Lesson)


def read(kind: type[L]) -> tuple[L, list[str]]:
    """The lesson as the page now stands, and a sentence for each value that did not fit."""
    values = {}
    for name in kind.model_fields:
        value = _stored(kind, name)
        if value is not None:
            values[name] = value
    lesson, notices = kind.nearest(values)
    for name in kind.model_fields:
        if name in values and values[name] != getattr(lesson, name):
            _store(name, getattr(lesson, name))
    return lesson, notices


def _stored(kind: type[Lesson], name: str) -> Value | None:
    if name in st.session_state:
        value: Value = st.session_state[name]
        return value
    remembered: dict[str, Value] = st.session_state.get(_memory(kind), {})
    if name in remembered:
        return remembered[name]
    return st.query_params.get(name)


def _store(name: str, value: Value) -> None:
    if name in st.session_state:
        st.session_state[name] = value


def remember(lesson: Lesson) -> None:
    """Keep all values, for widgets that are not drawn on every rerun."""
    st.session_state[_memory(type(lesson))] = lesson.model_dump()


def assign(lesson: Lesson) -> None:
    """Set every widget of the page, in a callback.

    The parts of the page set their widgets once more when they draw them: the link follows a
    value only where it is set in the very run that draws the widget.
    """
    before = [*_before(), (monotonic(), current(type(lesson)).model_dump())]
    st.session_state[_BEFORE] = before[-_KEPT:]
    for name, value in lesson.model_dump().items():
        st.session_state[name] = value
    st.session_state[_PENDING] = {refresh.STAGE, refresh.SETTINGS, refresh.VIEW}
    remember(lesson)


def changed(kind: type[Lesson], name: str, part: str, *, follows: bool = False) -> bool:
    """Whether a person has changed this widget; if not, it is set back. For callbacks.

    A widget also "changes" when a message was sent before the browser learned what `assign` had
    set: a timer's, that of another widget, or the one that has the settings follow. It then
    stands at a value from before. A person's change comes with a message of the widget's own
    part, and is all that has changed in it.

    Args:
        kind: the page's settings.
        name: of the field.
        part: of the page, that the widget stands in.
        follows: whether this part runs again because the stage rests: nobody has touched it.
    """
    sender = refresh.sent_by(part)
    alone = sender == "yes" and not follows and not _others_changed(kind, name)
    alone = alone or refresh.by_history()
    if sender != "no" and (alone or not _echoes(name)):
        st.session_state[_BEFORE] = [
            (at, {other: value for other, value in values.items() if other != name})
            for at, values in _before()
        ]
        return True
    remembered: dict[str, Value] = st.session_state.get(_memory(kind), {})
    if name in remembered:
        st.session_state[name] = remembered[name]
    return False


def _before() -> list[tuple[float, dict[str, Value]]]:
    """When code set values, and what stood there until then."""
    listed: list[tuple[float, dict[str, Value]]] = st.session_state.get(_BEFORE, [])
    now = monotonic()
    return [(at, values) for at, values in listed if now - at < ECHO_S]


def _echoes(name: str) -> bool:
    """Whether a widget stands where it stood before code set it."""
    now = st.session_state.get(name)
    return any(name in values and values[name] == now for _, values in _before())


def _others_changed(kind: type[Lesson], name: str) -> bool:
    """Whether the message has changed another field as well, and that is no echo."""
    remembered: dict[str, Value] = st.session_state.get(_memory(kind), {})
    return any(
        other != name and st.session_state.get(other, value) != value and not _echoes(other)
        for other, value in remembered.items()
    )


def is_assigned(part: str) -> bool:
    """Whether this part of the page still has to set its widgets."""
    return part in st.session_state.get(_PENDING, set())


def settled(part: str) -> None:
    """This part of the page has set and drawn its widgets."""
    st.session_state[_PENDING] = st.session_state.get(_PENDING, set()) - {part}


def arrive(kind: type[Lesson], sentences: Sequence[str] = ()) -> None:
    """Call when a page is entered: a link that carries settings replaces those of last time.

    Coming back without any, the page stands as it was left.

    Args:
        kind: the page's settings.
        sentences: what has to be said about the rest of the link.
    """
    carried = {
        name: st.query_params[name] for name in kind.model_fields if name in st.query_params
    }
    if not carried:
        lesson = kind.nearest(st.session_state.get(_memory(kind), {}))[0]
        for name, value in lesson.model_dump().items():
            _store(name, value)  # another page may have a setting of the same name
        note(lesson, [*sentences])
        return
    lesson, refused = kind.nearest(carried)
    remember(lesson)
    for name, value in lesson.model_dump().items():
        _store(name, value)
    note(lesson, [*refused, *sentences])


def note(lesson: Lesson, sentences: list[str]) -> None:
    """Keep what has to be said about these settings, until they change."""
    if sentences:
        known = notices(lesson)
        further = [sentence for sentence in sentences if sentence not in known]
        st.session_state[_notices(type(lesson))] = (lesson, known + further)


def notices(lesson: Lesson) -> list[str]:
    """What has to be said about these settings."""
    about, sentences = st.session_state.get(_notices(type(lesson)), (None, []))
    return sentences if about == lesson else []


def _notices(kind: type[Lesson]) -> str:
    return f"_notices_{kind.page}"


_PENDING = "_assigned"
_BEFORE = "_before_assigned"
_KEPT = 4
"""Values of so many assignments may still be on their way back from the browser."""
ECHO_S = 10.0
"""Seconds for which they may be, on a machine that is very busy."""


def current(kind: type[L]) -> L:
    """The lesson as remembered, for callbacks."""
    return read(kind)[0]


def hidden() -> frozenset[str]:
    """Controls that the link hides: `?hide=stride&hide=dilation` or `?hide=stride,dilation`."""
    listed = st.session_state.get("hide")
    if listed is None:
        listed = st.query_params.get_all("hide")
    return frozenset(
        word.strip() for part in listed for word in part.split(",") if word.strip()
    )


def is_hidden(name: str, hide: frozenset[str]) -> bool:
    """Whether a control is hidden by its own name or by its family's (`stride`)."""
    return any(name == word or name.startswith(f"{word}_") for word in hide)


def _memory(kind: type[Lesson]) -> str:
    return f"_lesson_{kind.page}"
