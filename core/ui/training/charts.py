"""Curves of runs, as `core.curves` draws them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.curves import Axis, Chart, Curve, Mark, Spot
from core.training import Run
from core.training.finder import suggest
from core.training.series import Series

SMOOTHING = 0.9
_LABELS = {
    "learning_rate": "learning rate",
    "momentum": "momentum",
    "dropout": "dropout",
    "augmentation_strength": "augmentation",
}


def learning(run: Run) -> Chart:
    """Loss, accuracy and learning rate of one run, batch by batch and epoch by epoch."""
    series = run.series()
    if run.spec.finds:
        return finding(series)
    started = run.latest("started")
    return Chart(
        axes=(
            Axis("loss", "Loss"),
            Axis("accuracy", "Accuracy", low=0, high=1),
            Axis("rate", "Learning rate", log=True),
        ),
        curves=(
            *_panel("loss", series.steps, series.loss, series.probe_steps, series.probe_loss,
                    series.epoch_steps, series.epoch_loss, series.validation_loss),
            *_panel("accuracy", series.steps, series.accuracy, series.probe_steps,
                    series.probe_accuracy, series.epoch_steps, series.epoch_accuracy,
                    series.validation_accuracy),
            Curve("learning rate", series.steps, series.learning_rate, axis="rate"),
        ),
        marks=marks(run, series),
        x_high=float(started.data["steps"]) if started else None,
        steps_per_epoch=started.data["steps_per_epoch"] if started else None,
    )  # fmt: skip


def _panel(axis: str, steps, values, probed, probe, epochs, training, validation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return (
        Curve("training, per batch", steps, values, axis=axis, smoothing=SMOOTHING),
        Curve("validation, a part", probed, probe, "validation", axis),
        Curve("training, per epoch", epochs, training, axis=axis, points=True, shown=False),
        Curve("validation, per epoch", epochs, validation, "validation", axis, points=True),
    )


def marks(run: Run, series: Series) -> tuple[Mark, ...]:
    """What happened on the way: changes, pauses, the best epoch, the end."""
    found = changes(run)
    best = series.best_epoch
    if run.spec.early_stopping and best >= 0:
        text = f"best epoch {series.epochs[best]:.0f}"
        found.append(Mark(float(series.epoch_steps[best]), text))
    if run.ended and run.reason.startswith("Early stopping"):
        found.append(Mark(float(run.step), "early stopping"))
    return tuple(found)


def changes(run: Run) -> list[Mark]:
    """One mark for each setting and step; what was dragged on between two batches is one."""
    before = {name: float(getattr(run.spec, name)) for name in _LABELS}
    ends: dict[tuple[int, str], tuple[float, float]] = {}
    for event in run.history():
        if event.kind == "changed":
            name, value = event.data["setting"], event.data["value"]
            first, _ = ends.get((event.step, name), (before[name], value))
            ends[event.step, name] = (first, value)
            before[name] = value
    return [
        Mark(float(step), f"{_LABELS[name]} {first:g} -> {last:g}")
        for (step, name), (first, last) in ends.items()
    ]


def finding(series: Series) -> Chart:
    """Loss over the learning rate, with the rate that is worth a try."""
    found = suggest(series.learning_rate, series.loss)
    spots = (Spot(found.rate, found.loss, "worth a try"),) if found else ()
    # What comes after the explosion would press the rest flat.
    high = 2 * float(series.loss[0]) if series.loss.size else None
    return Chart(
        axes=(Axis("loss", "Loss", high=high),),
        curves=(
            Curve("loss of the batch", series.learning_rate, series.loss, smoothing=SMOOTHING),
        ),
        spots=spots,
        x_title="Learning rate",
        x_log=True,
    )


def norms(series: Series) -> Chart:
    """Length of gradient, weights and update of each layer."""
    panels = (
        ("gradient", "Gradient norm", series.gradient_norm),
        ("weights", "Weight norm", series.weight_norm),
        ("update", "Update norm", series.update_norm),
    )
    return Chart(
        axes=tuple(Axis(slug, title, log=True) for slug, title, _ in panels),
        curves=tuple(
            Curve(layer, series.norm_steps, values[:, place], axis=slug, number=place)
            for slug, _, values in panels
            for place, layer in enumerate(series.layers)
        ),
    )


def overlay(runs: Sequence[Run], by: str) -> Chart:
    """Several runs over one another.

    Args:
        runs: which.
        by: "epoch" or "batch".
    """
    found = []
    for number, run in enumerate(runs):
        series = run.series()
        for axis, batch, epoch in (
            ("loss", series.loss, series.validation_loss),
            ("accuracy", series.accuracy, series.validation_accuracy),
        ):
            if by == "batch":
                found.append(
                    Curve(run.name, series.steps, batch, axis=axis, number=number,
                          smoothing=SMOOTHING)
                )  # fmt: skip
            else:
                found.append(
                    Curve(run.name, series.epochs, epoch, "validation", axis, number=number,
                          points=True)
                )  # fmt: skip
    kind = "Training" if by == "batch" else "Validation"
    return Chart(
        axes=(
            Axis("loss", f"{kind} loss"),
            Axis("accuracy", f"{kind} accuracy", low=0, high=1),
        ),
        curves=tuple(found),
        x_title="Batch" if by == "batch" else "Epoch",
    )


def finite(values: np.ndarray) -> bool:
    """Whether there is something to draw."""
    return bool(np.isfinite(values).any())
