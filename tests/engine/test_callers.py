"""The short way to a worker: the same answers and errors as by a task, without its queue."""

import os
import time

import numpy as np
import pytest

from core.engine.callers import Callers, GoneError
from core.engine.connection import Engine, EngineError
from core.engine.settings import EngineSettings

WAIT = 60


@pytest.fixture(scope="module")
def engine():
    running = Engine(EngineSettings(inference=2))
    yield running
    running.close()


def ask(engine, function, *args, timeout=WAIT):
    return engine.call_by_name("inference", function, *args, timeout=timeout)


def answered(engine, seconds=WAIT):
    """The process that answers, once there is one again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return ask(engine, "os:getpid")
        except EngineError:
            time.sleep(0.2)
    raise AssertionError("nobody answers any more")


def test_workers_of_the_kind_answer_in_turn(engine):
    asked = [ask(engine, "os:getpid") for _ in range(6)]
    by_task = {engine.submit("inference", os.getpid).result(WAIT) for _ in range(8)} | set(
        asked
    )
    assert len(set(asked)) == 2
    assert asked[:2] * 3 == asked
    assert by_task == set(asked)
    assert os.getpid() not in asked
    training = engine.call_by_name("training", "os:getpid", timeout=WAIT)
    assert training not in asked


def test_arrays_go_and_come_back_as_they_are(engine):
    sent = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)
    np.testing.assert_array_equal(ask(engine, "numpy:flip", sent), np.flip(sent))


def test_what_the_function_raises_is_raised_here(engine):
    with pytest.raises(ValueError, match="math domain error"):
        ask(engine, "math:sqrt", -1)
    with pytest.raises(OSError, match="nowhere"):
        ask(engine, "os:listdir", "/nowhere")
    assert ask(engine, "math:sqrt", 4) == 2


def test_it_answers_beside_work_that_holds_all_slots(engine):
    held = [engine.submit("inference", time.sleep, 30) for _ in range(2)]
    answered(engine)
    assert all(not future.done() for future in held)
    for future in held:
        future.cancel()


def test_too_long_is_too_long(engine):
    with pytest.raises(TimeoutError):
        ask(engine, "time:sleep", 1, timeout=0.05)


def test_a_worker_that_ends_fails_its_question_alone_and_another_one_takes_its_place(engine):
    with pytest.raises(EngineError, match="The process that answers has ended"):
        ask(engine, "os:_exit", 3)
    assert answered(engine) > 0
    assert len({answered(engine) for _ in range(6)}) >= 1


def test_an_engine_that_is_lost_says_so():
    gone = Engine(EngineSettings())
    gone.close()
    with pytest.raises(EngineError, match="The connection to the engine is lost"):
        ask(gone, "os:getpid")


def test_a_worker_that_goes_before_it_is_asked_is_noticed(engine):
    addresses = list(engine.client.scheduler_info(n_workers=-1)["workers"])
    missing = addresses[0].rsplit(":", 1)[0] + ":1"
    with pytest.raises(GoneError, match="No worker at"):
        Callers(engine.client).of("inference", [missing])
