"""One engine for all tests of a process, and a desk for each of them."""

import pytest

from core.engine import Engine, EngineSettings
from core.training import Desk

WAIT = 120
"""Seconds after which something hangs, on however busy a machine."""


@pytest.fixture(scope="session")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()


@pytest.fixture
def desk(engine):
    """A desk; what a test leaves going ends with it."""
    mine = Desk(lambda: engine)
    yield mine
    for run in list(mine._runs.values()):
        run.stop()
        assert run.wait(WAIT)
