"""The Keras model of a U-Net.

Source: Ronneberger, Fischer & Brox 2015, figure 1; the sizes are in `core.architecture.unet`.
"""

from __future__ import annotations

from typing import TypeAlias

import keras

from core.architecture.plan import HEAD_DROPOUT, MOMENTUM
from core.architecture.unet import Rung, UNet, ladder
from core.models.pooling import MaxSwitches, MaxUnpooling

Tensor: TypeAlias = keras.KerasTensor


def build(
    unet: UNet,
    input_shape: tuple[int, int, int],
    classes: int,
    *,
    head_dropout: float = 0.0,
    dropout_seed: int | None = None,
) -> keras.Model:
    """Build the network; the caller seeds.

    Args:
        unet: what it is built from.
        input_shape: (height, width, channels) of a picture.
        classes: maps of the output.
        head_dropout: share of the values silenced before the output, in training.
        dropout_seed: its seed.

    Returns:
        A model from (n, H, W, C) pictures in 0..255 to (n, h, w, classes) logits; with "valid"
        convolutions h and w are smaller and belong to the middle of the picture. Its layers
        have the names of the rungs of `core.architecture.unet.ladder`.

    Raises:
        ArchitectureError: the size does not go through.
    """
    rungs = ladder(unet, input_shape[:2], input_shape[2], classes)
    inputs = keras.Input(input_shape, name="image")
    x = keras.layers.Rescaling(1 / 127.5, -1.0, name="rescale")(inputs)
    down: dict[int, Tensor] = {}
    for rung in rungs[1:-1]:
        if rung.kind == "convolution":
            x = _convolution(x, rung, unet)
        elif rung.kind == "pool":
            down[rung.level - 1] = x
            x = keras.layers.MaxPooling2D(name=rung.name)(x)
        elif rung.kind == "up":
            x = _enlarged(x, rung, unet, down[rung.level])
        else:
            x = keras.layers.Concatenate(name=rung.name)([_cropped(down, rung), x])
    x = keras.layers.Dropout(head_dropout, seed=dropout_seed, name=HEAD_DROPOUT)(x)
    return keras.Model(inputs, keras.layers.Conv2D(classes, 1, name="output")(x), name="unet")


def _convolution(x: Tensor, rung: Rung, unet: UNet) -> Tensor:
    """3 x 3, batch norm where wanted, ReLU; weights after He et al. 2015."""
    x = keras.layers.Conv2D(
        rung.channels, 3, padding=unet.padding, use_bias=not unet.norm,
        kernel_initializer="he_normal", name=rung.name,
    )(x)  # fmt: skip
    if unet.norm:
        x = keras.layers.BatchNormalization(momentum=MOMENTUM, name=f"{rung.name}_norm")(x)
    return keras.layers.ReLU(name=f"{rung.name}_relu")(x)


def _enlarged(x: Tensor, rung: Rung, unet: UNet, down: Tensor) -> Tensor:
    if unet.up == "transposed":
        layer = keras.layers.Conv2DTranspose(rung.channels, 2, strides=2, name=rung.name)
        return layer(x)
    # Before the enlargement it costs a quarter; for bilinear the result is the same.
    x = keras.layers.Conv2D(rung.channels, 1, name=f"{rung.name}_mix")(x)
    if unet.up == "bilinear":
        return keras.layers.UpSampling2D(interpolation="bilinear", name=rung.name)(x)
    marks = MaxSwitches(name=f"{rung.name}_switches")(down)
    cut = (down.shape[1] - rung.side_hw[0]) // 2, (down.shape[2] - rung.side_hw[1]) // 2
    if cut != (0, 0):
        marks = keras.layers.Cropping2D(cut, name=f"{rung.name}_switches_crop")(marks)
    return MaxUnpooling(name=rung.name)(x, marks)


def _cropped(down: dict[int, Tensor], rung: Rung) -> Tensor:
    maps = down[rung.level]
    if rung.crop_hw == (0, 0):
        return maps
    return keras.layers.Cropping2D(rung.crop_hw, name=f"{rung.name}_crop")(maps)
