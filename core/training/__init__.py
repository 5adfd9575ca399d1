"""Training runs: started, followed and steered from any process, done by the engine.

    >>> from core.training import RunSpec
    >>> RunSpec(batch_size=32).steps_per_epoch(60_000)
    1875

A run from a plain script:

    run = start(RunSpec(epochs=1), session="me")
    for event in run.events():
        print(event.kind, event.step)
"""

from __future__ import annotations

from core.data.dataset import Dataset
from core.training.desk import DESK, Desk, attach
from core.training.errors import RunError
from core.training.events import Event
from core.training.run import Run
from core.training.spec import Change, RunSettings, RunSpec

__all__ = [
    "DESK",
    "Change",
    "Desk",
    "Event",
    "Run",
    "RunError",
    "RunSettings",
    "RunSpec",
    "attach",
    "start",
]


def start(
    spec: RunSpec, session: str, own: Dataset | None = None, *, paused: bool = False
) -> Run:
    """Start a run, or queue it; see `Desk.start`."""
    return DESK.start(spec, session, own, paused=paused)
