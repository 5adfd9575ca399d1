"""What an engine worker is asked to do: warm up, train."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf
from distributed import Worker, get_client, get_worker

from core.data.dataset import Dataset
from core.training.events import Event, pack
from core.training.spec import RunSpec
from core.training.topics import commands_of, events_of
from core.training.worker.classification import Classification
from core.training.worker.controls import Controls
from core.training.worker.loop import Loop

NICENESS = 5
"""How far a training stands back behind the pages on the same machine (Unix)."""


class DoubledError(RuntimeError):
    """A run came a second time, because the worker that had it first is gone."""


def warm() -> int:
    """Load Keras and run something; the worker's process id."""
    _stand_back()
    tf.function(lambda x: x + 1)(tf.zeros(1))
    return os.getpid()


def train(run: str, settings: str, own: Dataset | None, *, paused: bool) -> bytes:
    """Do a run on this worker; it tells on the run's topic and hears on its commands' topic.

    Args:
        run: its id.
        settings: the `RunSpec` as JSON.
        own: the pictures, where the worker cannot build them by itself.
        paused: wait before the first step.

    Returns:
        The model as a `.keras` file.

    Raises:
        DoubledError: the run had begun before.
        Abandoned: nobody waits for it any more.
    """
    _stand_back()
    worker = get_worker()
    topic = events_of(run)
    if get_client().get_events(topic):
        raise DoubledError
    spec = RunSpec.model_validate_json(settings)
    voice = _Voice(worker, topic)
    try:
        dataset, split = spec.data.load(own)
        task = Classification(spec, dataset, split)
        with _commands(run) as controls:
            wanted = _Wanted(worker)
            return Loop(spec, task, controls, voice.tell, wanted, paused=paused).run()
    finally:
        keras.backend.clear_session()


class _Voice:
    """Sends events, numbered from 0."""

    def __init__(self, worker: Worker, topic: str) -> None:
        self._worker = worker
        self._topic = topic
        self._next = 0

    def tell(self, kind: str, step: int, data: dict[str, Any]) -> None:
        event = Event(self._next, time.time(), kind, step, data)
        self._worker.log_event(self._topic, pack(event))
        self._next += 1


class _Wanted:
    """Whether somebody still waits for the task that runs in this thread."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._key = worker.get_current_task()

    def __call__(self) -> bool:
        task = self._worker.state.tasks.get(self._key)
        return task is not None and task.state == "executing"


@contextlib.contextmanager
def _commands(run: str) -> Iterator[Controls]:
    """Hear what people ask of this run, also what they asked before it began."""
    client = get_client()
    controls = Controls()
    topic = commands_of(run)
    lock = threading.Lock()

    def hear(event: tuple[float, Any]) -> None:
        with lock:
            controls.hear(event[1])

    client.subscribe_topic(topic, hear)
    for event in client.get_events(topic):
        hear(event)
    try:
        yield controls
    finally:
        client.unsubscribe_topic(topic)


_stood_back = False


def _stand_back() -> None:
    """Let the process that serves pages go first where both want the same core."""
    global _stood_back
    if not _stood_back and hasattr(os, "nice"):
        os.nice(NICENESS)
    _stood_back = True
