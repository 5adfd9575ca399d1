"""The networks that learn masks, with what the loop has to know of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from core.models.unet import build
from core.training.segmentation import SegmentationSpec
from core.training.worker.classification import layers_with_weights, seeded

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class MaskNetwork:
    """A network from pictures to logits.

    Attributes:
        model: of Keras, with everything.
        trainable: those of its weights that are learnt.
        layers: name, and places in `trainable`, of each layer or block that has some.
        shown: names of the layers whose activations are shown.
        outputs: what these give, as Keras' graph has it.
        learning: logits of pictures in training mode.
    """

    model: keras.Model
    trainable: list[keras.Variable]
    layers: list[tuple[str, list[int]]]
    shown: list[str]
    outputs: list[Any]
    learning: Callable[[tf.Tensor], tf.Tensor]


def network_of(spec: SegmentationSpec, shape: Shape, classes: int) -> MaskNetwork:
    """Build it; the same seed gives the same weights.

    Args:
        spec: of the run.
        shape: of a picture.
        classes: maps of the output.

    Raises:
        AssetError: the pretrained encoder's file is not on this machine.
    """
    if spec.encoder == "lite0":
        # KerasCV comes with it, which a U-Net need not wait for.
        from core.training.worker.mask_encoders import encoded

        return encoded(spec, shape, classes)
    with seeded(spec.seed):
        model = build(
            spec.unet, shape, classes, head_dropout=spec.dropout, dropout_seed=spec.seed
        )
    shown, outputs = _rungs(model)
    return MaskNetwork(
        model, model.trainable_variables, layers_with_weights(model), shown, outputs,
        lambda pictures: model(pictures, training=True),
    )  # fmt: skip


def _rungs(model: keras.Model) -> tuple[list[str], list[Any]]:
    """Every rung of the ladder by its name; of a convolution what its ReLU lets through."""
    layers = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.ReLU | keras.layers.MaxPooling2D)
        or layer.name == "output"
        or (layer.name.startswith("up_") and layer.name.count("_") == 1)
    ]
    names = [layer.name.removesuffix("_relu") for layer in layers]
    return names, [layer.output for layer in layers]
