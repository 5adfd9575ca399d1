"""The three ways: which run stands for each, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.lessons.transfer import WAYS
from core.training import Run, TransferSpec
from core.training.transfer import Way

TransferRun = Run[TransferSpec]
Floats = npt.NDArray[np.float64]

NUMBERS: dict[Way, int] = {way: place for place, way in enumerate(WAYS)}
"""Colour and symbol of each way in charts."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run has come to.

    Attributes:
        accuracy: share of the validation pictures that are right; None before the first epoch.
        best: the largest share on the way.
        seconds: from the click to its end, or until now.
        learnt: parameters that were changed; None before the first step.
    """

    accuracy: float | None
    best: float | None
    seconds: float
    learnt: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How a run went, epoch by epoch; of fine-tuning with the head that came before.

    Attributes:
        epochs: (n,) from 1.
        seconds: (n,) since the click.
        loss, accuracy: (n,) means over the training pictures.
        validation_loss, validation_accuracy: (n,) of all validation pictures.
        opened: epochs of the head alone, after which blocks were opened; 0 for none.
        opened_seconds: since the click, when that was.
    """

    epochs: Floats
    seconds: Floats
    loss: Floats
    accuracy: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    opened: int = 0
    opened_seconds: float = 0.0


def shown_runs(
    runs: list[TransferRun], viewed: TransferRun | None = None
) -> dict[Way, TransferRun]:
    """The latest run of each way, all on the same pictures.

    Args:
        runs: oldest first.
        viewed: the one that stands for its way, and whose pictures are meant; None for the
            latest.
    """
    if not runs:
        return {}
    meant = viewed or runs[-1]
    alike = [run for run in runs if same_pictures(run, meant)]
    latest = {run.spec.way: run for run in [*alike, meant]}
    return {way: latest[way] for way in WAYS if way in latest}


def same_pictures(one: TransferRun, other: TransferRun) -> bool:
    """Whether two runs learn from the same pictures, divided alike."""
    digests = [run.own.digest if run.own else "" for run in (one, other)]
    return one.spec.data == other.spec.data and digests[0] == digests[1]


def result_of(run: TransferRun) -> Result:
    """The numbers of a run so far."""
    series, started = run.series(), run.latest("started")
    judged = series.validation_accuracy
    history = run.history()
    return Result(
        accuracy=float(judged[-1]) if judged.size else None,
        best=float(judged.max()) if judged.size else None,
        seconds=max(history[-1].time - run.began, 0.0) if history else 0.0,
        learnt=int(started.data["trainable"]) if started else None,
    )


def course_of(run: TransferRun) -> Course:
    """Its curves, with the head that was trained before fine-tuning."""
    rows: list[tuple[float, ...]] = []
    opened, opened_at = 0, 0.0
    for event in run.history():
        data = event.data
        if event.kind == "preparing" and data["what"] == "head" and "loss" in data:
            opened, opened_at = int(data["done"]), event.time - run.began
            number = data["done"]
        elif event.kind == "epoch":
            number = opened + data["epoch"]
        else:
            continue
        names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
        rows.append((number, event.time - run.began, *(float(data[n]) for n in names)))
    epochs, seconds, loss, accuracy, held_loss, held_accuracy = (
        np.array(rows, np.float64).reshape(-1, 6).T
    )
    return Course(epochs, seconds, loss, accuracy, held_loss, held_accuracy, opened, opened_at)
