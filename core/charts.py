"""The charts of a training, made of curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.curves import Axis, Chart, Curve, Mark, Spot, Style, number

FloatArray = npt.NDArray[np.float64]

LOSS = Axis("loss", "Loss")
ACCURACY = Axis("accuracy", "Accuracy", low=0, high=1)
MOST_LAYERS = 6
"""Layers whose curves are switched on at first."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Loss and accuracy at some moments of a training.

    Attributes:
        x: (n,) ascending: steps done, or epochs.
        loss: (n,).
        accuracy: (n,) shares, 0 to 1.
    """

    x: FloatArray
    loss: FloatArray
    accuracy: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NamedRun:
    """What a run has measured, for comparison with others.

    Attributes:
        name: for the legend.
        number: its place among all runs, from 0, which gives colour and symbol: it keeps them
            when others are taken away.
        training: per epoch.
        validation: per epoch, or None.
    """

    name: str
    number: int
    training: Measured
    validation: Measured | None = None


def progress(
    batches: Measured,
    training: Measured,
    validation: Measured | None = None,
    *,
    marks: Sequence[Mark] = (),
    smoothing: float = 0.9,
    steps_per_epoch: int | None = None,
    steps: int | None = None,
) -> Chart:
    """Loss and accuracy of one run: every batch, raw and smooth, and every epoch.

    Args:
        batches: per batch, over steps.
        training: means per epoch, over the steps at which epochs end.
        validation: the same on the validation set, or None.
        marks: what happened on the way.
        smoothing: weight of the past in the smooth line, 0 to less than 1.
        steps_per_epoch: to tell the epoch of a step.
        steps: where the chart ends at least, such as the last step planned.
    """
    curves = [
        *_pair(batches, "Training, per batch", smoothing=smoothing),
        *_pair(training, "Training, per epoch", points=True),
    ]
    if validation is not None:
        curves += _pair(validation, "Validation, per epoch", "validation", points=True)
    return Chart(
        (LOSS, ACCURACY),
        tuple(curves),
        tuple(marks),
        x_high=steps,
        steps_per_epoch=steps_per_epoch,
    )


def learning_rate(
    x: FloatArray,
    rates: FloatArray,
    *,
    marks: Sequence[Mark] = (),
    steps_per_epoch: int | None = None,
    steps: int | None = None,
) -> Chart:
    """The learning rate of every step, on a logarithmic scale.

    Args:
        x: (n,) steps done.
        rates: (n,) above 0.
        marks: what happened on the way.
        steps_per_epoch: to tell the epoch of a step.
        steps: where the chart ends at least.
    """
    axis = Axis("rate", "Learning rate", log=True)
    return Chart(
        (axis,),
        (Curve("Learning rate", x, rates, axis=axis.slug),),
        tuple(marks),
        x_high=steps,
        steps_per_epoch=steps_per_epoch,
    )


def norms(
    x: FloatArray,
    values: FloatArray,
    layers: Sequence[str],
    title: str,
    *,
    marks: Sequence[Mark] = (),
    shown: Sequence[str] | None = None,
    steps_per_epoch: int | None = None,
    steps: int | None = None,
) -> Chart:
    """A norm of every layer (gradient, weights, update), on a logarithmic scale.

    Args:
        x: (n,) steps done.
        values: (n, layers).
        layers: their names, in the network's order.
        title: which norm it is.
        marks: what happened on the way.
        shown: layers switched on at first; None for some that lie evenly in the network.
        steps_per_epoch: to tell the epoch of a step.
        steps: where the chart ends at least.
    """
    axis = Axis("norm", title, log=True)
    on = set(_spread(layers, MOST_LAYERS) if shown is None else shown)
    curves = tuple(
        Curve(name, x, values[:, place], axis=axis.slug, number=place, shown=name in on)
        for place, name in enumerate(layers)
    )
    return Chart((axis,), curves, tuple(marks), x_high=steps, steps_per_epoch=steps_per_epoch)


def runs(compared: Sequence[NamedRun]) -> Chart:
    """Several runs over one another, by epoch: colour and symbol say the run."""
    curves: list[Curve] = []
    for run in compared:
        curves += _pair(
            run.training, f"{run.name}, training", points=True, number_of_run=run.number
        )
        if run.validation is not None:
            name = f"{run.name}, validation"
            curves += _pair(
                run.validation, name, "validation", points=True, number_of_run=run.number
            )
    return Chart((LOSS, ACCURACY), tuple(curves), x_title="Epoch")


def finder(
    rates: FloatArray,
    losses: FloatArray,
    suggested: int | None = None,
    *,
    smoothing: float = 0.0,
) -> Chart:
    """Loss over the learning rate at which it was measured.

    The scale ends a little above the first loss: what a learning rate far too large does is
    seen there, and the fall before it is still seen.

    Args:
        rates: (n,) ascending, above 0.
        losses: (n,); the last may be huge, infinite or no number.
        suggested: index of the suggested learning rate.
        smoothing: weight of the past in the smooth line.
    """
    finite = losses[np.isfinite(losses)]
    high = None
    if finite.size:
        high = float(finite[0] + 0.5 * (finite[0] - finite.min())) or None
    if high is not None and finite.max() <= high:
        high = None
    axis = Axis("loss", "Loss", high=high)
    spots: tuple[Spot, ...] = ()
    if suggested is not None:
        rate, loss = float(rates[suggested]), float(losses[suggested])
        spots = (Spot(rate, loss, f"suggested: {number(rate)}"),)
    curve = Curve("Loss", rates, losses, smoothing=smoothing)
    return Chart((axis,), (curve,), spots=spots, x_title="Learning rate", x_log=True)


def _pair(
    measured: Measured,
    name: str,
    style: Style = "training",
    *,
    points: bool = False,
    smoothing: float = 0.0,
    number_of_run: int | None = None,
) -> list[Curve]:
    """The curves of loss and accuracy, which are switched together."""
    return [
        Curve(
            name,
            measured.x,
            values,
            style,
            axis.slug,
            number=number_of_run,
            points=points,
            smoothing=smoothing,
        )
        for axis, values in ((LOSS, measured.loss), (ACCURACY, measured.accuracy))
    ]


def _spread(names: Sequence[str], most: int) -> list[str]:
    """At most so many of the names, the first and the last among them, evenly apart."""
    places = np.linspace(0, len(names) - 1, min(most, len(names))).round().astype(int)
    return [names[place] for place in places]
