"""Puts a component together from its files and the ones that all share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from core.palette import PALETTES

HERE = Path(__file__).parent


class Component:
    """A component in two halves: its code, loaded once a page, and what is sent on each change.

    Streamlit sends script, style and markup again whenever a component's data change; 45 KB at
    every step of a slider would be too much for a hall full of phones.
    """

    def __init__(self, name: str, *shared: str) -> None:
        """Register the component in the folder `name`.

        Args:
            name: folder with `name.html`, `name.css` and `name.js`; the script defines
                `mount(component)`, which gives back what releases it; most by
                `mounting(selector, View)`, see `shared/mounting.js`.
            shared: files of the folder `shared` that its script uses, in order.
        """
        self._name = name
        self._code = st.components.v2.component(
            f"receptive_{name}_code", js=_code(name, shared)
        )
        shim = _read("shim.js").replace("NAME", name)
        self._mount = st.components.v2.component(f"receptive_{name}", js=shim)

    def load(self) -> None:
        """Send the code; call once a page, outside of what runs again."""
        self._code(key=f"{self._name}_code")

    def mount(self, *, key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> None:
        """Show the component.

        Args:
            key: `st.session_state[key]` holds what it says.
            data: what it shows, as JSON takes it.
            callbacks: `on_<name>_change` for each of its messages.
        """
        # In a list, since Streamlit looks for data frames in every value of a dictionary, and
        # imports pandas for it.
        self._mount(key=key, data=[data], **dict[str, Any](callbacks))


def said(key: str, name: str) -> str:
    """What a component says under a name, in the run that its message causes; else empty."""
    return str((st.session_state.get(key) or {}).get(name) or "")


def _code(name: str, shared: tuple[str, ...]) -> str:
    palette = json.dumps({theme: asdict(colours) for theme, colours in PALETTES.items()})
    parts = [f"const PALETTE = {palette};", _read("shared", "mounting.js")]
    parts += [_read("shared", f"{part}.js") for part in shared]
    parts += [
        _read(name, f"{name}.js"),
        f"(globalThis.receptive ??= {{}}).{name} = {{",
        f"html: {json.dumps(_read(name, f'{name}.html'))},",
        f"css: {json.dumps(_style(name, shared))},",
        "mount };",
        f'globalThis.dispatchEvent(new Event("receptive:{name}"));',
        "export default function () {}",
    ]
    return "\n".join(parts)


def _style(name: str, shared: tuple[str, ...]) -> str:
    """The style of the component, after those of all and of the parts it shares."""
    parts = [_read("shared", "board.css")]
    parts += [_read("shared", f"{part}.css") for part in shared if _has_style(part)]
    return "".join([*parts, _read(name, f"{name}.css")])


def _has_style(part: str) -> bool:
    return HERE.joinpath("shared", f"{part}.css").exists()


def _read(*parts: str) -> str:
    return HERE.joinpath(*parts).read_text(encoding="utf-8")
