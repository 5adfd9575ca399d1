"""Runs on a real engine: steered, queued, watched, killed."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import keras
import numpy as np
import pytest

from core.architecture import decode
from core.data.dataset import Dataset
from core.engine import Engine, EngineSettings
from core.training import Desk, RunError, RunSpec, attach
from tests.training.conftest import WAIT
from tests.training.in_process import tiny

pytestmark = [pytest.mark.tf, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
LONG = {"epochs": 500, "data": {"dataset": "digits"}}
"""Half a minute and more: a run that is still going when the test has seen what it wanted."""


def until(run, condition):
    """Wait until something holds of the run."""
    with run._told:
        assert run._told.wait_for(condition, WAIT), f"{run.state}: {run.reason}"


def until_state(run, *states):
    until(run, lambda: run.state in states)


def finished(run):
    assert run.wait(WAIT)
    assert run.state == "finished", run.reason
    return run


# Learning


def test_lenet_reads_96_percent_of_digits_that_it_has_never_seen(desk, tmp_path):
    spec = RunSpec(
        optimizer="nesterov", learning_rate=0.05, schedule="cosine", batch_size=32, epochs=15
    )
    run = finished(desk.start(spec, "me"))
    path = tmp_path / "model.keras"
    path.write_bytes(run.model)
    model = keras.models.load_model(path, safe_mode=True)
    assert model.count_params() == 61_706
    dataset, split = spec.data.load()
    logits = model.predict(dataset.images[split.test], verbose=0)
    assert (logits.argmax(-1) == dataset.labels[split.test]).mean() >= 0.96


def test_the_same_run_gives_the_same_curve_to_the_last_bit(desk):
    spec = tiny(dropout=0.3, augmentation="all", optimizer="momentum", seed=5)
    losses = [finished(desk.start(spec, "me")).series().loss for _ in range(4)]
    for again in losses[1:]:
        np.testing.assert_array_equal(again, losses[0])


def test_own_pictures_are_sent_to_the_worker(desk):
    images = np.zeros((60, 16, 16, 3), np.uint8)
    images[::2, :, :8] = 255
    labels = np.arange(60) % 2
    own = Dataset("own", "Mine", images, labels, ("left", "none"), "me", "mine")
    spec = tiny(
        data={"dataset": "own", "image_size": 16}, batch_size=8, epochs=5, learning_rate=0.01
    )
    run = finished(desk.start(spec, "me", own))
    assert run.series().validation_accuracy[-1] == 1


def test_a_downloaded_set_is_sent_to_the_worker_which_has_no_such_file(desk):
    digits, _ = RunSpec().data.load()
    some = digits.limited(200)
    mnist = Dataset(
        "mnist", "MNIST", some.images, some.labels, some.class_names, "test", "test"
    )
    run = finished(desk.start(tiny(data={"dataset": "mnist", "images": 200}), "me", mnist))
    np.testing.assert_array_equal(
        run.series().loss, finished(desk.start(tiny(), "me")).series().loss
    )


# Steering


def test_a_run_is_paused_stepped_changed_and_resumed_by_the_batch(desk):
    run = desk.start(
        RunSpec(**LONG, batch_size=32, optimizer="momentum", augmentation="shift"),
        "me",
        paused=True,
    )
    until_state(run, "paused")
    assert run.step == 0
    for step in (1, 2):
        run.one_batch()
        until(run, lambda step=step: run.state == "paused" and run.step == step)
    run.set(learning_rate=0.5)
    run.set(momentum=0.3, dropout=0.4, augmentation_strength=0.1)
    until(run, lambda: len([e for e in run._events if e.kind == "changed"]) == 4)
    assert [(c.step, c.setting, c.value) for c in run.changes()] == [
        (2, "learning_rate", 0.5),
        (2, "momentum", 0.3),
        (2, "dropout", 0.4),
        (2, "augmentation_strength", 0.1),
    ]
    run.one_batch()
    until(run, lambda: run.state == "paused" and run.step == 3)
    np.testing.assert_allclose(run.series().learning_rate, [0.001, 0.001, 0.5])
    run.one_epoch()
    until(run, lambda: run.state == "paused" and run.step > 3)
    assert run.step == 110  # 3,500 / 32, rounded up
    assert run.latest("epoch").data["epoch"] == 1
    run.resume()
    until(run, lambda: run.step > 115)
    run.pause()
    until_state(run, "paused")
    paused = run.latest("paused").step
    assert paused == len(run.series().steps) == run.step
    run.resume()
    until(run, lambda: run.step > paused)
    run.stop()
    assert run.wait(WAIT)
    assert (run.state, run.reason) == ("stopped", "Stopped by hand.")
    series = run.series()
    np.testing.assert_array_equal(series.steps, np.arange(1, run.step + 1))
    assert run.model


def test_many_orders_at_once_are_all_obeyed_while_events_pour_in(desk):
    run = desk.start(RunSpec(**LONG), "me")
    until(run, lambda: run.step > 10)
    rates = np.linspace(1e-5, 1e-3, 40)
    threads = [
        threading.Thread(target=lambda part=part: [run.set(learning_rate=r) for r in part])
        for part in np.split(rates, 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive(), "an order and an event wait for each other"
    until(run, lambda: len([e for e in run._events if e.kind == "changed"]) == 40)
    assert sorted(c.value for c in run.changes()) == pytest.approx(sorted(rates))


def test_orders_given_before_it_has_begun_are_obeyed(desk):
    run = desk.start(RunSpec(**LONG), "me")
    run.set(learning_rate=0.002)
    run.pause()
    until_state(run, "paused")
    assert run.step == 0
    assert [(c.step, c.value) for c in run.changes()] == [(0, 0.002)]


def test_another_pictures_maps_are_shown_on_demand(desk):
    run = desk.start(RunSpec(**LONG), "me", paused=True)
    until_state(run, "paused")
    wanted = int(run.split().validation[7])
    run.watch(wanted)
    until(run, lambda: run._snapshots[-1].data["watched"] == wanted)
    run.watch(10**6)
    run.one_batch()
    until(run, lambda: run.state == "paused" and run.step == 1)
    assert run.latest("snapshot").data["watched"] == wanted


# Queueing


def test_one_slot_is_shared_in_the_order_of_coming(desk):
    first = desk.start(RunSpec(**LONG), "a")
    until(first, lambda: first.step > 0)
    second = desk.start(tiny(), "b")
    until(second, lambda: second.place == 1)
    third = desk.start(tiny(), "c")
    until(third, lambda: third.place == 2)
    with pytest.raises(RunError, match=r"has a run already \(queued\)"):
        desk.start(tiny(), "b")
    with pytest.raises(RunError, match=r"has a run already \(running\)"):
        desk.start(tiny(), "a")
    second.stop()
    assert (second.state, second.reason) == ("stopped", "Stopped before it began.")
    until(third, lambda: third.place == 1)
    assert third.state == "queued"
    first.stop()
    finished(third)
    assert second.wait(WAIT)
    assert not second.history()[:-1]
    finished(desk.start(tiny(), "b"))


def test_what_cannot_work_is_refused_before_it_is_queued(desk):
    with pytest.raises(RunError, match=r"A batch of 2048 needs more than the 140 training"):
        desk.start(tiny(batch_size=2048), "me")
    with pytest.raises(RunError, match=r"Row 2 \(conv_2\): A 11 x 11 window"):
        desk.start(tiny(architecture=decode("conv-k11-s4-pvalid_conv-k11-pvalid")), "me")
    with pytest.raises(RunError, match="no own pictures yet"):
        desk.start(tiny(data={"dataset": "own"}), "me")
    assert desk.going("me") is None


# Sessions


def test_the_run_of_a_session_that_is_gone_ends_and_one_that_comes_back_goes_on(engine):
    desk = Desk(lambda: engine, gone_after=1.0)
    lonely = desk.start(RunSpec(**LONG), "gone")
    until(lonely, lambda: lonely.step > 0)
    desk.leave("gone")
    assert lonely.wait(WAIT)
    assert lonely.state == "stopped"
    assert not desk.runs("gone")
    kept = desk.start(RunSpec(**LONG), "back")
    until(kept, lambda: kept.step > 0)
    desk.leave("back")
    desk.arrive("back")
    before = kept.step
    threading.Event().wait(2.0)
    assert not kept.ended
    until(kept, lambda: kept.step > before)
    desk.close_session("back")
    assert kept.wait(WAIT)


def test_what_a_session_leaves_after_its_run_has_ended_is_let_go(engine):
    desk = Desk(lambda: engine, gone_after=0.5)
    finished(desk.start(tiny(), "me"))
    threading.Event().wait(1.5)  # the watch has nothing to do any more
    assert len(desk.runs("me")) == 1
    desk.leave("me")
    for _ in range(100):
        if not desk.runs("me"):
            break
        threading.Event().wait(0.1)
    assert not desk.runs("me")


def app(engine, script, **environ):
    """Another process with a desk of its own on the same cluster."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"RECEPTIVE_CLUSTER": engine.client.scheduler.address} | environ,
    )


def test_an_app_that_dies_frees_its_slot_for_others(engine, desk):
    other = app(
        engine,
        """
        import time
        from core.training import RunSpec, start
        run = start(RunSpec(epochs=500), "there")
        while not run.step:
            time.sleep(0.05)
        print(run.id, flush=True)
        time.sleep(600)
        """,
    )
    watched = attach(other.stdout.readline().strip(), RunSpec(epochs=500), engine)
    until(watched, lambda: watched.step > 0)
    waiting = desk.start(tiny(), "here")
    until(waiting, lambda: waiting.place == 1)
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdout.close()
    finished(waiting)
    assert watched.wait(WAIT)
    assert (watched.state, watched.reason) == (
        "stopped",
        "The app that started this run is gone.",
    )


# Watching


LATE = """
import json, sys
from core.engine import connect
from core.training import RunSpec, attach
run = attach(sys.argv[1], RunSpec.model_validate_json(sys.argv[2]), connect())
if sys.argv[3] == "resume":
    run.resume()
run.wait(120)
print(json.dumps([[e.number, e.kind, e.step] for e in run.history()]))
print(json.dumps(run.series().loss.tolist()))
print(json.dumps("tensorflow" in sys.modules))
"""


@pytest.mark.parametrize("word", ["resume", "look"])
def test_who_comes_late_in_another_process_sees_everything_from_the_beginning(
    engine, desk, word
):
    spec = tiny(epochs=30)
    run = desk.start(spec, "me", paused=True)
    until_state(run, "paused")
    run.one_epoch()
    until(run, lambda: run.state == "paused" and run.step == 7)
    if word == "look":
        run.resume()
        finished(run)
    late = subprocess.run(
        [sys.executable, "-c", LATE, run.id, spec.model_dump_json(), word],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"RECEPTIVE_CLUSTER": engine.client.scheduler.address},
        timeout=WAIT,
    )
    history, loss, tensorflow = map(json.loads, late.stdout.splitlines())
    finished(run)
    assert history == [[e.number, e.kind, e.step] for e in run.history()]
    assert loss == run.series().loss.tolist()
    assert tensorflow is False


def test_a_second_viewer_in_the_same_process_takes_nothing_away_from_the_first(engine, desk):
    run = desk.start(RunSpec(**LONG), "me", paused=True)
    until_state(run, "paused")
    viewer = attach(run.id, run.spec, engine)
    assert viewer.state == "paused"
    viewer.one_batch()
    until(run, lambda: run.state == "paused" and run.step == 1)
    run.set(learning_rate=0.1)
    until(viewer, lambda: viewer.latest("changed") is not None)
    run.stop()
    assert run.wait(WAIT)
    assert viewer.wait(WAIT)
    for one, other in ((run, viewer), (viewer, run)):
        assert [e.number for e in one.history()] == [e.number for e in other.history()]
    assert len(viewer.snapshots()) > 1


# Failures


def test_a_killed_worker_fails_its_run_with_words_and_the_next_run_works(desk):
    run = desk.start(RunSpec(**LONG), "me")
    until(run, lambda: run.step > 0)
    waiting = desk.start(tiny(), "other")
    os.kill(run.latest("started").data["process"], signal.SIGKILL)
    assert run.wait(WAIT)
    assert run.state == "failed"
    assert "was killed, or it took more memory than its 2.0 GiB" in run.reason
    assert run.history()[-1].kind == "ended"
    finished(waiting)
    finished(desk.start(tiny(), "me"))


def test_a_run_that_takes_too_much_memory_names_the_largest_layer(desk):
    spec = RunSpec(
        data={"dataset": "digits", "images": 1500},
        architecture=decode("conv-f384-k1_conv-f384-k1_global.pool"),
        batch_size=1024,
    )
    run = desk.start(spec, "me")
    assert run.wait(WAIT)
    assert run.state == "failed"
    megabytes = 28 * 28 * 384 * 1024 * 4 * 3 / 2**20
    assert (
        f"The largest layer is conv_1: {megabytes:,.0f} MiB for a batch of 1024" in run.reason
    )
    finished(desk.start(tiny(), "me"))


def test_a_loss_that_is_no_number_fails_the_run_with_the_explanation(desk):
    spec = tiny(optimizer="sgd", learning_rate=10, epochs=9, architecture=decode(VIT))
    run = desk.start(spec, "me")
    assert run.wait(WAIT)
    assert run.state == "failed"
    assert "With learning rate 10 each step goes so far beyond the minimum" in run.reason
    assert run.model


VIT = "patches_positions_transformer_transformer_layer.norm_global.pool"


def test_an_error_in_the_worker_arrives_without_tensorflow(engine):
    script = """
    import sys
    from core.engine import connect
    from core.training.errors import WorkerError
    train = "core.training.worker.entry:train"
    future = connect().submit_by_name("training", train, "id", "nonsense", None, paused=False)
    try:
        future.result(120)
    except WorkerError as error:
        print(error.kind, "tensorflow" in sys.modules, flush=True)
    """
    other = app(engine, script)
    assert other.stdout.readline().split() == ["ValidationError", "False"]
    assert other.wait(WAIT) == 0
    other.stdout.close()


def test_a_scheduler_that_dies_ends_the_run_with_words():
    own = Engine(EngineSettings())
    desk = Desk(lambda: own)
    run = desk.start(RunSpec(**LONG), "me")
    waiting = desk.start(tiny(), "other")
    until(run, lambda: run.step > 0)
    own._process.kill()
    for one in (run, waiting):
        assert one.wait(WAIT)
        assert one.state == "failed"
        assert "The connection to the engine is lost" in one.reason
    assert own.lost
    with pytest.raises(RunError, match="has failed"):
        run.pause()
    own.close()


def test_a_worker_that_has_grown_is_started_anew_between_two_runs(engine, desk, monkeypatch):
    def process():
        return finished(desk.start(tiny(epochs=1), "me")).latest("started").data["process"]

    before = process()
    assert process() == before
    monkeypatch.setattr("core.engine.connection.BLOATED", 0.0)
    assert process() == before
    monkeypatch.undo()
    assert process() != before
