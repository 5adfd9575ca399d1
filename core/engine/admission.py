"""Who may train next: one list for all apps that share a cluster, kept by its scheduler.

These functions run inside of the scheduler, one at a time (`Engine.ask`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from core.engine import topics

KEEP_SECONDS = 600.0
"""How long a late viewer can still replay a run that has ended."""
_QUEUE = "_receptive_queue"


@dataclass(slots=True)
class _Queue:
    """Runs in the order in which they came, and topics of those that are gone.

    Attributes:
        runs: client and topics of each run that waits or trains.
        gone: time since when, and a topic.
    """

    runs: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    gone: list[tuple[float, str]] = field(default_factory=list)

    def leave(self, run: str) -> None:
        """Take a run off the list; its topics are kept for a while."""
        _, told_on = self.runs.pop(run, ("", ()))
        self.gone += [(time.monotonic(), topic) for topic in told_on]


def place(
    run: str,
    client: str,
    told_on: tuple[str, ...] = (),
    dask_scheduler: Any = None,  # noqa: ANN401
) -> int:
    """The run's place in the queue, 0 where it may begin; asking for the first time queues it.

    Args:
        run: its id.
        client: of the app that asks; a client that is gone leaves the list.
        told_on: the run's topics.
        dask_scheduler: given by Dask.
    """
    runs = _queue(dask_scheduler).runs
    runs.setdefault(run, (client, told_on))
    # With no worker (the only one is being started again), even the first has to wait.
    return max(list(runs).index(run) - _slots(dask_scheduler) + 1, 0)


def waiting(dask_scheduler: Any = None) -> int:  # noqa: ANN401
    """Runs on the list that have no slot yet."""
    return max(len(_queue(dask_scheduler).runs) - _slots(dask_scheduler), 0)


def leave(run: str, dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """The run has ended, or does not want to begin any more."""
    _queue(dask_scheduler).leave(run)


def bloated(share: float, dask_scheduler: Any = None) -> list[str]:  # noqa: ANN401
    """Addresses of idle workers for trainings that hold more than this share of their memory.

    Only such as are started again when they end.
    """
    return [
        worker.address
        for worker in dask_scheduler.workers.values()
        if "training" in worker.resources
        and worker.nanny
        and not worker.processing
        and worker.memory_limit
        and worker.metrics.get("memory", 0) > share * worker.memory_limit
    ]


def _slots(scheduler: Any) -> int:  # noqa: ANN401
    workers = scheduler.workers.values()
    return sum(int(worker.resources.get("training", 0)) for worker in workers)


def _queue(scheduler: Any) -> _Queue:  # noqa: ANN401
    """The list, without the runs of apps that are gone and without topics of long ago."""
    queue: _Queue | None = getattr(scheduler, _QUEUE, None)
    if queue is None:
        queue = _Queue()
        setattr(scheduler, _QUEUE, queue)
    for run, (client, _) in list(queue.runs.items()):
        if client not in scheduler.clients:
            queue.leave(run)
    until = time.monotonic() - KEEP_SECONDS
    for since, topic in queue.gone:
        if since <= until:
            topics.drop(topic, scheduler)
    queue.gone = [(since, topic) for since, topic in queue.gone if since > until]
    return queue
