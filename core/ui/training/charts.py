"""Curves of runs, as `core.charts` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.charts import (
    ACCURACY,
    Measured,
    NamedRun,
    finder,
    learning_rate,
    norms,
    progress,
    runs,
)
from core.curves import Axis, Chart, Curve, Mark
from core.training import Event, Run
from core.training.finder import suggest
from core.training.series import Series
from core.training.spec import TrainingSpec
from core.ui.training.status import begins_with

SMOOTHING = 0.9
LONG_EPOCH = 300
"""Steps."""
_LABELS = {
    "learning_rate": "learning rate",
    "momentum": "momentum",
    "dropout": "dropout",
    "augmentation_strength": "augmentation",
}


def learning(run: Run, *, rate: bool = True) -> Chart:
    """Loss, accuracy and learning rate of one run, batch by batch and epoch by epoch.

    Args:
        run: whose.
        rate: whether the learning rate has its panel.
    """
    series = run.series()
    if run.spec.finds:
        return finding(series)
    started = run.latest("started")
    chart = progress(
        Measured(series.steps, series.loss, series.accuracy),
        Measured(series.epoch_steps, series.epoch_loss, series.epoch_accuracy),
        Measured(series.epoch_steps, series.validation_loss, series.validation_accuracy),
        marks=marks(run, series),
        smoothing=SMOOTHING,
        steps_per_epoch=started.data["steps_per_epoch"] if started else None,
        steps=started.data["steps"] if started else None,
    )
    curves = chart.curves + _probe(series, shown=_long(started))
    chart = replace(chart, axes=_scored(chart.axes, run.spec.score), curves=curves)
    if not rate:
        return chart
    below = learning_rate(series.steps, series.learning_rate)
    return replace(chart, axes=chart.axes + below.axes, curves=chart.curves + below.curves)


def _probe(series: Series, *, shown: bool) -> tuple[Curve, ...]:
    """A part of the validation pictures, judged about once a second."""
    name, x = "Validation, a part, live", series.probe_steps
    return (
        Curve(name, x, series.probe_loss, "validation", "loss", shown=shown),
        Curve(name, x, series.probe_accuracy, "validation", "accuracy", shown=shown),
    )


def _long(started: Event | None) -> bool:
    """Whether an epoch takes so long that one looks at the validation loss before its end."""
    return started is not None and started.data["steps_per_epoch"] > LONG_EPOCH


def marks(run: Run, series: Series) -> tuple[Mark, ...]:
    """What happened on the way: changes, the best epoch, the early stop."""
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
    before = {name: begins_with(run.spec, name) for name in _LABELS}
    ends: dict[tuple[int, str], tuple[float, float]] = {}
    for change in run.changes():
        first, _ = ends.get((change.step, change.setting), (before[change.setting], 0.0))
        ends[change.step, change.setting] = (first, change.value)
        before[change.setting] = change.value
    return [
        Mark(float(step), f"{_LABELS[name]} {first:g} -> {last:g}")
        for (step, name), (first, last) in ends.items()
    ]


def finding(series: Series) -> Chart:
    """Loss over the learning rate, with the rate that is worth a try."""
    found = suggest(series.learning_rate, series.loss)
    place = int(np.argmin(np.abs(series.learning_rate - found.rate))) if found else None
    return finder(series.learning_rate, series.loss, place, smoothing=SMOOTHING)


def lengths(series: Series) -> dict[str, Chart]:
    """Length of gradient, weights and update of each layer: a chart each, by its slug."""
    titles = {
        "gradient": ("Gradient norm", series.gradient_norm),
        "weights": ("Weight norm", series.weight_norm),
        "update": ("Update norm", series.update_norm),
    }
    return {
        slug: norms(series.norm_steps, values, series.layers, title)
        for slug, (title, values) in titles.items()
    }


def overlay(compared: Sequence[Run]) -> Chart:
    """Several runs over one another, epoch by epoch."""
    named = []
    for number, run in enumerate(compared):
        series = run.series()
        training = Measured(series.epochs, series.epoch_loss, series.epoch_accuracy)
        held_out = Measured(series.epochs, series.validation_loss, series.validation_accuracy)
        named.append(NamedRun(run.name, number, training, held_out))
    chart = runs(named)
    axes = _scored(chart.axes, _score(compared))
    return replace(chart, axes=axes, curves=_measured(chart.curves))


def _score(compared: Sequence[Run]) -> str:
    """What the runs of a page are measured by; those of one page are of one kind."""
    return compared[0].spec.score if compared else TrainingSpec.score


def _scored(axes: tuple[Axis, ...], score: str) -> tuple[Axis, ...]:
    return tuple(
        replace(axis, title=score) if axis.slug == ACCURACY.slug else axis for axis in axes
    )


def overlay_by_batch(compared: Sequence[Run]) -> Chart:
    """Several runs over one another, batch by batch, smoothed."""
    chart = runs([])
    found = []
    for number, run in enumerate(compared):
        series = run.series()
        for axis, values in (("loss", series.loss), ("accuracy", series.accuracy)):
            curve = Curve(run.name, series.steps, values, axis=axis, number=number)
            found.append(replace(curve, smoothing=SMOOTHING))
    axes = _scored(chart.axes, _score(compared))
    return replace(chart, axes=axes, curves=_measured(found), x_title="Batch")


def _measured(found: Sequence[Curve]) -> tuple[Curve, ...]:
    """Without curves of a score that is measured after epochs alone: no batch has one."""
    unmeasured = (c.axis == ACCURACY.slug and np.isnan(c.y).all() for c in found)
    return tuple(curve for curve, no in zip(found, unmeasured, strict=True) if not no)
