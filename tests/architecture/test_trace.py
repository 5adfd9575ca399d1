"""Shapes, parameters and words of a network followed row by row.

That they agree with Keras is tested in tests/models.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.architecture import (
    PRESETS,
    Architecture,
    ArchitectureError,
    check,
    decode,
    problem,
    totals,
    trace,
)
from core.architecture.trace import MOST_PARAMETERS
from tests.architecture.networks import SHAPES, any_network, fitting

MNIST = (28, 28, 1)


def follow(text, shape=MNIST, classes=10):
    return trace(decode(text), shape, classes)


def only(text, shape=MNIST):
    """The trace of a single row."""
    return follow(text, shape)[1]


def test_lenet_has_the_published_parameters_row_by_row():
    """LeCun et al. 1998 with full connections: 156, 2,416, 48,120, 10,164, 850."""
    rows = trace(PRESETS["lenet"].architecture, MNIST, 10)
    assert [row.parameters for row in rows] == [
        0, 156, 0, 2_416, 0, 0, 48_120, 10_164, 850,
    ]  # fmt: skip
    assert totals(rows).parameters == 61_706
    assert [row.shape for row in rows] == [
        (28, 28, 1), (28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (400,), (120,), (84,),
        (10,),
    ]  # fmt: skip
    assert rows[1].arithmetic == "(5 x 5 x 1 + 1) x 6 = 156"
    assert rows[6].arithmetic == "(400 + 1) x 120 = 48,120"
    assert rows[3].cost == "10 x 10 x 16 x (5 x 5 x 6) = 240,000"


def test_the_conv_example_of_the_penn_deck():
    """Ten 5 x 5 filters on 32 x 32 x 3: 760 parameters."""
    row = only("conv-f10-k5-pvalid", (32, 32, 3))
    assert row.arithmetic == "(5 x 5 x 3 + 1) x 10 = 760"
    assert row.shape == (28, 28, 10)


def test_mobilenet_factors_as_its_paper_counts_them():
    """Howard et al. 2017, section 3.1: separable over full is 1 / N + 1 / D_K^2."""
    full = only("conv-f64-k3-b0", (14, 14, 32)).multiply_adds
    separable = only("separable.conv-f64-k3-b0", (14, 14, 32)).multiply_adds
    assert separable / full == pytest.approx(1 / 64 + 1 / 9)


def test_the_attention_of_vit_base_counts_as_known():
    """ViT-B (Dosovitskiy et al. 2021, table 1): 12 layers of width 768 and MLP 3,072, 86 M.

    One layer: 4 (768 + 1) 768 + (768 + 1) 3,072 + (3,072 + 1) 768 + 4 x 768 = 7,087,872. Our
    widths end at 256; the formula is the same in the width.
    """
    count = lambda width: 12 * width**2 + 13 * width  # noqa: E731
    assert count(768) == 7_087_872
    for width in (32, 256):
        row = follow(f"patches-w{width}_transformer-r4")[2]
        assert row.parameters == count(width)


def test_running_statistics_are_not_trained():
    row = only("batch.norm", (8, 8, 16))
    assert (row.trainable, row.fixed) == (32, 32)
    assert row.arithmetic == "2 x 16 trained + 2 x 16 running = 64"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("conv-k5-pvalid-s4_pool_conv-k5-pvalid_flatten", 3,
         "A 5 x 5 window does not fit into 3 x 3: use padding 'same' or a window of at most "
         "3 x 3, or shrink the maps less before it."),
        ("conv-k3-pvalid-d4_pool-z8-s8_pool-z3", 3,
         "A 3 x 3 window does not fit into 2 x 2: use padding 'same' or a window of at most "
         "2 x 2, or shrink the maps less before it."),
        ("conv_pool-z8-s8_conv-pvalid-d2", 3, "A 5 x 5 (3 x 3 with dilation 2) window"),
        ("dense", 1, "Dense needs a vector and gets 28 x 28 x 1: put flatten or global pooling "
         "before it."),
        ("flatten_conv", 2, "A convolution needs maps (height x width x channels) and gets a "
         "vector of 784: move this row before flatten or global pooling."),
        ("patches_conv", 2, "gets 49 tokens of 32: move this row before the patches."),
        ("patches_dense", 2, "Dense needs a vector and gets 49 tokens of 32"),
        ("transformer", 1, "A transformer block takes tokens, and this row gets 28 x 28 x 1: "
         "put patches before it."),
        ("flatten_positions", 2, "a vector of 784: move it before flatten"),
        ("patches_transformer-h5", 2, "32 numbers a token cannot be shared evenly among 5 "
         "heads: use 1, 2, 4, 8 or 16 heads"),
        ("patches-z32", 1, "Patches of 32 x 32 do not fit into 28 x 28: use a size of at most "
         "28."),
        ("global.pool_global.pool", 2, "a vector of 1, which has one number a channel already"),
        ("conv-s2-d2", 1, "Stride 2 and dilation 2"),
        ("flatten_pool", 2, "Pooling needs maps"),
        ("depthwise.conv-k1", 1, "one weight for the whole image"),
        ("separable.conv-k1", 1, "use a kernel of at least 2."),
        ("conv-f512_flatten_dense-u4096", 3, "1,644,171,264 parameters here, and the rows "
         "before it have 5,120; up to 20,000,000 can train."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_explained_at_its_row(text, row, words):
    rows = follow(text)
    assert words in rows[row].problem
    assert [n for n, r in enumerate(rows) if r.problem] == list(range(row, len(rows)))
    assert all(r.problem == f"Waits for row {row}." for r in rows[row + 1 :])
    assert all(r.shape is None and not r.parameters for r in rows[row:])


@pytest.mark.parametrize("text", ["", "conv", "patches_positions"])
def test_an_output_without_a_vector_is_explained_at_the_output(text):
    rows = follow(text)
    assert rows[-1].problem.startswith("The output needs a vector and gets")
    assert problem(rows) == f"Output: {rows[-1].problem}"
    with pytest.raises(ArchitectureError, match="put flatten or global pooling"):
        check(decode(text), MNIST, 10)


@pytest.mark.parametrize(
    ("text", "shape", "note"),
    [
        ("conv-pvalid-s2", (28, 28, 1), "No window reads the last 1 row and 1 column"),
        ("pool-z2", (7, 6, 1), "No window reads the last 1 row of the input."),
        ("conv-k1-s3", (9, 9, 1), "Windows of 1 every 3 pixels skip 2 rows"),
        ("patches-z4", (30, 28, 1), "No window reads the last 2 rows of the input."),
        ("residual-f8-s2", (8, 8, 4), "goes through a 1 x 1 convolution."),
    ],
)
def test_what_works_but_surprises_is_noted(text, shape, note):
    row = only(text, shape)
    assert note in row.note
    assert not row.problem


def test_one_by_one_windows_are_fine_where_they_mix_or_multiply():
    for text in ("conv-k1-f1", "depthwise.conv-k1-x2", "conv-f2_depthwise.conv-k1"):
        assert not problem(follow(f"{text}_flatten"))


def test_a_row_that_is_off_is_passed_over():
    on, off = follow("conv_flatten_dense"), follow("conv_off-pool_flatten_off-dropout_dense")
    assert [r.shape for r in off if r.on] == [r.shape for r in on]
    assert off[2].shape == off[1].shape
    assert totals(off) == totals(on)
    assert not follow("off-dense_flatten")[1].problem


def test_the_limit_is_on_the_whole_network():
    """785 x 4,096 + 4,097 x 3,900 = 19,193,660; 3,901 x 400 more are too many."""
    fitting_rows = follow("flatten_dense-u4096_dense-u3900", classes=2)
    assert totals(fitting_rows).parameters == 19_193_660 + 3_901 * 2 < MOST_PARAMETERS
    assert not problem(fitting_rows)
    row = follow("flatten_dense-u4096_dense-u3900_dense-u400")[4]
    assert "1,560,400 parameters here, and the rows before it have 19,193,660" in row.problem


def test_memory_of_training_counts_moments_and_the_batch():
    """LeNet with Adam: 61,706 weights, gradients and two moments, 8,494 values an image."""
    found = totals(trace(PRESETS["lenet"].architecture, MNIST, 10))
    assert found.values == 4_704 + 1_176 + 1_600 + 400 + 400 + 120 + 84 + 10
    assert found.weight_bytes() == 4 * 61_706
    assert found.training_bytes(32) == 4 * (4 * 61_706 + 32 * 8_494)
    assert found.training_bytes(32, moments=0) == 4 * (2 * 61_706 + 32 * 8_494)


@given(any_network(), SHAPES)
def test_any_network_has_a_trace(network, shape):
    rows = trace(network, shape, 3)
    assert len(rows) == len(network.rows) + 2
    broken = [n for n, row in enumerate(rows) if row.problem]
    if broken:
        assert problem(rows)
        assert all(row.shape is None for row in rows[broken[0] :])
    else:
        assert problem(rows) == ""
        assert rows[-1].shape == (3,)


@given(st.data(), SHAPES)
def test_words_and_numbers_say_the_same(data, shape):
    """Every arithmetic is an equation that holds, with its parts and their sum."""
    network = data.draw(fitting(shape))
    rows = trace(network, shape, 4)
    assume(not problem(rows))
    for row in rows:
        for text, value in ((row.arithmetic, row.parameters), (row.cost, row.multiply_adds)):
            if not text:
                assert value == 0
                continue
            *parts, last = text.replace("; together ", "; ").split("; ")
            sums = [_equation(part) for part in (parts if parts else [last])]
            assert sum(sums) == value
            if parts:
                assert int(last.replace(",", "")) == value


def _equation(text):
    left, right = text.split(" = ")
    words = left.removeprefix("batch norm ").replace(" trained", "").replace(" running", "")
    value = eval(words.replace(",", "").replace("x", "*"))
    assert value == int(right.replace(",", ""))
    return value


def test_problems_do_not_depend_on_what_comes_later():
    longer = Architecture(rows=(*decode("conv_dense").rows, *decode("flatten_dense").rows))
    assert trace(longer, MNIST, 10)[:3] == follow("conv_dense")[:3]
