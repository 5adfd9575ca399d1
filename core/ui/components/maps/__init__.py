"""Filters and feature maps as small pictures, with their numbers under the pointer."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.curves import number
from core.ui.components.source import Component

FloatArray = npt.NDArray[np.floating]
Range = Literal["layer", "map"]

MOST_MAPS = 32
"""Maps of one layer that are shown unless more are asked for."""
LONGEST_SIDE = 64
"""Cells along a side that are sent; larger maps are averaged in blocks."""
MOST_CELLS = 65_536
"""Cells of one layer that are sent, 2 bytes each."""

code = Component("maps", "colour", "numbers", "axes", "planes", "tables")

_STEPS = 32767
_NO_NUMBER = -32768
_OPENED = re.compile(r"(\d{1,3}),(\d{1,4})")


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Maps of one layer.

    Attributes:
        title: such as "conv_1, feature maps".
        values: (H, W, K) numbers of any sign.
        captions: K short names, or None for "0", "1"...
    """

    title: str
    values: FloatArray
    captions: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or 0 in self.values.shape:
            raise ValueError(
                f"{self.title!r} has the shape {self.values.shape}; maps are (H, W, K), with "
                "at least one cell and one map."
            )
        if self.captions is not None and len(self.captions) != self.values.shape[2]:
            raise ValueError(
                f"{len(self.captions)} captions cannot stand for the {self.values.shape[2]} "
                f"maps of {self.title!r}."
            )


def maps(
    layers: Sequence[Layer],
    *,
    key: str,
    range_of: Range = "layer",
    most: int = MOST_MAPS,
    on_open: Callable[[], None] | None = None,
) -> None:
    """Show the maps of some layers, blue below 0 and orange above.

    Pointing, and enlarging a map, happen in the browser and outlive each call with the same
    key.

    Args:
        layers: what is shown, one strip each.
        key: the component's key.
        range_of: whether the colours span the largest number of the layer, so that maps can be
            compared, or of each map, so that faint ones are seen.
        most: largest number of maps of a layer.
        on_open: called when a map was enlarged; `opened(key, layers)` tells which.
    """
    data = maps_data(layers, range_of=range_of, most=most) | {"asks": on_open is not None}
    code.mount(key=key, data=data, on_open_change=on_open or _ignore)


def opened(key: str, layers: Sequence[Layer]) -> tuple[int, int] | None:
    """Layer and map that the browser tells in `on_open`, or None."""
    state = st.session_state.get(key)
    found = _OPENED.fullmatch(str(state.get("open"))) if state else None
    if not found:
        return None
    layer, place = int(found[1]), int(found[2])
    inside = layer < len(layers) and place < layers[layer].values.shape[2]
    return (layer, place) if inside else None


def maps_data(
    layers: Sequence[Layer], *, range_of: Range = "layer", most: int = MOST_MAPS
) -> dict[str, Any]:
    """What the browser is sent: numbers as 16-bit steps of the range, and words."""
    return {"layers": [_layer(layer, range_of, most) for layer in layers]}


def _ignore() -> None:
    """Nobody asked which map was enlarged."""


def _layer(layer: Layer, range_of: Range, most: int) -> dict[str, Any]:
    values = np.asarray(layer.values, dtype=np.float64)
    block = -(-max(values.shape[:2]) // LONGEST_SIDE)
    shown = _averaged(values, block) if block > 1 else values
    rows, columns, total = shown.shape
    count = max(min(total, most, MOST_CELLS // (rows * columns)), 1)
    shown = shown[..., :count]
    finite = np.where(np.isfinite(shown), shown, 0.0)
    limits = np.abs(finite).max(axis=(0, 1))
    if range_of == "layer":
        limits = np.full(count, limits.max())
    captions = layer.captions or [str(place) for place in range(total)]
    return {
        "title": layer.title,
        "alt": _in_words(layer),
        "note": _note(values.shape, block, count),
        "rows": rows,
        "columns": columns,
        "block": block,
        "captions": list(captions[:count]),
        "limits": [float(f"{limit:.8g}") for limit in limits.tolist()],
        "numbers": _packed(shown, limits),
        "shared": range_of == "layer",
    }


def _averaged(values: npt.NDArray[np.float64], block: int) -> npt.NDArray[np.float64]:
    """The mean of each block x block cells; blocks at the edges may be smaller."""
    rows = np.arange(0, values.shape[0], block)
    columns = np.arange(0, values.shape[1], block)
    sums = np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1)
    high = np.diff(np.append(rows, values.shape[0]))
    wide = np.diff(np.append(columns, values.shape[1]))
    means: npt.NDArray[np.float64] = sums / (high[:, None, None] * wide[None, :, None])
    return means


def _packed(values: npt.NDArray[np.float64], limits: npt.NDArray[np.float64]) -> str:
    """Base64 of int16, map after map, row by row: value / limit in 32,767 steps."""
    finite = np.isfinite(values)
    share = np.where(finite, values, 0.0) / np.where(limits == 0, 1.0, limits)
    steps = np.where(finite, np.round(share * _STEPS), _NO_NUMBER).astype("<i2")
    return base64.b64encode(np.moveaxis(steps, 2, 0).tobytes()).decode("ascii")


def _note(shape: tuple[int, ...], block: int, count: int) -> str:
    """What is left out, in words."""
    parts = []
    if count < shape[2]:
        parts.append(f"{count} of {shape[2]} maps")
    if block > 1:
        parts.append(f"each cell is the mean of {block} x {block}")
    return ", ".join(parts)


def _in_words(layer: Layer) -> str:
    values, (height, width, count) = layer.values, layer.values.shape
    finite = values[np.isfinite(values)]
    named = "map" if count == 1 else "maps"
    text = f"{layer.title}: {count} {named} of {height} x {width}"
    if not finite.size:
        return f"{text}, without a number."
    text += f", values from {number(float(finite.min()))} to {number(float(finite.max()))}"
    broken = values.size - finite.size
    return f"{text}, {broken:,} of them no number." if broken else f"{text}."
