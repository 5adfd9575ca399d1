"""Losses of maps: logits and one-hot targets, pixel by pixel and class by class.

Source: Milletari et al. 2016, V-Net, section 3 (Dice of probabilities; there with squares in
the denominator, here without, as Sudre et al. 2017 have it); Lin et al. 2017, equation 4.
"""

from __future__ import annotations

import tensorflow as tf

from core.training.segmentation import FOCUS, MaskLoss

SMOOTH = 1.0
"""Added to both sides of Dice's fraction: a class that is not in the batch costs nothing."""


def per_pixel(kind: MaskLoss, target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """(n, h, w) cross-entropy or focal loss.

    Args:
        kind: "focal", or anything else for cross-entropy.
        target: (n, h, w, classes) one-hot.
        logits: the same shape.
    """
    loss = tf.nn.softmax_cross_entropy_with_logits(target, logits)
    if kind != "focal":
        return loss
    right = tf.reduce_sum(target * tf.nn.softmax(logits), axis=-1)
    return (1 - right) ** FOCUS * loss


def dice_loss(
    target: tf.Tensor, logits: tf.Tensor, axes: tuple[int, ...] = (0, 1, 2)
) -> tf.Tensor:
    """1 less the mean over the classes of Dice.

    Args:
        target: (n, h, w, classes) one-hot.
        logits: the same shape.
        axes: what is counted together: the whole batch, or (1, 2) each picture by itself.

    Returns:
        Scalar, or (n,).
    """
    shares = tf.nn.softmax(logits)
    both = tf.reduce_sum(target * shares, axis=axes)
    sizes = tf.reduce_sum(target + shares, axis=axes)
    return 1 - tf.reduce_mean((2 * both + SMOOTH) / (sizes + SMOOTH), axis=-1)


def mask_loss(kind: MaskLoss, target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """What a step makes small: a scalar of the batch.

    Args:
        kind: see `SegmentationSpec`.
        target: (n, h, w, classes) one-hot.
        logits: the same shape.
    """
    return _loss(kind, target, logits, (0, 1, 2))


def picture_losses(kind: MaskLoss, target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """(n,) the loss of each picture, as if it were a batch by itself; see `mask_loss`."""
    return _loss(kind, target, logits, (1, 2))


def _loss(
    kind: MaskLoss, target: tf.Tensor, logits: tf.Tensor, axes: tuple[int, ...]
) -> tf.Tensor:
    if kind == "dice":
        return dice_loss(target, logits, axes)
    loss = tf.reduce_mean(per_pixel(kind, target, logits), axis=axes)
    return loss + dice_loss(target, logits, axes) if kind == "both" else loss
