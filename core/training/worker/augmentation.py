"""Random changes of training pictures: by Keras' own layers, and by a pipeline of steps."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.augment.spec import PipelineSpec
from core.augment.worker.pipeline import apply
from core.training.spec import LARGEST_SHIFT, LARGEST_TURN, LARGEST_ZOOM, Augmentation


def layers_of(kind: Augmentation, strength: float, seed: int) -> list[keras.layers.Layer]:
    """The layers that change a batch of pictures (n, H, W, C), in their order.

    The seeds are given one by one, so that the draws do not depend on the network.
    """
    wanted = ("shift", "rotate", "zoom", "flip") if kind == "all" else (kind,)
    layers: list[keras.layers.Layer] = []
    if "shift" in wanted:
        share = LARGEST_SHIFT * strength
        layers.append(keras.layers.RandomTranslation(share, share, "nearest", seed=seed))
    if "rotate" in wanted:
        layers.append(
            keras.layers.RandomRotation(LARGEST_TURN * strength, "nearest", seed=seed + 1)
        )
    if "zoom" in wanted:
        layers.append(
            keras.layers.RandomZoom(LARGEST_ZOOM * strength, fill_mode="nearest", seed=seed + 2)
        )
    if "flip" in wanted and strength > 0:
        layers.append(keras.layers.RandomFlip("horizontal", seed=seed + 3))
    return layers


class PipelineDraws:
    """A pipeline between the batch and the network; each picture of a run is drawn anew."""

    def __init__(self, pipeline: PipelineSpec, seed: int) -> None:
        self._pipeline = pipeline
        self._seed = seed
        self._seen = 0

    def __call__(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The batch after the pipeline; as it is where there are no steps.

        Args:
            pictures: (n, H, W, C) float32 in 0..255.
            target: (n, classes) float32.
        """
        if not self._pipeline.active:
            return pictures, target
        drawn, shares = tf.numpy_function(self._draw, [pictures], (tf.float32, tf.float32))
        drawn.set_shape(pictures.shape)
        shares.set_shape((None, None))
        return drawn, tf.matmul(shares, target)

    def _draw(self, pictures: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], ...]:
        """Pictures, and how much each has of each label; a single one is not mixed."""
        spec = self._pipeline
        if len(pictures) < 2:
            alone = [step for step in spec.steps if step.label != "mixed"]
            spec = spec.model_copy(update={"steps": tuple(alone)})
        first, self._seen = self._seen, self._seen + len(pictures)
        made = apply(pictures, spec, self._seed, first=first)
        return np.asarray(made.images, np.float32), made.shares
