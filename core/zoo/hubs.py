"""Where weights are that no package carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.zoo.entry import Source


@dataclass(frozen=True, slots=True)
class Hub:
    """A server of weights.

    Attributes:
        title: whose it is.
        address: what is asked to find out whether there is a way to it.
    """

    title: str
    address: str


HUBS: Mapping[Source, Hub] = MappingProxyType(
    {
        "keras": Hub(
            "Keras' hub",
            "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/"
            "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        ),
        "keras-cv": Hub("Kaggle", "https://www.kaggle.com/models/keras/efficientnetv2"),
    }
)
"""By the source of an entry of the zoo."""
