"""An engine that a benchmark, and an app that it serves, share: both see the same runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from core.engine import Engine
from core.engine.settings import EngineSettings
from core.training import Event, RunSpec
from core.training.desk import attach
from scripts.serve import ROOT

SCHEDULER = ("-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
WORKER = ("-m", "core.engine.worker")
OPTIONS = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--resources")
LONGEST_WAIT = 120


@contextmanager
def shared_engine() -> Iterator[Engine]:
    """A scheduler and two workers, as docs/hosting.md says; apps started inside use them."""
    with ExitStack() as running, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        running.enter_context(_python(*SCHEDULER, "--scheduler-file", str(file)))
        address = _address(file)
        for resource in ("training=1", "inference=1"):
            running.enter_context(_python(*WORKER, address, *OPTIONS, resource))
        before = os.environ.get("RECEPTIVE_CLUSTER")
        os.environ["RECEPTIVE_CLUSTER"] = address
        engine = Engine(EngineSettings(address=address))
        try:
            yield engine
        finally:
            engine.close()
            del os.environ["RECEPTIVE_CLUSTER"]
            if before is not None:
                os.environ["RECEPTIVE_CLUSTER"] = before


def runs_of_everybody(engine: Engine) -> list[str]:
    """Runs that wait or train on the cluster, whoever started them."""

    def listed(dask_scheduler: object) -> list[str]:
        queue = getattr(dask_scheduler, "_receptive_queue", None)
        return list(queue.runs) if queue else []

    return list(engine.client.run_on_scheduler(listed))


def newest_run(engine: Engine) -> str:
    """The run that came last, waited for.

    Raises:
        TimeoutError: there is none.
    """
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        if runs := runs_of_everybody(engine):
            return runs[-1]
        time.sleep(0.05)
    raise TimeoutError("no run has come to the cluster")


def whole_history(engine: Engine, run: str, spec: RunSpec) -> list[Event]:
    """All events of a run, to its end."""
    return list(attach(run, spec, engine).events())


@contextmanager
def _python(*command: str) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _address(file: Path) -> str:
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler has not started")
