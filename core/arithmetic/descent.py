"""An optimiser's way down a surface, with every number of every step."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.arithmetic.optimizers import RULES, OptimizerSpec, Row, clipped
from core.arithmetic.surface import Point, Surface
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]
Batch = npt.NDArray[np.intp]

_HOLE = re.compile(r"\{(\w+)(-?)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A descent. The last axis of everything is (first weight, second weight).

    Attributes:
        surface: what was walked on.
        spec: the optimiser.
        points: (steps + 1, 2) weights, the start first.
        losses: (steps + 1,) loss of all examples there.
        rates: (steps,) learning rate of each step.
        columns: (steps, 2) numbers of each step by name, as `rows` refer to them.
        begin: what the optimiser's memory held before the first step, by column.
        rows: the arithmetic of a step, from the gradient to the new weights.
        overflowed: whether the numbers left what a computer can hold, and the way ends there.
    """

    surface: Surface
    spec: OptimizerSpec
    points: FloatArray
    losses: FloatArray
    rates: FloatArray
    columns: Mapping[str, FloatArray]
    begin: Mapping[str, float]
    rows: tuple[Row, ...]
    overflowed: bool

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.points) - 1

    def value(self, name: str, step: int, axis: int) -> float:
        """A column's number at a step, counted from 1.

        Args:
            name: of the column; `t`, `rate` and the weights `w` too, with `-` at its end for
                what it was before the step.
            step: number of the step.
            axis: 0 or 1.
        """
        before = name.endswith("-")
        name = name.removesuffix("-")
        if name == "t":
            return float(step)
        if name == "rate":
            return float(self.rates[step - 1])
        if name == "w":
            return float(self.points[step - before, axis])
        if before and step == 1:
            return self.begin[name]
        return float(self.columns[name][step - 1 - before, axis])

    def spelled(self, row: Row, step: int, axis: int) -> str:
        """A row's arithmetic with full numbers, as Python reads it."""

        def number(hole: re.Match[str]) -> str:
            value = self.value(hole[1] + hole[2], step, axis)
            text = format_number(value)
            return f"({text})" if value < 0 else text

        return _HOLE.sub(number, row.numbers)


def descend(
    surface: Surface,
    start: Point,
    spec: OptimizerSpec,
    steps: int,
    *,
    noise: FloatArray | None = None,
    batches: Sequence[Batch] | None = None,
) -> Trace:
    """Walk down a surface, exactly as Keras would with weights in float64.

    Args:
        surface: with its gradient.
        start: the weights to begin with.
        spec: the optimiser.
        steps: how many.
        noise: (steps, 2) numbers added to the gradient of each step.
        batches: indices of the examples whose mean gradient each step takes.

    Returns:
        The trace; it has fewer steps where the numbers overflow.

    Raises:
        ShapeError: batches of a surface that is no mean over examples.
    """
    rule = RULES[spec.rule]
    memory = {name: np.full(2, value) for name, value in rule.begin.items()}
    point = np.array(start, dtype=np.float64)
    points, losses, rates = [point], [surface.loss(start)], list[float]()
    columns: list[dict[str, FloatArray]] = []
    overflowed = False
    with np.errstate(over="ignore", invalid="ignore"):
        for done in range(steps):
            rate = spec.learning_rate * spec.pace.factor(done)
            here = (float(point[0]), float(point[1]))
            slope = (
                surface.gradient(here)
                if batches is None
                else surface.batch_gradient(here, batches[done])
            )
            numbers = _prepared(slope, point, spec, None if noise is None else noise[done])
            made = rule.call(_last(numbers), memory, rate, done + 1, spec)
            memory = {name: made[name] for name in memory}
            kept = point - point * spec.decoupled * rate
            point = kept + made["step"]
            there = (float(point[0]), float(point[1]))
            loss = surface.loss(there) if np.isfinite(point).all() else math.inf
            if not math.isfinite(loss):
                overflowed = True
                break
            points.append(point)
            losses.append(loss)
            rates.append(rate)
            columns.append(numbers | made | {"kept": kept})
    return Trace(
        surface=surface,
        spec=spec,
        points=np.array(points),
        losses=np.array(losses),
        rates=np.array(rates),
        columns=_stacked(columns),
        begin=MappingProxyType(dict(rule.begin)),
        rows=rows_of(spec, noisy=noise is not None, batched=batches is not None),
        overflowed=overflowed,
    )


def _prepared(
    slope: FloatArray, point: FloatArray, spec: OptimizerSpec, noise: FloatArray | None
) -> dict[str, FloatArray]:
    """The gradient on its way to the rule; the last entry is what the rule gets."""
    numbers = {"gradient": slope}
    if noise is not None:
        numbers |= {"noise": noise, "noisy": slope + noise}
    if spec.l2:
        numbers["pulled"] = _last(numbers) + spec.l2 * point
    if spec.clipping != "off":
        norm = float(np.hypot(*_last(numbers)))
        whole = _last(numbers)
        if spec.clipping == "norm":
            numbers["norm"] = np.array([norm, norm])
        numbers["clipped"] = clipped(whole, spec.clipping, spec.clip)
    return numbers


def _last(numbers: Mapping[str, FloatArray]) -> FloatArray:
    return list(numbers.values())[-1]


def _stacked(columns: Sequence[Mapping[str, FloatArray]]) -> Mapping[str, FloatArray]:
    names = columns[0] if columns else ()
    return MappingProxyType({name: np.array([c[name] for c in columns]) for name in names})


def rows_of(spec: OptimizerSpec, *, noisy: bool, batched: bool) -> tuple[Row, ...]:
    """The arithmetic of a step, from the gradient to the new weights.

    Args:
        spec: the optimiser.
        noisy: whether noise is added to the gradient.
        batched: whether the gradient is that of a mini-batch.
    """
    words = "gradient of the mini-batch" if batched else "gradient"
    rows, last = [Row("gradient", "g", words)], "gradient"
    if noisy:
        rows.append(Row("noise", "n", "noise"))
        rows.append(Row("noisy", "g", "with noise", "g + n", f"{{{last}}} + {{noise}}"))
        last = "noisy"
    if spec.l2:
        l2 = format_number(spec.l2)
        numbers = f"{{{last}}} + {l2}*{{w-}}"
        rows.append(Row("pulled", "g", "with L2", "g + lambda * w", numbers))
        last = "pulled"
    if spec.clipping != "off":
        rows += _clipping_rows(spec, last)
        last = "clipped"
    if spec.pace.schedule != "constant":
        rows.append(Row("rate", "rate", "learning rate of this step", scalar=True))
    rule = RULES[spec.rule].rows(spec)
    rows += [replace(row, numbers=row.numbers.replace("{g}", f"{{{last}}}")) for row in rule]
    if spec.decoupled:
        decay = format_number(spec.decoupled)
        rows.append(
            Row("kept", "w", "weight, shrunk", "w - w * lambda * rate",
                f"{{w-}} - {{w-}}*{decay}*{{rate}}")
        )  # fmt: skip
        return *rows, Row("w", "new w", "new weight", "w + step", "{kept} + {step}")
    return *rows, Row("w", "new w", "new weight", "w + step", "{w-} + {step}")


def _clipping_rows(spec: OptimizerSpec, last: str) -> list[Row]:
    bound = format_number(spec.clip)
    if spec.clipping == "value":
        numbers = f"min(max({{{last}}}, -{bound}), {bound})"
        formula = "min(max(g, -c), c)"
        return [Row("clipped", "g", "clipped by value", formula, numbers)]
    return [
        Row("norm", "|g|", "length of the gradient", scalar=True),
        Row("clipped", "g", "clipped by norm", "g * c / max(|g|, c)",
            f"{{{last}}}*{bound}/max({{norm}}, {bound})"),
    ]  # fmt: skip


def gaussian_noise(steps: int, scale: float, seed: int) -> FloatArray:
    """(steps, 2) numbers with standard deviation `scale`, the same for every optimiser."""
    return np.random.default_rng(seed).normal(0.0, scale, (steps, 2))


def shuffled_batches(examples: int, size: int, steps: int, seed: int) -> list[Batch]:
    """Mini-batches as Keras' `fit` draws them: each epoch in a new order, the rest at its end.

    Args:
        examples: how many there are.
        size: of a batch.
        steps: how many batches are wanted.
        seed: of the orders.

    Returns:
        Indices of the examples of each step.
    """
    generator = np.random.default_rng(seed)
    an_epoch = math.ceil(examples / size)
    found: list[Batch] = []
    for _ in range(math.ceil(steps / an_epoch)):
        order = generator.permutation(examples)
        found += [order[i : i + size] for i in range(0, examples, size)]
    return found[:steps]
