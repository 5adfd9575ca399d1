"""The blocks that a backbone is made of, from the names or the sizes of its layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import keras

FEWEST, MOST = 4, 40
"""Blocks from which on, and up to which, the layers' names are taken for it."""
STEM, TOP = "stem", "top"

_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<block>block\d+[a-z])_",  # EfficientNet: block2a_expand_conv
        r"(?P<block>conv\d+_block\d+)_",  # ResNet, DenseNet: conv2_block1_1_conv
        r"(?P<block>stage_\d+_block_\d+)_",  # ConvNeXt: convnext_tiny_stage_0_block_1_...
        r"(?P<block>stack\d+_block\d+)_",  # KerasCV's ResNets
        r"(?P<block>(?:block|expanded_conv)_\d+)_",  # MobileNetV2, MobileNetV3
        r"(?P<block>expanded_conv)_",
        r"(?P<block>block\d+)_",  # VGG, Xception: block1_conv1
        r"conv_[dp]w_(?P<block>\d+)",  # MobileNet: conv_dw_1
    )
)

Block = tuple[str, list[keras.layers.Layer]]


def blocks(layers: Sequence[keras.layers.Layer]) -> list[Block]:
    """Layers in groups, from the input on; each layer is in one of them.

    Residual blocks as the layers' names tell them, what comes before as the stem and what
    comes behind as the top. Networks whose names tell none are cut where the feature maps
    become smaller.

    Args:
        layers: of a backbone, in their order, without its input.
    """
    return named_blocks(layers) or _by_size(layers)


def named_blocks(layers: Sequence[keras.layers.Layer]) -> list[Block]:
    """The same where the layers' names tell enough blocks and not too many; else nothing."""
    named = _by_name(layers)
    return named if FEWEST <= len(named) <= MOST else []


def _by_name(layers: Sequence[keras.layers.Layer]) -> list[Block]:
    own = [_name(layer.name) for layer in layers]
    known = [place for place, name in enumerate(own) if name]
    if not known:
        return []
    found: dict[str, list[keras.layers.Layer]] = {}
    current = STEM
    for place, (layer, name) in enumerate(zip(layers, own, strict=True)):
        current = TOP if place > known[-1] else name or current
        found.setdefault(current, []).append(layer)
    return list(found.items())


def _name(layer: str) -> str:
    for pattern in _NAMES:
        if match := pattern.search(layer):
            return match["block"]
    return ""


def _by_size(layers: Sequence[keras.layers.Layer]) -> list[Block]:
    """Runs of layers whose feature maps have the same height and width."""
    grouped = groupby(layers, key=_size)
    found: dict[str, list[keras.layers.Layer]] = {}
    for size, group in grouped:
        found.setdefault(" x ".join(map(str, size)), []).extend(group)
    return list(found.items())


def _size(layer: keras.layers.Layer) -> tuple[int, ...]:
    shape = tuple(layer.output.shape[1:-1])
    if any(side is None for side in shape):
        return ()
    return shape
