"""Losses on logits and one-hot targets."""

from __future__ import annotations

from collections.abc import Callable

import keras
import tensorflow as tf

from core.training.spec import TrainingSpec

PerPicture = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""(n, classes) one-hot float32 and (n, classes) logits to (n,) losses."""


def per_picture(spec: TrainingSpec) -> PerPicture:
    """The loss of each picture; the batch's loss is their mean.

    Squared error is the mean over the classes of (softmax - target)^2 (Brier 1950, divided by
    the number of classes); hinge is the largest margin violation (Keras' categorical hinge).
    """
    smoothing = spec.label_smoothing
    if spec.loss == "crossentropy":
        loss = keras.losses.CategoricalCrossentropy(True, smoothing, reduction="none")
    elif spec.loss == "focal":
        loss = keras.losses.CategoricalFocalCrossentropy(
            from_logits=True, label_smoothing=smoothing, reduction="none"
        )
    elif spec.loss == "hinge":
        hinge = keras.losses.CategoricalHinge(reduction="none")

        def loss(target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
            return hinge(_smooth(target, smoothing), logits)
    else:
        squared = keras.losses.MeanSquaredError(reduction="none")

        def loss(target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
            return squared(_smooth(target, smoothing), tf.nn.softmax(logits))

    return loss  # type: ignore[no-any-return]


def _smooth(target: tf.Tensor, smoothing: float) -> tf.Tensor:
    classes = tf.cast(tf.shape(target)[-1], tf.float32)
    return target * (1 - smoothing) + smoothing / classes
