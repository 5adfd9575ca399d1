"""Runs one after another: a session has one at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from core.data.dataset import Dataset
from core.training.desk import DESK, Desk, check_run
from core.training.errors import RunError
from core.training.run import Run
from core.training.spec import TrainingSpec


class Chain:
    """Hands specs in, each when the run before it has ended.

    A run that fails does not keep the others from theirs; one that a person stops does.
    """

    def __init__(
        self,
        specs: Sequence[TrainingSpec],
        session: str,
        own: Dataset | None = None,
        *,
        desk: Desk = DESK,
    ) -> None:
        """Start the first run.

        Args:
            specs: at least one.
            session: whose runs they are.
            own: the pictures where they were uploaded.
            desk: where they are handed in.

        Raises:
            RunError: the session has a run already, or one of the specs cannot work.
        """
        for spec in specs:
            check_run(spec, own)
        self._desk, self._session, self._own = desk, session, own
        self._to_come = list(specs)
        self._runs: list[Run[Any]] = []
        self._problem = ""
        self._lock = threading.Lock()
        self._next()
        name = f"chain-{self._runs[0].id}"
        threading.Thread(target=self._go_on, name=name, daemon=True).start()

    @property
    def runs(self) -> list[Run[Any]]:
        """Those that have been handed in, in their order."""
        with self._lock:
            return list(self._runs)

    @property
    def to_come(self) -> tuple[TrainingSpec, ...]:
        """Those that have not."""
        with self._lock:
            return tuple(self._to_come)

    @property
    def problem(self) -> str:
        """Why there are no further runs; empty where there is no reason."""
        return self._problem

    @property
    def going(self) -> bool:
        """Whether something is still to come."""
        with self._lock:
            return bool(self._to_come) or not self._runs[-1].at_rest

    def stop(self) -> None:
        """End the run that goes; no other is begun."""
        with self._lock:
            self._to_come.clear()
            running = self._runs[-1]
        running.stop()

    def _next(self) -> None:
        with self._lock:
            if not self._to_come:
                return
            spec = self._to_come.pop(0)
            self._runs.append(self._desk.start(spec, self._session, self._own))

    def _go_on(self) -> None:
        """Wait for each run, then hand the next one in; in a thread of its own."""
        while self.to_come:
            before = self._runs[-1]
            before.wait()
            try:
                if before.state == "stopped":
                    self.stop()
                else:
                    self._next()
            except RunError as error:
                self._problem = str(error)
                with self._lock:
                    self._to_come.clear()
