"""A worker on another machine: `python -m core.engine.worker ADDRESS --resources training=1`.

It takes the options of `dask worker`, and is set up like the workers of an own cluster.
"""

from __future__ import annotations

import dask
from distributed.cli.dask_worker import main as dask_worker

from core.engine.kept import NO_LOGS

CONFIG = NO_LOGS | {
    # People's pictures are never written to disk; and a worker that pauses for want of memory
    # would keep its run waiting for ever, where one that is killed says what was too large.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # Looks into the running thread a hundred times a second, for a dashboard that there is not.
    "distributed.worker.profile.enabled": False,
    # Dask looks at its event loops fifty times a second, in each process: a tenth of a core.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.cycle": "5s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "500ms",
    # Without Dask's MALLOC_TRIM_THRESHOLD_: with it, memory goes back to the system and comes
    # again in every step of a network. `core.training.worker` gives back what a run has left.
    "distributed.nanny.pre-spawn-environ": {
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
        # Else the C library gives memory back after a step and takes it again in the next one:
        # a seventh of the time of LeNet.
        "MALLOC_TRIM_THRESHOLD_": 256 * 2**20,
        "MALLOC_MMAP_THRESHOLD_": 32 * 2**20,
        "MALLOC_TOP_PAD_": 16 * 2**20,
    },
}


def main() -> None:
    """Work until the scheduler is gone."""
    dask.config.set(CONFIG)
    dask_worker(prog_name="python -m core.engine.worker")


if __name__ == "__main__":
    main()
