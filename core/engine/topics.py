"""Topics: what is told on one reaches everybody who listens, also what was told before."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from distributed import Client

Hear = Callable[[Any], None]


class _Ear:
    """Passes messages on, the past ones first."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._early: list[Any] | None = []
        self._lock = threading.Lock()

    def __call__(self, message: Any) -> None:  # noqa: ANN401 - whatever was told
        with self._lock:
            if self._early is None:
                self._hear(message)
            else:
                self._early.append(message)

    def begin(self, past: list[Any]) -> None:
        with self._lock:
            for message in past + (self._early or []):
                self._hear(message)
            self._early = None


def listen(client: Client, topic: str, hear: Hear) -> Callable[[], None]:
    """Hear what was told on a topic, then what is told on it; in order, some of it twice.

    Args:
        client: connected to the scheduler. Several can listen to a topic with one client.
        topic: its name.
        hear: called with each message, in whatever thread; it must not call the client.

    Returns:
        Call it to listen no longer.
    """
    ear = _Ear(hear)
    with _lock:
        ears = _ears.setdefault(client, {}).setdefault(topic, [])
        ears.append(ear)
    client.subscribe_topic(topic, partial(_spread, ears))
    ear.begin(client.run_on_scheduler(_subscribe, topic, client.id))
    return partial(_leave, client, topic, ear)


def keep_few(topic: str, most: int, dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """Have the scheduler keep only the latest messages of a topic; runs inside of it."""
    kept = dask_scheduler._broker._topics[topic]
    kept.events = deque(kept.events, maxlen=most)


def drop(topic: str, dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """Have the scheduler let go of a topic; runs inside of it."""
    dask_scheduler._broker._topics.pop(topic, None)


_lock = threading.Lock()
_ears: WeakKeyDictionary[Client, dict[str, list[_Ear]]] = WeakKeyDictionary()


def _spread(ears: list[_Ear], event: tuple[float, Any]) -> None:
    for ear in list(ears):
        ear(event[1])


def _subscribe(topic: str, client: str, dask_scheduler: Any = None) -> list[Any]:  # noqa: ANN401
    """What was told so far; what comes after it reaches the client. Runs in the scheduler.

    The client's own subscription can come later than this question, and what is told between
    them would be lost.
    """
    dask_scheduler._broker.subscribe(topic, client)
    return [message for _, message in dask_scheduler._broker.get_events(topic)]


def _leave(client: Client, topic: str, ear: _Ear) -> None:
    with _lock:
        topics = _ears.get(client, {})
        ears = topics.get(topic, [])
        if ear in ears:
            ears.remove(ear)
        last = not ears and topics.pop(topic, None) is not None
    if last and client.status == "running":
        client.unsubscribe_topic(topic)
