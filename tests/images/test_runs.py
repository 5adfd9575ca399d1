"""Masks as runs: round trips, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.images.decode import ImageError
from core.images.runs import LONGEST_TEXT, decode_runs, encode_runs


def test_runs_alternate_and_begin_outside():
    assert encode_runs(np.zeros((2, 3), bool)) == "6"
    assert encode_runs(np.ones((2, 3), bool)) == "0,6"
    # Rows follow one another: the run goes on over the end of the first.
    assert encode_runs([[0, 1, 1], [1, 0, 0]]) == "1,3,2"


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_a_mask_comes_back(mask):
    np.testing.assert_array_equal(decode_runs(encode_runs(mask), mask.shape), mask)


@given(st.text(max_size=30))
def test_whatever_arrives_is_a_mask_or_refused(text):
    try:
        assert decode_runs(text, (3, 4)).shape == (3, 4)
    except ImageError as error:
        assert "Paint" in str(error)


def test_a_mask_of_another_picture_is_refused_with_both_sizes():
    with pytest.raises(ImageError, match="has 6 pixels, the picture 4 x 3 = 12"):
        decode_runs("6", (3, 4))
    with pytest.raises(ImageError, match="arrived damaged"):
        decode_runs("1," * LONGEST_TEXT, (3, 4))
    with pytest.raises(ImageError):
        decode_runs("9" * 5_000, (3, 4))
