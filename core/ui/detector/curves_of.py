"""What a detector's run has told beside loss and accuracy, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.training import Event
from core.ui.training.session import AnyRun

Column = npt.NDArray[np.float64]
IOU = "iou"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Some numbers at some steps.

    Attributes:
        steps: (n,) ascending.
        values: (n,) each, by name.
    """

    steps: Column
    values: Mapping[str, Column]


def batches(run: AnyRun) -> Told:
    """Parts of the loss and mean IoU of the boxes that answer, of every batch."""
    parts = parts_of(run)
    rows, steps = [np.zeros((0, len(parts) + 1))], [np.zeros(0)]
    for event in run.history():
        if event.kind == "batches":
            block = event.data["parts"]
            rows.append(block)
            last = event.step
            steps.append(np.arange(last - len(block) + 1, last + 1, dtype=np.float64))
    table = np.concatenate(rows).astype(np.float64)
    return Told(np.concatenate(steps), dict(zip((*parts, IOU), table.T, strict=True)))


def epochs(run: AnyRun) -> Told:
    """Average precision and parts of the loss of all validation pictures, by epoch."""
    return _judged(run, (event for event in run.history() if event.kind == "epoch"))


def looks(run: AnyRun) -> Told:
    """The same of a part of them, as the run goes."""
    return _judged(run, run.snapshots())


def parts_of(run: AnyRun) -> tuple[str, ...]:
    """What the loss of a run is the sum of."""
    parts: tuple[str, ...] = run.spec.parts
    return parts


def _judged(run: AnyRun, events: Iterable[Event]) -> Told:
    parts = parts_of(run)
    rows: list[Sequence[float]] = []
    for event in events:
        data = event.data
        costs = data["validation_parts"].tolist()
        rows.append((event.step, data["validation_accuracy"], data["ap"], *costs))
    table = np.array(rows, np.float64).reshape(-1, 3 + len(parts)).T
    return Told(table[0], dict(zip(("ap50", "ap", *parts), table[1:], strict=True)))
