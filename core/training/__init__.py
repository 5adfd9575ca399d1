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

from typing import TYPE_CHECKING, Any

from core.data.dataset import Dataset
from core.training.detection import DetectionSpec
from core.training.errors import RunError
from core.training.events import Event
from core.training.run import Run
from core.training.segmentation import SegmentationSpec
from core.training.spec import Change, RunSettings, RunSpec, Spec
from core.training.transfer import TransferSpec

if TYPE_CHECKING:
    from core.training.desk import DESK, Desk, attach

__all__ = [
    "DESK",
    "Change",
    "Desk",
    "DetectionSpec",
    "Event",
    "Run",
    "RunError",
    "RunSettings",
    "RunSpec",
    "SegmentationSpec",
    "TransferSpec",
    "attach",
    "start",
]


def start(
    spec: Spec, session: str, own: Dataset | None = None, *, paused: bool = False
) -> Run[Spec]:
    """Start a run, or queue it; see `Desk.start`."""
    from core.training.desk import DESK

    return DESK.start(spec, session, own, paused=paused)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """The desk brings Dask with it, half a second that a list of settings need not wait for."""
    if name in ("DESK", "Desk", "attach"):
        from core.training import desk

        return getattr(desk, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
