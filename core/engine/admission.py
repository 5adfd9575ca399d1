"""Who may train next: one list for all apps that share a cluster, kept by its scheduler.

These functions run inside of the scheduler, one at a time (`Client.run_on_scheduler`).
"""

from __future__ import annotations

from typing import Any

_LIST = "receptive_runs"


def place(run: str, client: str, dask_scheduler: Any = None) -> int:  # noqa: ANN401
    """The run's place in the queue, 0 where it may begin; asking for the first time queues it.

    Args:
        run: its id.
        client: of the app that asks; a client that is gone leaves the list.
        dask_scheduler: given by Dask.
    """
    runs = _runs(dask_scheduler)
    runs.setdefault(run, client)
    # With no worker (the only one is being started again), even the first has to wait.
    return max(list(runs).index(run) - _slots(dask_scheduler) + 1, 0)


def waiting(dask_scheduler: Any = None) -> int:  # noqa: ANN401
    """Runs on the list that have no slot yet."""
    return max(len(_runs(dask_scheduler)) - max(_slots(dask_scheduler), 0), 0)


def leave(run: str, dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """The run has ended, or does not want to begin any more."""
    _runs(dask_scheduler).pop(run, None)


def forget(topics: list[str], dask_scheduler: Any = None) -> None:  # noqa: ANN401
    """Let go of what was told on these topics."""
    for topic in topics:
        dask_scheduler._broker._topics.pop(topic, None)


def _slots(scheduler: Any) -> int:  # noqa: ANN401
    workers = scheduler.workers.values()
    return sum(int(worker.resources.get("training", 0)) for worker in workers)


def _runs(scheduler: Any) -> dict[str, str]:  # noqa: ANN401
    runs: dict[str, str] = getattr(scheduler, _LIST, {})
    alive = {run: client for run, client in runs.items() if client in scheduler.clients}
    setattr(scheduler, _LIST, alive)
    return alive
