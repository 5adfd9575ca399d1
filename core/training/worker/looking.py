"""Layers that are worth seeing, and what they give as pictures."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from core.models.blocks import named_blocks


def as_list(outputs: Any) -> list[Any]:  # noqa: ANN401 - one tensor or several
    """What a model gives, as a list also where it has one output."""
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def shown_layers(model: keras.Model) -> tuple[list[str], list[Any]]:
    """Layers with a picture or a vector worth seeing: not those that only reshape.

    Of a pretrained backbone, whose layers' names tell its blocks, the last one of each block.
    """
    passed = (keras.layers.InputLayer, keras.layers.Rescaling, keras.layers.Dropout)
    shown = [
        layer
        for layer in model.layers
        if not isinstance(layer, (*passed, keras.layers.Flatten, keras.layers.Reshape))
        and hasattr(layer.output, "shape")
    ]
    spatial = [layer for layer in shown if len(layer.output.shape) == 4]
    if ends := [group[-1] for _, group in named_blocks(spatial)]:
        shown = ends + [layer for layer in shown if len(layer.output.shape) != 4]
    return [layer.name for layer in shown], [layer.output for layer in shown]


def as_maps(value: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """One picture's activation as (H, W, K): a vector becomes a row of one map."""
    if value.ndim == 3:
        return value
    if value.ndim == 2:  # (tokens, width) of a transformer
        return value.T[:, :, None]
    return value[None, :, None]
