"""A worker on another machine: `python -m core.engine.worker ADDRESS --resources training=1`.

It takes the options of `dask worker`, and is set up like the workers of an own cluster.
"""

from __future__ import annotations

import dask
from distributed.cli.dask_worker import main as dask_worker

CONFIG = {
    # People's pictures are never written to disk; and a worker that pauses for want of memory
    # would keep its run waiting for ever, where one that is killed says what was too large.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # Looks into the running thread a hundred times a second, for a dashboard that there is not.
    "distributed.worker.profile.enabled": False,
    # Without Dask's MALLOC_TRIM_THRESHOLD_: with it, memory goes back to the system and comes
    # again in every step of a network. `core.training.worker` gives back what a run has left.
    "distributed.nanny.pre-spawn-environ": {
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
    },
}


def main() -> None:
    """Work until the scheduler is gone."""
    dask.config.set(CONFIG)
    dask_worker(prog_name="python -m core.engine.worker")


if __name__ == "__main__":
    main()
