"""What Dask keeps of what it has passed on: enough for who listens late, nothing of the rest.

Each connection of a scheduler, a worker or a client keeps its last thousand messages for those
who look for mistakes in Dask, each of them up to 1 MB: pictures that a worker was asked about,
everything that a run has told. One and the same setting of Dask says how many messages a
connection and how many events a topic keeps; here they are two things.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Any

import dask

NO_LOGS = {"distributed.admin.low-level-log-length": 0}
"""Dask's setting for a process that keeps nothing of what it has sent."""
EVENTS = 20_000
"""Events of a topic that a late viewer can replay."""


def events_only(dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """Have the scheduler keep events, and nothing of what it has sent; runs inside of it.

    It may be one that others have started, with Dask's own settings.
    """
    dask.config.set(NO_LOGS)
    topics = dask_scheduler._broker._topics
    topics.default_factory = partial(topics.default_factory.func, maxlen=EVENTS)
    connections = [*dask_scheduler.client_comms.values(), *dask_scheduler.stream_comms.values()]
    for connection in connections:
        connection.recent_message_log = deque(maxlen=0)
