"""Questions of `core.insight`, answered where the models are."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.training.worker.answers import Answer, Kept, kept, plainly

Pixels = npt.NDArray[np.uint8]


@plainly
def grad_cam(
    digest: str, content: bytes | None, picture: Pixels, label: int, layer: str
) -> Answer:
    """The weighted sum of a layer's maps, before it is cut at 0, and the probabilities.

    Args:
        digest: the model's fingerprint.
        content: the model, or None where it should be known.
        picture: (H, W, C) uint8.
        label: the class, or -1 for the likeliest.
        layer: whose maps; empty for the last that has some.

    Returns:
        Whether the model is known, and sum (h, w), probabilities, class and layer.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    name = layer or last_with_maps(model.model)
    ask = _compiled(model, f"grad_cam {name}", lambda: _weighted(model.model, name))
    heat, logits = ask(tf.constant(picture[None], tf.float32), tf.constant(label))
    likeliest = int(tf.argmax(logits))
    shares = tf.nn.softmax(logits).numpy()
    return True, (heat.numpy(), shares, likeliest if label < 0 else label, name)


@plainly
def features(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """What the last layer is given of each picture: (n, d)."""
    if (model := kept(digest, content)) is None:
        return False, None
    ask = _compiled(model, "features", lambda: _before_the_last(model.model))
    parts = [
        ask(tf.constant(pictures[at : at + model.chunk], tf.float32)).numpy()
        for at in range(0, len(pictures), model.chunk)
    ]
    return True, np.concatenate(parts)


@plainly
def points(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """What the last layer is given of each picture (n, d), and probabilities (n, classes)."""
    if (model := kept(digest, content)) is None:
        return False, None
    ask = _compiled(model, "points", lambda: _around_the_last(model.model))
    parts = [
        ask(tf.constant(pictures[at : at + model.chunk], tf.float32))
        for at in range(0, len(pictures), model.chunk)
    ]
    features, logits = (tf.concat(part, 0) for part in zip(*parts, strict=True))
    return True, (features.numpy(), tf.nn.softmax(logits).numpy())


@plainly
def map_layers(digest: str, content: bytes | None) -> Answer:
    """Name, height, width and number of maps of each layer worth asking about."""
    if (model := kept(digest, content)) is None:
        return False, None
    names = [name for name in model.names if _has_maps(model.model.get_layer(name))]
    with contextlib.suppress(ValueError):  # a network without maps
        if (last := last_with_maps(model.model)) not in names:
            names.append(last)
    return True, [(name, *model.model.get_layer(name).output.shape[1:]) for name in names]


def last_with_maps(model: keras.Model) -> str:
    """Name of the last layer that gives feature maps of more than one pixel.

    Raises:
        ValueError: there is none.
    """
    for layer in reversed(model.layers):
        if _has_maps(layer):
            return str(layer.name)
    raise ValueError(
        "This network has no feature maps: where it looks is told for convolutions alone. Use "
        "a network with a convolution."
    )


def _has_maps(layer: keras.layers.Layer) -> bool:
    shape: list[int] = list(getattr(layer.output, "shape", ()))
    return len(shape) == 4 and shape[1] * shape[2] > 1 and _computes(layer)


def _computes(layer: keras.layers.Layer) -> bool:
    return not isinstance(layer, keras.layers.InputLayer | keras.layers.Rescaling)


def _compiled(model: Kept, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401
    if name not in model.further:
        model.further[name] = make()
    return model.further[name]


def _weighted(model: keras.Model, layer: str) -> Any:  # noqa: ANN401 - a compiled function
    inner = keras.Model(model.input, [model.get_layer(layer).output, model.output])

    def ask(picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(picture)  # otherwise nothing is recorded below a frozen layer
            maps, logits = inner(picture, training=False)
            label = tf.where(label < 0, tf.argmax(logits[0], output_type=tf.int32), label)
            logit = logits[0, label]
        weights = tf.reduce_mean(tape.gradient(logit, maps), axis=(1, 2), keepdims=True)
        return tf.reduce_sum(weights * maps, axis=-1)[0], logits[0]

    signature = [
        tf.TensorSpec((1, *model.input_shape[1:]), tf.float32),
        tf.TensorSpec((), tf.int32),
    ]
    return tf.function(ask, input_signature=signature)


def _around_the_last(model: keras.Model) -> Any:  # noqa: ANN401 - a compiled function
    inner = keras.Model(model.input, [model.layers[-1].input, model.output])
    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    return tf.function(lambda given: inner(given, training=False), input_signature=signature)


def _before_the_last(model: keras.Model) -> Any:  # noqa: ANN401 - a compiled function
    inner = keras.Model(model.input, model.layers[-1].input)
    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    return tf.function(lambda given: inner(given, training=False), input_signature=signature)
