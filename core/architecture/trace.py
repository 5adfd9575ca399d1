"""A network followed row by row: shapes, parameters, cost, and the first thing that misfits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.architecture.counting import Measure, MisfitError, Shape, in_words, need_vector
from core.architecture.measure import measure
from core.architecture.network import Architecture, ArchitectureError
from core.architecture.rows import Dense, RowModel

MOST_PARAMETERS = 20_000_000
"""With gradients and Adam's two moments that is 320 MB, what a small server can spare."""

INPUT, OUTPUT = "input", "output"
WAITS = "Waits for row"


@dataclass(frozen=True, slots=True)
class RowTrace:
    """One row of the network, the input and the output among them.

    Attributes:
        name: `input`, `conv_1`, `pool_1`, ..., `output`; Keras' layers are named after it.
        kind: the row's kind, `input` or `output`.
        on: whether the row counts.
        shape: of the output without the batch; None from the first problem on.
        trainable: parameters that training changes.
        fixed: parameters that it does not (the running statistics of batch norm).
        arithmetic: how the parameters add up; empty where there are none.
        multiply_adds: for one image, forward.
        cost: how these add up; empty where there are none.
        values: numbers that the row's layers give for one image.
        note: what is worth knowing though it works; may be empty.
        problem: why the row does not fit, and what would work; empty where it fits.
    """

    name: str
    kind: str
    on: bool = True
    shape: Shape | None = None
    trainable: int = 0
    fixed: int = 0
    arithmetic: str = ""
    multiply_adds: int = 0
    cost: str = ""
    values: int = 0
    note: str = ""
    problem: str = ""

    @property
    def parameters(self) -> int:
        """Trainable and fixed ones."""
        return self.trainable + self.fixed

    @property
    def waits(self) -> bool:
        """Whether the problem is that of an earlier row."""
        return self.problem.startswith(WAITS)

    @property
    def shape_text(self) -> str:
        """The output shape in words; empty where there is none."""
        return in_words(self.shape) if self.shape else ""


@dataclass(frozen=True, slots=True)
class Totals:
    """A network's size.

    Attributes:
        trainable: parameters that training changes.
        fixed: parameters that it does not.
        multiply_adds: for one image, forward.
        values: numbers that all layers give for one image.
    """

    trainable: int
    fixed: int
    multiply_adds: int
    values: int

    @property
    def parameters(self) -> int:
        """Trainable and fixed ones."""
        return self.trainable + self.fixed

    def weight_bytes(self) -> int:
        """What the parameters take, in float32."""
        return 4 * self.parameters

    def training_bytes(self, batch_size: int, moments: int = 2) -> int:
        """What training needs at least: weights, gradients, moments and all layers' outputs.

        Args:
            batch_size: images in a step.
            moments: numbers that the optimiser keeps a weight: SGD 0, momentum 1, Adam 2.
        """
        kept = self.parameters + (1 + moments) * self.trainable
        return 4 * (kept + batch_size * self.values)


def trace(
    architecture: Architecture, input_shape: tuple[int, int, int], classes: int
) -> tuple[RowTrace, ...]:
    """Follow an image through the network, without Keras.

    Args:
        architecture: the rows between input and output.
        input_shape: (height, width, channels) of an image.
        classes: outputs of the last layer.

    Returns:
        The input, one for each row, the output. Rows behind a problem say what they wait for.
    """
    traced = [RowTrace(INPUT, INPUT, shape=input_shape)]
    for row, name in zip(architecture.rows, architecture.names, strict=True):
        traced.append(_traced(row, name, row.kind, traced))
    output = Dense(units=classes, activation="linear")
    return (*traced, _traced(output, OUTPUT, OUTPUT, traced))


def _traced(row: RowModel, name: str, kind: str, before: Sequence[RowTrace]) -> RowTrace:
    """The next row, given those before it."""
    shape = before[-1].shape
    if not row.on:
        return RowTrace(name, kind, on=False, shape=shape)
    if shape is None:
        waits_for = next(n for n, other in enumerate(before) if other.problem)
        return RowTrace(name, kind, problem=f"{WAITS} {waits_for}.")
    try:
        if kind == OUTPUT:
            need_vector("The output", shape)
        done = measure(row, shape)
        _need_memory(done, before)
    except MisfitError as error:
        return RowTrace(name, kind, problem=str(error))
    return RowTrace(
        name,
        kind,
        shape=done.shape,
        trainable=done.trainable,
        fixed=done.fixed,
        arithmetic=done.arithmetic,
        multiply_adds=done.cost.value,
        cost=done.cost.text,
        values=done.values,
        note=done.note,
    )


def _need_memory(row: Measure, before: Sequence[RowTrace]) -> None:
    parameters = row.trainable + row.fixed
    earlier = sum(other.parameters for other in before)
    if parameters + earlier > MOST_PARAMETERS:
        behind = f", and the rows before it have {earlier:,}" if earlier else ""
        raise MisfitError(
            f"{parameters:,} parameters here{behind}; up to {MOST_PARAMETERS:,} can train. "
            "Make it smaller, or shrink the maps before it with pooling or stride."
        )


def problem(traced: Iterable[RowTrace]) -> str:
    """The first row that does not fit, and why; empty where all do."""
    for number, row in enumerate(traced):
        if row.problem:
            where = "Output" if row.kind == OUTPUT else f"Row {number} ({row.name})"
            return f"{where}: {row.problem}"
    return ""


def check(
    architecture: Architecture, input_shape: tuple[int, int, int], classes: int
) -> tuple[RowTrace, ...]:
    """The trace of a network that fits.

    Raises:
        ArchitectureError: it does not; the message names the row.
    """
    traced = trace(architecture, input_shape, classes)
    if found := problem(traced):
        raise ArchitectureError(found)
    return traced


def totals(traced: Iterable[RowTrace]) -> Totals:
    """What all rows add up to; rows behind a problem count nothing."""
    rows = tuple(traced)
    return Totals(
        sum(row.trainable for row in rows),
        sum(row.fixed for row in rows),
        sum(row.multiply_adds for row in rows),
        sum(row.values for row in rows),
    )
