"""A picture with a heat map over it, beside the probabilities of its classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.contours import rings
from core.ui.components.source import Component
from core.ui.components.tiles import percent
from core.ui.pictures import png_address

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LONGEST_PX = 448
"""Longest side that the picture is sent with; a smaller one is sent as it is."""
CRISP_PX = 64
"""Pictures up to this side are shown with square pixels."""
HALF = 0.5
"""The line is drawn where the heat is half of its largest."""

code = Component("heat", "colour", "axes")


def heat(
    picture: Pixels,
    heated: Floats,
    coarse: Floats,
    bars: Sequence[tuple[str, float]],
    chosen: int,
    *,
    key: str,
    title: str,
    note: str,
    on_class: Callable[[], None],
) -> None:
    """Show where a network looks; opacity, pointing and the two ways of showing stay here.

    Args:
        picture: (H, W, C) uint8.
        heated: (H, W), 0 to 1.
        coarse: (h, w), what it was made of; negative where it speaks against the class.
        bars: name and probability of every class.
        chosen: the class whose heat this is.
        key: the component's key; within `on_class`, `clicked(key, classes)` tells the class.
        title: of the picture.
        note: a line below it.
        on_class: called when another class was chosen.
    """
    data = heat_data(picture, heated, coarse, bars, chosen, title=title, note=note)
    code.mount(key=key, data=data, on_label_change=on_class)


def clicked(key: str, classes: int) -> int | None:
    """The class that the browser tells in `on_class`; None where it tells none."""
    told = (st.session_state.get(key) or {}).get("label")
    if not isinstance(told, int | float) or not float(told).is_integer():
        return None
    return int(told) if 0 <= told < classes else None


def heat_data(
    picture: Pixels,
    heated: Floats,
    coarse: Floats,
    bars: Sequence[tuple[str, float]],
    chosen: int,
    *,
    title: str = "",
    note: str = "",
) -> dict[str, Any]:
    """What the browser is sent: picture, heat in 255 steps, the line at half of it, words."""
    height, width = picture.shape[:2]
    scale = min(LONGEST_PX / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return {
        "title": title,
        "note": note,
        "alt": in_words(heated, bars, chosen),
        "src": png_address(small),
        "width": size[0],
        "height": size[1],
        "crisp": max(height, width) <= CRISP_PX,
        "heat": png_address(np.rint(255 * np.clip(_fine(heated), 0, 1)).astype(np.uint8)),
        "nothing": not bool(heated.any()),
        "lines": outline(heated),
        "rows": coarse.shape[0],
        "columns": coarse.shape[1],
        "cells": [float(f"{value:.4g}") for value in coarse.ravel().tolist()],
        "reach": float(np.abs(coarse).max()) or 1.0,
        "chosen": chosen,
        "bars": [
            {"name": name, "share": round(float(share), 5), "text": percent(share)}
            for name, share in bars
        ],
    }


def outline(heated: Floats, level: float = HALF) -> list[list[float]]:
    """Lines round what is hotter, as shares of width and height: x0, y0, x1, y1...

    They are closed beyond the picture where the heat goes on to its edge.

    Args:
        heated: (H, W), 0 to 1.
        level: of the line.
    """
    fine = np.pad(_fine(heated, _LINE_PX), _BEYOND, mode="edge")
    height, width = (side - 2 * _BEYOND for side in fine.shape)
    found = []
    for ring in rings(-fine.astype(np.float64), -level):
        line = (np.array(ring) - _BEYOND + 0.5) / (width, height)
        found.append([round(float(value), 4) for value in line.ravel()])
    return found


def in_words(heated: Floats, bars: Sequence[tuple[str, float]], chosen: int) -> str:
    """Where it is hot, for a person who cannot see it."""
    name, share = bars[chosen]
    begin = f"What speaks for {name} ({percent(share)})"
    if not heated.any():
        return f"{begin}: nothing in this layer."
    height, width = heated.shape
    weight = heated / heated.sum()
    down = float((weight.sum(axis=1) * (np.arange(height) + 0.5)).sum()) / height
    across = float((weight.sum(axis=0) * (np.arange(width) + 0.5)).sum()) / width
    hot = float((heated >= HALF).mean())
    return (
        f"{begin}: mostly about {across:.0%} from the left and {down:.0%} from the top; "
        f"{hot:.0%} of the picture is at least half as hot as the hottest place."
    )


_FINE_PX, _LINE_PX = 160, 72
_BEYOND = 2
"""Cells by which lines leave the picture."""


def _fine(heated: Floats, long_px: int = _FINE_PX) -> Floats:
    """The heat with so many pixels along its long side."""
    height, width = heated.shape
    scale = long_px / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(heated, size, interpolation=how), np.float32)
