"""Matrix products give what the convolution gives, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz as scipy_toeplitz

from core.arithmetic.convolution import ConvResult, ConvSpec, convolve
from core.arithmetic.errors import ShapeError
from core.arithmetic.matrix import (
    im2col,
    input_matrix,
    matrix_facts,
    padding_matrix,
    toeplitz,
)

MANY = settings(max_examples=200, deadline=None)
SIDES = st.tuples(
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
)


@st.composite
def cases(
    draw: st.DrawFn, *, transposed: bool | None = None
) -> tuple[np.ndarray, np.ndarray, ConvSpec, ConvResult]:
    """Image, kernel, spec and result of a random layer of whole numbers."""
    spec = ConvSpec(
        kernel_size=draw(st.tuples(st.integers(1, 3), st.integers(1, 3))),
        stride=draw(st.tuples(st.integers(1, 3), st.integers(1, 3))),
        padding=draw(st.sampled_from(["valid", "same"]) | SIDES),
        dilation=draw(st.tuples(st.integers(1, 2), st.integers(1, 2))),
        groups=draw(st.integers(1, 2)),
        flip=draw(st.booleans()),
        transposed=draw(st.booleans()) if transposed is None else transposed,
    )
    if not spec.transposed:
        mode = draw(st.sampled_from(["zeros", "constant", "reflect", "edge", "wrap"]))
        spec = spec.model_copy(update={"padding_mode": mode, "padding_value": 3.0})
    channels = spec.groups * draw(st.integers(1, 2))
    filters = spec.groups * draw(st.integers(1, 2))
    height, width = draw(st.tuples(st.integers(3, 7), st.integers(3, 7)))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = numbers.integers(-9, 10, (height, width, channels)).astype(float)
    kernel = numbers.integers(-9, 10, spec.kernel_shape(channels, filters)).astype(float)
    try:
        result = convolve(image, kernel, spec)
    except ShapeError:
        assume(False)
    return image, kernel, spec, result


@given(cases())
@MANY
def test_patches_times_weights_are_the_output(case: Any) -> None:
    _, kernel, spec, result = case
    for group in range(spec.groups):
        unrolled = im2col(result, kernel, spec, group)
        product = unrolled.patches @ unrolled.weights
        expected = result.output[..., unrolled.filters].reshape(-1, len(unrolled.filters))
        np.testing.assert_array_equal(product, expected)


def test_patch_is_in_the_order_of_the_flattened_kernel() -> None:
    """Tap row, tap column, channel: value = 100 * row + 10 * column + channel."""
    rows, columns, channels = np.indices((3, 4, 2))
    image = 100.0 * rows + 10 * columns + channels
    kernel = np.arange(8.0).reshape(2, 2, 2, 1)
    spec = ConvSpec(kernel_size=2)
    unrolled = im2col(convolve(image, kernel, spec), kernel, spec)
    assert unrolled.patches.shape == (6, 8)
    assert unrolled.patches[1].tolist() == [10, 11, 20, 21, 110, 111, 120, 121]
    assert unrolled.weights[:, 0].tolist() == kernel[..., 0].reshape(-1).tolist()


@given(cases())
@MANY
def test_toeplitz_matrices_sum_up_to_the_output(case: Any) -> None:
    image, kernel, spec, _ = case
    filters = kernel.shape[2] * spec.groups if spec.transposed else kernel.shape[3]
    bias = np.arange(1.0, filters + 1)
    result = convolve(image, kernel, spec, bias)
    for f in range(filters):
        total = sum(
            toeplitz(result, kernel, spec, c, f) @ result.padded[..., c].reshape(-1)
            for c in range(image.shape[2])
        )
        np.testing.assert_array_equal(total + bias[f], result.output[..., f].reshape(-1))


@given(cases())
@MANY
def test_padding_matrix_pads(case: Any) -> None:
    image, _, spec, result = case
    padded = padding_matrix(result, spec) @ image[..., 0].reshape(-1)
    if spec.padding_mode == "constant":
        offset = np.ones(image.shape[:2])
        inside = padding_matrix(result, spec) @ offset.reshape(-1)
        padded += spec.padding_value * (1 - inside)
    np.testing.assert_array_equal(padded, result.padded[..., 0].reshape(-1))


@given(cases(transposed=False), SIDES)
@MANY
def test_transposed_convolution_is_the_transposed_matrix(case: Any, sides: Any) -> None:
    """C.T @ y is the transposed convolution of y with the same kernel and settings."""
    image, kernel, spec, _ = case
    spec = spec.model_copy(update={"padding_mode": "zeros", "padding": sides})
    try:
        forward = convolve(image, kernel, spec)
    except ShapeError:
        assume(False)
    y = np.random.default_rng(5).integers(-9, 10, forward.output.shape).astype(float)
    reach = [(k - 1) * d + 1 for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    rest = tuple(
        (n + sum(pad) - r) % s
        for n, pad, r, s in zip(image.shape[:2], sides, reach, spec.stride, strict=True)
    )
    back = ConvSpec(
        **spec.model_dump() | {"transposed": True, "output_padding": rest},
    )
    expected = convolve(y, kernel, back).output
    assert expected.shape == image.shape
    for c in range(image.shape[2]):
        total = sum(
            input_matrix(forward, kernel, spec, c, f).T @ y[..., f].reshape(-1)
            for f in range(y.shape[2])
        )
        np.testing.assert_array_equal(total, expected[..., c].reshape(-1))


@given(cases(transposed=False))
@MANY
def test_every_row_holds_the_same_weights(case: Any) -> None:
    _, kernel, spec, result = case
    matrix = toeplitz(result, kernel, spec, 0, 0)
    taps = spec.kernel_size[0] * spec.kernel_size[1]
    assert np.diff(matrix.indptr).tolist() == [taps] * matrix.shape[0]
    weights = sorted(kernel[:, :, 0, 0].reshape(-1))
    for row in range(matrix.shape[0]):
        assert sorted(matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]) == weights


def test_matrix_of_the_guide() -> None:
    """The 4 x 16 matrix of section 4.1: a 3x3 kernel on a 4x4 input."""
    kernel = np.arange(1.0, 10.0).reshape(3, 3, 1, 1)
    spec = ConvSpec()
    result = convolve(np.zeros((4, 4, 1)), kernel, spec)
    row = [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    expected = [np.roll(row, shift) for shift in (0, 1, 4, 5)]
    np.testing.assert_array_equal(
        toeplitz(result, kernel, spec, 0, 0).toarray(), np.array(expected, dtype=float)
    )


def test_blocks_are_toeplitz_matrices_in_a_toeplitz_arrangement() -> None:
    """Doubly block Toeplitz at stride 1, built again with SciPy's own Toeplitz matrices."""
    kernel = np.array([[1.0, 2, 3], [4, 5, 6]])[..., None, None]
    spec = ConvSpec(kernel_size=(2, 3))
    result = convolve(np.zeros((4, 5, 1)), kernel, spec)
    blocks = [
        scipy_toeplitz([row[0], 0, 0], [*row, 0, 0]) for row in kernel[..., 0, 0]
    ]  # each 3 x 5
    zero = np.zeros((3, 5))
    expected = np.block(
        [[blocks[j - i] if 0 <= j - i < 2 else zero for j in range(4)] for i in range(3)]
    )
    np.testing.assert_array_equal(toeplitz(result, kernel, spec, 0, 0).toarray(), expected)


def test_other_groups_share_nothing() -> None:
    kernel = np.ones((3, 3, 1, 2))
    spec = ConvSpec(groups=2)
    result = convolve(np.ones((5, 5, 2)), kernel, spec)
    matrix = toeplitz(result, kernel, spec, 0, 1)
    assert (matrix.shape, matrix.nnz) == ((9, 25), 0)


def test_facts_count_the_matrix() -> None:
    kernel = np.array([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])[..., None, None]
    spec = ConvSpec()
    result = convolve(np.zeros((5, 5, 1)), kernel, spec)
    facts = matrix_facts(toeplitz(result, kernel, spec, 0, 0), spec)
    # 9 rows of 9 weights in 9 * 25 places; 6 of the 9 weights differ from 0.
    assert (facts.shape, facts.entries, facts.nonzeros) == ((9, 25), 81, 54)
    assert (facts.weights, facts.density) == (9, 0.36)
    assert "81 of its 225 places can hold a weight, 36.0%." in facts.sentences


@pytest.mark.parametrize("index", [-1, 1])
def test_no_such_plane(index: int) -> None:
    kernel, spec = np.ones((3, 3, 1, 1)), ConvSpec()
    result = convolve(np.ones((5, 5, 1)), kernel, spec)
    with pytest.raises(ShapeError, match=f"no channel {index}. Use 0 to 0"):
        toeplitz(result, kernel, spec, index, 0)
    with pytest.raises(ShapeError, match=f"no filter {index}"):
        toeplitz(result, kernel, spec, 0, index)
    with pytest.raises(ShapeError, match=f"no group {index}"):
        im2col(result, kernel, spec, index)
