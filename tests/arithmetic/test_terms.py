"""The products of one output value add up to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.convolution import ConvResult, ConvSpec, convolve
from core.arithmetic.terms import (
    Term,
    bracketed,
    cell_terms,
    channel_sums,
    filter_weights,
    products,
    sentence,
    shown,
)

IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]], float
)[..., None]
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]], float)[..., None, None]
Drawn = tuple[ConvResult, np.ndarray, ConvSpec]


@st.composite
def convolutions(draw: st.DrawFn) -> Drawn:
    """Any convolution of small arrays."""
    small, few = st.integers(1, 3), st.integers(0, 2)
    transposed = draw(st.booleans())
    groups, per_in, per_out = (draw(small) for _ in range(3))
    mode = "zeros" if transposed else draw(
        st.sampled_from(["zeros", "constant", "reflect", "edge", "wrap"])
    )  # fmt: skip
    numeric = ((draw(few), draw(few)), (draw(few), draw(few)))
    spec = ConvSpec(
        kernel_size=(draw(small), draw(small)),
        stride=(draw(small), draw(small)),
        dilation=(draw(small), draw(small)),
        padding=draw(st.sampled_from(["valid", "same", numeric]))
        if mode != "reflect"
        else numeric,
        padding_mode=mode,
        padding_value=draw(st.sampled_from([1.0, -0.5])),
        groups=groups,
        flip=draw(st.booleans()),
        transposed=transposed,
    )
    height, width = draw(st.integers(7, 9)), draw(st.integers(7, 9))
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    image = random.normal(size=(height, width, groups * per_in))
    kernel = random.normal(size=spec.kernel_shape(groups * per_in, groups * per_out))
    bias = random.normal(size=groups * per_out) if draw(st.booleans()) else None
    return convolve(image, kernel, spec, bias), kernel, spec


@settings(max_examples=200, deadline=None)
@given(convolutions(), st.data())
def test_products_and_bias_sum_to_the_output(drawn: Drawn, data: st.DataObject) -> None:
    result, kernel, spec = drawn
    row, column, f = (data.draw(st.integers(0, n - 1)) for n in result.output.shape)
    terms = cell_terms(result, kernel, spec, row, column, f)
    per_group = result.padded.shape[2] // spec.groups
    assert len(terms) == np.prod(spec.kernel_size) * per_group
    total = sum(term.product for term in terms) + result.bias[f]
    assert total == pytest.approx(result.output[row, column, f], abs=1e-9)
    assert sum(channel_sums(terms).values()) + result.bias[f] == pytest.approx(total, abs=1e-9)
    for term in terms:
        assert term.product == term.weight * term.value
        assert term.value == result.padded[term.padded_row, term.padded_column, term.channel]


def test_first_products_of_the_lectures_example():
    spec = ConvSpec()
    terms = cell_terms(convolve(IMAGE, KERNEL, spec), KERNEL, spec, 0, 0, 0)
    assert [term.product for term in terms] == [0, 3, 4, 0, 0, 0, 0, 1, 4]
    assert (
        sentence(terms, None, 12) == "0*3 + 1*3 + 2*2 + 2*0 + 2*0 + 0*1 + 0*3 + 1*1 + 2*2 = 12"
    )


def test_a_mirrored_kernel_is_read_from_its_end():
    spec = ConvSpec(flip=True)
    terms = cell_terms(convolve(IMAGE, KERNEL, spec), KERNEL, spec, 0, 0, 0)
    assert (terms[0].padded_row, terms[0].padded_column) == (2, 2)
    assert (terms[-1].padded_row, terms[-1].padded_column) == (0, 0)
    assert sum(term.product for term in terms) == 18


def test_channels_are_those_of_the_group():
    spec = ConvSpec(kernel_size=1, groups=2)
    kernel = np.arange(8.0).reshape(1, 1, 2, 4)
    result = convolve(np.ones((2, 2, 4)), kernel, spec)
    assert channel_sums(cell_terms(result, kernel, spec, 0, 0, 1)) == {0: 1, 1: 5}
    assert channel_sums(cell_terms(result, kernel, spec, 0, 0, 2)) == {2: 2, 3: 6}


def test_weights_of_a_transposed_filter():
    spec = ConvSpec(kernel_size=1, groups=2, transposed=True)
    kernel = np.arange(12.0).reshape(1, 1, 3, 4)  # 6 filters, 4 channels
    first, weights = filter_weights(kernel, spec, channels=4, filter_index=4)
    assert first == 2
    assert weights.tolist() == [[[6, 7]]]


def test_negative_numbers_stand_in_brackets():
    terms = [Term(0, 0, 0, 0, 0, -1.0, 2.0, -2.0), Term(0, 0, 1, 0, 1, 3.0, -0.5, -1.5)]
    assert sentence(terms, -1, -4.5) == "2*(-1) + (-0.5)*3 + bias (-1) = -4.5"


def test_a_bias_of_zero_is_said_but_a_missing_one_is_not():
    terms = [Term(0, 0, 0, 0, 0, 1.0, 1.0, 1.0)]
    assert sentence(terms, 0, 1) == "1*1 + bias 0 = 1"
    assert sentence(terms, None, 1) == "1*1 = 1"


def test_long_sums_are_counted():
    terms = [Term(0, 0, n, 0, n, 1.0, float(n), float(n)) for n in range(5)]
    assert products(terms, 2) == "0*1 + 1*1 + ... (3 more)"
    assert products(terms, 5) == products(terms)


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (1 / 3, "0.333"), (-0.0004, "0"), (-0.0, "0"), (1e6, "1000000")],
)
def test_numbers_have_at_most_three_decimals(value, text):
    assert shown(value) == text
    assert bracketed(value) == text


@pytest.mark.parametrize("place", [(3, 0, 0), (0, 3, 0), (0, 0, 1), (-1, 0, 0)])
def test_a_place_outside_is_refused(place):
    spec = ConvSpec()
    with pytest.raises(IndexError, match="3 rows, 3 columns and 1 filters"):
        cell_terms(convolve(IMAGE, KERNEL, spec), KERNEL, spec, *place)
