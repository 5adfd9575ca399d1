"""One engine for all tests of augmentation that need one."""

import pytest

from core.engine import Engine, EngineSettings


@pytest.fixture(scope="session")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()
