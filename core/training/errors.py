"""What can go wrong with a run, told to the person at the page."""

from __future__ import annotations


class RunError(ValueError):
    """A run that cannot be started or steered as asked; the message says what would work."""


class Abandoned(Exception):  # noqa: N818 - not an error
    """Nobody waits for this run any more."""


class DoubledError(RuntimeError):
    """A run came a second time, because the worker that had it first is gone."""


class WorkerError(RuntimeError):
    """What went wrong in a worker, without TensorFlow's own classes.

    The app would have to load TensorFlow to read those.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
