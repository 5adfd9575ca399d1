"""Settings of the network, for every page that trains one."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from core.architecture import PRESETS, Architecture, ArchitectureError, decode, encode
from core.architecture.initializers import InitializerName
from core.architecture.plan import NormOrder
from core.lessons.base import Lesson

OWN = "own"
"""What `network` says when the rows are the person's own."""
MOST_LETTERS = 4000
"""Longest text of own rows: 64 rows with every field set stay below."""


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
        description="The network as text, written by the row editor: flatten_dense-u64 is a "
        "flatten row and a dense row of 64 units.",
    )
    initializer: InitializerName = Field(
        "glorot_uniform", title="Initialiser", description="How the weights begin."
    )
    norm_order: NormOrder = Field(
        "before", title="Batch norm", description="Before or after the activation."
    )

    def built(self) -> Architecture:
        """The network's rows; of own ones that cannot be read, none (see `unreadable`)."""
        if self.network != OWN:
            return PRESETS[self.network].architecture
        try:
            return decode(self.layers)
        except ArchitectureError:
            return Architecture()

    def unreadable(self) -> str:
        """Why the text of own rows is no network; empty where it is one."""
        if self.network == OWN:
            try:
                decode(self.layers)
            except ArchitectureError as error:
                return str(error)
        return ""

    def with_architecture(self, architecture: Architecture) -> Self:
        """The same settings with this network, by its name if it has one."""
        for slug, named in PRESETS.items():
            if named.architecture == architecture:
                return self.model_copy(update={"network": slug, "layers": ""})
        return self.model_copy(update={"network": OWN, "layers": encode(architecture)})
