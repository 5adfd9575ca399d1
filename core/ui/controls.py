"""Widgets drawn from a lesson's fields: range, label and help all come from the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import streamlit as st
from pydantic.fields import FieldInfo

from core.lessons.base import Lesson, Value, bounds, label, options, stops
from core.ui import refresh, state
from core.ui.components.follow import follow
from core.ui.components.source import said

L = TypeVar("L", bound=Lesson)


class Controls(Generic[L]):
    """The controls of one page.

    `lesson` is known before any widget is drawn, so that a page can send what changes first
    and the controls after it: that halves the time from a key to the changed picture.
    """

    def __init__(self, kind: type[L], part: str, on_change: Callable[[], None]) -> None:
        self._kind = kind
        self._part = part
        self._on_change = on_change
        self._assigned = state.is_assigned(part)
        self.lesson, notices = state.read(kind)
        state.remember(self.lesson)
        state.note(self.lesson, notices)
        self._values: dict[str, Value] = self.lesson.model_dump()
        self._hidden = state.hidden()
        self._highest: dict[str, int] = {}
        self._reactions: dict[str, Callable[[], None]] = {}

    def settle(self) -> None:
        """Call when all widgets are drawn: run again where they say something else.

        That happens when the browser goes back in its history: the link then decides, and only
        a widget that is drawn learns of it.
        """
        if self._values != self.lesson.model_dump():
            shown = self._kind.nearest(self._values)[0]
            state.note(shown, state.notices(self.lesson))
            state.remember(shown)
            st.rerun()
        state.settled(self._part)
        refresh.drawn(self._part)
        if self._part == refresh.SETTINGS:
            waiting = self._places()[1]
            follow(
                key=self._follower,
                again=" ".join(sorted(waiting)),
                on_rested=self._let_come,
            )

    def note_ranges(self) -> None:
        """Call where the settings are drawn: remember how."""
        st.session_state[self._drawn] = self._shape()

    def ranges_moved(self) -> bool:
        """Whether the settings stay drawn with other ranges or texts than the lesson's."""
        drawn = st.session_state.get(self._drawn)
        return refresh.settings_wait(drawn is not None and drawn != self._shape())

    @property
    def _drawn(self) -> str:
        return f"_ranges_{self._kind.page}"

    @property
    def _follower(self) -> str:
        """Key of what has the settings follow the stage."""
        return f"follow_{self._kind.page}"

    def _shape(self) -> dict[str, list[int] | str]:
        """What every slider can be set to, and what every text holds."""
        shape: dict[str, list[int] | str] = {}
        for name, info in self._kind.model_fields.items():
            if info.annotation is int:
                shape[name] = self.lesson.choices(name)
            elif info.annotation is str:
                shape[name] = getattr(self.lesson, name)
        return shape

    def show_notices(self) -> None:
        """Say what a link asked for and could not have; gone with the next change."""
        if notices := state.notices(self.lesson):
            st.warning("  \n".join(notices), icon=":material/link_off:")

    def limit(self, name: str, highest: int) -> None:
        """Cut a slider's range to what is there at the moment (the rows of the picture)."""
        self._highest[name] = highest

    def react(self, name: str, on_change: Callable[[], None]) -> None:
        """Call this on a change of a field, instead of what the page does on any change."""
        self._reactions[name] = on_change

    def draw(self, *names: str, disabled: bool = False) -> None:
        """Draw the controls of these fields, unless the link hides them."""
        for name in names:
            if not state.is_hidden(name, self._hidden) and self._has_come(name):
                self._values[name] = self._widget(name, disabled=disabled)

    def _has_come(self, name: str) -> bool:
        """Whether a control may be drawn in this part of the page already.

        Where it stood before it is gone only when the browser has drawn that part again, and
        what leaves the browser takes the control's tie to the link with it, by name. So it
        comes in a run after that one, which `follow` asks for.
        """
        places, waiting = self._places()
        before = places.get(name, self._part)
        if before != self._part and refresh.draws(before):
            waiting.add(name)
            return False
        places[name] = self._part
        return True

    def _let_come(self) -> None:
        """Callback: the browser has drawn the page without the controls that wait."""
        places, waiting = self._places()
        if waiting:
            for name in waiting:
                places.pop(name, None)
            waiting.clear()
            refresh.everything()

    def _places(self) -> tuple[dict[str, str], set[str]]:
        """In which part each control stands, and which ones wait to come to another."""
        known: tuple[dict[str, str], set[str]] = st.session_state.setdefault(
            f"_places_{self._kind.page}", ({}, set())
        )
        return known

    def row(self, *names: str) -> None:
        """Draw controls side by side over the page's width; they wrap on a phone."""
        if drawn := self._shown(names):
            with st.container(horizontal=True, gap="medium"):
                self.draw(*drawn)

    def pair(self, *names: str) -> None:
        """Draw two controls side by side in a column."""
        drawn = self._shown(names)
        for column, name in zip(st.columns(2), drawn, strict=False) if drawn else ():
            with column:
                self.draw(name)

    def _shown(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if not state.is_hidden(name, self._hidden)]

    def _widget(self, name: str, *, disabled: bool) -> Value:
        info = self._kind.model_fields[name]
        if self._assigned or name not in st.session_state:
            st.session_state[name] = getattr(self.lesson, name)
        if info.annotation is bool:
            return self._toggle(name, info, disabled=disabled)
        if info.annotation is int:
            return self._slider(name, info, disabled=disabled)
        if stops(self._kind, name):
            return self._decimals(name, info, disabled=disabled)
        if info.annotation is float:
            return self._number(name, info, disabled=disabled)
        if options(self._kind, name):
            return self._choice(name, info, disabled=disabled)
        return self._text(name, info, disabled=disabled)

    def _common(self, name: str, info: FieldInfo, *, disabled: bool) -> dict[str, Any]:
        """What every widget of a field is given."""
        return {
            "label": label(name, info),
            "key": name,
            "bind": "query-params",
            "on_change": self._changed,
            "args": (name, self._reactions.get(name, self._on_change)),
            "help": info.description,
            "disabled": disabled,
        }

    def _changed(self, name: str, act: Callable[[], None]) -> None:
        """A widget says something else than before."""
        follows = self._part == refresh.SETTINGS and bool(said(self._follower, "rested"))
        if state.changed(self._kind, name, self._part, follows=follows):
            act()

    def _slider(self, name: str, info: FieldInfo, *, disabled: bool) -> int:
        now: int = getattr(self.lesson, name)
        choices = self.lesson.choices(name)
        if name in self._highest:
            choices = [v for v in choices if v <= self._highest[name]] or choices[:1]
        if now not in choices:  # there are fewer filters, or pixels, than when this was set
            now = st.session_state[name] = choices[-1]
        alone = len(choices) == 1
        if alone:  # a slider needs two ends
            choices = sorted({now, now + 1})
        # The widget's default never shows in the link, so it must be the field's own default,
        # or, where that has no result now, any value but the present one.
        default = info.default
        if default not in choices:
            default = next(v for v in choices if v != now)
        common = self._common(name, info, disabled=disabled or alone)
        value: int = st.select_slider(options=choices, value=default, **common)
        return value

    def _decimals(self, name: str, info: FieldInfo, *, disabled: bool) -> float:
        value: float = st.select_slider(
            options=self.lesson.positions(name),
            value=info.default,
            **self._common(name, info, disabled=disabled),
        )
        return value

    def _toggle(self, name: str, info: FieldInfo, *, disabled: bool) -> bool:
        return st.toggle(value=info.default, **self._common(name, info, disabled=disabled))

    def _number(self, name: str, info: FieldInfo, *, disabled: bool) -> float:
        whole = bounds(self._kind, name)
        value: float = st.number_input(
            min_value=float(whole[0]),
            max_value=float(whole[-1]),
            value=info.default,
            step=1.0,
            format="%g",
            **self._common(name, info, disabled=disabled),
        )
        return value

    def _choice(self, name: str, info: FieldInfo, *, disabled: bool) -> str:
        slugs = options(self._kind, name)
        common = self._common(name, info, disabled=disabled)
        value: str = st.selectbox(options=slugs, index=slugs.index(info.default), **common)
        return value

    def _text(self, name: str, info: FieldInfo, *, disabled: bool) -> str:
        common = self._common(name, info, disabled=disabled)
        value: str = st.text_input(value=info.default, **common)
        return value
