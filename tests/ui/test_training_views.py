"""What the training page makes of a run's events, without an engine."""

import time

import numpy as np
import pytest

from core.training import Event, Run, RunSpec
from core.ui.training import charts, compare, mistakes, status

LAYERS = ["conv_1", "dense_1"]


class Teller:
    """Tells a run what a worker would have told it."""

    def __init__(self, spec: RunSpec) -> None:
        self.run = Run(spec, "me")
        self.run.wait_at(0)
        self.number = 0
        self.dataset, self.split = spec.data.load()

    def tell(self, kind: str, step: int = 0, **data) -> None:
        self.run.take(Event(self.number, time.time(), kind, step, data))
        self.number += 1

    def started(self, per_epoch: int = 4, steps: int = 8) -> None:
        self.tell(
            "started", steps_per_epoch=per_epoch, steps=steps, parameters=61_706, layers=LAYERS,
            shown=LAYERS, sample=self.split.validation[:3], probed=self.split.validation[:5],
            process=1,
        )  # fmt: skip

    def batches(self, step: int, losses, rate: float = 0.1) -> None:
        count = len(losses)
        self.tell(
            "batches", step, loss=np.array(losses, np.float32),
            accuracy=np.linspace(0, 1, count, dtype=np.float32),
            learning_rate=np.full(count, rate, np.float32),
            gradient_norm=np.array([3, 4], np.float32), weight_norm=np.ones(2, np.float32),
            update_norm=np.array([0.3, 0.4], np.float32), images_per_second=640.0,
            memory=700 * 2**20, elapsed=2.0,
        )  # fmt: skip

    def epoch(self, step: int, epoch: int, validation_loss: float) -> None:
        wrong = self.dataset.labels[self.split.validation].copy()
        wrong[0] = (wrong[0] + 1) % 10
        self.tell(
            "epoch", step, epoch=epoch, loss=1.0, accuracy=0.5, best=True, elapsed=2.0,
            validation_loss=validation_loss, validation_accuracy=0.75,
            predicted=wrong.astype(np.uint16),
            losses=np.linspace(1, 0, len(wrong), dtype=np.float32),
        )  # fmt: skip


@pytest.fixture
def teller():
    return Teller(RunSpec(name="first", epochs=2, early_stopping=True))


def test_the_state_follows_the_events(teller):
    run = teller.run
    assert run.state == "starting"
    teller.started()
    assert run.state == "running"
    teller.tell("paused", 1)
    assert run.state == "paused"
    teller.tell("resumed", 1)
    teller.tell("ended", 8, state="finished", reason="", best=0)
    assert run.state == "finished"
    assert run.ended


def test_curves_hold_every_step_once_and_every_epoch(teller):
    teller.started()
    teller.batches(3, [3.0, 2.0, 1.0])
    teller.batches(4, [0.5])
    teller.epoch(4, 1, 0.7)
    series = teller.run.series()
    assert series.steps.tolist() == [1, 2, 3, 4]
    assert series.loss.tolist() == [3.0, 2.0, 1.0, 0.5]
    assert series.epoch_steps.tolist() == [4]
    assert series.validation_loss.tolist() == [0.7]
    assert series.gradient_norm.tolist() == [[3, 4], [3, 4]]
    chart = charts.learning(teller.run)
    assert {axis.slug for axis in chart.axes} == {"loss", "accuracy", "rate"}
    assert chart.x_high == 8


def test_a_run_without_any_event_has_empty_curves(teller):
    chart = charts.learning(teller.run)
    assert all(curve.x.size == 0 for curve in chart.curves)
    assert all(not chart.curves for chart in charts.lengths(teller.run.series()).values())


def test_a_change_on_the_way_is_marked_with_both_values(teller):
    teller.started()
    teller.tell("changed", 3, setting="learning_rate", value=0.5)
    teller.tell("changed", 5, setting="learning_rate", value=0.25)
    texts = [(mark.x, mark.text) for mark in charts.learning(teller.run).marks]
    assert texts == [(3, "learning rate 0.001 -> 0.5"), (5, "learning rate 0.5 -> 0.25")]
    repeated = teller.run.repeatable()
    assert [(c.step, c.value) for c in repeated.changes] == [(3, 0.5), (5, 0.25)]


def test_what_is_dragged_between_two_batches_is_one_mark(teller):
    teller.started()
    for value in (0.2, 0.3, 0.5):
        teller.tell("changed", 3, setting="learning_rate", value=value)
    texts = [mark.text for mark in charts.learning(teller.run).marks]
    assert texts == ["learning rate 0.001 -> 0.5"]


def test_the_best_epoch_and_the_early_stop_are_marked(teller):
    teller.started()
    teller.epoch(4, 1, 0.5)
    teller.epoch(8, 2, 0.9)
    teller.tell("ended", 8, state="finished", reason="Early stopping: ...", best=1)
    texts = [(mark.x, mark.text) for mark in charts.learning(teller.run).marks]
    assert texts == [(4, "best epoch 1"), (8, "early stopping")]


def test_the_status_says_where_it_is_how_fast_and_how_long_still(teller):
    teller.started()
    teller.batches(4, [1.0] * 4)
    line = status.status_line(teller.run)
    # 4 of 8 batches of 64 pictures at 640 a second: 0.4 s.
    assert "epoch 1 of 2 · batch 4 of 8 · 640 images/s · about 0 s left · 700 MB" in line
    assert status.progress(teller.run) == 0.5


def test_a_waiting_run_says_its_place():
    run = Run(RunSpec(), "me")
    run.wait_at(3)
    assert "place 3 in the queue" in status.status_line(run)
    run.wait_at(1)
    assert "next in the queue" in status.status_line(run)


def test_answers_pair_each_picture_with_its_class(teller):
    teller.started()
    teller.epoch(4, 1, 0.5)
    answers = mistakes.answers_of(teller.run)
    assert answers.indices.tolist() == teller.split.validation.tolist()
    assert (answers.actual != answers.predicted).sum() == 1
    assert answers.when.startswith(f"all {len(teller.split.validation)} validation pictures")


def test_runs_are_compared_by_what_differs():
    first = RunSpec()
    second = RunSpec(learning_rate=0.1, data=first.data.model_copy(update={"split_seed": 3}))
    assert compare._differing([first, second]) == ["learning_rate", "data.split_seed"]


def test_snapshots_are_thinned_but_the_first_and_the_newest_stay(teller):
    teller.started()
    for step in range(200):
        teller.tell("snapshot", step, validation_loss=1.0, validation_accuracy=0.5)
    kept = [event.step for event in teller.run.snapshots()]
    assert kept[0] == 0
    assert kept[-1] == 199
    assert len(kept) <= 33
    assert teller.run.series().probe_steps.size == 200


def test_a_run_that_was_stopped_in_the_queue_has_ended():
    run = Run(RunSpec(), "me")
    run.stop()
    assert run.state == "stopped"
    assert run.ended
    assert [event.kind for event in run.events()] == ["ended"]
