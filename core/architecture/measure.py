"""What one row makes of its input: output shape, parameters, cost, and how they come about."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from math import prod

from core.architecture.counting import (
    Count,
    Measure,
    MisfitError,
    Shape,
    cost_of,
    in_words,
    need_maps,
    need_tokens,
    need_vector,
    summed,
    times,
    weights_of,
)
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
from core.architecture.windows import left_over, need_room, outputs


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
    need_maps("A convolution", shape)
    if row.stride > 1 and row.dilation > 1:
        raise MisfitError(
            f"Stride {row.stride} and dilation {row.dilation}: TensorFlow allows only one of "
            "them above 1. Set the other to 1."
        )
    height, width = _window_hw(row, shape, row.dilation)
    weights = weights_of((row.kernel, row.kernel, shape[2]), row.filters, row.bias)
    cost = cost_of((height, width, row.filters), (row.kernel, row.kernel, shape[2]))
    note = left_over(shape, row.kernel, row.stride, row.padding, row.dilation)
    measured = _normed((height, width, row.filters), [weights], [cost], row, note)
    if row.kernel == 1 and row.stride > 1:  # its pixels are a layer of their own: see plan.py
        kept = prod((height, width, shape[2]))
        measured = replace(measured, values=measured.values + kept)
    return measured


@measure.register
def _depthwise_conv(row: DepthwiseConv, shape: Shape) -> Measure:
    need_maps("A depthwise convolution", shape)
    if row.multiplier == 1:
        _refuse_one_weight(row.kernel, shape)
    height, width = _window_hw(row, shape)
    maps = shape[2] * row.multiplier
    weights = weights_of((row.kernel, row.kernel), maps, row.bias)
    cost = cost_of((height, width, maps), (row.kernel, row.kernel))
    note = left_over(shape, row.kernel, row.stride, row.padding)
    return _normed((height, width, maps), [weights], [cost], row, note)


@measure.register
def _separable_conv(row: SeparableConv, shape: Shape) -> Measure:
    need_maps("A separable convolution", shape)
    _refuse_one_weight(row.kernel, shape)
    height, width = _window_hw(row, shape)
    taps = (row.kernel, row.kernel)
    weights = [
        weights_of(taps, shape[2], bias=False),
        weights_of((shape[2],), row.filters, row.bias),
    ]
    cost = [
        cost_of((height, width, shape[2]), taps),
        cost_of((height, width, row.filters), (shape[2],)),
    ]
    note = left_over(shape, row.kernel, row.stride, row.padding)
    return _normed((height, width, row.filters), weights, cost, row, note)


@measure.register
def _residual(row: Residual, shape: Shape) -> Measure:
    need_maps("A residual block", shape)
    height, width = (-(-size // row.stride) for size in shape[:2])
    maps, taps, bias = (
        (height, width, row.filters),
        (row.kernel, row.kernel),
        not row.batch_norm,
    )
    weights = [
        weights_of((*taps, shape[2]), row.filters, bias),
        weights_of((*taps, row.filters), row.filters, bias),
    ]
    cost = [cost_of(maps, (*taps, shape[2])), cost_of(maps, (*taps, row.filters))]
    layers = 2
    if projected := row.skip and maps != shape:
        weights.append(weights_of((1, 1, shape[2]), row.filters, bias))
        cost.append(cost_of(maps, (1, 1, shape[2])))
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
    return summed(maps, weights, cost, norms, values, note)


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
    need_room(shape, row.kernel, row.padding, dilation)
    height, width = (
        outputs(size, row.kernel, row.stride, row.padding, dilation) for size in shape[:2]
    )
    return height, width


# Pooling and reshaping


@measure.register
def _pool(row: Pool, shape: Shape) -> Measure:
    need_maps("Pooling", shape)
    need_room(shape, row.size, row.padding)
    height, width = (outputs(size, row.size, row.stride, row.padding) for size in shape[:2])
    output = (height, width, shape[2])
    note = left_over(shape, row.size, row.stride, row.padding)
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
    weights = weights_of(shape, row.units, row.bias)
    return _normed((row.units,), [weights], [cost_of((row.units,), shape)], row)


# The vision transformer


@measure.register
def _patches(row: Patches, shape: Shape) -> Measure:
    need_maps("Cutting into patches", shape)
    height, width, channels = shape
    if row.size > min(height, width):
        raise MisfitError(
            f"Patches of {times(row.size, row.size)} do not fit into {times(height, width)}: "
            f"use a size of at most {min(height, width)}."
        )
    tokens = (height // row.size) * (width // row.size)
    taps = (row.size, row.size, channels)
    cost = cost_of((tokens, row.width), taps)
    note = left_over(shape, row.size, row.size, "valid")
    values = 2 * tokens * row.width  # a convolution, and the same in another shape
    return summed((tokens, row.width), [weights_of(taps, row.width)], [cost], 0, values, note)


@measure.register
def _positions(_row: Positions, shape: Shape) -> Measure:
    need_tokens("Positions belong to tokens", shape)
    n = prod(shape)
    return Measure(shape, n, arithmetic=f"{times(*shape)} = {n:,}", values=n)


@measure.register
def _transformer(row: Transformer, shape: Shape) -> Measure:
    need_tokens("A transformer block takes tokens", shape)
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
    weights = [attention, weights_of((width,), hidden), weights_of((hidden,), width), norms]
    scores = 2 * tokens**2 * width
    cost = [
        cost_of((tokens, 4 * width), (width,)),
        Count(scores, f"2 x {times(tokens, tokens, width)} = {scores:,}"),
        cost_of((tokens, hidden), (width,)),
        cost_of((tokens, width), (hidden,)),
    ]
    # Two norms and sums, queries, keys, values, context, what attention and dense layers give,
    # dropout of both; the scores and their softmax for every head.
    values = tokens * ((12 if row.dropout else 10) * width + hidden)
    values += 2 * row.heads * tokens**2
    return summed(shape, weights, cost, 0, values)


def _normed(
    shape: Shape,
    weights: list[Count],
    cost: list[Count],
    row: Conv | DepthwiseConv | SeparableConv | Dense,
    note: str = "",
) -> Measure:
    """A layer with its activation in it; with batch norm both are layers behind it."""
    layers = 1 + row.batch_norm + (row.batch_norm and row.activation != "linear")
    return summed(shape, weights, cost, int(row.batch_norm), layers * prod(shape), note)
