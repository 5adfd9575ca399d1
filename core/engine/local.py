"""A cluster in a process of its own: `python -m core.engine.local`.

It prints its scheduler's address as one line of JSON, and ends when its standard input closes:
that happens when the app ends, however the app ends. Inside `streamlit run` a cluster cannot
start workers, because `spawn` imports the running script again.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack

import dask
from distributed import Nanny, Scheduler

from core.engine import worker
from core.engine.settings import EngineSettings

LOOPBACK = "127.0.0.1"
"""Who can talk to a worker can have it run code: nobody outside of this machine may."""
CONFIG = worker.CONFIG | {
    # A task that killed its worker must not kill the next one.
    "distributed.scheduler.allowed-failures": 0,
}


async def serve(settings: EngineSettings) -> None:
    """Run scheduler and workers until standard input closes."""
    async with AsyncExitStack() as running:
        scheduler = await running.enter_async_context(
            Scheduler(host=LOOPBACK, port=0, dashboard=False, dashboard_address=f"{LOOPBACK}:0")
        )
        for number, slots in enumerate(settings.workers()):
            await running.enter_async_context(
                Nanny(
                    scheduler.address,
                    host=LOOPBACK,
                    dashboard_address=f"{LOOPBACK}:0",
                    nthreads=1,
                    resources=dict(slots),
                    memory_limit=settings.memory_limit,
                    name=f"{'-and-'.join(slots)}-{number}",
                )
            )
        print(json.dumps({"address": scheduler.address}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


def main() -> None:
    """Serve with the settings of the environment."""
    dask.config.set(CONFIG)
    asyncio.run(serve(EngineSettings.from_environment()))


if __name__ == "__main__":
    main()
