"""One axis of a layer: its output size with the formula, and what no window reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.costs import Calculation
from core.arithmetic.geometry import AxisPlan, span
from core.arithmetic.wording import are, counted, plural, tex


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
    filled_tex = {letter: tex(number) for letter, number in filled.items()}
    outputs = f"{plan.outputs:,}"
    size = Calculation(
        plan.outputs,
        f"{plain.format(**filled)} = {outputs}",
        f"{latex.format(**filled_tex)} = {tex(outputs)}",
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
            f"{'' if left_over == 1 else f'{left_over} '}{plural(left_over, noun)} "
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
        sentences.append(f"{counted(lost, noun)} of the input {are(lost)} never looked at.")
    return tuple(sentences)
