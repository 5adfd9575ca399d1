"""Pretrained networks below a head of one's own: from raw pictures to pooled features."""

from __future__ import annotations

import gc
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.models.blocks import blocks
from core.models.zoo import load
from core.training.transfer import Pooling
from core.training.worker.classification import chunk_of, seeded
from core.zoo.entry import Pretrained
from core.zoo.registry import ZOO

QUICK = 0.9
"""Momentum of batch norm's statistics from scratch; Keras' own is 0.99."""
POOLINGS: tuple[Pooling, ...] = ("average", "max")

Shape = tuple[int, int, int]
Floats = npt.NDArray[np.float32]


class Backbone:
    """A network of the zoo without its classes, behind layers that prepare raw pictures.

    All its layers are those of Keras itself, so that a saved model needs nothing else.

    Attributes:
        input: pictures (n, H, W, C) in 0..255, as large as the data set has them.
        pooled: features (n, d) by pooling.
        blocks: names, and layers of each, from the input on.
        ends: what each block gives, by its name.
        chunk: pictures that it should be shown at once.
    """

    def __init__(
        self, slug: str, shape: Shape, side: int = 0, *, seed: int | None = None
    ) -> None:
        """Load it; with a seed its weights are drawn anew instead.

        Args:
            slug: of the zoo.
            shape: of the raw pictures.
            side: that the network is shown, 0 for its own.
            seed: of random weights.

        Raises:
            ZooError: its hub cannot be reached.
            AssetError: its file is not on this machine.
        """
        entry = ZOO[slug]
        network = load(slug, include_top=False)
        network = keras.Model(network.input, network.output)
        side = side or entry.side
        if seed is not None or side != entry.side:
            with seeded(seed or 0):
                again = keras.models.clone_model(network, keras.Input((side, side, 3)))
            if seed is None:
                again.set_weights(network.get_weights())
            else:
                _hurry(again)
            network = again
        layers = [la for la in network.layers if not isinstance(la, keras.layers.InputLayer)]
        self.blocks = blocks(layers)
        ends = [group[-1].output for _, group in self.blocks]
        inner = keras.Model(network.input, [*ends, network.output])
        self.input = keras.Input(shape, name="pictures")
        # Called by its graph and not as a layer: the model that is saved is then a flat one.
        *ends, top = inner.call(_prepared(self.input, entry, side))
        self.ends = {name: end for (name, _), end in zip(self.blocks, ends, strict=True)}
        self.pooled = {
            "average": keras.layers.GlobalAveragePooling2D(name="pooled_average")(top),
            "max": keras.layers.GlobalMaxPooling2D(name="pooled_max")(top),
        }
        self._whole = keras.Model(self.input, [*ends, *self.pooled.values()])
        self.chunk = chunk_of(self._whole)
        self._see = tf.function(
            lambda pictures: self._whole(pictures, training=False),
            input_signature=[tf.TensorSpec((None, *shape), tf.float32)],
        )

    def see(self, pictures: tf.Tensor) -> list[Floats]:
        """What it makes of pictures: the end of each block, then the two kinds of features.

        Args:
            pictures: (n, H, W, C) float32 in 0..255, at most `chunk`.
        """
        return [output.numpy() for output in self._see(pictures)]

    def features(self, pictures: tf.Tensor) -> Floats:
        """Both kinds of pooled features: (2, n, d), in the order of `POOLINGS`."""
        return np.stack([output.numpy() for output in self._see(pictures)[-len(POOLINGS) :]])

    def behead(self) -> None:
        """Let go of the heads that stood on it."""
        for pooled in self.pooled.values():
            pooled._keras_history.operation._outbound_nodes.clear()

    def open(self, count: int) -> None:
        """Have the uppermost blocks learnt, and no others."""
        closed = max(len(self.blocks) - count, 0)
        for place, (_, layers) in enumerate(self.blocks):
            for layer in layers:
                layer.trainable = place >= closed


def _hurry(network: keras.Model) -> None:
    """Have batch norm's statistics follow in some tens of steps instead of some hundreds.

    A few hundred pictures give no more steps; judged by statistics that lag behind, the
    network would seem to guess while it has learnt.
    """
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = QUICK


def _prepared(pictures: Any, entry: Pretrained, side: int) -> Any:  # noqa: ANN401 - Keras tensors
    """Raw pictures as the network was trained to take them."""
    given = pictures
    if given.shape[-1] == 1:
        given = keras.layers.Concatenate(name="grey_to_rgb")([given, given, given])
    if tuple(given.shape[1:3]) != (side, side):
        given = keras.layers.Resizing(side, side, name="resize")(given)
    wanted = entry.preprocessing
    if wanted.bgr:
        given = keras.ops.flip(given, axis=-1)
    scale = [1 / deviation for deviation in wanted.deviation]
    offset = [
        -mean / deviation for mean, deviation in zip(wanted.mean, wanted.deviation, strict=True)
    ]
    return keras.layers.Rescaling(scale, offset, name="preprocess")(given)


_kept: dict[tuple[str, Shape, int], Backbone] = {}


def borrowed(slug: str, shape: Shape, side: int = 0) -> Backbone:
    """The network with its published weights, which stay as they are; the last one is kept."""
    if (slug, shape, side) not in _kept:
        _kept.clear()
        gc.collect()
        _kept[slug, shape, side] = Backbone(slug, shape, side)
    backbone = _kept[slug, shape, side]
    backbone.behead()
    backbone.open(0)
    return backbone


def taken(slug: str, shape: Shape, side: int = 0) -> Backbone:
    """The same for whoever changes its weights: it is kept no longer."""
    backbone = borrowed(slug, shape, side)
    del _kept[slug, shape, side]
    return backbone
