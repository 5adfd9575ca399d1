"""How an image is to be classified."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.zoo.entry import Pretrained
from core.zoo.preprocessing import PREPROCESSINGS, Preprocessing
from core.zoo.registry import DEFAULT, ZOO

RIGHT = "right"
"""The preprocessing that the network was trained with."""


class ClassifySpec(BaseModel):
    """Settings of one classification; hashable, so a key of caches with an image's digest.

    Attributes:
        network: slug of a classifier of `core.zoo`.
        fit: how the image becomes a square: a crop from the middle, squashed, or filled up.
        scaling: slug of a preprocessing, or "right" for the network's own.
        temperature: logits are divided by it before softmax; 1 is the network as it was
            trained.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: str = DEFAULT
    fit: Literal["crop", "squash", "pad"] = "crop"
    scaling: str = RIGHT
    temperature: float = Field(1.0, ge=0.05, le=20)

    @field_validator("network")
    @classmethod
    def _known_classifier(cls, slug: str) -> str:
        if slug not in ZOO:
            raise ValueError(f"there is no network {slug!r}. Try {DEFAULT}.")
        if not ZOO[slug].classes:
            raise ValueError(f"{ZOO[slug].title} gives no classes. Try {DEFAULT}.")
        return slug

    @field_validator("scaling")
    @classmethod
    def _known_scaling(cls, slug: str) -> str:
        if slug not in (RIGHT, *PREPROCESSINGS):
            known = ", ".join((RIGHT, *PREPROCESSINGS))
            raise ValueError(f"there is no preprocessing {slug!r}. Use one of {known}.")
        return slug

    @property
    def entry(self) -> Pretrained:
        """The network."""
        return ZOO[self.network]

    @property
    def preprocessing(self) -> Preprocessing:
        """What the pixels go through."""
        if self.scaling == RIGHT:
            return self.entry.preprocessing
        return PREPROCESSINGS[self.scaling]

    @property
    def is_right(self) -> bool:
        """Whether the network is given what it was trained on."""
        return self.preprocessing == self.entry.preprocessing
