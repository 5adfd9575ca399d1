"""What is done before the first step: told as it goes, and ended where a person stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.training.errors import Abandoned
from core.training.worker.controls import Controls

Tell = Callable[[str, int, dict[str, Any]], None]
"""Called with kind, step and data of an event."""


class StoppedError(Exception):
    """Somebody has stopped the run before its first step."""


class Preparation:
    """Tells how far it is, and heeds what a person asks for meanwhile."""

    def __init__(self, controls: Controls, tell: Tell, wanted: Callable[[], bool]) -> None:
        self._controls = controls
        self._tell = tell
        self._wanted = wanted

    def at(self, what: str, done: int, of: int, **facts: float) -> None:
        """Tell that so much of it is done.

        Args:
            what: "network", "features" or "head".
            done: how much, from 0.
            of: how much there is to do.
            facts: what else is known.

        Raises:
            StoppedError: somebody has stopped the run.
            Abandoned: nobody waits for it any more.
        """
        self._tell("preparing", 0, {"what": what, "done": done, "of": of, **facts})
        if self._controls.asked("stop"):
            raise StoppedError
        if not self._wanted():
            raise Abandoned
