"""One output value of a convolution, product by product, as numbers and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.convolution import ConvResult, ConvSpec
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """One weight times one value. Everything is counted from 0.

    Attributes:
        channel: of the input.
        kernel_row: place of the weight, as the kernel is stored.
        kernel_column: the same to the right.
        padded_row: place of the value in the padded input.
        padded_column: the same to the right.
        value: number in the padded input.
        weight: number in the kernel.
        product: weight times value.
    """

    channel: int
    kernel_row: int
    kernel_column: int
    padded_row: int
    padded_column: int
    value: float
    weight: float
    product: float


def cell_terms(
    result: ConvResult,
    kernel: FloatArray,
    spec: ConvSpec,
    row: int,
    column: int,
    filter_index: int,
) -> tuple[Term, ...]:
    """Every product that one output value adds up, channel by channel, in the kernel's order.

    Args:
        result: of `convolve` with this kernel and spec.
        kernel: (kh, kw, Cin / groups, Cout), transposed (kh, kw, Cout / groups, Cin).
        spec: the layer's settings.
        row: of the output.
        column: of the output.
        filter_index: channel of the output.

    Returns:
        kh * kw * Cin / groups terms; their products and the filter's bias sum to the output.

    Raises:
        IndexError: the output has no such value.
    """
    _check_place(result.output.shape, (row, column, filter_index))
    rows, columns = result.rows.taps[row], result.columns.taps[column]
    first, weights = filter_weights(
        kernel, spec, channels=result.padded.shape[2], filter_index=filter_index
    )
    terms = []
    for c in range(weights.shape[2]):
        for i, padded_row in enumerate(rows.tolist()):
            for j, padded_column in enumerate(columns.tolist()):
                value = float(result.padded[padded_row, padded_column, first + c])
                weight = float(weights[i, j, c])
                terms.append(
                    Term(
                        first + c, i, j, padded_row, padded_column,
                        value, weight, weight * value,
                    )
                )  # fmt: skip
    return tuple(terms)


def filter_weights(
    kernel: FloatArray, spec: ConvSpec, *, channels: int, filter_index: int
) -> tuple[int, FloatArray]:
    """The first input channel that a filter sees, and its weights (kh, kw, Cin / groups).

    Args:
        kernel: (kh, kw, Cin / groups, Cout), transposed (kh, kw, Cout / groups, Cin).
        spec: the layer's settings.
        channels: of the input.
        filter_index: channel of the output.
    """
    per_group = channels // spec.groups
    if not spec.transposed:
        group = filter_index // (kernel.shape[3] // spec.groups)
        return group * per_group, kernel[..., filter_index]
    group, own = divmod(filter_index, kernel.shape[2])
    first = group * per_group
    return first, kernel[:, :, own, first : first + per_group]


def channel_sums(terms: Sequence[Term]) -> dict[int, float]:
    """The sum of the products of each input channel."""
    sums: dict[int, float] = {}
    for term in terms:
        sums[term.channel] = sums.get(term.channel, 0.0) + term.product
    return sums


def shown(value: float) -> str:
    """A number for the screen: at most three decimals.

    Example:
        >>> shown(3.0), shown(1 / 3), shown(-0.0001)
        ('3', '0.333', '0')
    """
    return format_number(round(float(value), 3))


def bracketed(value: float) -> str:
    """The same inside of a sum, where a negative number stands in brackets.

    Example:
        >>> bracketed(-1.0)
        '(-1)'
    """
    text = shown(value)
    return f"({text})" if text.startswith("-") else text


def products(terms: Sequence[Term], most: int | None = None) -> str:
    """The sum of products in words: `0*3 + 1*3 + 2*(-2)`, the weight first.

    Args:
        terms: at least one.
        most: how many terms to write out; the rest is counted.
    """
    kept = terms if most is None else terms[:most]
    words = [f"{bracketed(term.weight)}*{bracketed(term.value)}" for term in kept]
    if len(kept) < len(terms):
        words.append(f"... ({len(terms) - len(kept)} more)")
    return " + ".join(words)


def sentence(
    terms: Sequence[Term], bias: float | None, total: float, *, most: int | None = None
) -> str:
    """How an output value comes about: `0*3 + 1*3 + 2*2 + bias 1 = 8`.

    Args:
        terms: of `cell_terms`.
        bias: of the filter; None where the layer has none.
        total: the output value.
        most: how many terms to write out; the rest is counted.

    Example:
        >>> sentence([Term(0, 0, 0, 0, 0, -2.0, 3.0, -6.0)], 1.0, -5.0)
        '3*(-2) + bias 1 = -5'
    """
    return f"{products(terms, most)}{bias_words(bias)} = {shown(total)}"


def bias_words(bias: float | None) -> str:
    """What the bias adds to a sum: ` + bias 1`; nothing where there is none."""
    return "" if bias is None else f" + bias {bracketed(bias)}"


def _check_place(shape: tuple[int, ...], place: tuple[int, int, int]) -> None:
    if any(not 0 <= i < n for i, n in zip(place, shape, strict=True)):
        raise IndexError(
            f"the output has {shape[0]} rows, {shape[1]} columns and {shape[2]} filters; there "
            f"is no row {place[0]}, column {place[1]}, filter {place[2]} (counted from 0)."
        )
