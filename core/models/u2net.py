"""U2-Net-p: a U of U's that finds what stands out in a picture.

Source: Qin et al. 2020, "U2-Net: Going deeper with nested U-structure for salient object
detection", figure 5 and table 1 (the small model, 1.13 million parameters).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import keras

from core.models.zoo.onnx_weights import Floats

SIDE = 320
"""Height and width of its input, in pixels."""
WIDTH, INNER = 64, 16
"""Channels between the blocks, and inside of them."""

# Levels of each block from the top down; 0 is the block that dilates instead of pooling.
_ENCODER = (7, 6, 5, 4, 0, 0)
_DECODER = (0, 4, 5, 6, 7)

Tensor: TypeAlias = keras.KerasTensor


class WeightsDifferError(ValueError):
    """The file's convolutions are not those of the network."""


def build() -> keras.Model:
    """The network with random weights, batch norms multiplied into the convolutions.

    Returns:
        A model from (n, 320, 320, 3) float32 to (n, 320, 320, 1), 0 to 1.
    """
    given = keras.Input((SIDE, SIDE, 3), name="picture")
    x, skips = given, []
    for level, depth in enumerate(_ENCODER, start=1):
        if level > 1:
            x = _halved(x)
        x = _block(x, depth, f"encoder{level}")
        skips.append(x)
    deepest = skips.pop()
    ends = [deepest]
    for level, depth in zip(range(len(skips), 0, -1), _DECODER, strict=True):
        x = keras.layers.Concatenate()([_doubled(x), skips.pop()])
        x = _block(x, depth, f"decoder{level}")
        ends.append(x)
    # Every level draws a map of its own; the topmost first.
    maps = [
        _enlarged(_convolution(end, 1, name=f"side{level}"), 2 ** (level - 1))
        for level, end in enumerate(reversed(ends), start=1)
    ]
    fused = keras.layers.Conv2D(1, 1, name="fused")(keras.layers.Concatenate()(maps))
    return keras.Model(given, keras.layers.Activation("sigmoid")(fused), name="u2net_p")


def fill(model: keras.Model, weights: Sequence[tuple[Floats, Floats]]) -> None:
    """Copy weights into the network.

    Args:
        model: as `build` gives it.
        weights: kernel and bias of each convolution, in the order in which they are computed.

    Raises:
        WeightsDifferError: one is missing or has another shape.
    """
    layers = [layer for layer in model.layers if layer.weights]
    order = sorted(layers, key=_place)
    if len(order) != len(weights):
        raise WeightsDifferError(
            f"The file has {len(weights)} convolutions, {model.name} has {len(order)}."
        )
    for layer, (kernel, bias) in zip(order, weights, strict=True):
        if layer.kernel.shape != kernel.shape or layer.bias.shape != bias.shape:
            raise WeightsDifferError(
                f"{layer.name} has a kernel {tuple(layer.kernel.shape)}, the file's next one "
                f"is {kernel.shape}."
            )
        layer.set_weights([kernel, bias])


def _place(layer: keras.layers.Layer) -> tuple[int, str]:
    """Where a convolution comes in the file: block by block, then the maps, then their sum."""
    stage = ("encoder", "decoder", "side", "fused")
    found = next(i for i, name in enumerate(stage) if layer.name.startswith(name))
    level = int("".join(c for c in layer.name.split("_")[0] if c.isdigit()) or 0)
    level = -level if found == 1 else level  # the decoder begins at the bottom
    step = int(layer.name.rpartition("_")[2]) if "_" in layer.name else 0
    return (found * 10_000 + level * 100 + step, layer.name)


def _block(x: Tensor, depth: int, name: str) -> Tensor:
    """A small U around a short cut: down by pooling or dilation, and up again."""
    steps = iter(range(100))

    def convolve(y: Tensor, channels: int, dilation: int = 1) -> Tensor:
        y = _convolution(y, channels, dilation, f"{name}_{next(steps):02d}")
        return keras.layers.ReLU()(y)

    entry = convolve(x, WIDTH)
    y, skips = entry, []
    rates = [1, 2, 4, 8] if depth == 0 else [1] * (depth - 1) + [2]
    for level, rate in enumerate(rates):
        if 0 < level < depth - 1:
            y = _halved(y)
        y = convolve(y, INNER, rate)
        skips.append(y)
    skips.pop()
    while skips:
        skip = skips.pop()
        if y.shape[1] != skip.shape[1]:
            y = _doubled(y)
        channels = INNER if skips else WIDTH
        y = convolve(keras.layers.Concatenate()([y, skip]), channels, rates[len(skips)])
    return keras.layers.Add()([y, entry])


def _convolution(x: Tensor, channels: int, dilation: int = 1, name: str = "") -> Tensor:
    layer = keras.layers.Conv2D(channels, 3, padding="same", dilation_rate=dilation, name=name)
    return layer(x)


def _halved(x: Tensor) -> Tensor:
    return keras.layers.MaxPooling2D()(x)


def _doubled(x: Tensor) -> Tensor:
    return _enlarged(x, 2)


def _enlarged(x: Tensor, factor: int) -> Tensor:
    if factor == 1:
        return x
    return keras.layers.UpSampling2D(factor, interpolation="bilinear")(x)
