"""A cluster elsewhere: its own scheduler and worker, started as docs/hosting.md says."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.training.conftest import WAIT
from tests.training.in_process import tiny

pytestmark = [pytest.mark.tf, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, sys
from core.engine import connect
from core.training import RunSpec, start
run = start(RunSpec.model_validate_json(sys.argv[1]), session="script")
kinds = [event.kind for event in run.events()]
run.wait()
print(json.dumps({
    "state": run.state,
    "reason": run.reason,
    "kinds": kinds,
    "loss": run.series().loss.tolist(),
    "process": run.latest("started").data["process"],
    "workers": connect().state().workers,
    "model": len(run.model),
}))
"""


@contextlib.contextmanager
def module(*command, **environ):
    """A process in the checkout, as on another machine."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | environ,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(WAIT)


def address_in(path):
    """What the scheduler has written into its file."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(path.read_text())["address"]
        time.sleep(0.1)
    raise TimeoutError(path)


def in_a_script(spec, cluster):
    """A run in a plain script, on the cluster of that address, or on one of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, spec.model_dump_json()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"RECEPTIVE_CLUSTER": cluster},
        timeout=2 * WAIT,
    )
    return json.loads(done.stdout)


def test_a_script_trains_on_a_cluster_elsewhere_with_the_same_curve_as_here(tmp_path):
    spec = tiny(dropout=0.2, seed=9)
    file = tmp_path / "scheduler.json"
    scheduler = ("dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    worker = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--resources")
    with module(*scheduler, "--scheduler-file", str(file)):
        address = address_in(file)
        with module("core.engine.worker", address, *worker, "training=1,inference=1"):
            there = in_a_script(spec, address)
    here = in_a_script(spec, "")
    for run in (there, here):
        assert run["state"] == "finished", run["reason"]
        assert run["kinds"][0] == "started"
        assert run["kinds"][-1] == "ended"
        assert run["kinds"].count("epoch") == 2
        assert run["model"] > 10_000
    assert there["workers"] == 1
    assert here["workers"] == 2
    np.testing.assert_array_equal(there["loss"], here["loss"])
