"""The row editor: an ordered list of settings that are added, changed, moved and switched off.

It serves the layers of a network and the steps of a pipeline alike: what a row can hold comes
from pydantic models (see `schema`), what stands beside it (a shape, a number, a problem) from
the page. An edit is shown at once in the browser and sent as the whole list; the page's answer
fills in what it computed, without touching what is being typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from core.ui.components.rows.schema import kinds_data
from core.ui.components.source import Component

MOST_LETTERS = 100_000
"""Longest message that is read."""

code = Component("rows", "colour")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands at a row besides its fields.

    Attributes:
        name: the row's short name, such as `conv_1`.
        cells: one text for each heading.
        share: 0 to 1, a bar in the last cell; None for none.
        details: lines that "Arithmetic" shows.
        note: what is worth knowing.
        problem: why the row does not work, and what would.
    """

    name: str
    cells: Sequence[str] = ()
    share: float | None = None
    details: Sequence[str] = ()
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the editor calls things.

    Attributes:
        row: one row, such as "layer".
        headings: of the cells beside each row.
        details: the switch that shows their details.
        empty: what stands in a list without rows.
    """

    row: str
    headings: Sequence[str] = ()
    details: str = "Arithmetic"
    empty: str = ""


def rows(
    given: Sequence[BaseModel],
    beside: Sequence[Beside],
    *,
    key: str,
    kinds: Mapping[str, type[BaseModel]],
    words: Words,
    on_edit: Callable[[], None],
    first: tuple[str, Beside] | None = None,
    last: tuple[str, Beside] | None = None,
    most: int = 64,
) -> None:
    """Show rows and let them be edited; `edited` reads what became of them.

    Args:
        given: the rows.
        beside: what stands at each of them.
        key: the component's key; undo goes back over everything shown under it.
        kinds: the rows that can be added.
        words: what things are called.
        on_edit: called after each change.
        first: title and facts of a fixed row before all others.
        last: the same behind all others.
        most: rows that there can be.
    """
    data = rows_data(given, beside, kinds=kinds, words=words, first=first, last=last, most=most)
    answers = st.session_state.get(_serial(key), 0)
    code.mount(key=key, data=data | {"key": key, "answers": answers}, on_edit_change=on_edit)


def rows_data(
    given: Sequence[BaseModel],
    beside: Sequence[Beside],
    *,
    kinds: Mapping[str, type[BaseModel]],
    words: Words,
    first: tuple[str, Beside] | None = None,
    last: tuple[str, Beside] | None = None,
    most: int = 64,
) -> dict[str, Any]:
    """What the browser is sent."""
    return {
        "kinds": kinds_data(kinds),
        "rows": [row.model_dump() for row in given],
        "beside": [_beside(one) for one in beside],
        "first": _fixed(first),
        "last": _fixed(last),
        "word": words.row,
        "headings": list(words.headings),
        "details": words.details,
        "empty": words.empty,
        "most": most,
    }


def edited(key: str, row: TypeAdapter[Any], most: int = 64) -> tuple[Any, ...] | None:
    """The rows after the latest edit, for the callback; None where the message is none.

    Args:
        key: of the component.
        row: reads one row.
        most: rows that there can be.
    """
    state = st.session_state.get(key)
    message = read_message(state.get("edit") if state else None, row, most)
    if message is None:
        return None
    serial, found = message
    st.session_state[_serial(key)] = serial
    return found


def read_message(
    text: object, row: TypeAdapter[Any], most: int = 64
) -> tuple[int, tuple[Any, ...]] | None:
    """Number of the edit and its rows.

    The editor sends nothing that its fields do not allow, so what cannot be read comes from
    elsewhere and is passed over.
    """
    if not isinstance(text, str) or len(text) > MOST_LETTERS:
        return None
    try:
        message = json.loads(text)
        serial, listed = int(message["edit"]), message["rows"]
        if not isinstance(listed, list) or len(listed) > most:
            return None
        return serial, tuple(row.validate_python(one) for one in listed)
    except (KeyError, TypeError, ValueError, RecursionError, ValidationError):
        return None


def _serial(key: str) -> str:
    return f"_{key}_edits"


def _beside(one: Beside) -> dict[str, Any]:
    return {
        "name": one.name,
        "cells": list(one.cells),
        "share": one.share,
        "details": list(one.details),
        "note": one.note,
        "problem": one.problem,
    }


def _fixed(row: tuple[str, Beside] | None) -> dict[str, Any] | None:
    return None if row is None else {"title": row[0], **_beside(row[1])}
