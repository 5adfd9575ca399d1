"""YOLOv3-tiny: seven steps down to a grid of 13 x 13 cells, and half a step back up to 26 x 26.

Source: Redmon & Farhadi 2018, "YOLOv3: An incremental improvement"; the layers are those of
Darknet's yolov3-tiny.cfg.
"""

from __future__ import annotations

from typing import TypeAlias

import keras

from core.models.zoo.darknet_weights import DarknetFile, WeightStream

SIDE = 416
"""Height and width of the input that the weights were trained for, in pixels; any multiple of
32 works."""
CLASSES = 80
"""Of COCO."""
ANCHORS_A_CELL = 3
EPSILON = 1e-5
"""Added to the variance of batch norm. Source: Darknet's blas_kernels.cu."""
SLOPE = 0.1
"""Of leaky ReLU below zero."""

Tensor: TypeAlias = keras.KerasTensor

WITH_NORM = (
    "conv1", "conv2", "conv3", "conv4", "conv5", "conv6", "conv7",
    "coarse_1x1", "coarse_3x3",
)  # fmt: skip
ORDER = (*WITH_NORM, "coarse", "fine_1x1", "fine_3x3", "fine")
"""Convolutions in the order in which Darknet's file has them."""
MAPS = ("coarse", "fine")
"""The two that give boxes; they have a bias and no batch norm."""


def build(side: int | None = SIDE, classes: int = CLASSES) -> keras.Model:
    """The network with random weights.

    Args:
        side: height and width of its input, in pixels, a multiple of 32; None for any.
        classes: how many it tells apart.

    Returns:
        A model from (n, side, side, 3) float32 RGB, 0 to 1, to two raw maps: (n, side / 32,
        side / 32, 3 (5 + classes)) for large objects and (n, side / 16, side / 16,
        3 (5 + classes)) for smaller ones. `core.vision.yolo_head` says what they mean.

    Raises:
        ValueError: the side is no multiple of 32.
    """
    if side is not None and (side < 32 or side % 32):
        raise ValueError(f"A side of {side} pixels cannot be halved five times. Try {SIDE}.")
    depth = ANCHORS_A_CELL * (5 + classes)
    picture = keras.Input((side, side, 3), name="picture")
    x = picture
    for number, filters in enumerate((16, 32, 64, 128, 256), start=1):
        x = skip = _convolution(x, filters, 3, f"conv{number}")
        x = keras.layers.MaxPooling2D(2, name=f"pool{number}")(x)
    x = _convolution(x, 512, 3, "conv6")
    # Darknet's pooling of size 2 and stride 1 pads right and below, as "same" does here.
    x = keras.layers.MaxPooling2D(2, strides=1, padding="same", name="pool6")(x)
    x = _convolution(x, 1024, 3, "conv7")
    shared = _convolution(x, 256, 1, "coarse_1x1")
    x = _convolution(shared, 512, 3, "coarse_3x3")
    coarse = keras.layers.Conv2D(depth, 1, name="coarse")(x)
    x = _convolution(shared, 128, 1, "fine_1x1")
    x = keras.layers.UpSampling2D(2, name="up")(x)
    x = keras.layers.Concatenate(name="joined")([x, skip])
    x = _convolution(x, 256, 3, "fine_3x3")
    fine = keras.layers.Conv2D(depth, 1, name="fine")(x)
    return keras.Model(picture, [coarse, fine], name="yolov3_tiny")


def fill(model: keras.Model, file: DarknetFile) -> None:
    """Copy Darknet's weights into the network.

    Args:
        model: as `build` gives it.
        file: of the same network; for 416 pixels and 80 classes 8,858,734 numbers.

    Raises:
        DarknetError: the file has more or fewer numbers than the network, or odd ones.

    Source: Darknet's parser.c, `load_convolutional_weights`: bias (that of batch norm, where
    there is one), gamma, mean, variance, then the kernel as (out, in, height, width).
    """
    stream = WeightStream(file.numbers)
    for name in ORDER:
        layer = model.get_layer(name)
        height, width, inside, outside = layer.kernel.shape
        bias = stream.take((outside,), name)
        statistics = None
        if name not in MAPS:
            statistics = [stream.take((outside,), f"{name}'s batch norm") for _ in range(3)]
        kernel = stream.take((outside, inside, height, width), name).transpose(2, 3, 1, 0)
        if statistics is None:
            layer.set_weights([kernel, bias])
        else:
            gamma, mean, variance = statistics
            layer.set_weights([kernel])
            model.get_layer(f"{name}_norm").set_weights([gamma, bias, mean, variance])
    stream.finish()


def _convolution(x: Tensor, filters: int, size: int, name: str) -> Tensor:
    """Convolution, batch norm, leaky ReLU; the convolution needs no bias before a norm."""
    x = keras.layers.Conv2D(filters, size, padding="same", use_bias=False, name=name)(x)
    x = keras.layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_norm")(x)
    return keras.layers.LeakyReLU(negative_slope=SLOPE, name=f"{name}_leaky")(x)
