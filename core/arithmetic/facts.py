"""Everything that stands beside one convolution layer: sizes, costs, and how far it sees."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from core.arithmetic.axis_facts import AxisFacts, axis_facts
from core.arithmetic.convolution import ConvSpec
from core.arithmetic.costs import (
    Calculation,
    cost_sentences,
    dense_parameters,
    group_sentences,
    multiply_adds,
    parameters,
)
from core.arithmetic.geometry import same_padding, span
from core.arithmetic.receptive_field import ReceptiveField, Window, receptive_fields
from core.arithmetic.same import SameComparison, both_axes, same_sentences
from core.arithmetic.wording import counted


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """Everything that stands beside one convolution layer.

    Attributes:
        rows: the vertical axis.
        columns: the horizontal axis.
        output_shape: (height, width, filters).
        parameters: weights and biases.
        multiply_adds: multiplications, each with an addition, for one image. Taps on padding
            count; the zeros that a transposed convolution inserts do not.
        dense: parameters of a dense layer between the same numbers of values.
        dense_ratio: dense / parameters.
        fields_rows: vertical receptive field of 1..n such layers; none if transposed.
        fields_columns: the same to the right.
        same: (down, right) Keras' "same" beside PyTorch's padding; None unless the layer pads
            by "same".
        sentences: all remarks on the layer, one idea each.
    """

    rows: AxisFacts
    columns: AxisFacts
    output_shape: tuple[int, int, int]
    parameters: Calculation
    multiply_adds: Calculation
    dense: Calculation
    dense_ratio: float
    fields_rows: tuple[ReceptiveField, ...]
    fields_columns: tuple[ReceptiveField, ...]
    same: tuple[SameComparison, SameComparison] | None
    sentences: tuple[str, ...]


def layer_facts(
    input_hw: tuple[int, int],
    channels: int,
    filters: int,
    spec: ConvSpec,
    *,
    has_bias: bool,
    depth: int = 3,
) -> LayerFacts:
    """Work out everything that stands beside a layer.

    Args:
        input_hw: (height, width) of the input, in pixels.
        channels: of the input.
        filters: channels of the output.
        spec: the layer's settings.
        has_bias: whether each filter adds a number of its own.
        depth: how many such layers are stacked for the receptive fields, at least 1.

    Raises:
        ShapeError: no window fits, or groups do not divide channels and filters.

    Example:
        >>> facts = layer_facts((32, 32), 3, 10, ConvSpec(kernel_size=5), has_bias=True)
        >>> facts.parameters.text
        '(5*5*3 + 1) * 10 = 760'
    """
    spec.kernel_shape(channels, filters)
    rows, columns = (
        axis_facts(plan, axis, spec) for axis, plan in enumerate(spec.plan(*input_hw))
    )
    shape = (rows.outputs.value, columns.outputs.value, filters)
    cost = parameters(channels, filters, spec, has_bias=has_bias)
    dense = dense_parameters(prod((*input_hw, channels)), prod(shape), has_bias=has_bias)
    fields = [_fields(input_hw[axis], axis, spec, depth) for axis in (0, 1)]
    same = both_axes(input_hw, spec)
    return LayerFacts(
        rows=rows,
        columns=columns,
        output_shape=shape,
        parameters=cost,
        multiply_adds=multiply_adds(input_hw, shape, channels, spec),
        dense=dense,
        dense_ratio=dense.value / cost.value,
        fields_rows=fields[0],
        fields_columns=fields[1],
        same=same,
        sentences=(
            *rows.sentences,
            *columns.sentences,
            *group_sentences(channels, spec),
            *cost_sentences(cost, dense),
            *_field_sentences(spec, fields[0], fields[1]),
            *same_sentences(same),
        ),
    )


def _fields(size: int, axis: int, spec: ConvSpec, depth: int) -> tuple[ReceptiveField, ...]:
    """Receptive fields of a stack; each layer pads as its own input asks for."""
    if spec.transposed:
        return ()
    kernel, stride = spec.kernel_size[axis], spec.stride[axis]
    dilation = spec.dilation[axis]
    layers = []
    for _ in range(depth):
        before = _before(size, axis, spec)
        layers.append(Window(kernel, stride, dilation, before))
        size = -(-size // stride)
    return receptive_fields(layers)


def _before(size: int, axis: int, spec: ConvSpec) -> int:
    """Pixels added before the first one. Only "same" looks at the size."""
    if spec.padding == "same":
        kernel, dilation = spec.kernel_size[axis], spec.dilation[axis]
        return same_padding(size, kernel, spec.stride[axis], dilation)[0]
    return 0 if spec.padding == "valid" else spec.padding[axis][0]


def _field_sentences(
    spec: ConvSpec, rows: tuple[ReceptiveField, ...], columns: tuple[ReceptiveField, ...]
) -> tuple[str, ...]:
    if spec.transposed:
        return _spread_sentences(spec)
    areas = [f"{r.size:,} x {c.size:,}" for r, c in zip(rows, columns, strict=True)]
    sentences = [f"One output value looks at an area of {areas[0]} input pixels."]
    if len(areas) > 1:
        further = ", ".join(f"{n} layers at {area}" for n, area in enumerate(areas[1:], 2))
        sentences.append(f"Stacked, {further}.")
    return tuple(sentences)


def _spread_sentences(spec: ConvSpec) -> tuple[str, ...]:
    height, width = (span(k, d) for k, d in zip(spec.kernel_size, spec.dilation, strict=True))
    sentences = [f"Each input value is spread over an area of {height} x {width} pixels."]
    uneven = [
        f"{counted(kernel, noun)} and stride {stride}"
        for noun, kernel, stride in zip(
            ("row", "column"), spec.kernel_size, spec.stride, strict=True
        )
        if kernel % stride
    ]
    if uneven and spec.dilation == (1, 1):
        sentences.append(
            f"The stride does not divide the kernel ({', '.join(uneven)}), so some output "
            "pixels collect more products than their neighbours: a checkerboard."
        )
    return tuple(sentences)
