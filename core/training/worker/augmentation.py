"""Random changes of training pictures, by Keras' own layers."""

from __future__ import annotations

import keras

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
