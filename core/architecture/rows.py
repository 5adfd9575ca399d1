"""The rows that a network is written in: one frozen model a kind, with bounds and words.

A row is what a person thinks of as one step; it can be several Keras layers (a convolution with
batch norm and activation, a residual block). The defaults must not change: links leave out what
equals them.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Activation = Literal[
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "tanh",
    "sigmoid",
]  # fmt: skip
"""Keras' names; linear is none."""
Padding = Literal["same", "valid"]
Method = Literal["max", "average"]

RARE: dict[str, Any] = {"rare": True}
"""Marks a field that an editor may keep folded away."""


class RowModel(BaseModel):
    """What all rows share.

    Every field but `kind` and `on` becomes an input of the editor: a number with bounds, a
    switch or a choice, with a title and a help text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    about: ClassVar[str]
    """One sentence for the menu of kinds."""

    on: bool = Field(default=True, title="On", description="A row that is off is passed over.")


def _kernel(default: int = 3, most: int = 11, **extra: Any) -> Any:  # noqa: ANN401
    return Field(
        default, ge=1, le=most, title="Kernel", json_schema_extra=extra or None,
        description="Rows and columns of the window.",
    )  # fmt: skip


def _stride() -> Any:  # noqa: ANN401 - what pydantic's Field gives
    return Field(
        1, ge=1, le=4, title="Stride", description="Pixels from one window to the next."
    )


def _filters() -> Any:  # noqa: ANN401
    return Field(16, ge=1, le=512, title="Filters", description="Maps that the layer gives.")


def _padding(default: Padding) -> Any:  # noqa: ANN401
    return Field(
        default,
        title="Padding",
        description="same: zeros at the border, so that stride 1 keeps the size; valid: none.",
    )


def _activation() -> Any:  # noqa: ANN401
    return Field(
        "relu", title="Activation", description="Applied to every value; linear is none."
    )


def _batch_norm(*, default: bool = False) -> Any:  # noqa: ANN401
    return Field(
        default=default,
        title="Batch norm",
        description="Normalise each channel over the batch; the run says whether before or "
        "after the activation.",
    )


def _bias() -> Any:  # noqa: ANN401
    return Field(
        default=True,
        title="Bias",
        description="One learned number added per output channel.",
        json_schema_extra=RARE,
    )


class Conv(RowModel):
    """A convolution, with batch norm and activation."""

    title = "Convolution"
    about = "Filters that slide over all channels at once."

    kind: Literal["conv"] = "conv"
    filters: int = _filters()
    kernel: int = _kernel()
    stride: int = _stride()
    padding: Padding = _padding("same")
    activation: Activation = _activation()
    batch_norm: bool = _batch_norm()
    bias: bool = _bias()
    dilation: int = Field(
        1,
        ge=1,
        le=4,
        title="Dilation",
        description="Pixels between neighbouring taps; 1 is dense.",
        json_schema_extra=RARE,
    )


class DepthwiseConv(RowModel):
    """A convolution in which every channel has filters of its own."""

    title = "Depthwise convolution"
    about = "Every channel is filtered on its own; a 1 x 1 convolution after it mixes them."

    kind: Literal["depthwise_conv"] = "depthwise_conv"
    kernel: int = _kernel()
    stride: int = _stride()
    padding: Padding = _padding("same")
    activation: Activation = _activation()
    batch_norm: bool = _batch_norm()
    bias: bool = _bias()
    multiplier: int = Field(
        1,
        ge=1,
        le=4,
        title="Multiplier",
        description="Filters, and so output maps, per channel.",
        json_schema_extra=RARE,
    )


class SeparableConv(RowModel):
    """A depthwise convolution and the 1 x 1 convolution after it, in one."""

    title = "Separable convolution"
    about = "A depthwise convolution, then a 1 x 1 convolution, with nothing between them."

    kind: Literal["separable_conv"] = "separable_conv"
    filters: int = _filters()
    kernel: int = _kernel()
    stride: int = _stride()
    padding: Padding = _padding("same")
    activation: Activation = _activation()
    batch_norm: bool = _batch_norm()
    bias: bool = _bias()


class Residual(RowModel):
    """Two convolutions whose result is added to what went in.

    Source: He et al. 2016, "Deep residual learning for image recognition", figure 2 and
    shortcut option B: a 1 x 1 convolution where the sizes differ, else nothing.
    """

    title = "Residual block"
    about = "Two convolutions, and a skip connection that adds the input to their result."

    kind: Literal["residual"] = "residual"
    filters: int = _filters()
    stride: int = _stride()
    skip: bool = Field(
        default=True,
        title="Skip",
        description="Add the input to the result. Off: two plain convolutions.",
    )
    activation: Activation = _activation()
    batch_norm: bool = _batch_norm(default=True)
    kernel: int = _kernel(most=7, **RARE)


class Pool(RowModel):
    """The maximum or the mean of each window."""

    title = "Pooling"
    about = "Keeps the maximum or the mean of each window, channel by channel."

    kind: Literal["pool"] = "pool"
    method: Method = Field("max", title="Method", description="What is kept of a window.")
    size: int = Field(
        2, ge=2, le=8, title="Size", description="Rows and columns of the window."
    )
    stride: int = Field(
        2, ge=1, le=8, title="Stride", description="Pixels from one window to the next."
    )
    padding: Padding = _padding("valid")


class BatchNorm(RowModel):
    """Batch normalisation where this row stands."""

    title = "Batch norm"
    about = "Normalises each channel over the batch, then scales and shifts it."

    kind: Literal["batch_norm"] = "batch_norm"


class LayerNorm(RowModel):
    """Layer normalisation over the last axis."""

    title = "Layer norm"
    about = "Normalises the channels of each place of each image, then scales and shifts them."

    kind: Literal["layer_norm"] = "layer_norm"


class ActivationRow(RowModel):
    """A non-linearity where this row stands."""

    title = "Activation"
    about = "A function applied to every value."

    kind: Literal["activation"] = "activation"
    function: Activation = Field("relu", title="Function", description="Keras' name of it.")


class Dropout(RowModel):
    """Dropout of single values."""

    title = "Dropout"
    about = "In training, sets a random share of the values to 0 and scales up the rest."

    kind: Literal["dropout"] = "dropout"
    rate: float = Field(
        0.25,
        ge=0,
        le=0.9,
        title="Rate",
        description="Share of the values that is set to 0.",
        json_schema_extra={"step": 0.05},
    )


class Flatten(RowModel):
    """All values in one line."""

    title = "Flatten"
    about = "Writes all values of the maps in one line, for a dense layer."

    kind: Literal["flatten"] = "flatten"


class GlobalPool(RowModel):
    """One number per channel."""

    title = "Global pooling"
    about = "One number for each channel: its mean or its maximum over all places."

    kind: Literal["global_pool"] = "global_pool"
    method: Method = Field("average", title="Method", description="What is kept of a channel.")


class Dense(RowModel):
    """A fully connected layer."""

    title = "Dense"
    about = "Every output sees every input; needs a vector."

    kind: Literal["dense"] = "dense"
    units: int = Field(64, ge=1, le=4096, title="Units", description="Numbers that it gives.")
    activation: Activation = _activation()
    batch_norm: bool = _batch_norm()
    bias: bool = _bias()


class Patches(RowModel):
    """The image cut into squares, each turned into a token.

    Source: Dosovitskiy et al. 2021, "An image is worth 16x16 words", equation 1.
    """

    title = "Patches"
    about = "Cuts the image into squares and makes each a token, a list of numbers."

    kind: Literal["patches"] = "patches"
    size: int = Field(4, ge=1, le=32, title="Size", description="Pixels along a square's side.")
    width: int = Field(32, ge=4, le=256, title="Width", description="Numbers in a token.")


class Positions(RowModel):
    """A learned vector for each place, added to the token there."""

    title = "Positions"
    about = "Adds to each token a learned vector that tells where it stands."

    kind: Literal["positions"] = "positions"


class Transformer(RowModel):
    """An encoder block: self-attention and two dense layers, each with a skip connection.

    Source: Dosovitskiy et al. 2021, equations 2 and 3 (layer norm before each part).
    """

    title = "Transformer block"
    about = "Tokens look at each other (attention), then each goes through two dense layers."

    kind: Literal["transformer"] = "transformer"
    heads: int = Field(
        4, ge=1, le=16, title="Heads", description="Attentions side by side; divides the width."
    )
    mlp_ratio: int = Field(
        2,
        ge=1,
        le=4,
        title="MLP ratio",
        description="Width of the hidden layer over the token's.",
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Dropout",
        description="Share of values set to 0 after attention and dense layers.",
        json_schema_extra={"step": 0.05},
    )


Row = Annotated[
    Conv
    | DepthwiseConv
    | SeparableConv
    | Residual
    | Pool
    | BatchNorm
    | LayerNorm
    | ActivationRow
    | Dropout
    | Flatten
    | GlobalPool
    | Dense
    | Patches
    | Positions
    | Transformer,
    Field(discriminator="kind"),
]
"""Any row; `kind` tells which."""

KINDS: dict[str, type[RowModel]] = {
    kind.model_fields["kind"].default: kind
    for kind in (
        Conv, DepthwiseConv, SeparableConv, Residual, Pool, GlobalPool, Flatten, Dense,
        ActivationRow, BatchNorm, LayerNorm, Dropout, Patches, Positions, Transformer,
    )
}  # fmt: skip
"""The kinds by name, in the order of the menu."""
