"""What real processes keep of what they have passed on to each other."""

import json
import subprocess
import sys
import time

import pytest
from distributed import get_worker

from core.engine import Engine, EngineSettings

WAIT = 30
PICTURE = bytes(200_000)


def _tell(picture):
    """As a run does; on a worker."""
    worker = get_worker()
    worker.log_event("told", {"picture": picture})
    return len(worker.batched_stream.recent_message_log)


def _sent_by_worker(picture):
    return len(get_worker().batched_stream.recent_message_log)


def _sent_by_scheduler(dask_scheduler=None):
    comms = [*dask_scheduler.client_comms.values(), *dask_scheduler.stream_comms.values()]
    assert len(comms) >= 2
    return sum(len(comm.recent_message_log) for comm in comms)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A scheduler and a worker with Dask's own settings."""
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    )
    module = [sys.executable, "-m", "core.engine.worker", "--scheduler-file", str(file)]
    options = ["--resources", "training=1,inference=1", "--no-nanny", "--no-dashboard"]
    worker = subprocess.Popen([*module, *options])
    end = time.monotonic() + WAIT
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    yield json.loads(file.read_text())["address"]
    for process in (worker, scheduler):
        process.terminate()
        process.wait(WAIT)


@pytest.fixture(scope="module", params=["own", "elsewhere"])
def engine(request):
    address = request.getfixturevalue("elsewhere") if request.param == "elsewhere" else None
    running = Engine(EngineSettings(address=address))
    yield running
    running.close()


def test_nobody_keeps_the_pictures_that_it_has_sent(engine):
    engine.listen("told", lambda message: None)
    for _ in range(5):
        engine.submit("training", _tell, PICTURE).result(WAIT)
    assert engine.submit("training", _sent_by_worker, PICTURE).result(WAIT) == 0
    assert engine.ask(_sent_by_scheduler) == 0
    assert len(engine.client.scheduler_comm.recent_message_log) == 0


def test_more_events_can_be_replayed_than_dask_keeps(engine):
    """Dask keeps 1,000 by itself."""
    count = 1_500
    for number in range(count):
        engine.tell("long", number)
    assert engine.told("long") == list(range(count))
