"""The decoder of a small DeepLabV3+, of Keras' own layers alone.

KerasCV's `DeepLabV3Plus` gives the same numbers with the same weights (the tests compare), but
holds its backbone as one layer and needs KerasCV to be loaded again. This one is flat: every
layer can be looked into, and a saved model needs nothing but Keras.

Source: Chen et al. 2018, figure 2; Chen et al. 2017, figure 5 (the pyramid).
"""

from __future__ import annotations

from typing import TypeAlias

import keras

from core.architecture.deeplab import (
    CONTEXT,
    DILATIONS,
    HEAD,
    HIGH_STRIDE,
    LOW_STRIDE,
    OUTLINES,
)
from core.architecture.plan import HEAD_DROPOUT, MOMENTUM

Tensor: TypeAlias = keras.KerasTensor


def decode(
    low: Tensor,
    high: Tensor,
    size_hw: tuple[int, int],
    classes: int,
    *,
    head_dropout: float = 0.0,
    dropout_seed: int | None = None,
) -> Tensor:
    """From an encoder's maps to logits; the caller seeds.

    Args:
        low: (n, s / 2, s / 2, a) maps of an early block.
        high: (n, s / 16, s / 16, b) maps of a late block.
        size_hw: height and width of the pictures.
        classes: maps of the output.
        head_dropout: share of the values silenced before the output, in training.
        dropout_seed: its seed.

    Returns:
        (n, height, width, classes) logits.
    """
    x = _pyramid(high)
    x = keras.layers.UpSampling2D(
        HIGH_STRIDE // LOW_STRIDE, interpolation="bilinear", name="up_0"
    )(x)
    outlines = _convolution(low, OUTLINES, 1, "outlines")
    x = keras.layers.Concatenate(name="skip_0")([outlines, x])
    x = _convolution(x, HEAD, 3, "head")
    x = keras.layers.Dropout(head_dropout, seed=dropout_seed, name=HEAD_DROPOUT)(x)
    # Before the enlargement it costs a quarter; for bilinear the result is the same.
    x = keras.layers.Conv2D(classes, 1, name="classes")(x)
    if (low.shape[1] * LOW_STRIDE, low.shape[2] * LOW_STRIDE) == tuple(size_hw):
        return keras.layers.UpSampling2D(LOW_STRIDE, interpolation="bilinear", name="output")(x)
    return keras.layers.Resizing(*size_hw, interpolation="bilinear", name="output")(x)


def _pyramid(x: Tensor) -> Tensor:
    """The same maps seen in several widths at once, mixed into `CONTEXT` maps."""
    near = _convolution(x, CONTEXT, 1, "pyramid_1")
    wide = [_convolution(x, CONTEXT, 3, f"pyramid_{rate}", rate) for rate in DILATIONS]
    whole = keras.layers.GlobalAveragePooling2D(keepdims=True, name="pyramid_mean")(x)
    whole = _convolution(whole, CONTEXT, 1, "pyramid_whole")
    whole = keras.layers.UpSampling2D(x.shape[1:3], name="pyramid_spread")(whole)
    x = keras.layers.Concatenate(name="pyramid")([near, *wide, whole])
    return _convolution(x, CONTEXT, 1, "context")


def _convolution(x: Tensor, maps: int, kernel: int, name: str, dilation: int = 1) -> Tensor:
    """With batch norm and ReLU; weights after He et al. 2015."""
    x = keras.layers.Conv2D(
        maps, kernel, padding="same", dilation_rate=dilation, use_bias=False,
        kernel_initializer="he_normal", name=name,
    )(x)  # fmt: skip
    x = keras.layers.BatchNormalization(momentum=MOMENTUM, name=f"{name}_norm")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)
