"""Which function changes the pictures for a kind of step."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from core.augment.steps.base import Filling, Library, StepModel, Values, Warp

Pictures = npt.NDArray[np.float32]

QUICKER: frozenset[str] = frozenset({"hue", "saturation"})
"""What OpenCV does as the layers do, to a hundredth of a level, in a quarter of their time."""


def library(name: Library) -> ModuleType:
    """The functions of a library; imported at first need (KerasCV takes two seconds)."""
    return importlib.import_module(f"core.augment.worker.by_{name}")


def change(step: StepModel, pictures: Pictures, values: Sequence[Values]) -> Pictures:
    """The pictures, changed as was drawn for each; boxes and masks are others' business.

    Args:
        step: a step that neither mixes nor is made of others, and bends nothing.
        pictures: (n, H, W, C) float32, 0 to 255.
        values: what was drawn for each of them.
    """
    name: str = step.kind  # type: ignore[attr-defined]
    home: Library = "opencv" if name in QUICKER else step.library
    functions = library(home)
    if isinstance(step, Warp) and not hasattr(functions, name):
        return warp(step, pictures, values)
    function: Callable[..., Any] = getattr(functions, name)
    if home == "opencv":
        made = [function(one, **drawn) for one, drawn in zip(pictures, values, strict=True)]
        return np.stack(made).astype(np.float32, copy=False)
    named = (
        dict(zip(("fill", "fill_value"), step.outside, strict=True))
        if isinstance(step, Filling)
        else {}
    )
    return np.asarray(function(pictures, **stacked(values), **named), np.float32)


def warp(
    step: Warp, pictures: Pictures, values: Sequence[Values], *, classes: bool = False
) -> Pictures:
    """The pictures under the projective maps that were drawn for them.

    Args:
        step: which maps.
        pictures: (n, H, W, C) float32.
        values: what was drawn for each of them.
        classes: whether they are masks: nothing is blended, and outside is class 0.
    """
    height, width = pictures.shape[1:3]
    fill, level = step.outside
    maps = matrices(step, values, height, width)
    if not classes and fill != "wrap":
        quick = library("opencv").warp
        return np.stack(
            [quick(one, map_, fill, level) for one, map_ in zip(pictures, maps, strict=True)]
        )
    moved = library("keras").warp(
        pictures,
        maps,
        fill,
        0.0 if classes else level,
        "nearest" if classes else "bilinear",
    )
    return np.asarray(moved, np.float32)


def matrices(
    step: Warp, values: Sequence[Values], height: int, width: int
) -> npt.NDArray[np.float64]:
    """(n, 3, 3) maps from the new pictures to the old ones."""
    return np.stack([step.matrix(height, width, **drawn) for drawn in values])


def stacked(values: Sequence[Values]) -> dict[str, npt.NDArray[Any]]:
    """(n, ...) numbers for each value: float32, or int32 for whole numbers."""
    together = {name: np.stack([drawn[name] for drawn in values]) for name in values[0]}
    return {
        name: numbers.astype(np.int32 if numbers.dtype.kind == "i" else np.float32)
        for name, numbers in together.items()
    }
