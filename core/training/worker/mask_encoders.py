"""A pretrained encoder with a small decoder that learns masks from few pictures."""

from __future__ import annotations

import keras
import tensorflow as tf

from core.architecture.deeplab import ENCODER, HIGH, LOW, shown_side
from core.models.deeplab import decode
from core.training.segmentation import SegmentationSpec
from core.training.worker.backbones import taken
from core.training.worker.classification import seeded
from core.training.worker.mask_networks import MaskNetwork, Shape

_SHOWN = ("context", "outlines", "head")
"""Of the decoder, by what their ReLU lets through."""


def encoded(spec: SegmentationSpec, shape: Shape, classes: int) -> MaskNetwork:
    """EfficientNet-Lite0 with ImageNet's weights up to `HIGH`, and the decoder.

    Learnt or not, the encoder is called as in inference: its batch norms go on with the means
    and variances of ImageNet, which a few batches of a few pictures would only spoil.

    Raises:
        AssetError: the encoder's file is not on this machine.
    """
    backbone = taken(ENCODER, shape, shown_side(shape[:2]))
    names = [name for name, _ in backbone.blocks]
    used = backbone.blocks[: names.index(HIGH) + 1]
    backbone.open(0 if spec.encoder_frozen else len(names))
    low, high = backbone.ends[LOW], backbone.ends[HIGH]
    with seeded(spec.seed):
        logits = decode(
            low, high, shape[:2], classes,
            head_dropout=spec.dropout, dropout_seed=spec.seed,
        )  # fmt: skip
    model = keras.Model(backbone.input, logits, name="deeplab")
    encoder = keras.Model(backbone.input, [low, high])
    decoder = keras.Model([low, high], logits)
    own = [(layer.name, [layer]) for layer in decoder.layers if layer.trainable_variables]
    trainable, layers = _learnt([*used, *own])
    shown = {name: backbone.ends[name] for name, _ in used}
    shown |= {name: model.get_layer(f"{name}_relu").output for name in _SHOWN}
    shown["output"] = logits

    def learning(pictures: tf.Tensor) -> tf.Tensor:
        return decoder(encoder(pictures, training=False), training=True)

    return MaskNetwork(model, trainable, layers, [*shown], [*shown.values()], learning)


def _learnt(
    named: list[tuple[str, list[keras.layers.Layer]]],
) -> tuple[list[keras.Variable], list[tuple[str, list[int]]]]:
    """What is trainable in groups of layers, and where each group's part is."""
    trainable: list[keras.Variable] = []
    layers = []
    for name, group in named:
        variables = [variable for layer in group for variable in layer.trainable_variables]
        if variables:
            first = len(trainable)
            layers.append((name, list(range(first, first + len(variables)))))
            trainable += variables
    return trainable, layers
