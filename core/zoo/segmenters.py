"""Pretrained networks that say of every pixel what it belongs to.

KerasCV's SegFormer is not among them: of its presets only the encoder has weights
(`segformer_b0_imagenet`), and the layers that tell classes are random until they are trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.zoo.entry import DenseEntry

SALIENCY = "u2net-p"
"""The network that needs no hub."""

VOC_CLASSES = (
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat",
    "chair", "cow", "dining table", "dog", "horse", "motorbike", "person", "potted plant",
    "sheep", "sofa", "train", "TV or monitor",
)  # fmt: skip
"""In the order of their numbers. Source: Everingham et al. 2015, table 1."""
VOC_IGNORED = 255
"""Along the outlines in VOC's masks: neither is right or wrong there."""


class Segmenter(DenseEntry):
    """A network with learned weights that gives a map of classes.

    One whose `class_names` is a single one says how much a pixel belongs to it.
    """

    __slots__ = ()


SEGMENTERS: Mapping[str, Segmenter] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Segmenter(
                slug=SALIENCY,
                title="U2-Net-p, what stands out",
                source="package",
                call="u2net-p",
                side=320,
                takes="standard",
                parameters=1_125_485,
                class_names=("salient",),
                score="",
                paper="Qin et al. 2020",
                licence="Apache-2.0",
                numbers="",
            ),
            Segmenter(
                slug="deeplab-v3-plus-resnet50-voc",
                title="DeepLabV3+ on ResNet50V2, VOC (KerasCV)",
                source="keras-cv",
                call="deeplab_v3_plus_resnet50_pascalvoc",
                side=512,
                takes="none",
                parameters=39_191_488,
                class_names=VOC_CLASSES,
                score="mean IoU 0.639 on VOC 2012",
                paper="Chen et al. 2018",
                licence="Apache-2.0",
                numbers="KerasCV 0.9, description of the preset",
            ),
        )
    }
)
"""By slug; those that need no hub come first."""


def voc_palette(count: int = 256) -> tuple[tuple[int, int, int], ...]:
    """VOC's colours of class numbers, with which its masks are stored.

    Each bit of the number goes to red, green, blue in turn, the lowest bits to the highest of
    the colour, so that numbers next to each other look different.

    Args:
        count: how many, at most 256.

    Source: VOCdevkit, VOClabelcolormap.m, as described by Everingham et al. 2015.

    Example:
        >>> voc_palette(4)
        ((0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0))
    """
    return tuple(_colour(number) for number in range(count))


def _colour(number: int) -> tuple[int, int, int]:
    channels = [0, 0, 0]
    for bit in range(8):
        channels[bit % 3] |= (number >> bit & 1) << (7 - bit // 3)
    red, green, blue = channels
    return red, green, blue
