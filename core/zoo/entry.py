"""What is known of a pretrained network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.zoo.preprocessing import PREPROCESSINGS, Preprocessing


class ZooError(ValueError):
    """A network that cannot be had; the message says why and what works."""


Source = Literal["package", "keras", "keras-cv"]
"""A file of `core.assets`, `keras.applications`, or a preset of KerasCV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A network with learned weights.

    Attributes:
        slug: its name in settings and links.
        title: its name on the screen.
        source: what builds it and where its weights are.
        call: the asset, the function of `keras.applications`, or KerasCV's preset.
        side: height and width at which it is asked, in pixels.
        takes: slug of the preprocessing that it was trained with.
        parameters: all weights, statistics of batch norm included.
        paper: author and year.
        licence: of the weights.
        numbers: who published how good it is.
    """

    slug: str
    title: str
    source: Source
    call: str
    side: int
    takes: str
    parameters: int
    paper: str
    licence: str
    numbers: str

    @property
    def preprocessing(self) -> Preprocessing:
        """What its pixels have to be."""
        return PREPROCESSINGS[self.takes]

    @property
    def size_mb(self) -> float:
        """Its weights in megabytes, four bytes each."""
        return self.parameters * 4 / 1e6

    @property
    def needs_a_hub(self) -> bool:
        """Whether its weights are on a hub of their own and not on the package index."""
        return self.source != "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained(Entry):
    """A network with weights learned on ImageNet.

    Attributes:
        top1: published accuracy on ImageNet's validation set, in percent; None if unknown.
        top5: how often the class is among the five likeliest, in percent.
        depth: layers as Keras counts them: with batch norm, activations and so on.
        classes: whether it ends in ImageNet's 1,000 classes; otherwise in feature maps.
    """

    top1: float | None
    top5: float | None
    depth: int | None
    classes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseEntry(Entry):
    """A network that says where something is, in masks or boxes.

    Attributes:
        class_names: in the order of its numbers.
        score: what was published of it, as a few words; empty where nothing was.
    """

    class_names: tuple[str, ...]
    score: str
