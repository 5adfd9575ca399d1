"""Real processes: a scheduler, its workers, and what happens when one of them goes."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from distributed.scheduler import KilledWorker

from core.engine import connection
from core.engine.connection import Engine, EngineError
from core.engine.settings import EngineSettings

ROOT = Path(__file__).parents[2]
WAIT = 60


@pytest.fixture(scope="module")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()


def _environ():
    return dict(os.environ)


def until(condition, seconds=WAIT):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_each_kind_of_work_has_a_process_of_its_own(engine):
    training = engine.submit("training", os.getpid).result(WAIT)
    inference = engine.submit("inference", os.getpid).result(WAIT)
    assert len({training, inference, os.getpid()}) == 3


@pytest.mark.parametrize("slot", ["training", "inference"])
def test_the_allocator_of_a_worker_keeps_what_its_next_step_needs(engine, slot):
    """Dask would have it give memory back at once; OpenMP's threads are one, as Dask has it.

    A step of a network takes and lets go of some MB many times over: all of that stays.
    """
    environ = engine.submit(slot, _environ).result(WAIT)
    kept = {name: int(value) for name, value in environ.items() if name.startswith("MALLOC_")}
    assert kept["MALLOC_TRIM_THRESHOLD_"] >= 100 * 2**20
    # glibc takes no more for this one, and then uses its own.
    assert 10 * 2**20 <= kept["MALLOC_MMAP_THRESHOLD_"] <= 32 * 2**20
    assert kept["MALLOC_TOP_PAD_"] < kept["MALLOC_TRIM_THRESHOLD_"]
    assert environ["OMP_NUM_THREADS"] == "1"


def test_memory_that_is_not_in_use_is_given_back():
    """Small pieces under one that stays are what the allocator does not give back by itself."""
    code = """
        import psutil
        from core.engine.memory import give_back

        pieces = [bytes(1000) for _ in range(200_000)]
        last = pieces.pop()
        held = psutil.Process().memory_info().rss
        pieces.clear()
        give_back()
        print(held - psutil.Process().memory_info().rss)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 150_000_000


def test_work_beyond_the_slots_waits_and_the_state_says_so(engine):
    work = [engine.submit("training", time.sleep, 1.5) for _ in range(3)]
    assert until(lambda: engine.state().word == "waiting", 10)
    assert engine.state().running == 1
    for piece in work:
        piece.result(WAIT)
    assert until(lambda: engine.state().word == "ready", 10)


def test_inference_answers_while_training_waits(engine):
    busy = [engine.submit("training", time.sleep, 1.0) for _ in range(2)]
    begun = time.monotonic()
    assert engine.submit("inference", abs, -7).result(WAIT) == 7
    assert not busy[-1].done(), f"the answer took {time.monotonic() - begun:.1f} s"
    for piece in busy:
        piece.result(WAIT)


def test_a_killed_worker_fails_its_work_alone_and_is_replaced(engine):
    victim = engine.submit("training", os.getpid).result(WAIT)
    work = engine.submit("training", time.sleep, 60)
    assert until(lambda: engine.state().running == 1, 10)
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(KilledWorker):
        work.result(WAIT)
    assert engine.submit("training", os.getpid).result(WAIT) != victim


def test_an_error_in_the_work_comes_back_as_it_was(engine):
    with pytest.raises(ZeroDivisionError):
        engine.submit("inference", divmod, 1, 0).result(WAIT)


def test_nothing_runs_on_when_the_app_is_killed():
    script = textwrap.dedent(
        """
        import os, sys, time
        from core.engine.connection import Engine
        from core.engine.settings import EngineSettings
        engine = Engine(EngineSettings())
        slots = ("training", "inference")
        workers = [engine.submit(slot, os.getpid).result(60) for slot in slots]
        print(engine._process.pid, *workers, flush=True)
        time.sleep(600)
        """
    )
    app = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert app.stdout
    pids = [int(word) for word in app.stdout.readline().split()]
    assert len(pids) == 3
    app.send_signal(signal.SIGKILL)
    app.wait()
    app.stdout.close()
    assert until(lambda: not any(alive(pid) for pid in pids), 30)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_cluster_elsewhere_is_used_by_its_address(engine):
    elsewhere = Engine(EngineSettings(address=engine.client.scheduler.address))
    try:
        assert elsewhere.submit("training", abs, -3).result(WAIT) == 3
        mine = engine.submit("training", os.getpid).result(WAIT)
        assert elsewhere.submit("training", os.getpid).result(WAIT) == mine
    finally:
        elsewhere.close()
    assert engine.submit("training", abs, -4).result(WAIT) == 4


def test_an_address_where_nobody_answers_is_said(monkeypatch):
    monkeypatch.setattr("core.engine.connection.START_WITHIN", 1.0)
    with pytest.raises(EngineError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"):
        Engine(EngineSettings(address="tcp://127.0.0.1:9"))


def test_the_engine_warms_up_behind_the_page_and_says_so():
    script = textwrap.dedent(
        """
        import time
        from core import engine
        assert engine.status().word == "off"
        engine.warm_up()
        while (state := engine.status()).word == "starting":
            time.sleep(0.2)
        print(state.word, state.workers, state.reason)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.stdout.split() == ["ready", "2"], done.stderr


def test_nobody_outside_of_this_machine_can_talk_to_scheduler_and_workers(engine):
    family = [engine._process, *psutil.Process(engine._process.pid).children(recursive=True)]
    listening = [
        connection.laddr
        for process in family
        for connection in psutil.Process(process.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_data_goes_to_a_worker_of_its_kind(engine):
    sent = engine.send("inference", list(range(1000)))
    assert engine.submit("inference", sum, sent).result(WAIT) == 499_500
    [address] = engine.client.who_has(sent)[sent.key]
    workers = engine.client.scheduler_info()["workers"]
    names = {worker["name"] for at, worker in workers.items() if at == address}
    assert names == {"inference-1"}


def test_an_engine_that_has_ended_is_lost_and_says_so():
    ended = Engine(EngineSettings())
    assert not ended.lost
    ended._process.kill()
    ended._process.wait()
    assert ended.lost
    for ask in (ended.state, lambda: ended.tell("topic", 1), lambda: ended.told("topic")):
        with pytest.raises(EngineError, match="The connection to the engine is lost"):
            ask()
    ended.close()


def test_a_lost_engine_is_started_again_at_the_next_need(monkeypatch):
    monkeypatch.delenv("RECEPTIVE_CLUSTER", raising=False)
    first = connection.connect()
    assert connection.connect() is first
    first._process.kill()
    first._process.wait()
    second = connection.connect()
    assert second is not first
    assert second.submit("inference", abs, -5).result(WAIT) == 5
    assert connection.status().word == "ready"
    second.close()


@pytest.mark.parametrize(("lost", "starts"), [(True, 1), (False, 0)])
def test_an_engine_that_was_lost_is_started_again_by_the_next_page(monkeypatch, lost, starts):
    begun = []
    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    monkeypatch.setattr(connection, "_engine", SimpleNamespace(lost=lost))
    monkeypatch.setattr(connection, "_warming", ended)
    monkeypatch.setattr(connection, "_warm", lambda: begun.append(1))
    connection.warm_up()
    connection._warming.join()
    assert len(begun) == starts
