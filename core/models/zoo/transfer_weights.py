"""PyTorch's weights put into a Keras model of the same layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class LayersDifferError(ValueError):
    """The file's layers are not those of the model."""


def fill(model: keras.Model, state: Mapping[str, Array], epsilon: float) -> None:
    """Copy layer by layer, in the order in which both have them.

    Args:
        model: its layers with weights are convolutions, batch norms and dense ones.
        state: tensors by name; those of one layer follow each other.
        epsilon: what PyTorch's batch norm adds to the variance. Where Keras' adds another
            amount, the scale makes up for it.

    Raises:
        LayersDifferError: a layer is missing, or has another shape.
    """
    layers = [layer for layer in model.layers if layer.weights]
    groups = list(_groups(state))
    if len(layers) != len(groups):
        raise LayersDifferError(
            f"The file has {len(groups)} layers with weights, {model.name} has {len(layers)}."
        )
    for layer, (name, group) in zip(layers, groups, strict=True):
        weights = _as_keras(layer, group, epsilon)
        if [w.shape for w in weights] != [tuple(w.shape) for w in layer.weights]:
            raise LayersDifferError(f"{name} of the file does not fit into {layer.name}.")
        layer.set_weights(weights)


def _groups(state: Mapping[str, Array]) -> Iterator[tuple[str, dict[str, Array]]]:
    """Layer by layer: name, and tensors by the last part of their names."""
    grouped: dict[str, dict[str, Array]] = {}
    for name, value in state.items():
        layer, _, part = name.rpartition(".")
        if part != "num_batches_tracked":
            grouped.setdefault(layer, {})[part] = value
    yield from grouped.items()


def _as_keras(
    layer: keras.layers.Layer, group: dict[str, Array], epsilon: float
) -> list[Array]:
    if isinstance(layer, keras.layers.BatchNormalization):
        variance = group["running_var"].astype(np.float64)
        scale = np.sqrt((variance + layer.epsilon) / (variance + epsilon))
        gamma = (group["weight"] * scale).astype(np.float32)
        return [gamma, group["bias"], group["running_mean"], group["running_var"]]
    # Out, in, rows, columns -> rows, columns, in, out; depthwise has one "in" for each "out".
    depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
    order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
    weight = group["weight"]
    kernel = weight.transpose(order) if weight.ndim == 4 else weight.T
    return [kernel, *([group["bias"]] if "bias" in group else [])]
