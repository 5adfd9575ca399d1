"""The Keras model of the small detector; its sizes are in `core.architecture.detector`."""

from __future__ import annotations

import math

import keras
import numpy as np

from core.architecture.detector import BOX_NUMBERS, Detector, convolutions
from core.architecture.plan import HEAD_DROPOUT, MOMENTUM

RARE = 0.01
"""Objectness that every box begins with: of a hundred cells about one has an object. Beginning
at one half, the first steps would learn nothing but that cells are empty.

Source: Lin et al. 2017, "Focal loss for dense object detection", section 3.3.
"""


def build(
    detector: Detector,
    input_shape: tuple[int, int, int],
    classes: int,
    *,
    head_dropout: float = 0.0,
    dropout_seed: int | None = None,
) -> keras.Model:
    """Build the network; the caller seeds.

    Args:
        detector: what it is built from.
        input_shape: (height, width, channels) of a picture, as high as wide.
        classes: that are told apart.
        head_dropout: share of the values silenced before the output, in training.
        dropout_seed: its seed.

    Returns:
        A model from (n, H, W, C) pictures in 0..255 to (n, S, S, boxes x (5 + classes)) raw
        numbers, see `core.vision.yolo_head`.

    Raises:
        ArchitectureError: the side is no whole number of cells.
    """
    *body, output = convolutions(detector, input_shape[0], input_shape[2], classes)
    inputs = keras.Input(input_shape, name="image")
    x = keras.layers.Rescaling(1 / 127.5, -1.0, name="rescale")(inputs)
    for row in body:
        x = keras.layers.Conv2D(
            row.maps, 3, strides=row.step, padding="same", use_bias=not detector.norm,
            kernel_initializer="he_normal", name=row.name,
        )(x)  # fmt: skip
        if detector.norm:
            x = keras.layers.BatchNormalization(momentum=MOMENTUM, name=f"{row.name}_norm")(x)
        x = keras.layers.ReLU(name=f"{row.name}_relu")(x)
    x = keras.layers.Dropout(head_dropout, seed=dropout_seed, name=HEAD_DROPOUT)(x)
    last = keras.layers.Conv2D(output.maps, 1, name=output.name)
    model = keras.Model(inputs, last(x), name="detector")
    start(last, detector.boxes)
    return model


def start(layer: keras.layers.Conv2D, boxes: int) -> None:
    """Have every box of an output layer begin with an objectness of `RARE`."""
    bias = np.zeros((boxes, layer.filters // boxes), np.float32)
    bias[:, BOX_NUMBERS - 1] = math.log(RARE / (1 - RARE))
    layer.bias.assign(bias.ravel())
