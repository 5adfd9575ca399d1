"""Convolution as matrix products: patches times weights, and one sparse matrix a plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array  # type: ignore[import-untyped,unused-ignore]

from core.arithmetic.convolution import ConvResult, ConvSpec
from core.arithmetic.errors import ShapeError
from core.arithmetic.wording import counted

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled:
    """One group of a convolution as a product: `patches @ weights` is its output.

    Attributes:
        patches: (OH * OW, kh * kw * Cin / groups), one window a row, windows in reading order.
        weights: (kh * kw * Cin / groups, Cout / groups), one filter a column.
        filters: (Cout / groups,) the filter of each column, counted from 0.
    """

    patches: FloatArray
    weights: FloatArray
    filters: npt.NDArray[np.intp]


def im2col(
    result: ConvResult, kernel: npt.ArrayLike, spec: ConvSpec, group: int = 0
) -> Unrolled:
    """Unroll every window into a row ("image to columns").

    Within a row the values stand as `kernel[..., filter].reshape(-1)` has the weights: tap row,
    then tap column, then channel. So the product of a row and a filter is the output value,
    before the bias.

    Args:
        result: of `convolve`, for the same kernel and spec.
        kernel: as `convolve` takes it.
        spec: the layer's settings.
        group: which of `spec.groups`, counted from 0.

    Raises:
        ShapeError: there is no such group.

    Source: Chellapilla, Puri & Simard 2006, "High performance convolutional neural networks
    for document processing", section 3.
    """
    _check_index("group", group, spec.groups)
    per_in = result.padded.shape[2] // spec.groups
    per_out = result.output.shape[2] // spec.groups
    channels = np.arange(group * per_in, (group + 1) * per_in)
    filters = np.arange(group * per_out, (group + 1) * per_out)
    windows = result.padded[
        result.rows.taps[:, None, :, None, None],
        result.columns.taps[None, :, None, :, None],
        channels,
    ]
    weights = _weights(kernel, spec, channels, filters)
    return Unrolled(
        windows.reshape(windows.shape[0] * windows.shape[1], -1),
        weights.reshape(-1, len(filters)),
        filters,
    )


def _weights(
    kernel: npt.ArrayLike,
    spec: ConvSpec,
    channels: npt.NDArray[np.intp],
    filters: npt.NDArray[np.intp],
) -> FloatArray:
    """(kh, kw, in, out) weights of the group that has these channels and filters."""
    stored = np.asarray(kernel, dtype=np.float64)
    if spec.transposed:
        return stored[..., channels].transpose(0, 1, 3, 2)
    return stored[..., filters]


def toeplitz(
    result: ConvResult, kernel: npt.ArrayLike, spec: ConvSpec, channel: int, filter_index: int
) -> csr_array:
    """The sparse matrix that takes one padded channel to its share of one output plane.

    The output plane of a filter is the sum over the channels of
    `toeplitz(...) @ result.padded[..., channel].reshape(-1)`, plus the bias. Every row holds
    the same kh * kw weights at other places (weight sharing); at stride 1 the blocks and what
    is inside them repeat along their diagonals, hence doubly block Toeplitz.

    Weights of 0 are stored too, so that the pattern does not depend on the numbers.

    Args:
        result: of `convolve`, for the same kernel and spec.
        kernel: as `convolve` takes it.
        spec: the layer's settings.
        channel: input channel, counted from 0.
        filter_index: output filter, counted from 0.

    Returns:
        (OH * OW, PH * PW) float64; empty of entries if the filter's group lacks the channel.

    Raises:
        ShapeError: there is no such channel or filter.

    Source: Dumoulin & Visin 2016, section 4.1, "Convolution as a matrix operation".
    """
    height, width, channels = result.padded.shape
    filters = result.output.shape[2]
    _check_index("channel", channel, channels)
    _check_index("filter", filter_index, filters)
    shape = (result.rows.outputs * result.columns.outputs, height * width)
    group = channel // (channels // spec.groups)
    if group != filter_index // (filters // spec.groups):
        return csr_array(shape, dtype=np.float64)
    plane = _plane(kernel, spec, channel, filter_index)
    places = (
        result.rows.taps[:, None, :, None] * width + result.columns.taps[None, :, None, :]
    ).reshape(shape[0], -1)
    outputs = np.repeat(np.arange(shape[0]), places.shape[1])
    values = np.tile(plane.reshape(-1), shape[0])
    return csr_array((values, (outputs, places.reshape(-1))), shape=shape)


def _plane(
    kernel: npt.ArrayLike, spec: ConvSpec, channel: int, filter_index: int
) -> FloatArray:
    """(kh, kw) weights between a channel and a filter of the same group."""
    stored = np.asarray(kernel, dtype=np.float64)
    if spec.transposed:
        return stored[:, :, filter_index % stored.shape[2], channel]
    return stored[:, :, channel % stored.shape[2], filter_index]


def padding_matrix(result: ConvResult, spec: ConvSpec) -> csr_array:
    """The sparse matrix of zeros and ones that pads (and stretches) one channel.

    What padding by a constant adds is not part of it: that is an offset, no product.

    Args:
        result: of `convolve`.
        spec: the layer's settings.

    Returns:
        (PH * PW, H * W) float64.
    """
    rows = result.rows.source(spec.padding_mode)
    columns = result.columns.source(spec.padding_mode)
    filled = (rows[:, None] >= 0) & (columns[None, :] >= 0)
    sources = (rows[:, None] * result.columns.size + columns[None, :])[filled]
    places = np.flatnonzero(filled)
    shape = (filled.size, result.rows.size * result.columns.size)
    return csr_array((np.ones(len(places)), (places, sources)), shape=shape)


def input_matrix(
    result: ConvResult, kernel: npt.ArrayLike, spec: ConvSpec, channel: int, filter_index: int
) -> csr_array:
    """The matrix C that takes one channel, without padding, to its share of an output plane.

    With padding by zeros, C.T is the transposed convolution of the same settings: it leads
    from the shape of the output back to the shape of the input.

    Returns:
        (OH * OW, H * W) float64.

    Raises:
        ShapeError: there is no such channel or filter.

    Source: Dumoulin & Visin 2016, sections 4.1 and 4.2.
    """
    return toeplitz(result, kernel, spec, channel, filter_index) @ padding_matrix(result, spec)


@dataclass(frozen=True, slots=True)
class MatrixFacts:
    """How empty a matrix is, and how few numbers it is made of.

    Attributes:
        shape: (rows, columns): one row for each output value, one column for each input value.
        entries: places where a weight stands, weights of 0 among them.
        nonzeros: those whose weight is not 0.
        weights: numbers that the entries repeat: kh * kw.
        density: entries / (rows * columns), 0..1.
        sentences: the same in words.
    """

    shape: tuple[int, int]
    entries: int
    nonzeros: int
    weights: int
    density: float
    sentences: tuple[str, ...]


def matrix_facts(matrix: csr_array, spec: ConvSpec) -> MatrixFacts:
    """Count what `toeplitz` made.

    Args:
        matrix: (OH * OW, PH * PW), of a channel and a filter of one group.
        spec: the layer's settings.
    """
    rows, columns = matrix.shape
    entries, nonzeros = int(matrix.nnz), int(np.count_nonzero(matrix.data))
    weights = spec.kernel_size[0] * spec.kernel_size[1]
    density = entries / (rows * columns)
    places = rows * columns
    sentences = (
        f"The matrix has {counted(rows, 'row')}, one for each output value.",
        f"It has {counted(columns, 'column')}, one for each value of the padded input.",
        f"{entries:,} of its {counted(places, 'place')} can hold a weight, {density:.1%}.",
        f"Every row holds the same {counted(weights, 'weight')}: the weights are shared.",
    )
    return MatrixFacts((rows, columns), entries, nonzeros, weights, density, sentences)


def _check_index(noun: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise ShapeError(f"there is no {noun} {index}. Use 0 to {count - 1}.")
