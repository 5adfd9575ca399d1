"""Questions of `core.training.mask_answers`, answered where the models are."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.training.worker.answers import Answer, kept, plainly

Pixels = npt.NDArray[np.uint8]


@plainly
def masks(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """The likeliest class of every pixel, and how likely it is.

    Args:
        digest: the model's fingerprint.
        content: the model, or None where it should be known.
        pictures: (n, H, W, C) uint8.

    Returns:
        Whether the model is known, and (n, h, w) uint8 and float32.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    if len(model.model.output_shape) != 4:
        raise ValueError(
            "This model gives one class for each picture and none for its pixels. Use the "
            "model of a U-Net's run."
        )
    shares = tf.nn.softmax(model.logits(pictures)).numpy()
    return True, (shares.argmax(-1).astype(np.uint8), shares.max(-1))


@plainly
def silenced(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """The masks where one skip connection carries zeros, each in turn.

    Args:
        digest: the model's fingerprint.
        content: the model, or None where it should be known.
        pictures: (n, H, W, C) uint8.

    Returns:
        Whether the model is known, and (n, h, w) uint8 for each skip by its name, the topmost
        first.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    skips = [la.name for la in model.model.layers if isinstance(la, keras.layers.Concatenate)]
    found = {}
    for name in sorted(skip for skip in skips if skip.startswith("skip_")):
        if name not in model.further:
            model.further[name] = _without(model.model, name)
        shares = model.further[name].predict(pictures, batch_size=model.chunk, verbose=0)
        found[name] = shares.argmax(-1).astype(np.uint8)
    return True, found


def _without(model: keras.Model, skip: str) -> keras.Model:
    """The same layers with the same weights; what comes down that skip is zeros."""

    def call(layer: keras.Layer, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - tensors
        if layer.name == skip:
            down, up = given[0]
            given = ([keras.ops.zeros_like(down), up], *given[1:])
        return layer(*given, **named)

    return keras.models.clone_model(
        model, clone_function=lambda layer: layer, call_function=call
    )
