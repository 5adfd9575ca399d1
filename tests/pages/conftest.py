"""Pages run in their frame, except on a first visit; no engine is started."""

import pytest

from tests.ui.conftest import first_visit, navigation

__all__ = ["first_visit", "navigation"]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    """A page that opens warms the engine up; here nothing is trained, and no network asked."""
    monkeypatch.setattr("core.engine.warm_up", lambda: None)
    # An engine that other tests of this process have started, or lost, is not the page's.
    for name, value in (("_engine", None), ("_warming", None), ("_failure", "")):
        monkeypatch.setattr(f"core.engine.connection.{name}", value)
    monkeypatch.setattr("core.vision.looks.connect", refuse)
    monkeypatch.setattr("core.vision.maps.connect", refuse)
    monkeypatch.setattr("core.vision.findings.connect", refuse)


def refuse():
    """Instead of an engine."""
    from core.engine import EngineError

    raise EngineError("There is no engine in these tests.")
