"""What one row makes of its input: output shape, parameters, cost, and the arithmetic in words.

Shapes are without the batch: (height, width, channels) maps, (tokens, width) tokens, (n,)
vectors. Multiply-adds are those of convolutions, dense layers and attention; norms, activations
and pooling, which cost little beside them, are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from math import prod

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
from core.arithmetic.geometry import output_size, same_padding, span
from core.arithmetic.wording import counted

Shape = tuple[int, ...]


class MisfitError(ValueError):
    """A row cannot take the shape that reaches it; the message says what would work."""


@dataclass(frozen=True, slots=True)
class Count:
    """Something counted, and how.

    Attributes:
        value: the number.
        text: the arithmetic with its result, `(5 x 5 x 1 + 1) x 6 = 156`; empty where there is
            nothing to count.
    """

    value: int = 0
    text: str = ""


NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Measure:
    """What one row does.

    Attributes:
        shape: of the output, without the batch.
        trainable: parameters that training changes.
        fixed: parameters that it does not (the running statistics of batch norm).
        arithmetic: how the parameters add up.
        cost: multiply-adds for one image.
        values: numbers that the row's layers give for one image, which training keeps for the
            backward pass.
        note: what is worth knowing, though it works; may be empty.
    """

    shape: Shape
    trainable: int = 0
    fixed: int = 0
    arithmetic: str = ""
    cost: Count = NOTHING
    values: int = 0
    note: str = ""


def in_words(shape: Shape) -> str:
    """A shape as text.

    Example:
        >>> in_words((28, 28, 6)), in_words((49, 32)), in_words((120,))
        ('28 x 28 x 6', '49 tokens of 32', '120')
    """
    if len(shape) == 2:
        return f"{counted(shape[0], 'token')} of {shape[1]}"
    return times(*shape)


def times(*numbers: int) -> str:
    """The factors of a product.

    Example:
        >>> times(5, 5, 1200)
        '5 x 5 x 1,200'
    """
    return " x ".join(f"{number:,}" for number in numbers)


@singledispatch
def measure(row: RowModel, shape: Shape) -> Measure:
    """What a row makes of an input of this shape.

    Raises:
        MisfitError: the row cannot take it.
    """
    raise TypeError(f"{type(row).__name__} is not measured")


# Convolutions


@measure.register
def _conv(row: Conv, shape: Shape) -> Measure:
    _need_maps("A convolution", shape)
    if row.stride > 1 and row.dilation > 1:
        raise MisfitError(
            f"Stride {row.stride} and dilation {row.dilation}: TensorFlow allows only one of "
            "them above 1. Set the other to 1."
        )
    height, width = _window_hw(row, shape, row.dilation)
    weights = _weights((row.kernel, row.kernel, shape[2]), row.filters, row.bias)
    cost = _product((height, width, row.filters), (row.kernel, row.kernel, shape[2]))
    note = _left_over(shape, row.kernel, row.stride, row.padding, row.dilation)
    measured = _normed((height, width, row.filters), [weights], [cost], row, note)
    if row.kernel == 1 and row.stride > 1:  # its pixels are a layer of their own: see plan.py
        kept = prod((height, width, shape[2]))
        measured = replace(measured, values=measured.values + kept)
    return measured


@measure.register
def _depthwise_conv(row: DepthwiseConv, shape: Shape) -> Measure:
    _need_maps("A depthwise convolution", shape)
    if row.multiplier == 1:
        _refuse_one_weight(row.kernel, shape)
    height, width = _window_hw(row, shape)
    maps = shape[2] * row.multiplier
    weights = _weights((row.kernel, row.kernel), maps, row.bias)
    cost = _product((height, width, maps), (row.kernel, row.kernel))
    note = _left_over(shape, row.kernel, row.stride, row.padding)
    return _normed((height, width, maps), [weights], [cost], row, note)


@measure.register
def _separable_conv(row: SeparableConv, shape: Shape) -> Measure:
    _need_maps("A separable convolution", shape)
    _refuse_one_weight(row.kernel, shape)
    height, width = _window_hw(row, shape)
    taps = (row.kernel, row.kernel)
    weights = [
        _weights(taps, shape[2], bias=False),
        _weights((shape[2],), row.filters, row.bias),
    ]
    cost = [
        _product((height, width, shape[2]), taps),
        _product((height, width, row.filters), (shape[2],)),
    ]
    note = _left_over(shape, row.kernel, row.stride, row.padding)
    return _normed((height, width, row.filters), weights, cost, row, note)


@measure.register
def _residual(row: Residual, shape: Shape) -> Measure:
    _need_maps("A residual block", shape)
    height, width = (-(-size // row.stride) for size in shape[:2])
    maps, taps, bias = (
        (height, width, row.filters),
        (row.kernel, row.kernel),
        not row.batch_norm,
    )
    weights = [
        _weights((*taps, shape[2]), row.filters, bias),
        _weights((*taps, row.filters), row.filters, bias),
    ]
    cost = [_product(maps, (*taps, shape[2])), _product(maps, (*taps, row.filters))]
    layers = 2
    if projected := row.skip and maps != shape:
        weights.append(_weights((1, 1, shape[2]), row.filters, bias))
        cost.append(_product(maps, (1, 1, shape[2])))
        layers = 3
    norms = layers if row.batch_norm else 0
    activations = 2 if row.activation != "linear" else 0
    values = (layers + norms + activations + row.skip) * prod(maps)
    if projected and row.stride > 1:  # the pixels that it takes are a layer of their own
        values += height * width * shape[2]
    note = ""
    if projected:
        note = (
            f"The sizes differ ({in_words(shape)}, {in_words(maps)}): the skip connection goes "
            "through a 1 x 1 convolution."
        )
    return _summed(maps, weights, cost, norms, values, note)


def _refuse_one_weight(kernel: int, shape: Shape) -> None:
    """Refuse a depthwise filter of a single weight.

    TensorFlow 2.21 keeps the kernels of its CPU library under names in which this one and a
    convolution of one 1 x 1 filter are the same; whichever comes second in a process fails.
    """
    if kernel == 1 and shape[2] == 1:
        raise MisfitError(
            "A 1 x 1 window on a single channel is one weight for the whole image, which "
            "TensorFlow cannot compute reliably: use a kernel of at least 2."
        )


def _window_hw(
    row: Conv | DepthwiseConv | SeparableConv, shape: Shape, dilation: int = 1
) -> tuple[int, int]:
    """(height, width) of the output."""
    _need_room(shape, row.kernel, row.padding, dilation)
    height, width = (
        outputs(size, row.kernel, row.stride, row.padding, dilation) for size in shape[:2]
    )
    return height, width


def outputs(size: int, kernel: int, stride: int, padding: str, dilation: int = 1) -> int:
    """Windows along one axis, for Keras' "same" and "valid".

    Example:
        >>> outputs(28, 5, 1, "same"), outputs(14, 5, 1, "valid")
        (28, 10)
    """
    added = sum(same_padding(size, kernel, stride, dilation)) if padding == "same" else 0
    return output_size(size, kernel, stride=stride, padding=added, dilation=dilation)


def _need_room(shape: Shape, kernel: int, padding: str, dilation: int = 1) -> None:
    smallest, reach = min(shape[:2]), span(kernel, dilation)
    if padding == "same" or reach <= smallest:
        return
    window = times(reach, reach)
    if dilation > 1:
        window += f" ({times(kernel, kernel)} with dilation {dilation})"
    remedy = "use padding 'same'"
    if smallest > 1:
        remedy += f" or a window of at most {times(smallest, smallest)}"
    raise MisfitError(
        f"A {window} window does not fit into {times(*shape[:2])}: {remedy}, or shrink the "
        "maps less before it."
    )


def _left_over(shape: Shape, kernel: int, stride: int, padding: str, dilation: int = 1) -> str:
    """What no window reads: between the windows, and behind the last one."""
    if stride > kernel:
        gap = counted(stride - kernel, "row")
        return f"Windows of {kernel} every {stride} pixels skip {gap} and columns between them."
    if padding == "same":
        return ""
    rows, columns = ((size - span(kernel, dilation)) % stride for size in shape[:2])
    parts = [counted(n, noun) for n, noun in ((rows, "row"), (columns, "column")) if n]
    if not parts:
        return ""
    return f"No window reads the last {' and '.join(parts)} of the input."


# Pooling and reshaping


@measure.register
def _pool(row: Pool, shape: Shape) -> Measure:
    _need_maps("Pooling", shape)
    _need_room(shape, row.size, row.padding)
    height, width = (outputs(size, row.size, row.stride, row.padding) for size in shape[:2])
    output = (height, width, shape[2])
    note = _left_over(shape, row.size, row.stride, row.padding)
    return Measure(output, values=prod(output), note=note)


@measure.register
def _global_pool(_row: GlobalPool, shape: Shape) -> Measure:
    if len(shape) == 1:
        raise MisfitError(
            f"Global pooling gets a vector of {shape[0]:,}, which has one number a channel "
            "already: delete this row."
        )
    return Measure((shape[-1],), values=shape[-1])


@measure.register
def _flatten(_row: Flatten, shape: Shape) -> Measure:
    note = "It is a vector already; this row changes nothing." if len(shape) == 1 else ""
    return Measure((prod(shape),), values=prod(shape), note=note)


# Norms, activations, dropout


@measure.register
def _batch_norm(_row: BatchNorm, shape: Shape) -> Measure:
    n = shape[-1]
    text = f"2 x {n:,} trained + 2 x {n:,} running = {4 * n:,}"
    return Measure(shape, 2 * n, 2 * n, text, values=prod(shape))


@measure.register
def _layer_norm(_row: LayerNorm, shape: Shape) -> Measure:
    n = shape[-1]
    return Measure(shape, 2 * n, arithmetic=f"2 x {n:,} = {2 * n:,}", values=prod(shape))


@measure.register
def _activation(_row: ActivationRow, shape: Shape) -> Measure:
    return Measure(shape, values=prod(shape))


@measure.register
def _dropout(_row: Dropout, shape: Shape) -> Measure:
    return Measure(shape, values=prod(shape))


# Dense


@measure.register
def _dense(row: Dense, shape: Shape) -> Measure:
    need_vector("Dense", shape)
    weights = _weights(shape, row.units, row.bias)
    return _normed((row.units,), [weights], [_product((row.units,), shape)], row)


def need_vector(who: str, shape: Shape) -> None:
    """Refuse maps and tokens.

    Raises:
        MisfitError: the shape is no vector.
    """
    if len(shape) > 1:
        raise MisfitError(
            f"{who} needs a vector and gets {in_words(shape)}: put flatten or global pooling "
            "before it."
        )


# The vision transformer


@measure.register
def _patches(row: Patches, shape: Shape) -> Measure:
    _need_maps("Cutting into patches", shape)
    height, width, channels = shape
    if row.size > min(height, width):
        raise MisfitError(
            f"Patches of {times(row.size, row.size)} do not fit into {times(height, width)}: "
            f"use a size of at most {min(height, width)}."
        )
    tokens = (height // row.size) * (width // row.size)
    taps = (row.size, row.size, channels)
    cost = _product((tokens, row.width), taps)
    note = _left_over(shape, row.size, row.size, "valid")
    values = 2 * tokens * row.width  # a convolution, and the same in another shape
    return _summed((tokens, row.width), [_weights(taps, row.width)], [cost], 0, values, note)


@measure.register
def _positions(_row: Positions, shape: Shape) -> Measure:
    _need_tokens("Positions belong to tokens", shape)
    n = prod(shape)
    return Measure(shape, n, arithmetic=f"{times(*shape)} = {n:,}", values=n)


@measure.register
def _transformer(row: Transformer, shape: Shape) -> Measure:
    _need_tokens("A transformer block takes tokens", shape)
    tokens, width = shape
    if width % row.heads:
        fitting = [str(n) for n in range(1, 17) if width % n == 0]
        raise MisfitError(
            f"{width} numbers a token cannot be shared evenly among {row.heads} heads: use "
            f"{', '.join(fitting[:-1])} or {fitting[-1]} heads, or other widths of the patches."
        )
    hidden = row.mlp_ratio * width
    norms = Count(4 * width, f"2 x 2 x {width} = {4 * width:,}")
    attention = Count(
        4 * (width + 1) * width,
        f"4 x ({width} + 1) x {width} = {4 * (width + 1) * width:,}",
    )
    weights = [attention, _weights((width,), hidden), _weights((hidden,), width), norms]
    scores = 2 * tokens**2 * width
    cost = [
        _product((tokens, 4 * width), (width,)),
        Count(scores, f"2 x {times(tokens, tokens, width)} = {scores:,}"),
        _product((tokens, hidden), (width,)),
        _product((tokens, width), (hidden,)),
    ]
    # Two norms and sums, queries, keys, values, context, what attention and dense layers give,
    # dropout of both; the scores and their softmax for every head.
    values = tokens * ((12 if row.dropout else 10) * width + hidden)
    values += 2 * row.heads * tokens**2
    return _summed(shape, weights, cost, 0, values)


# What rows share


def _need_maps(who: str, shape: Shape) -> None:
    if len(shape) == 3:
        return
    if len(shape) == 1:
        raise MisfitError(
            f"{who} needs maps (height x width x channels) and gets a vector of {shape[0]:,}: "
            "move this row before flatten or global pooling."
        )
    raise MisfitError(
        f"{who} needs maps (height x width x channels) and gets {in_words(shape)}: move this "
        "row before the patches."
    )


def _need_tokens(who: str, shape: Shape) -> None:
    if len(shape) == 2:
        return
    given = f"a vector of {shape[0]:,}" if len(shape) == 1 else in_words(shape)
    where = "put patches before it"
    if len(shape) == 1:
        where = "move it before flatten or global pooling, behind patches"
    raise MisfitError(f"{who}, and this row gets {given}: {where}.")


def _weights(seen: Shape, given: int, bias: bool = True) -> Count:
    """Weights and biases of `given` outputs that see so many inputs each."""
    value = (prod(seen) + bias) * given
    inner = f"({times(*seen)} + 1)" if bias else times(*seen)
    return Count(value, f"{inner} x {given:,} = {value:,}")


def _product(places: Shape, each: Shape) -> Count:
    value = prod(places) * prod(each)
    return Count(value, f"{times(*places)} x {_bracketed(each)} = {value:,}")


def _bracketed(factors: Shape) -> str:
    return times(*factors) if len(factors) == 1 else f"({times(*factors)})"


def _normed(
    shape: Shape,
    weights: list[Count],
    cost: list[Count],
    row: Conv | DepthwiseConv | SeparableConv | Dense,
    note: str = "",
) -> Measure:
    """A layer with its activation in it; with batch norm both are layers behind it."""
    layers = 1 + row.batch_norm + (row.batch_norm and row.activation != "linear")
    return _summed(shape, weights, cost, int(row.batch_norm), layers * prod(shape), note)


def _summed(
    shape: Shape,
    weights: list[Count],
    cost: list[Count],
    norms: int,
    values: int,
    note: str = "",
) -> Measure:
    """Add up the weights of a row's layers and its batch norms over the output's channels."""
    running = 2 * norms * shape[-1]
    trained = sum(part.value for part in weights) + running
    parts = [part.text for part in weights]
    if norms:
        parts.append(f"batch norm {times(norms, 4, shape[-1])} = {2 * running:,}")
    return Measure(
        shape,
        trained,
        running,
        _total(parts, trained + running),
        Count(total := sum(part.value for part in cost), _total([p.text for p in cost], total)),
        values,
        note,
    )


def _total(parts: list[str], value: int) -> str:
    """One calculation as it is; several with their sum."""
    if len(parts) == 1:
        return parts[0]
    return f"{'; '.join(parts)}; together {value:,}"
