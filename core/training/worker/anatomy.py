"""A backbone's blocks as numbers."""

from __future__ import annotations

import math

import keras

from core.models.blocks import blocks
from core.models.zoo import load
from core.training.worker.answers import plainly


@plainly
def anatomy(slug: str) -> list[tuple[str, int, int, tuple[int, int], int, int]]:
    """Name, learnable parameters, statistics, feature maps and their numbers of each block.

    Args:
        slug: of the zoo.
    """
    network = load(slug, include_top=False)
    layers = [la for la in network.layers if not isinstance(la, keras.layers.InputLayer)]
    rows = []
    for name, group in blocks(layers):
        for layer in group:
            layer.trainable = True
        learnt = sum(_count(layer.trainable_weights) for layer in group)
        rest = sum(_count(layer.weights) for layer in group) - learnt
        height, width, channels = group[-1].output.shape[1:]
        values = sum(math.prod(layer.output.shape[1:]) for layer in group)
        rows.append((name, learnt, rest, (height, width), channels, values))
    return rows


def _count(weights: list[keras.Variable]) -> int:
    return sum(
        weight.value.shape.num_elements() for weight in weights if weight.dtype[0] == "f"
    )
