"""What a pooling costs and keeps: the numbers, and the arithmetic that gives them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from core.arithmetic.antialiasing import TAPS, Blur
from core.arithmetic.costs import Calculation
from core.arithmetic.geometry import AxisPlan
from core.arithmetic.pooling import PoolResult, PoolSpec
from core.arithmetic.receptive_field import Window, receptive_fields
from core.arithmetic.wording import counted

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """Everything that stands beside a pooling layer.

    Attributes:
        rows: output height, with the formula filled in.
        columns: output width.
        kept: values of the output, and their share of the input's.
        reads: values that all windows read together.
        dense: parameters of a dense layer on the flattened output.
        dense_before: the same on the flattened input.
        dense_global: the same after global pooling: one value a channel.
        sentences: all remarks on the layer, one idea each.
    """

    rows: Calculation
    columns: Calculation
    kept: str
    reads: Calculation
    dense: Calculation
    dense_before: Calculation
    dense_global: Calculation
    sentences: tuple[str, ...]


def pool_facts(
    result: PoolResult,
    output_shape: Shape,
    *,
    blur: Blur | None = None,
    steps: tuple[int, int] | None = None,
    units: int = 10,
) -> PoolFacts:
    """Size, cost and share of what is kept.

    Args:
        result: of `pool`; with a blur the one at stride 1.
        output_shape: (OH, OW, C) of the layer, after the blur if there is one.
        blur: which filter.
        steps: (down, right) stride of the blur, if there is one.
        units: of a dense layer behind.
    """
    height, width, channels = result.image.shape
    window = result.rows.taps.shape[1] * result.columns.taps.shape[1]
    places = result.output.shape[0] * result.output.shape[1]
    share = prod(output_shape) / result.image.size
    return PoolFacts(
        rows=_size(result.spec, 0, result.rows, output_shape[0], steps if blur else None),
        columns=_size(result.spec, 1, result.columns, output_shape[1], steps if blur else None),
        kept=f"{prod(output_shape):,} / {result.image.size:,} = {share:.1%}",
        reads=_product((places, window, channels)),
        dense=_dense(output_shape, units),
        dense_before=_dense((height, width, channels), units),
        dense_global=_dense((1, 1, channels), units),
        sentences=_sentences(result, blur, steps or result.spec.steps),
    )


def _product(factors: tuple[int, ...]) -> Calculation:
    value = prod(factors)
    text = " * ".join(str(n) for n in factors) + f" = {value:,}"
    return Calculation(value, text, text.replace("*", r"\cdot"))


def _dense(shape: Shape, units: int) -> Calculation:
    """(inputs + 1) * units: the weights, and a bias for each unit."""
    inputs = " * ".join(str(n) for n in shape)
    value = (prod(shape) + 1) * units
    text = f"({inputs} + 1) * {units} = {value:,}"
    return Calculation(value, text, text.replace("*", r"\cdot"))


def _size(
    spec: PoolSpec, axis: int, plan: AxisPlan, outputs: int, blurred: tuple[int, int] | None
) -> Calculation:
    """How the output length comes about."""
    if spec.is_global:
        return Calculation(1, "1: one window over the whole plane", "o = 1")
    size, stride = spec.size[axis], spec.steps[axis]
    if blurred is not None:
        windows, stride = plan.outputs, blurred[axis]
        text = f"ceil({windows} / {stride}) = {outputs}, of {windows} at stride 1"
        return Calculation(
            outputs, text, rf"o = \lceil {windows} / {stride} \rceil = {outputs}"
        )
    if spec.padding == "same":
        text = f"ceil({plan.size} / {stride}) = {outputs}"
        return Calculation(
            outputs, text, rf"o = \lceil {plan.size} / {stride} \rceil = {outputs}"
        )
    after = spec.padding_after(axis, plan)
    pads = f" + {plan.before} + {after}" if plan.before or after else ""
    name = "ceil" if spec.ceil_mode else "floor"
    inside = f"({plan.size}{pads} - {size}) / {stride}"
    top = f"{plan.size}{pads} - {size}"
    latex = rf"o = \l{name} \frac{{{top}}}{{{stride}}} \r{name} + 1"
    windows = _rounded(plan.size + plan.before + after - size, stride, up=spec.ceil_mode) + 1
    text = f"{name}({inside}) + 1 = {windows}"
    if windows == outputs:
        return Calculation(outputs, text, f"{latex} = {outputs}")
    why = "the last window would start behind the input"
    return Calculation(
        outputs,
        f"{text}, less 1 = {outputs}: {why}",
        rf"{latex} - 1 = {outputs} \quad \text{{({why})}}",
    )


def _rounded(room: int, stride: int, *, up: bool) -> int:
    return -(-room // stride) if up else room // stride


def _sentences(
    result: PoolResult, blur: Blur | None, steps: tuple[int, int]
) -> tuple[str, ...]:
    spec = result.spec
    found = ["No parameters: there is nothing to learn. Each channel is pooled on its own."]
    if not spec.is_global:
        found += _overlap(result) if blur is None else [_blurred(blur)]
        found += _field(spec, blur, steps)
    found += _padding(result)
    found.append(_gradient(result))
    return tuple(found)


def _overlap(result: PoolResult) -> list[str]:
    (height, width), (down, right) = result.spec.size, result.spec.steps
    found = []
    if height > down or width > right:
        found.append(
            f"Windows overlap: window {height} x {width}, stride {down} x {right}. A value can "
            "be read several times, and its gradient is then a sum."
        )
    lost = int((~_read(result)).sum())
    if lost:
        found.append(
            f"{counted(lost, 'place')} of {result.rows.size * result.columns.size} in each "
            "channel no window reads."
        )
    if height == width == 1 and max(down, right) > 1:
        found.append(
            "A window of 1 is the stride alone: values are dropped without a look at them."
        )
    return found


def _read(result: PoolResult) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(H, W) True where some window reads the input."""
    rows, columns = (
        plan.reached[plan.before : plan.before + plan.size]
        for plan in (result.rows, result.columns)
    )
    return np.outer(rows, columns)


def _blurred(blur: Blur) -> str:
    taps = " ".join(map(str, TAPS[blur]))
    return (
        f"Anti-aliased: windows at stride 1, blurred with {taps} in both directions, divided "
        f"by {sum(TAPS[blur]) ** 2}; only then every n-th value is kept."
    )


def _field(spec: PoolSpec, blur: Blur | None, steps: tuple[int, int]) -> list[str]:
    """What a 3 x 3 convolution behind the pooling sees."""
    sizes = []
    for size, stride in zip(spec.size, steps, strict=True):
        windows = [Window(size, 1 if blur else stride)]
        if blur is not None:
            windows.append(Window(len(TAPS[blur]), stride))
        sizes.append(receptive_fields([*windows, Window(3)])[-1].size)
    return [
        f"A 3 x 3 convolution behind it sees {sizes[0]} x {sizes[1]} pixels of this input; "
        "without the pooling it would see 3 x 3."
    ]


def _padding(result: PoolResult) -> list[str]:
    spec = result.spec
    found: list[str] = []
    if result.padded.shape == result.image.shape or spec.is_global:
        return found
    if spec.kind == "average":
        found.append(
            "Padding is counted as zeros, so averages at the border are smaller."
            if spec.count_include_pad
            else "Padding is not counted: averages at the border divide by fewer places."
        )
    elif spec.kind == "l2":
        found.append("Padding holds zeros, which add nothing to a sum of squares.")
    else:
        found.append("Padding never wins, not even against negative values.")
    if any(
        plan.after > spec.padding_after(axis, plan)
        for axis, plan in enumerate((result.rows, result.columns))
    ):
        found.append("The last window hangs over the end; what hangs over is not counted.")
    return found


def _gradient(result: PoolResult) -> str:
    if result.argmax is not None:
        return (
            "On the way back the whole gradient goes to the place of the value that was taken; "
            "all others get 0."
        )
    if result.spec.kind == "l2":
        return "On the way back each place gets its share x / output of the gradient."
    return "On the way back the gradient is spread evenly over the window."
