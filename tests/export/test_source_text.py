"""Arrays written as source read back as the same arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.export.source_text import (
    WRITTEN_OUT,
    assign_image,
    assign_kernel,
    assign_vector,
    literal,
)

NUMBERS = st.one_of(
    st.integers(-9, 300).map(float),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from([1 / 9, 1 / 121, -0.0, 0.1, 1e-12]),
)


def value_of(statements: str, name: str) -> np.ndarray:
    names: dict[str, object] = {"np": np}
    exec(statements, names)
    array = names[name]
    assert isinstance(array, np.ndarray | np.float64)
    return array


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == np.float64 and one.shape == other.shape and bool((one == other).all())


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.tuples(*[st.integers(1, 4)] * 3), elements=NUMBERS))
def test_images_read_back(image):
    assert same(value_of(assign_image("image", image), "image"), image)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.tuples(*[st.integers(1, 3)] * 4), elements=NUMBERS))
def test_kernels_read_back(kernel):
    text = assign_kernel("kernel", kernel, "channel", "filter")
    assert same(value_of(text, "kernel"), kernel)


@pytest.mark.parametrize(
    "shape_repeated",
    [((12, 13, 5), (1, 1, 1)), ((20, 21, 1), (1, 1, 4)), ((30, 31, 2), (1, 1, 1))],
)
def test_large_images_read_back(shape_repeated):
    shape, repeats = shape_repeated
    image = np.tile(np.random.default_rng(1).normal(size=shape), repeats)
    assert image.size > WRITTEN_OUT
    assert same(value_of(assign_image("image", image), "image"), image)


@pytest.mark.parametrize(
    "shape_repeated",
    [
        ((5, 6, 4, 5), (1, 1, 1, 1)),
        ((7, 5, 1, 6), (1, 1, 5, 1)),
        ((7, 5, 6, 1), (1, 1, 1, 5)),
        ((9, 8, 1, 1), (1, 1, 3, 4)),
    ],
)
def test_large_kernels_read_back_and_repeats_are_written_once(shape_repeated):
    shape, repeats = shape_repeated
    kernel = np.tile(np.random.default_rng(2).integers(-9, 9, shape).astype(float), repeats)
    text = assign_kernel("kernel", kernel, "channel", "filter")
    assert same(value_of(text, "kernel"), kernel)
    assert len(text) < 4 * np.prod(shape) + 200


def test_one_number_with_exceptions_is_short():
    kernel = np.full((11, 11, 3, 4), 1 / 121)
    kernel[1, 2, 0, 3] = -2
    text = assign_kernel("kernel", kernel, "channel", "filter")
    assert text.splitlines() == [
        'kernel = np.full((11, 11, 3, 4), 1/121, dtype="float64")',
        "kernel[1, 2, 0, 3] = -2",
    ]


@given(NUMBERS)
def test_a_literal_is_the_number(value):
    assert value_of(f"number = np.float64({literal(value)})", "number") == value


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (0.25, "0.25"), (1 / 3, "1/3")])
def test_a_literal_is_as_a_person_writes_it(value, text):
    assert literal(value) == text


def test_bias_reads_back():
    assert value_of(assign_vector("bias", np.array([1.0, -0.5])), "bias").tolist() == [1, -0.5]
