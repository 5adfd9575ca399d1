"""Questions of `core.training.mask_answers`, answered where the models are."""

from __future__ import annotations

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
