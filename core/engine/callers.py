"""The short way to a worker: a call that waits for nobody's queue.

A task goes to the scheduler, waits there for a slot and its answer is fetched: 7 to 11 ms,
measured. An actor of Dask is asked by the app itself: 1 ms.
"""

from __future__ import annotations

import importlib
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

from distributed import Client

from core.engine.settings import Slot

CREATED_WITHIN = 60.0
"""Seconds until a worker that is busy has taken a caller in."""
LOOK_EVERY = 0.5
"""Seconds between two looks whether that worker is still there."""


class GoneError(RuntimeError):
    """A worker went away before it had taken its caller in."""


def call(function: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401
    """Import a function by its name and call it; runs on a worker."""
    module, name = function.split(":")
    return getattr(importlib.import_module(module), name)(*args, **named)


class Caller:
    """Stays on a worker and calls what it is told to, one thing at a time."""

    def call(self, function: str, *args: Any) -> tuple[Exception | None, Any]:  # noqa: ANN401
        """What the function raises and what it gives; the rest is the connection's fault."""
        try:
            return None, call(function, *args)
        except Exception as error:
            return error, None


class Callers:
    """The callers of a client, one on each worker; asked in turn."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._turns: dict[Slot, Iterator[Any]] = {}

    def of(self, slot: Slot, addresses: list[str]) -> Any:  # noqa: ANN401 - an actor
        """The caller whose turn it is.

        Args:
            slot: a kind of workers.
            addresses: the workers of that kind; used where there is no caller yet.
        """
        with self._lock:
            if slot not in self._turns:
                self._turns[slot] = itertools.cycle([self._at(slot, a) for a in addresses])
            return next(self._turns[slot])

    def known(self, slot: Slot) -> bool:
        """Whether there are callers for workers of that kind."""
        return slot in self._turns

    def forget(self, slot: Slot) -> None:
        """Their worker has gone: begin anew at the next call."""
        with self._lock:
            self._turns.pop(slot, None)

    def _at(self, slot: Slot, address: str) -> Any:  # noqa: ANN401
        # An actor finds its client when it arrives; ours is nobody's default.
        with self._client.as_current():
            arriving = self._client.submit(
                Caller, actor=True, workers=[address], resources={slot: 1}, pure=False
            )
            end = time.monotonic() + CREATED_WITHIN
            while True:
                try:
                    return arriving.result(LOOK_EVERY)
                except TimeoutError:
                    # What was meant for a worker that has ended waits for ever.
                    if not self._client.run_on_scheduler(_is_there, address):
                        arriving.cancel()
                        raise GoneError(f"No worker at {address} any more.") from None
                    if time.monotonic() > end:
                        raise


def _is_there(address: str, dask_scheduler: Any = None) -> bool:  # noqa: ANN401
    """Whether a worker is there; computed inside the scheduler."""
    return address in dask_scheduler.workers
