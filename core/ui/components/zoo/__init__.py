"""Pretrained networks as a table that can be sorted, searched and chosen from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.ui.components.source import Component
from core.zoo.entry import Pretrained

code = Component("zoo", "colour")

State = Literal["here", "fetchable", "missing"]
COLUMNS = (
    ("Network", "words"),
    ("Top-1 %", "number"),
    ("Top-5 %", "number"),
    ("Size MB", "number"),
    ("Parameters M", "number"),
    ("ms here", "number"),
    ("Input", "number"),
    ("Depth", "number"),
    ("Levels", "words"),
    ("Accuracy from", "words"),
    ("Licence", "words"),
    ("Paper", "words"),
)
"""Title, and whether a column is sorted as numbers or as words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A network of the table.

    Attributes:
        entry: what is known of it.
        state: whether it is here, can be fetched, or cannot be had now.
        note: what there is to say about that.
        network_ms: how long one picture takes here; None if it has not been measured.
        first: whether the page asks it first.
        second: whether the page asks it second.
    """

    entry: Pretrained
    state: State
    note: str
    network_ms: float | None = None
    first: bool = False
    second: bool = False


def zoo(
    lines: Sequence[Line],
    *,
    key: str,
    on_use: Callable[[], None],
    on_beside: Callable[[], None],
) -> None:
    """Show the table; sorting and searching happen in the browser.

    Args:
        lines: the networks.
        key: the component's key; `st.session_state[key]` holds `use` or `beside`, a slug.
        on_use: called when a network is to be the first one.
        on_beside: called when it is to answer beside the first one, or no longer.
    """
    code.mount(key=key, data=zoo_data(lines), on_use_change=on_use, on_beside_change=on_beside)


def zoo_data(lines: Sequence[Line]) -> dict[str, Any]:
    """What the browser is sent: texts, and the values that they are sorted by."""
    return {
        "alt": f"{len(lines)} pretrained networks",
        "columns": [{"title": title, "kind": kind} for title, kind in COLUMNS],
        "rows": [_row(line) for line in lines],
    }


def _row(line: Line) -> dict[str, Any]:
    entry = line.entry
    cells = [
        _words(entry.title),
        _number(entry.top1, 1),
        _number(entry.top5, 1),
        _number(entry.size_mb, 0 if entry.size_mb >= _LARGE_MB else 1),
        _number(entry.parameters / 1e6, 1),
        _number(line.network_ms, 0),
        _number(entry.side, 0),
        _number(entry.depth, 0),
        _words(entry.preprocessing.title),
        _words(entry.numbers if entry.top1 else ""),
        _words(entry.licence),
        _words(entry.paper),
    ]
    texts = [str(cell["text"]) for cell in cells] + [line.note, entry.slug]
    return {
        "slug": entry.slug,
        "state": line.state,
        "note": line.note,
        "chosen": line.first or line.second,
        "cells": cells,
        "acts": _acts(line) if entry.classes else [],
        "search": " ".join(texts).lower(),
    }


_LARGE_MB = 100


def _acts(line: Line) -> list[dict[str, Any]]:
    off = line.state == "missing"
    return [
        {"name": "use", "title": "Use", "on": line.first, "off": off and not line.first},
        {"name": "beside", "title": "Beside", "on": line.second,
         "off": (off and not line.second) or line.first},
    ]  # fmt: skip


def _words(text: str) -> dict[str, Any]:
    return {"text": text, "value": text or None}


def _number(value: float | None, digits: int) -> dict[str, Any]:
    if value is None:
        return {"text": "", "value": None}
    return {"text": f"{value:,.{digits}f}", "value": round(float(value), 4)}
