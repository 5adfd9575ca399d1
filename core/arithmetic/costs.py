"""What a layer costs: parameters and multiplications, with the arithmetic that gives them.

Texts are plain (`(5*5*3 + 1) * 10 = 760`) and LaTeX; thousands are set apart by commas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.wording import counted, tex

_WHOLE_FROM = 10
"""Ratios are rounded to whole numbers from here on."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A number, and how it comes about.

    Attributes:
        value: the result.
        text: the arithmetic with its result, plain.
        latex: the same for a formula renderer, without dollar signs.
    """

    value: int
    text: str
    latex: str


def parameters(channels: int, filters: int, spec: ConvSpec, *, has_bias: bool) -> Calculation:
    """Weights and biases of the layer: (kh * kw * Cin / groups + 1) * Cout.

    Example:
        >>> parameters(3, 10, ConvSpec(kernel_size=5), has_bias=False).text
        '5*5*3 * 10 = 750'
    """
    seen = channels // spec.groups
    weights = prod(spec.kernel_size) * seen
    one = f"{_taps(spec)}*{_share(channels, spec.groups)}"
    if has_bias:
        return _calculation(f"({one} + 1) * {filters:,}", (weights + 1) * filters)
    return _calculation(f"{one} * {filters:,}", weights * filters)


def multiply_adds(
    input_hw: tuple[int, int], output_shape: tuple[int, int, int], channels: int, spec: ConvSpec
) -> Calculation:
    """Multiplications of one image, each with an addition.

    A convolution computes every output value from kh * kw * Cin / groups taps. A transposed
    one writes every input value kh * kw * Cout / groups times.

    Example:
        >>> multiply_adds((32, 32), (28, 28, 6), 3, ConvSpec(kernel_size=5)).text
        '28*28*6 * 5*5*3 = 352,800'
    """
    filters = output_shape[2]
    values, many = (
        ((*input_hw, channels), filters) if spec.transposed else (output_shape, channels)
    )
    each = prod(spec.kernel_size) * (many // spec.groups)
    expression = f"{_times(values)} * {_taps(spec)}*{_share(many, spec.groups)}"
    return _calculation(expression, prod(values) * each)


def dense_parameters(inputs: int, outputs: int, *, has_bias: bool) -> Calculation:
    """Weights and biases of a dense layer: inputs * outputs + outputs.

    Example:
        >>> dense_parameters(3072, 4704, has_bias=True).text
        '3,072 * 4,704 + 4,704 = 14,455,392'
    """
    if has_bias:
        expression = f"{inputs:,} * {outputs:,} + {outputs:,}"
        return _calculation(expression, inputs * outputs + outputs)
    return _calculation(f"{inputs:,} * {outputs:,}", inputs * outputs)


def group_sentences(channels: int, spec: ConvSpec) -> tuple[str, ...]:
    """What a filter sees, where that is not everything."""
    if spec.groups == 1:
        return ()
    seen = channels // spec.groups
    return (f"Each filter sees {seen} of the {counted(channels, 'channel')}: its group.",)


def cost_sentences(cost: Calculation, dense: Calculation) -> tuple[str, ...]:
    """Parameters of the layer, and of a dense one between the same values."""
    ratio = dense.value / cost.value
    if ratio > 1:
        times = f"{ratio:,.0f}" if ratio >= _WHOLE_FROM else f"{ratio:.1f}"
        compared = f"about {times} times as many"
    else:
        compared = "as many" if ratio == 1 else "fewer"
    return (
        f"The layer has {counted(cost.value, 'parameter')}, however large the input is.",
        f"A dense layer between the same values would have {dense.value:,}: {compared}.",
    )


def _calculation(expression: str, value: int) -> Calculation:
    text = f"{expression} = {value:,}"
    return Calculation(value, text, tex(re.sub(r" ?\* ?", r" \\cdot ", text)))


def _times(numbers: tuple[int, ...]) -> str:
    return "*".join(f"{number:,}" for number in numbers)


def _taps(spec: ConvSpec) -> str:
    return _times(spec.kernel_size)


def _share(channels: int, groups: int) -> str:
    return f"{channels}/{groups}" if groups > 1 else f"{channels:,}"
