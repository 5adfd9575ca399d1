"""Settings of the network, for every page that trains one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.architecture import PRESETS, Architecture, ArchitectureError, decode
from core.architecture.initializers import InitializerName
from core.architecture.plan import NormOrder
from core.lessons.base import Lesson

OWN = "own"
"""What `network` says when the rows are the person's own."""
MOST_LETTERS = 2000
"""Longest text of own rows."""


class ArchitectureFields(Lesson):
    """Which network, and how it begins."""

    network: Literal[
        "lenet", "logistic", "dense", "two-conv", "vgg", "resnet", "resnet-plain",
        "mobilenet", "vit", "own",
    ] = Field(
        "lenet",
        title="Network",
        description="A named network, or own: the rows that you put together below, under "
        "Network.",
    )  # fmt: skip
    layers: str = Field(
        "",
        max_length=MOST_LETTERS,
        title="Own rows",
        description="The rows as text, as the row editor writes them.",
    )
    initializer: InitializerName = Field(
        "glorot_uniform", title="Initialiser", description="How the weights begin."
    )  # fmt: skip
    norm_order: NormOrder = Field(
        "before", title="Batch norm", description="Before or after the activation."
    )

    def built(self) -> Architecture:
        """The network's rows; of own ones that cannot be read, none."""
        if self.network != OWN:
            return PRESETS[self.network].architecture
        try:
            return decode(self.layers)
        except ArchitectureError:
            return Architecture()
