"""Puts a component together from its files and the ones that all share."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.palette import PALETTES

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

HERE = Path(__file__).parent


def component(name: str, *shared: str) -> ComponentRenderer:
    """Register the component in the folder `name`.

    Args:
        name: folder with `name.html`, `name.css` and `name.js`.
        shared: files of the folder `shared` that its script uses, in order.
    """
    palette = json.dumps({theme: asdict(colours) for theme, colours in PALETTES.items()})
    scripts = [_read("shared", f"{part}.js") for part in shared]
    return st.components.v2.component(
        f"receptive_{name}",
        html=_read(name, f"{name}.html"),
        css=_read(name, f"{name}.css"),
        js="\n".join([f"const PALETTE = {palette};", *scripts, _read(name, f"{name}.js")]),
    )


def _read(*parts: str) -> str:
    return HERE.joinpath(*parts).read_text(encoding="utf-8")
