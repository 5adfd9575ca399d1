"""A run as the app holds it, fed by hand: its state, its orders, its history."""

import threading
import time

import numpy as np
import pytest

from core.training import Desk, Event, Run, RunError, RunSpec
from core.training.run import MOST_SNAPSHOTS

NORMS = dict.fromkeys(("gradient_norm", "weight_norm", "update_norm"), np.ones(2, np.float32))


def batches(number, step, count=1):
    values = np.full(count, 0.5, np.float32)
    data = {"loss": values, "accuracy": values, "learning_rate": values, **NORMS}
    return Event(number, 0.0, "batches", step, data)


def snapshot(number, step):
    data = {"validation_loss": 0.5, "validation_accuracy": 0.5}
    return Event(number, 0.0, "snapshot", step, data)


def started(number=0):
    return Event(number, 0.0, "started", 0, {"layers": ["a", "b"]})


def event(number, kind, step=0, **data):
    return Event(number, 0.0, kind, step, data)


@pytest.fixture
def run():
    fresh = Run(RunSpec(augmentation="shift"), "me")
    fresh.wait_at(0)
    return fresh


def test_it_goes_from_the_queue_to_its_end():
    run = Run(RunSpec(), "me")
    assert (run.state, run.place) == ("queued", 0)
    run.wait_at(2)
    assert (run.state, run.place) == ("queued", 2)
    run.wait_at(0)
    assert (run.state, run.place) == ("starting", 0)
    states = []
    for told in (
        started(),
        event(1, "paused"),
        event(2, "resumed"),
        event(3, "ended", 5, state="stopped", reason="By hand."),
    ):
        run.take(told)
        states.append(run.state)
    assert states == ["running", "paused", "running", "stopped"]
    assert run.ended
    assert run.reason == "By hand."


def test_what_comes_twice_counts_once_and_nothing_comes_after_the_end(run):
    told = [started(), batches(1, 1), snapshot(2, 1), batches(3, 4, 3)]
    for one in [*told, *told]:
        run.take(one)
    assert [e.number for e in run.events()[:]] == [0, 1, 2, 3]
    assert run.series().steps.tolist() == [1, 2, 3, 4]
    run.end("failed", "Gone.")
    run.take(batches(9, 9))
    assert [e.number for e in run.events()] == [0, 1, 2, 3, 4]


def test_snapshots_and_the_rest_may_come_in_either_order(run):
    for one in (snapshot(1, 0), snapshot(3, 1), started(), batches(2, 1)):
        run.take(one)
    assert [e.number for e in run.events()[:]] == [0, 1, 2, 3]


def test_of_many_snapshots_first_and_last_and_some_between_are_kept(run):
    for number in range(1000):
        run.take(snapshot(number, number))
        kept = [e.number for e in run.snapshots()]
        assert kept[0] == 0
        assert kept[-1] == number
        assert len(kept) <= MOST_SNAPSHOTS
    assert len(kept) > MOST_SNAPSHOTS / 2
    assert np.diff(kept).max() < 1000 / 8
    assert len(run.series().probe_steps) == 1000


def test_orders_given_early_are_sent_first_and_all_are_numbered(run):
    sent = []
    run.pause()
    run.set(learning_rate=0.5)
    run.connect(sent.append)
    run.one_batch()
    run.resume()
    words = ["pause", "set", "batch", "resume"]
    assert [order["word"] for order in sent] == words
    assert [order["number"] for order in sent] == [0, 1, 2, 3]
    assert len({order["sender"] for order in sent}) == 1
    assert sent[1]["setting"] == "learning_rate"
    assert Run(RunSpec(), "other")._sender != run._sender


def test_sending_an_order_does_not_hold_events_up(run):
    """The thread that brings events also brings the answer that sending waits for."""
    answered = threading.Event()

    def send(_):
        assert answered.wait(10)

    run.connect(send)
    ordering = threading.Thread(target=run.pause)
    ordering.start()
    time.sleep(0.05)
    bringing = threading.Thread(target=run.take, args=(started(),))
    bringing.start()
    bringing.join(5)
    stuck = bringing.is_alive()
    answered.set()
    ordering.join(10)
    assert not stuck
    assert run.state == "running"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"learning_rate": 11}, "Use 1e-09 to 10"),
        ({"learning_rate": 0}, "Use 1e-09 to 10"),
        ({"dropout": 0.95}, "Use 0 to 0.9"),
        ({"epochs": 3}, "epochs cannot be changed while a run goes"),
        ({"learning_rate": 0.1, "momentum": 2}, "momentum cannot be 2"),
    ],
)
def test_nonsense_is_refused_and_nothing_of_it_is_sent(run, settings, words):
    sent = []
    run.connect(sent.append)
    with pytest.raises(RunError, match=words):
        run.set(**settings)
    assert not sent


def test_what_the_run_does_not_heed_is_refused():
    run = Run(RunSpec(optimizer="sgd"), "me")
    with pytest.raises(RunError, match="sgd has no momentum"):
        run.set(momentum=0.5)
    with pytest.raises(RunError, match="does not change its pictures"):
        run.set(augmentation_strength=0.5)


def test_a_run_that_has_ended_takes_no_orders_but_may_be_stopped_again(run):
    run.end("finished", "")
    run.stop()
    for order in (run.pause, run.resume, run.one_batch, run.one_epoch):
        with pytest.raises(RunError, match="has finished"):
            order()


def test_a_waiting_run_stops_at_once():
    run = Run(RunSpec(), "me")
    run.wait_at(3)
    run.stop()
    assert (run.state, run.reason) == ("stopped", "Stopped before it began.")
    run.wait_at(0)
    assert run.state == "stopped"


def test_a_loop_over_the_events_ends_where_the_run_rests(run):
    for one in (started(), batches(1, 1), event(2, "paused", 1)):
        run.take(one)
    assert [e.kind for e in run.events()] == ["started", "batches", "paused"]
    run.connect(lambda _: None)
    run.one_batch()

    def go_on():
        for one in (event(3, "resumed", 1), batches(4, 2), event(5, "paused", 2)):
            time.sleep(0.02)
            run.take(one)

    threading.Thread(target=go_on).start()
    assert [e.number for e in run.events()] == [0, 1, 2, 3, 4, 5]


def test_the_events_so_far_are_a_sequence(run):
    for one in (started(), batches(1, 1), snapshot(2, 1)):
        run.take(one)
    events = run.events()
    assert len(events) == 3
    assert events[-1].kind == "snapshot"
    assert [e.number for e in events[1:]] == [1, 2]


def test_the_latest_of_a_kind_and_the_way_to_repeat_it(run):
    assert run.latest("batches") is None
    for one in (
        started(),
        batches(1, 3, 3),
        event(2, "changed", 3, setting="learning_rate", value=0.1),
        batches(3, 5, 2),
    ):
        run.take(one)
    run.name = "mine"
    assert run.latest("batches").step == run.step == 5
    again = run.repeatable()
    assert again.name == "mine"
    assert [(c.step, c.setting, c.value) for c in again.changes] == [(3, "learning_rate", 0.1)]
    assert RunSpec.model_validate_json(again.model_dump_json()) == again


def test_waiting_ends_when_the_model_is_here(run):
    assert not run.wait(0.01)
    run.end("finished", "")
    assert not run.at_rest
    run.keep_model(b"model")
    version = run.version
    run.settle()
    assert run.version > version
    assert run.wait(1)
    assert run.model == b"model"


def test_who_waits_for_news_hears_them(run):
    version = run.version
    threading.Timer(0.05, run.take, (started(),)).start()
    run.wait_for_news(version, 10)
    assert run.state == "running"


def test_a_thinned_run_keeps_its_first_and_its_last_snapshot(run):
    run.take(started())
    for number in range(1, 30):
        run.take(snapshot(number, 10 * number))
    run.thin(6)
    kept = [event.number for event in run.snapshots()]
    assert 2 <= len(kept) <= 6
    assert (kept[0], kept[-1]) == (1, 29)
    assert np.ptp(np.diff(kept[:-1])) == 0


def test_an_older_run_says_of_each_picture_only_what_its_last_epoch_said(run):
    told = {"loss": 0.5, "accuracy": 0.5, "validation_loss": 0.5, "validation_accuracy": 0.5}
    run.take(started())
    for number in (1, 2, 3):
        answers = {"predicted": np.uint16([number, 7]), "losses": np.float32([number, 0.5])}
        run.take(event(number, "epoch", number, epoch=number, elapsed=1.0, **told, **answers))
    run.take(event(4, "ended", 3, state="finished", reason=""))
    curve = run.series().validation_loss
    run.thin(6)
    epochs = [e.data for e in run.history() if e.kind == "epoch"]
    assert [sorted({"predicted", "losses"} & set(data)) for data in epochs] == [
        [], [], ["losses", "predicted"],
    ]  # fmt: skip
    assert run.latest("epoch").data["predicted"].tolist() == [3, 7]
    assert [data["epoch"] for data in epochs] == [1, 2, 3]
    np.testing.assert_array_equal(run.series().validation_loss, curve)


def test_a_session_keeps_a_dozen_runs_and_few_snapshots_of_the_older_ones():
    desk = Desk(lambda: None)
    for _ in range(15):
        run = Run(RunSpec(), "me")
        run.wait_at(0)
        run.take(started())
        for number in range(1, 30):
            run.take(snapshot(number, 10 * number))
        run.take(event(30, "ended", 300, state="finished", reason=""))
        run.settle()
        desk.adopt(run)
    kept = [len(run.snapshots()) for run in desk.runs("me")]
    assert len(kept) == 12
    assert max(kept[:-3]) <= 6 < min(kept[-3:])
