"""All pretrained networks that the pages offer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.zoo.entry import Pretrained
from core.zoo.keras_applications import KERAS_APPLICATIONS
from core.zoo.presets import PRESETS

DEFAULT = "efficientnet-lite0"
"""The network that every installation has."""

_PACKAGED = (
    Pretrained(
        slug="efficientnet-lite0",
        title="EfficientNet-Lite0",
        source="package",
        call="efficientnet-lite0",
        side=224,
        takes="lite",
        parameters=4_694_024,
        top1=75.1,
        top5=None,
        depth=None,
        paper="Tan & Le 2019; TensorFlow 2020, EfficientNet-Lite",
        licence="Apache-2.0",
        numbers="tensorflow/tpu, EfficientNet-lite",
    ),
    Pretrained(
        slug="mobilenet-v2",
        title="MobileNetV2 (torchvision)",
        source="package",
        call="mobilenet-v2",
        # Odd: there Keras pads strided convolutions as torchvision does.
        side=225,
        takes="standard",
        parameters=3_538_984,
        top1=71.9,
        top5=90.3,
        depth=105,
        paper="Sandler et al. 2018",
        licence="BSD-3-Clause",
        numbers="torchvision, MobileNet_V2_Weights.IMAGENET1K_V1, at 224 pixels",
    ),
)

ZOO: Mapping[str, Pretrained] = MappingProxyType(
    {entry.slug: entry for entry in (*_PACKAGED, *KERAS_APPLICATIONS, *PRESETS)}
)
"""By slug; those that need no hub come first."""
