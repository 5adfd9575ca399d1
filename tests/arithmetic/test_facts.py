"""Facts beside the stage: numbers from the decks, Keras' own counts, and formulas evaluated."""

from __future__ import annotations

import os
import re
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.arithmetic.axis_facts import axis_facts
from core.arithmetic.convolution import ConvSpec, convolve
from core.arithmetic.costs import dense_parameters, multiply_adds, parameters
from core.arithmetic.errors import ShapeError
from core.arithmetic.facts import LayerFacts, layer_facts
from core.arithmetic.same import compare_same
from core.arithmetic.wording import counted

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
MANY = settings(max_examples=250, deadline=None)


def facts(size: int, spec: ConvSpec, channels: int = 1, filters: int = 1) -> LayerFacts:
    return layer_facts((size, size), channels, filters, spec, has_bias=False)


# Sizes


@pytest.mark.parametrize(
    ("size", "options", "text", "latex"),
    [
        (
            5,
            {"padding": 1, "stride": 2},
            "floor((5 + 2 - 1*(3 - 1) - 1) / 2) + 1 = 3",
            r"\lfloor (5 + 2 - 1 \cdot (3-1) - 1)/2 \rfloor + 1 = 3",
        ),
        (
            7,
            {"dilation": 2},
            "floor((7 - 2*(3 - 1) - 1) / 1) + 1 = 3",
            r"\lfloor (7 - 2 \cdot (3-1) - 1)/1 \rfloor + 1 = 3",
        ),
        (5, {"padding": "same", "stride": 2}, "ceil(5 / 2) = 3", r"\lceil 5/2 \rceil = 3"),
        (
            3,
            {"transposed": True, "stride": 2, "padding": 1, "output_padding": 1},
            "(3 - 1)*2 + 1*(3 - 1) + 1 - 2 + 1 = 6",
            r"(3-1) \cdot 2 + 1 \cdot (3-1) + 1 - 2 + 1 = 6",
        ),
        (
            3,
            {"transposed": True, "stride": 2, "padding": "same"},
            "3*2 = 6",
            r"3 \cdot 2 = 6",
        ),
        (
            3,
            {"transposed": True, "stride": 2},
            "3*2 + max(1*(3 - 1) + 1 - 2, 0) = 7",
            r"3 \cdot 2 + \max(1 \cdot (3-1) + 1 - 2, 0) = 7",
        ),
        (
            3,
            {"transposed": True, "stride": 2, "output_padding": 1},
            "(3 - 1)*2 + 1*(3 - 1) + 1 + 1 = 8",
            r"(3-1) \cdot 2 + 1 \cdot (3-1) + 1 + 1 = 8",
        ),
        (
            3,
            {"transposed": True, "stride": 2, "padding": "same", "output_padding": 0},
            "(3 - 1)*2 + (1*(3 - 1) + 1) mod 2 + 0 = 5",
            r"(3-1) \cdot 2 + (1 \cdot (3-1) + 1) \bmod 2 + 0 = 5",
        ),
        (
            2000,
            {},
            "floor((2,000 - 1*(3 - 1) - 1) / 1) + 1 = 1,998",
            r"\lfloor (2{,}000 - 1 \cdot (3-1) - 1)/1 \rfloor + 1 = 1{,}998",
        ),
    ],
)
def test_size_formula_with_its_numbers(
    size: int, options: dict[str, Any], text: str, latex: str
) -> None:
    outputs = facts(size, ConvSpec(**options)).rows.outputs
    assert (outputs.text, outputs.latex) == (text, latex)
    assert outputs.value == int(text.rsplit("= ")[-1].replace(",", ""))


def evaluate(expression: str, **letters: int) -> int:
    """What a plain formula says, by Python's own arithmetic."""
    code = expression.replace(",0)", ", 0)").replace(" mod ", " % ")
    code = re.sub(r"(?<=\d),(?=\d)", "", code)
    return eval(code, {"floor": floor, "ceil": ceil, "max": max, **letters})


@st.composite
def specs(draw: st.DrawFn) -> ConvSpec:
    transposed = draw(st.booleans())
    stride = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    sides = st.tuples(st.integers(0, 3), st.integers(0, 3))
    return ConvSpec(
        kernel_size=draw(st.tuples(st.integers(1, 5), st.integers(1, 5))),
        stride=stride,
        padding=draw(st.sampled_from(["valid", "same"]) | st.tuples(sides, sides)),
        dilation=draw(st.tuples(st.integers(1, 3), st.integers(1, 3))),
        transposed=transposed,
        output_padding=draw(st.none() | st.tuples(*(st.integers(0, s - 1) for s in stride)))
        if transposed
        else None,
    )


@given(specs(), st.integers(1, 12), st.integers(1, 12))
@MANY
def test_formulas_are_true_in_numbers_and_in_letters(
    spec: ConvSpec, height: int, width: int
) -> None:
    try:
        result = convolve(np.ones((height, width, 1)), np.ones((*spec.kernel_size, 1, 1)), spec)
    except ShapeError:
        assume(False)
    for axis, plan in enumerate((result.rows, result.columns)):
        about = axis_facts(plan, axis, spec)
        filled, value = about.outputs.text.rsplit(" = ", 1)
        assert about.outputs.value == result.output.shape[axis] == int(value)
        assert evaluate(filled) == about.outputs.value
        padding = 0 if isinstance(spec.padding, str) else sum(spec.padding[axis])
        letters = {
            "i": plan.size,
            "k": spec.kernel_size[axis],
            "s": spec.stride[axis],
            "d": spec.dilation[axis],
            "P": padding,
            "a": spec.output_padding[axis] if spec.output_padding else 0,
        }
        assert evaluate(about.rule.removeprefix("o = "), **letters) == about.outputs.value


@given(specs(), st.integers(1, 12))
@MANY
def test_pads_lead_from_the_full_output_to_the_one_there_is(spec: ConvSpec, size: int) -> None:
    try:
        plan = spec.plan(size, 40)[0]
    except ShapeError:
        assume(False)
    pads = axis_facts(plan, 0, spec).pads
    reach = spec.dilation[0] * (spec.kernel_size[0] - 1) + 1
    if spec.transposed:
        assert (size - 1) * spec.stride[0] + reach - sum(pads) == plan.outputs
        if not isinstance(spec.padding, str):
            extra = spec.output_padding[0] if spec.output_padding else 0
            assert pads == (spec.padding[0][0], spec.padding[0][1] - extra)
    else:
        assert size + sum(pads) == plan.padded


# Costs


@pytest.mark.parametrize(
    ("taps", "channels", "filters", "groups", "bias", "text", "value"),
    [
        (5, 3, 10, 1, True, "(5*5*3 + 1) * 10 = 760", 760),
        (5, 3, 10, 1, False, "5*5*3 * 10 = 750", 750),
        (5, 3, 6, 1, True, "(5*5*3 + 1) * 6 = 456", 456),
        (5, 6, 10, 1, True, "(5*5*6 + 1) * 10 = 1,510", 1510),
        (3, 6, 6, 6, False, "3*3*6/6 * 6 = 54", 54),
        (3, 6, 9, 3, True, "(3*3*6/3 + 1) * 9 = 171", 171),
    ],
)
def test_parameters(
    taps: int, channels: int, filters: int, groups: int, bias: bool, text: str, value: int
) -> None:
    cost = parameters(
        channels, filters, ConvSpec(kernel_size=taps, groups=groups), has_bias=bias
    )
    assert (cost.text, cost.value) == (text, value)


def test_parameters_in_latex() -> None:
    cost = parameters(6, 10, ConvSpec(kernel_size=5), has_bias=True)
    assert cost.latex == r"(5 \cdot 5 \cdot 6 + 1) \cdot 10 = 1{,}510"


@pytest.mark.tf
@pytest.mark.parametrize(
    ("transposed", "channels", "filters", "groups"),
    [(False, 3, 4, 1), (False, 4, 6, 2), (False, 4, 4, 4), (True, 3, 4, 1)],
)
@pytest.mark.parametrize("bias", [False, True])
def test_parameters_are_what_keras_counts(
    transposed: bool, channels: int, filters: int, groups: int, bias: bool
) -> None:
    import keras

    options = {"use_bias": bias} | ({} if transposed else {"groups": groups})
    kind = keras.layers.Conv2DTranspose if transposed else keras.layers.Conv2D
    layer = kind(filters, (3, 2), **options)
    layer.build((None, 8, 8, channels))
    spec = ConvSpec(kernel_size=(3, 2), groups=groups, transposed=transposed)
    assert parameters(channels, filters, spec, has_bias=bias).value == layer.count_params()


def test_dense_layer_of_the_same_shapes() -> None:
    about = layer_facts((32, 32), 3, 6, ConvSpec(kernel_size=5), has_bias=True)
    assert about.output_shape == (28, 28, 6)
    assert about.dense.text == "3,072 * 4,704 + 4,704 = 14,455,392"
    assert about.dense.latex == r"3{,}072 \cdot 4{,}704 + 4{,}704 = 14{,}455{,}392"
    assert about.dense_ratio == pytest.approx(31_700.42, abs=0.01)
    assert (
        "A dense layer between the same values would have 14,455,392: about 31,700 times as "
        "many." in about.sentences
    )
    assert dense_parameters(10, 20, has_bias=False).text == "10 * 20 = 200"


def test_dense_layer_that_is_no_larger() -> None:
    # 1 x 1 pixel, padded: nine weights against one.
    assert any(
        sentence.endswith("would have 1: fewer.")
        for sentence in facts(1, ConvSpec(padding=1)).sentences
    )
    assert any(
        sentence.endswith("would have 9: as many.")
        for sentence in facts(3, ConvSpec()).sentences
    )


@given(specs(), st.integers(1, 6), st.integers(1, 6))
@MANY
def test_multiply_adds_count_the_products(spec: ConvSpec, height: int, width: int) -> None:
    """Ones everywhere: the sum of the output counts products, if nothing is padded or cut."""
    spec = spec.model_copy(update={"padding": "valid", "output_padding": None})
    image, kernel = np.ones((height, width, 2)), np.ones((*spec.kernel_size, 2, 3))
    if spec.transposed:
        kernel = kernel.transpose(0, 1, 3, 2)
    try:
        output = convolve(image, kernel, spec).output
    except ShapeError:
        assume(False)
    count = multiply_adds((height, width), output.shape, 2, spec)
    assert count.value == output.sum()
    assert evaluate(count.text.split(" = ")[0]) == count.value


def test_multiply_adds_of_groups() -> None:
    count = multiply_adds((6, 6), (4, 4, 6), 6, ConvSpec(groups=3))
    assert (count.text, count.value) == ("4*4*6 * 3*3*6/3 = 1,728", 1728)


# Receptive fields


def test_receptive_fields_of_a_stack() -> None:
    about = layer_facts((32, 32), 1, 1, ConvSpec(stride=(2, 1)), has_bias=False, depth=3)
    assert [field.size for field in about.fields_rows] == [3, 7, 15]
    assert [field.size for field in about.fields_columns] == [3, 5, 7]
    assert [field.jump for field in about.fields_rows] == [2, 4, 8]
    assert "One output value looks at an area of 3 x 3 input pixels." in about.sentences
    assert "Stacked, 2 layers at 7 x 5, 3 layers at 15 x 7." in about.sentences


def test_start_of_the_fields_with_keras_same() -> None:
    """8 -> 4 -> 2 -> 1 rows: "same" adds nothing before the first row of an even size."""
    about = facts(8, ConvSpec(padding="same", stride=2))
    assert [field.start for field in about.fields_rows] == [0, 0, 0]
    # 5 -> 3 -> 2: odd sizes get one row before; the third layer has 2 rows, and none.
    about = facts(5, ConvSpec(padding="same", stride=2))
    assert [field.start for field in about.fields_rows] == [-1, -3, -3]


def test_transposed_spreads_instead() -> None:
    about = facts(3, ConvSpec(transposed=True, stride=2))
    assert about.fields_rows == about.fields_columns == ()
    assert "Each input value is spread over an area of 3 x 3 pixels." in about.sentences
    assert any("checkerboard" in sentence for sentence in about.sentences)
    even = facts(3, ConvSpec(kernel_size=2, transposed=True, stride=2))
    assert not any("checkerboard" in sentence for sentence in even.sentences)


# The floor


@pytest.mark.parametrize(
    ("size", "options", "left_over", "between", "lost", "sentences"),
    [
        (5, {"padding": 1, "stride": 2}, 0, 0, 0, ()),
        (
            6,
            {"padding": 1, "stride": 2},
            1,
            0,
            0,
            (
                "The stride 2 does not divide 8 - 3 = 5, so no window reaches the last row of "
                "the padded input.",
            ),
        ),
        (
            10,
            {"stride": 4},
            3,
            1,
            4,
            (
                "The stride 4 does not divide 10 - 3 = 7, so no window reaches the last 3 rows "
                "of the padded input.",
                "No tap reads 1 row that the stride 4 passes over.",
                "4 rows of the input are never looked at.",
            ),
        ),
        (
            5,
            {"dilation": 2},
            0,
            2,
            2,
            (
                "No tap reads 2 rows that the dilation 2 passes over.",
                "2 rows of the input are never looked at.",
            ),
        ),
        (
            8,
            {"kernel_size": 2, "dilation": 3, "stride": 4},
            0,
            4,
            4,
            (
                "No tap reads 4 rows that the dilation 3 passes over.",
                "4 rows of the input are never looked at.",
            ),
        ),
        (
            7,
            {"kernel_size": 2, "dilation": 2, "stride": 4},
            0,
            3,
            3,
            (
                "No tap reads 3 rows that the stride 4 and the dilation 2 pass over.",
                "3 rows of the input are never looked at.",
            ),
        ),
        (5, {"stride": 2, "transposed": True}, 0, 0, 0, ()),
    ],
)
def test_rows_that_no_window_reads(
    size: int,
    options: dict[str, Any],
    left_over: int,
    between: int,
    lost: int,
    sentences: tuple[str, ...],
) -> None:
    rows = facts(size, ConvSpec(**options)).rows
    assert (rows.left_over, rows.between, rows.lost) == (left_over, between, lost)
    assert rows.sentences == sentences


@given(specs(), st.integers(1, 15))
@MANY
def test_left_over_is_the_remainder_of_the_division(spec: ConvSpec, size: int) -> None:
    assume(not spec.transposed)
    try:
        plan = spec.plan(40, size)[1]
    except ShapeError:
        assume(False)
    about = axis_facts(plan, 1, spec)
    reach = spec.dilation[1] * (spec.kernel_size[1] - 1) + 1
    # With "same" and a stride longer than the kernel there may be nothing to pad.
    assert about.left_over == (plan.padded - reach) % spec.stride[1]
    assert about.left_over + about.between == int((~plan.reached).sum())


# Keras and PyTorch


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "keras", "torch"),
    [
        (5, 3, 1, (5, (1, 1)), (5, (1, 1))),
        (5, 3, 2, (3, (1, 1)), (3, (1, 1))),
        (6, 3, 2, (3, (0, 1)), (3, (1, 1))),
        (224, 7, 2, (112, (2, 3)), (112, (3, 3))),
        (6, 4, 1, (6, (1, 2)), (5, (1, 1))),
        (1, 4, 1, (1, (1, 2)), (0, (1, 1))),
    ],
)
def test_same_in_keras_and_in_pytorch(
    size: int, kernel: int, stride: int, keras: object, torch: object
) -> None:
    """Sizes and pads of well-known layers: torchvision's ResNet pads its first 7x7 by 3."""
    both = compare_same(size, kernel, stride=stride)
    assert (both.keras_size, both.keras_pads) == keras
    assert (both.torch_size, both.torch_pads) == torch
    assert both.differ == (keras != torch) == bool(both.sentences)
    assert both.torch_accepts_same == (stride == 1)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(1, 4))
@MANY
def test_flagged_exactly_where_other_pixels_are_read(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    both = compare_same(size, kernel, stride=stride, dilation=dilation)
    reach = dilation * (kernel - 1) + 1
    amount = (reach - 1) // 2
    assert both.torch_pads == (amount, amount)
    keras = ConvSpec(kernel_size=kernel, stride=stride, dilation=dilation, padding="same")
    torch = keras.model_copy(update={"padding": ((amount, amount), (amount, amount))})
    plan = keras.plan(size, size)[0]
    assert (both.keras_size, both.keras_pads) == (plan.outputs, (plan.before, plan.after))
    try:
        other = torch.plan(size, size)[0]
    except ShapeError:
        assert both.torch_size == 0
        return
    assert both.torch_size == other.outputs
    reads = [(p.taps - p.before).tolist() for p in (plan, other)]
    assert both.differ == (reads[0] != reads[1])


def test_sentences_on_same_say_what_differs() -> None:
    about = facts(6, ConvSpec(padding="same", stride=2))
    assert about.same is not None
    assert about.same[0].differ
    assert [s for s in about.sentences if "Keras" in s or "PyTorch" in s or "Both" in s] == [
        "Keras' \"same\" adds 0 before and 1 after; PyTorch's padding=1 adds 1 on each side.",
        "Both give 3 values, at other places: the first windows start 1 pixel apart.",
        'PyTorch\'s own padding="same" refuses stride 2: it accepts stride 1 only.',
    ]


def test_even_kernels_differ_in_size() -> None:
    both = compare_same(6, 4)
    assert both.sentences[1].startswith("Keras gives 6 values, PyTorch 5:")
    assert both.sentences[2] == 'PyTorch\'s own padding="same" does what Keras does here.'


def test_axes_that_differ_alone_are_named() -> None:
    spec = ConvSpec(kernel_size=(3, 4), padding="same")
    about = layer_facts((6, 6), 1, 1, spec, has_bias=False)
    named = [s for s in about.sentences if s.startswith(("Rows:", "Columns:"))]
    assert len(named) == 3
    assert all(s.startswith("Columns:") for s in named)


def test_nothing_to_compare_without_same() -> None:
    assert facts(6, ConvSpec(padding=1, stride=2)).same is None
    assert facts(6, ConvSpec(padding="same", transposed=True)).same is None


# Words


def test_groups_say_what_a_filter_sees() -> None:
    about = facts(5, ConvSpec(groups=3), channels=6, filters=3)
    assert "Each filter sees 2 of the 6 channels: its group." in about.sentences


def test_counted() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 1500)] == [
        "0 rows", "1 row", "2 rows", "1,500 rows",
    ]  # fmt: skip


@given(specs(), st.integers(1, 12))
@MANY
def test_sentences_are_sentences(spec: ConvSpec, size: int) -> None:
    try:
        sentences = facts(size, spec).sentences
    except ShapeError:
        assume(False)
    assert len(set(sentences)) == len(sentences) >= 3
    for sentence in sentences:
        assert re.match(r"\S.*[^ ]\.$", sentence)
        assert not re.search(r"(?<!x )\b1 (rows|columns|values|pixels|parameters)\b", sentence)


def test_misfits_are_refused() -> None:
    with pytest.raises(ShapeError, match="2 groups cannot split 3 channels"):
        facts(5, ConvSpec(groups=2), channels=3, filters=2)
    with pytest.raises(ShapeError, match="the padded input has 2"):
        facts(2, ConvSpec())
