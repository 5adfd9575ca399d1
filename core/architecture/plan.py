"""The Keras layers that a network becomes, as data: model and code come from this one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Literal

from core.architecture.counting import Shape
from core.architecture.initializers import INITIALIZERS
from core.architecture.network import Architecture, ArchitectureError
from core.architecture.rows import (
    ActivationRow,
    BatchNorm,
    Conv,
    Dense,
    DepthwiseConv,
    Dropout,
    Flatten,
    GlobalPool,
    LayerNorm,
    Patches,
    Pool,
    Positions,
    Residual,
    RowModel,
    SeparableConv,
    Transformer,
)
from core.architecture.trace import INPUT, OUTPUT, check

NormOrder = Literal["before", "after"]

RESCALE, HEAD_DROPOUT = "rescale", "head_dropout"
MOMENTUM = 0.9
"""Of batch norm's running statistics. Keras' 0.99 needs hundreds of steps to forget its start,
which short trainings do not have."""
POSITIONS = "Positions"
"""The one layer that Keras has not; `core.models.positions` has it."""
_X, _SHORTCUT, _KERNEL = "x", "shortcut", "kernel_initializer"


@dataclass(frozen=True, slots=True)
class Made:
    """An initialiser that has no name in Keras, made anew for each layer.

    Attributes:
        name: of the class in `keras.initializers`.
        arguments: given by name.
    """

    name: str
    arguments: tuple[tuple[str, float], ...]


Argument = bool | int | float | str | tuple[int, ...] | Made


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One layer and what it is called on.

    Attributes:
        layer: class in `keras.layers`, or `Positions`; empty where the output is but another
            name of the input.
        name: the layer's name in the model.
        given: arguments by place.
        named: arguments by name; what equals Keras' default is left out.
        inputs: variables that it is called on.
        output: variable that takes the result.
        row: name of the row that it belongs to.
    """

    layer: str
    name: str
    given: tuple[Argument, ...] = ()
    named: tuple[tuple[str, Argument], ...] = ()
    inputs: tuple[str, ...] = (_X,)
    output: str = _X
    row: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """What a run decides for all layers.

    Attributes:
        norm_order: where the batch norm of a row stands: before or after its activation.
        initializer: slug of `INITIALIZERS`.
    """

    norm_order: NormOrder = "before"
    initializer: str = "glorot_uniform"

    def __post_init__(self) -> None:
        if self.initializer not in INITIALIZERS:
            known = ", ".join(INITIALIZERS)
            raise ArchitectureError(
                f"{self.initializer!r} is no initialiser. There are {known}."
            )

    def begin(self, *names: str) -> dict[str, Argument]:
        """Arguments that set the initialiser; none for Keras' default."""
        entry = next(e for slug, e in INITIALIZERS.items() if slug == self.initializer)
        if entry.slug == "glorot_uniform":
            return {}
        if entry.stddev is None:
            return dict.fromkeys(names, entry.slug)
        made = Made("RandomNormal", (("stddev", entry.stddev),))
        return dict.fromkeys(names, made)


def plan(
    architecture: Architecture,
    input_shape: tuple[int, int, int],
    classes: int,
    *,
    norm_order: NormOrder = "before",
    initializer: str = "glorot_uniform",
    head_dropout: float = 0.0,
    dropout_seed: int | None = None,
) -> tuple[LayerCall, ...]:
    """All layers behind the input, in the order in which they are made.

    Args:
        architecture: the rows between input and output.
        input_shape: (height, width, channels) of an image.
        classes: outputs of the last layer.
        norm_order: batch norm of a row before or after its activation.
        initializer: slug of `INITIALIZERS`; every kernel begins so.
        head_dropout: rate of the dropout layer before the output, which always stands there.
        dropout_seed: its seed. Without one it draws one where the rate is not 0, and the output
            layer's weights then begin otherwise than without dropout.

    Raises:
        ArchitectureError: the network does not fit, or there is no such initialiser.
    """
    traced = check(architecture, input_shape, classes)
    style = Style(norm_order, initializer)
    calls = [LayerCall("Rescaling", RESCALE, (1 / 255,), row=INPUT)]
    for row, before, after in zip(architecture.rows, traced, traced[1:], strict=False):
        if row.on:
            calls += layers(row, after.name, before.shape or (), style)
    seed: dict[str, Argument] = {} if dropout_seed is None else {"seed": dropout_seed}
    head = LayerCall("Dropout", HEAD_DROPOUT, (head_dropout,), _named(seed), row=OUTPUT)
    calls.append(head)
    calls.append(
        LayerCall("Dense", OUTPUT, (classes,), _named(style.begin(_KERNEL)), row=OUTPUT)
    )
    return tuple(calls)


@singledispatch
def layers(row: RowModel, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    """The layers of one row.

    Args:
        row: one that is on.
        name: of the row; its layers are named after it.
        shape: of its input, without the batch.
        style: what the run decides.
    """
    raise TypeError(f"{type(row).__name__} has no layers")


# Convolutions


@layers.register
def _conv(row: Conv, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    thinned = _thinned(row.stride, name, name) if row.kernel == 1 else []
    yield from thinned
    named = {} if thinned else _window(row.stride, row.padding)
    if row.dilation > 1:
        named["dilation_rate"] = row.dilation
    named |= _biased(row.bias) | style.begin(_KERNEL)
    yield from _normed("Conv2D", (row.filters, row.kernel), named, row, name, style)


@layers.register
def _depthwise_conv(
    row: DepthwiseConv, name: str, shape: Shape, style: Style
) -> Iterator[LayerCall]:
    named = _window(row.stride, row.padding)
    if row.multiplier > 1:
        named["depth_multiplier"] = row.multiplier
    named |= _biased(row.bias) | style.begin("depthwise_initializer")
    yield from _normed("DepthwiseConv2D", (row.kernel,), named, row, name, style)


@layers.register
def _separable_conv(
    row: SeparableConv, name: str, shape: Shape, style: Style
) -> Iterator[LayerCall]:
    named = _window(row.stride, row.padding) | _biased(row.bias)
    named |= style.begin("depthwise_initializer", "pointwise_initializer")
    yield from _normed("SeparableConv2D", (row.filters, row.kernel), named, row, name, style)


@layers.register
def _residual(row: Residual, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    if row.skip:
        yield from _shortcut(row, name, shape, style)
    yield _residual_conv(row, name, 1, style)
    yield from _norm_and_activation(row, name, style, "_1")
    yield _residual_conv(row, name, 2, style)
    last = list(_norm_and_activation(row, name, style, "_2"))
    if row.skip:
        # The sum comes before the activation, and so behind a norm only if that does too.
        place = int(row.batch_norm and style.norm_order == "before")
        last.insert(place, _add(f"{name}_add", name))
    yield from last


def _shortcut(row: Residual, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    if row.stride == 1 and shape[2] == row.filters:
        yield _kept(name)
        return
    thinned = _thinned(row.stride, f"{name}_skip", name)
    yield from (replace(call, output=_SHORTCUT) for call in thinned)
    named = _biased(not row.batch_norm) | style.begin(_KERNEL)
    source = _SHORTCUT if thinned else _X
    yield LayerCall(
        "Conv2D", f"{name}_skip", (row.filters, 1), _named(named), (source,), _SHORTCUT, name
    )
    if row.batch_norm:
        norm = _norm(f"{name}_skip_norm", name)
        yield replace(norm, inputs=(_SHORTCUT,), output=_SHORTCUT)


def _residual_conv(row: Residual, name: str, number: int, style: Style) -> LayerCall:
    stride = row.stride if number == 1 else 1
    named = _window(stride, "same") | _biased(not row.batch_norm) | style.begin(_KERNEL)
    given = (row.filters, row.kernel)
    return LayerCall("Conv2D", f"{name}_conv_{number}", given, _named(named), row=name)


# Pooling and reshaping


@layers.register
def _pool(row: Pool, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    layer = {"max": "MaxPooling2D", "average": "AveragePooling2D"}[row.method]
    named: dict[str, Argument] = {} if row.stride == row.size else {"strides": row.stride}
    if row.padding != "valid":
        named["padding"] = row.padding
    yield LayerCall(layer, name, (row.size,), _named(named), row=name)


@layers.register
def _global_pool(row: GlobalPool, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    word = {"max": "Max", "average": "Average"}[row.method]
    yield LayerCall(f"Global{word}Pooling{len(shape) - 1}D", name, row=name)


@layers.register
def _flatten(row: Flatten, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    yield LayerCall("Flatten", name, row=name)


# Norms, activations, dropout


@layers.register
def _batch_norm(row: BatchNorm, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    yield _norm(name, name)


@layers.register
def _layer_norm(row: LayerNorm, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    yield LayerCall("LayerNormalization", name, row=name)


@layers.register
def _activation(
    row: ActivationRow, name: str, shape: Shape, style: Style
) -> Iterator[LayerCall]:
    yield LayerCall("Activation", name, (row.function,), row=name)


@layers.register
def _dropout(row: Dropout, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    yield LayerCall("Dropout", name, (row.rate,), row=name)


# Dense


@layers.register
def _dense(row: Dense, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    named = _biased(row.bias) | style.begin(_KERNEL)
    yield from _normed("Dense", (row.units,), named, row, name, style)


# The vision transformer


@layers.register
def _patches(row: Patches, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    named = {"strides": row.size} | style.begin(_KERNEL)
    yield LayerCall("Conv2D", name, (row.width, row.size), _named(named), row=name)
    yield LayerCall("Reshape", f"{name}_tokens", ((-1, row.width),), row=name)


@layers.register
def _positions(row: Positions, name: str, shape: Shape, style: Style) -> Iterator[LayerCall]:
    yield LayerCall(POSITIONS, name, row=name)


@layers.register
def _transformer(
    row: Transformer, name: str, shape: Shape, style: Style
) -> Iterator[LayerCall]:
    width = shape[1]
    begin = _named(style.begin(_KERNEL))
    yield _kept(name)
    yield LayerCall("LayerNormalization", f"{name}_norm_1", row=name)
    attention = LayerCall(
        "MultiHeadAttention", f"{name}_attention", (row.heads, width // row.heads), begin
    )
    yield replace(attention, inputs=(_X, _X), row=name)
    yield from _dropped(row, f"{name}_dropout_1", name)
    yield _add(f"{name}_add_1", name)
    yield _kept(name)
    yield LayerCall("LayerNormalization", f"{name}_norm_2", row=name)
    wide = (("activation", "gelu"), *begin)
    yield LayerCall("Dense", f"{name}_mlp_1", (row.mlp_ratio * width,), wide, row=name)
    yield LayerCall("Dense", f"{name}_mlp_2", (width,), begin, row=name)
    yield from _dropped(row, f"{name}_dropout_2", name)
    yield _add(f"{name}_add_2", name)


def _dropped(row: Transformer, name: str, row_name: str) -> Iterator[LayerCall]:
    if row.dropout:
        yield LayerCall("Dropout", name, (row.dropout,), row=row_name)


# What rows share


def _normed(
    layer: str,
    given: tuple[int, ...],
    named: dict[str, Argument],
    row: Conv | DepthwiseConv | SeparableConv | Dense,
    name: str,
    style: Style,
) -> Iterator[LayerCall]:
    """A layer with its activation in it, or with norm and activation behind it."""
    if not row.batch_norm:
        own = {} if row.activation == "linear" else {"activation": row.activation}
        yield LayerCall(layer, name, given, _named(own | named), row=name)
        return
    yield LayerCall(layer, name, given, _named(named), row=name)
    yield from _norm_and_activation(row, name, style)


def _norm_and_activation(
    row: Conv | DepthwiseConv | SeparableConv | Dense | Residual,
    name: str,
    style: Style,
    suffix: str = "",
) -> Iterator[LayerCall]:
    """Both as layers, in the run's order."""
    both = []
    if row.batch_norm:
        both.append(_norm(f"{name}_norm{suffix}", name))
    if row.activation != "linear":
        activation = f"{name}_activation{suffix}"
        both.append(LayerCall("Activation", activation, (row.activation,), row=name))
    yield from both if style.norm_order == "before" else reversed(both)


def _norm(name: str, row: str) -> LayerCall:
    return LayerCall("BatchNormalization", name, named=(("momentum", MOMENTUM),), row=row)


def _kept(row: str) -> LayerCall:
    """No layer: the input gets a second name, so that it can be added later."""
    return LayerCall("", "", output=_SHORTCUT, row=row)


def _add(name: str, row: str) -> LayerCall:
    return LayerCall("Add", name, inputs=(_X, _SHORTCUT), row=row)


def _thinned(stride: int, name: str, row: str) -> list[LayerCall]:
    """What takes the stride of a 1x1 convolution out of it: every second pixel comes first.

    The numbers are those of the convolution with the stride in it. That one's gradient kills
    the process with TensorFlow 2.21 on a CPU (oneDNN) where the batch is odd and the channels
    are no multiple of 16.
    """
    if stride == 1:
        return []
    named = _named({"strides": stride})
    return [LayerCall("MaxPooling2D", f"{name}_every_{stride}", (1,), named, row=row)]


def _window(stride: int, padding: str) -> dict[str, Argument]:
    strides: dict[str, Argument] = {"strides": stride} if stride > 1 else {}
    return strides | ({"padding": padding} if padding != "valid" else {})


def _biased(bias: bool) -> dict[str, Argument]:
    return {} if bias else {"use_bias": False}


def _named(arguments: Mapping[str, Argument]) -> tuple[tuple[str, Argument], ...]:
    return tuple(arguments.items())
