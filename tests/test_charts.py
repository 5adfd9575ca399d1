"""The charts of a training hold the curves that their names promise."""

import numpy as np
import pytest

from core import charts
from core.charts import Measured, NamedRun
from core.curves import Mark

STEPS = np.arange(1.0, 11)
BATCHES = Measured(STEPS, 2 / STEPS, 1 - 1 / STEPS)
EPOCHS = Measured(np.array([5.0, 10]), np.array([0.5, 0.25]), np.array([0.7, 0.9]))


def test_progress_shows_batches_smooth_and_epochs_with_symbols():
    mark = Mark(5, "paused")
    chart = charts.progress(
        BATCHES, EPOCHS, EPOCHS, marks=[mark], smoothing=0.8, steps_per_epoch=5, steps=50
    )
    assert [axis.title for axis in chart.axes] == ["Loss", "Accuracy"]
    for axis, values in zip(chart.axes, (BATCHES.loss, BATCHES.accuracy), strict=True):
        batch, training, validation = chart.of(axis)
        assert np.array_equal(batch.y, values)
        assert (batch.smoothing, batch.points) == (0.8, False)
        assert (training.points, validation.points) == (True, True)
        assert (training.style, validation.style) == ("training", "validation")
    assert (chart.marks, chart.x_high, chart.steps_per_epoch) == ((mark,), 50, 5)


def test_curves_of_loss_and_accuracy_share_their_names():
    chart = charts.progress(BATCHES, EPOCHS)
    names = [[curve.name for curve in chart.of(axis)] for axis in chart.axes]
    assert names == [["Training, per batch", "Training, per epoch"]] * 2


def test_rates_and_norms_are_logarithmic():
    assert charts.learning_rate(STEPS, 0.1 / STEPS).axes[0].log
    chart = charts.norms(STEPS, np.ones((10, 2)), ["conv_1", "dense_1"], "Gradient norm")
    assert chart.axes[0].log
    assert chart.axes[0].title == "Gradient norm"


@pytest.mark.parametrize(("layers", "shown"), [(3, 3), (6, 6), (7, 6), (40, 6)])
def test_some_layers_from_the_first_to_the_last_are_shown_at_first(layers, shown):
    values = np.arange(10.0 * layers).reshape(10, layers) + 1
    names = [f"layer_{k}" for k in range(layers)]
    chart = charts.norms(STEPS, values, names, "Gradient norm")
    on = [curve.number for curve in chart.curves if curve.shown]
    assert len(on) == shown
    assert (on[0], on[-1]) == (0, layers - 1)
    assert np.ptp(np.diff(on)) <= 1
    for place, curve in enumerate(chart.curves):
        assert curve.name == names[place]
        assert np.array_equal(curve.y, values[:, place])


def test_chosen_layers_are_shown_instead():
    chart = charts.norms(STEPS, np.ones((10, 9)), list("abcdefghi"), "Norm", shown=["c", "d"])
    assert [curve.name for curve in chart.curves if curve.shown] == ["c", "d"]


def test_compared_runs_keep_their_numbers():
    chart = charts.runs(
        [NamedRun("SGD", 2, EPOCHS, EPOCHS), NamedRun("Adam", 5, EPOCHS, validation=None)]
    )
    assert chart.x_title == "Epoch"
    found = [(curve.name, curve.number, curve.style) for curve in chart.of(charts.LOSS)]
    assert found == [
        ("SGD, training", 2, "training"),
        ("SGD, validation", 2, "validation"),
        ("Adam, training", 5, "training"),
    ]


def test_the_finder_is_not_flattened_by_what_blows_up():
    rates = np.geomspace(1e-6, 1, 7)
    losses = np.array([2.3, 2.3, 2.0, 1.0, 0.9, 400, np.nan])
    chart = charts.finder(rates, losses, 3)
    assert chart.x_log
    # Half as much above the first loss as the best lies below it.
    assert chart.axes[0].high == pytest.approx(2.3 + 0.7)
    (spot,) = chart.spots
    assert (spot.x, spot.y) == (rates[3], 1.0)
    assert spot.text == "suggested: 0.001"


def test_a_finder_that_stays_low_has_no_limit():
    rates = np.geomspace(1e-6, 1, 3)
    assert charts.finder(rates, np.array([2.0, 1.5, 1.0])).axes[0].high is None
    assert charts.finder(rates, np.full(3, np.nan)).axes[0].high is None
    assert charts.finder(rates, np.full(3, 2.0)).spots == ()
