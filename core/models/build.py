"""A Keras model from the rows of an architecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from core.architecture.network import Architecture
from core.architecture.plan import POSITIONS, Argument, LayerCall, Made, NormOrder, plan
from core.models.positions import Positions


def build(
    architecture: Architecture,
    input_shape: tuple[int, int, int],
    classes: int,
    *,
    norm_order: NormOrder = "before",
    initializer: str = "glorot_uniform",
    head_dropout: float = 0.0,
    dropout_seed: int | None = None,
    augmentation: Sequence[keras.layers.Layer] = (),
) -> keras.Model:
    """Build the network with the functional API; the caller seeds (`set_random_seed`).

    Args:
        architecture: the rows between input and output.
        input_shape: (height, width, channels) of an image.
        classes: number of logits.
        norm_order: batch norm of a row before or after its activation.
        initializer: slug of `core.architecture.initializers.INITIALIZERS`.
        head_dropout: rate of the layer of that name, which always stands before the output.
        dropout_seed: its seed; with one, all weights begin as they do without dropout.
        augmentation: layers that change raw images and do nothing outside of training.

    Returns:
        A model from (n, H, W, C) images in 0..255 to (n, classes) logits. Its layers are named
        after the rows: `conv_1`, `conv_1_norm`, `residual_2_conv_1`, `output`.

    Raises:
        ArchitectureError: the network does not fit; the message names the row.
    """
    calls = plan(
        architecture,
        input_shape,
        classes,
        norm_order=norm_order,
        initializer=initializer,
        head_dropout=head_dropout,
        dropout_seed=dropout_seed,
    )
    inputs = keras.Input(input_shape, name="image")
    augmented = inputs
    for layer in augmentation:
        augmented = layer(augmented)
    tensors = {"x": augmented}
    for call in calls:
        tensors[call.output] = _applied(call, [tensors[name] for name in call.inputs])
    return keras.Model(inputs, tensors["x"], name="network")


def _applied(call: LayerCall, given: list[Any]) -> Any:  # noqa: ANN401 - Keras tensors
    if not call.layer:
        return given[0]
    layer = _layer(call)
    return layer(given) if call.layer == "Add" else layer(*given)


def _layer(call: LayerCall) -> keras.layers.Layer:
    kind = Positions if call.layer == POSITIONS else getattr(keras.layers, call.layer)
    named = {name: _value(argument) for name, argument in call.named}
    return kind(*call.given, **named, name=call.name)


def _value(argument: Argument) -> object:
    if isinstance(argument, Made):
        return getattr(keras.initializers, argument.name)(**dict(argument.arguments))
    return argument
