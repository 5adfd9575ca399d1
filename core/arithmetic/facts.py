"""What a layer costs and how far it sees: the numbers, and the arithmetic that gives them.

Texts are plain (`(5*5*3 + 1) * 10 = 760`) and LaTeX; thousands are set apart by commas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

import numpy as np

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.geometry import AxisPlan, same_padding, span
from core.arithmetic.receptive_field import ReceptiveField, Window, receptive_fields

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


@dataclass(frozen=True, slots=True)
class AxisFacts:
    """One axis of a layer.

    Attributes:
        noun: "row" for the vertical axis, "column" for the horizontal one.
        outputs: the output size, with the formula filled in.
        rule: that formula in letters: i input, k kernel, s stride, d dilation, P padding of
            both ends together, a output padding, o output.
        rule_latex: the same in LaTeX.
        pads: (before, after) pixels added to the input; for a transposed convolution what is
            cut from its full output, negative where something is added instead.
        left_over: rows or columns of the padded input behind the last window: what the floor
            drops.
        between: those before the last window's end that no tap reads either.
        lost: how many of both are input and not padding.
        sentences: what the numbers mean; empty where there is nothing to say.
    """

    noun: str
    outputs: Calculation
    rule: str
    rule_latex: str
    pads: tuple[int, int]
    left_over: int
    between: int
    lost: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameComparison:
    """Keras' "same" beside PyTorch's symmetric padding along one axis.

    Attributes:
        keras_size: output length of `padding="same"`.
        keras_pads: (before, after) pixels.
        torch_size: output length of `torch.nn.Conv2d(padding=(span - 1) // 2)`; 0 where no
            window fits and PyTorch refuses.
        torch_pads: (before, after) pixels, always equal.
        torch_accepts_same: whether PyTorch's own `padding="same"` runs: at stride 1 only.
        sentences: why they differ; empty where they do not.
    """

    keras_size: int
    keras_pads: tuple[int, int]
    torch_size: int
    torch_pads: tuple[int, int]
    torch_accepts_same: bool
    sentences: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """True if the two give another size or look at other pixels."""
        return (self.keras_size, self.keras_pads) != (self.torch_size, self.torch_pads)


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
    same = _same(input_hw, spec)
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
            *_group_sentences(channels, spec),
            *_cost_sentences(cost, dense),
            *_field_sentences(spec, fields[0], fields[1]),
            *_same_sentences(same),
        ),
    )


def axis_facts(plan: AxisPlan, axis: int, spec: ConvSpec) -> AxisFacts:
    """The output size along one axis, its formula, and what no window reads.

    Args:
        plan: of `spec.plan`, for this axis.
        axis: 0 for rows, 1 for columns.
        spec: the layer's settings.

    Source: Dumoulin & Visin 2016, relationships 14 and 15; Keras' documentation of
    `Conv2D` and `Conv2DTranspose` for "valid" and "same".
    """
    noun = ("row", "column")[axis]
    plain, latex = _transposed_rule(spec) if spec.transposed else _rule(spec)
    letters = {letter: letter for letter in "ikdsPa"}
    filled = _numbers(plan, axis, spec)
    filled_tex = {letter: _tex(number) for letter, number in filled.items()}
    outputs = f"{plan.outputs:,}"
    size = Calculation(
        plan.outputs,
        f"{plain.format(**filled)} = {outputs}",
        f"{latex.format(**filled_tex)} = {_tex(outputs)}",
    )
    unread = (0, 0, 0) if spec.transposed else _unread(plan)
    return AxisFacts(
        noun,
        size,
        f"o = {plain.format(**letters)}",
        f"o = {latex.format(**letters)}",
        _cut(plan, axis, spec) if spec.transposed else (plan.before, plan.after),
        *unread,
        sentences=_unread_sentences(noun, unread, plan, axis, spec),
    )


def _rule(spec: ConvSpec) -> tuple[str, str]:
    """Templates of the output size of a convolution, plain and LaTeX."""
    if spec.padding == "same":
        return "ceil({i} / {s})", r"\lceil {i}/{s} \rceil"
    added = "" if spec.padding == "valid" else " + {P}"
    return (
        f"floor(({{i}}{added} - {{d}}*({{k}} - 1) - 1) / {{s}}) + 1",
        rf"\lfloor ({{i}}{added} - {{d}} \cdot ({{k}}-1) - 1)/{{s}} \rfloor + 1",
    )


def _transposed_rule(spec: ConvSpec) -> tuple[str, str]:
    """Templates of the output size of a transposed convolution, plain and LaTeX."""
    if spec.padding == "same" and spec.output_padding is None:
        plain = "{i}*{s}"
    elif spec.padding == "same":
        plain = "({i} - 1)*{s} + ({d}*({k} - 1) + 1) mod 2 + {a}"
    elif spec.padding == "valid" and spec.output_padding is None:
        plain = "{i}*{s} + max({d}*({k} - 1) + 1 - {s}, 0)"
    elif spec.padding == "valid":
        plain = "({i} - 1)*{s} + {d}*({k} - 1) + 1 + {a}"
    else:
        plain = "({i} - 1)*{s} + {d}*({k} - 1) + 1 - {P} + {a}"
    latex = plain.replace("max", r"\max").replace("mod", r"\bmod").replace("*", r" \cdot ")
    return plain, latex.replace("} - 1)", "}-1)")


def _numbers(plan: AxisPlan, axis: int, spec: ConvSpec) -> dict[str, str]:
    """The letters of the formulas and what stands for them here."""
    padding = 0 if isinstance(spec.padding, str) else sum(spec.padding[axis])
    extra = spec.output_padding[axis] if spec.output_padding else 0
    values = {
        "i": plan.size,
        "k": spec.kernel_size[axis],
        "d": spec.dilation[axis],
        "s": spec.stride[axis],
        "P": padding,
        "a": extra,
    }
    return {letter: f"{value:,}" for letter, value in values.items()}


def _cut(plan: AxisPlan, axis: int, spec: ConvSpec) -> tuple[int, int]:
    """Pixels cut from both ends of the full transposed output; negative where added."""
    reach = span(spec.kernel_size[axis], spec.dilation[axis])
    before = reach - 1 - plan.before
    full = (plan.size - 1) * spec.stride[axis] + reach
    return before, full - plan.outputs - before


def _unread(plan: AxisPlan) -> tuple[int, int, int]:
    """Places no tap reads: behind the last window, before its end, and the input among both."""
    unread = ~plan.reached
    end = int(plan.taps.max()) + 1
    lost = unread & (plan.source() >= 0)
    return plan.padded - end, int(unread[:end].sum()), int(np.count_nonzero(lost))


def _unread_sentences(
    noun: str, unread: tuple[int, int, int], plan: AxisPlan, axis: int, spec: ConvSpec
) -> tuple[str, ...]:
    left_over, between, lost = unread
    reach, stride = span(spec.kernel_size[axis], spec.dilation[axis]), spec.stride[axis]
    sentences = []
    if left_over:
        sentences.append(
            f"The stride {stride} does not divide {plan.padded:,} - {reach} = "
            f"{plan.padded - reach:,}, so no window reaches the last "
            f"{'' if left_over == 1 else f'{left_over} '}{_plural(left_over, noun)} "
            "of the padded input."
        )
    if between:
        causes = [f"the stride {stride}"] if stride > reach else []
        if spec.dilation[axis] > 1 and spec.kernel_size[axis] > 1:
            causes.append(f"the dilation {spec.dilation[axis]}")
        verb = "passes" if len(causes) == 1 else "pass"
        sentences.append(
            f"No tap reads {counted(between, noun)} that {' and '.join(causes)} {verb} over."
        )
    if lost:
        sentences.append(f"{counted(lost, noun)} of the input {_are(lost)} never looked at.")
    return tuple(sentences)


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


def _group_sentences(channels: int, spec: ConvSpec) -> tuple[str, ...]:
    if spec.groups == 1:
        return ()
    seen = channels // spec.groups
    return (f"Each filter sees {seen} of the {counted(channels, 'channel')}: its group.",)


def _cost_sentences(cost: Calculation, dense: Calculation) -> tuple[str, ...]:
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


def compare_same(
    size: int, kernel: int, *, stride: int = 1, dilation: int = 1
) -> SameComparison:
    """Keras' "same" beside `torch.nn.Conv2d(padding=(span - 1) // 2)` along one axis.

    Keras pads what the last window needs, so the amount depends on the input's size and the
    odd pixel goes to the end. PyTorch pads both ends alike, whatever the size.

    Args:
        size: input length, in pixels.
        kernel: taps.
        stride: pixels from one window to the next.
        dilation: pixels between neighbouring taps.

    Example:
        >>> both = compare_same(6, 3, stride=2)
        >>> both.keras_pads, both.torch_pads, both.differ
        ((0, 1), (1, 1), True)

    Source: TensorFlow's documentation of `tf.nn.convolution`; PyTorch's of `torch.nn.Conv2d`.
    """
    reach = span(kernel, dilation)
    amount = (reach - 1) // 2
    room = size + 2 * amount - reach
    keras = (-(-size // stride), same_padding(size, kernel, stride, dilation))
    torch = (room // stride + 1 if room >= 0 else 0, (amount, amount))
    why = _same_reasons(keras, torch, reach, stride) if keras != torch else ()
    return SameComparison(*keras, *torch, torch_accepts_same=stride == 1, sentences=why)


def _same_reasons(
    keras: tuple[int, tuple[int, int]],
    torch: tuple[int, tuple[int, int]],
    reach: int,
    stride: int,
) -> tuple[str, ...]:
    (keras_size, (before, after)), (torch_size, (amount, _)) = keras, torch
    sizes = (
        f"Both give {counted(keras_size, 'value')}, at other places: the first windows start "
        f"{counted(amount - before, 'pixel')} apart."
        if keras_size == torch_size
        else f"Keras gives {counted(keras_size, 'value')}, PyTorch {torch_size:,}: a window "
        f"over {reach} pixels has no middle, so equal sides add one pixel too few."
    )
    own = (
        'PyTorch\'s own padding="same" does what Keras does here.'
        if stride == 1
        else f'PyTorch\'s own padding="same" refuses stride {stride}: it accepts stride 1 only.'
    )
    return (
        f"Keras' \"same\" adds {before} before and {after} after; PyTorch's padding={amount} "
        f"adds {amount} on each side.",
        sizes,
        own,
    )


def _same(
    input_hw: tuple[int, int], spec: ConvSpec
) -> tuple[SameComparison, SameComparison] | None:
    if spec.padding != "same" or spec.transposed:
        return None
    down, across = (
        compare_same(
            input_hw[axis],
            spec.kernel_size[axis],
            stride=spec.stride[axis],
            dilation=spec.dilation[axis],
        )
        for axis in (0, 1)
    )
    return down, across


def _same_sentences(same: tuple[SameComparison, SameComparison] | None) -> tuple[str, ...]:
    """Both axes, or once what both have in common."""
    if same is None:
        return ()
    down, across = same
    if down.sentences == across.sentences:
        return down.sentences
    return tuple(f"Rows: {text}" for text in down.sentences) + tuple(
        f"Columns: {text}" for text in across.sentences
    )


def counted(number: int, noun: str) -> str:
    """A number and its noun, in the plural unless it is 1.

    Example:
        >>> counted(1, "row"), counted(1200, "row")
        ('1 row', '1,200 rows')
    """
    return f"{number:,} {_plural(number, noun)}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _calculation(expression: str, value: int) -> Calculation:
    text = f"{expression} = {value:,}"
    return Calculation(value, text, _tex(re.sub(r" ?\* ?", r" \\cdot ", text)))


def _tex(text: str) -> str:
    """LaTeX would put a space behind a plain comma."""
    return text.replace(",", "{,}")


def _times(numbers: tuple[int, ...]) -> str:
    return "*".join(f"{number:,}" for number in numbers)


def _taps(spec: ConvSpec) -> str:
    return _times(spec.kernel_size)


def _share(channels: int, groups: int) -> str:
    return f"{channels}/{groups}" if groups > 1 else f"{channels:,}"
