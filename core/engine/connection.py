"""The app's side of the engine: start it at first need, hand work to it, tell how it is."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

import dask
from distributed import Client, Future

from core.engine import admission, kept, topics
from core.engine.callers import Callers, GoneError, call
from core.engine.settings import EngineSettings, Slot

ROOT = Path(__file__).parents[2]
START_WITHIN = 60.0
"""Seconds for a cluster to answer, on a busy machine."""
BLOATED = 0.6
"""Share of its memory that a worker for trainings may hold between two of them."""
LOST = (
    "The connection to the engine is lost: its scheduler has ended, or the network is down. "
    "Start again; on this machine a new engine is started then."
)
GONE = (
    "The process that answers has ended: it was killed, or it took too much memory. A new one "
    "is started; ask again."
)

_P = ParamSpec("_P")
_T = TypeVar("_T")


class EngineError(RuntimeError):
    """The engine could not be started or reached; the message says why."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """How the engine is, for the sidebar.

    Attributes:
        word: "off" (nobody has needed it yet), "starting", "ready", "busy" (something runs),
            "waiting" (something has no slot yet) or "failed".
        workers: processes that are there.
        running: pieces of work being done.
        waiting: pieces of work without a slot.
        reason: why it has failed, in a sentence.
    """

    word: Literal["off", "starting", "ready", "busy", "waiting", "failed"]
    workers: int = 0
    running: int = 0
    waiting: int = 0
    reason: str = ""


class Engine:
    """A cluster and the connection to it."""

    def __init__(self, settings: EngineSettings) -> None:
        """Start a cluster of our own, or connect to the one at `settings.address`.

        Raises:
            EngineError: it does not start, or nobody answers there.
        """
        self.settings = settings
        self._process = None if settings.address else _start(settings)
        address = settings.address or _address(self._process)
        try:
            # Workers elsewhere may be where only their scheduler reaches them.
            with dask.config.set(kept.NO_LOGS):
                self.client = Client(
                    address,
                    timeout=START_WITHIN,
                    set_as_default=False,
                    direct_to_workers=self._process is not None,
                )
        except OSError as error:
            self._stop_process()
            raise EngineError(
                f"No scheduler answers at {address}. Start one (python -m dask scheduler), or "
                "unset RECEPTIVE_CLUSTER to use this machine."
            ) from error
        self.ask(kept.events_only)
        self._callers = Callers(self.client)

    def submit(self, slot: Slot, function: Callable[..., Any], *args: Any) -> Future:  # noqa: ANN401
        """Run a function on a worker that has a slot of that kind.

        Args:
            slot: which kind of worker.
            function: importable on the worker.
            args: what it is given; they travel pickled.
        """
        return self.client.submit(function, *args, resources={slot: 1}, pure=False, retries=0)

    def submit_by_name(self, slot: Slot, function: str, *args: Any, **named: Any) -> Future:  # noqa: ANN401
        """Run a function that this process must not import, since it loads TensorFlow.

        Args:
            slot: which kind of worker.
            function: "package.module:name".
            args: what it is given; they travel pickled.
            named: the same, by name.
        """
        return self.client.submit(
            call, function, *args, **named, resources={slot: 1}, pure=False, retries=0
        )

    def call_by_name(self, slot: Slot, function: str, *args: Any, timeout: float) -> Any:  # noqa: ANN401
        """Call a function on a worker by the shortest way, beside what runs in its slots.

        For answers that take a moment; calls of one worker wait for each other.

        Args:
            slot: which kind of worker.
            function: "package.module:name".
            args: what it is given; they travel pickled.
            timeout: longest wait, in seconds.

        Returns:
            What the function gives; what it raises is raised here.

        Raises:
            EngineError: there is no such worker, its process has ended, or the connection is
                lost.
            TimeoutError: it took longer.
        """
        try:
            error, answer = self._way(slot)(function, *args).result(timeout)
        except (TimeoutError, EngineError):
            raise
        except Exception as lost:  # whatever Dask says of a worker that is not there
            self._callers.forget(slot)
            raise EngineError(LOST if self.lost else GONE) from lost
        if error is not None:
            raise error
        return answer

    def _way(self, slot: Slot) -> Callable[..., Any]:
        """The caller whose turn it is; where its worker has gone, that of the one after it."""
        if self._callers.known(slot):
            with suppress(RuntimeError):  # what an actor says whose worker has gone
                way: Callable[..., Any] = self._callers.of(slot, []).call
                return way
            self._callers.forget(slot)
        addresses = self.ask(_workers_with, slot)
        if not addresses:
            raise EngineError(f"The engine has no worker for {slot} at the moment.")
        try:
            return self._callers.of(slot, addresses).call  # type: ignore[no-any-return]
        except GoneError as gone:
            raise EngineError(GONE) from gone

    def send(self, slot: Slot, data: Any) -> Future:  # noqa: ANN401 - what can be pickled
        """Bring large data to the workers of a kind, ahead of the work that needs it.

        Raises:
            EngineError: there is no such worker, or the connection is lost.
        """
        addresses = self.ask(_workers_with, slot)
        if not addresses:
            raise EngineError(f"The engine has no worker for {slot} at the moment.")
        # In a list: a list itself would be sent as its members.
        sent: list[Future] = self._if_here(
            self.client.scatter, [data], workers=addresses, hash=False
        )
        return sent[0]

    def ask(self, function: Callable[..., _T], *args: Any) -> _T:  # noqa: ANN401
        """Run a function inside of the scheduler, which gives itself as `dask_scheduler`.

        Raises:
            EngineError: the connection is lost.
        """
        answer: _T = self._if_here(self.client.run_on_scheduler, function, *args)
        return answer

    def tell(self, topic: str, message: Any) -> None:  # noqa: ANN401 - what msgpack takes
        """Tell everybody who listens to a topic.

        Raises:
            EngineError: the connection is lost.
        """
        self._if_here(self.client.log_event, topic, message)

    def told(self, topic: str) -> list[Any]:
        """What was told on a topic, as far as the scheduler has kept it.

        Raises:
            EngineError: the connection is lost.
        """
        return [message for _, message in self._if_here(self.client.get_events, topic)]

    def listen(self, topic: str, hear: topics.Hear) -> Callable[[], None]:
        """See `topics.listen`.

        Raises:
            EngineError: the connection is lost.
        """
        return self._if_here(topics.listen, self.client, topic, hear)

    @property
    def lost(self) -> bool:
        """Whether it is of no use any more."""
        ended = self._process is not None and self._process.poll() is not None
        return ended or self.client.status != "running"

    def renew_workers(self) -> None:
        """Start idle workers anew that hold much memory: what TensorFlow keeps adds up.

        Raises:
            EngineError: the connection is lost.
        """
        addresses = self.ask(admission.bloated, BLOATED)
        if not addresses:
            return
        with suppress(TimeoutError):  # the nannies go on by themselves
            self._if_here(self.client.restart_workers, addresses, timeout=START_WITHIN)
        self._warmed = self.submit_by_name("training", WARM)

    def _if_here(self, function: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """The call's result; whatever fails without a connection fails for want of one."""
        try:
            if not self.lost:
                return function(*args, **named)
        except Exception as error:
            if not self.lost:
                raise
            raise EngineError(LOST) from error
        raise EngineError(LOST)

    def state(self) -> EngineState:
        """How the engine is at this moment.

        Raises:
            EngineError: the connection is lost.
        """
        workers, running, waiting = self.ask(_count_work)
        waiting += self.ask(admission.waiting)
        word: Literal["ready", "busy", "waiting"] = "busy" if running else "ready"
        return EngineState("waiting" if waiting else word, workers, running, waiting)

    def close(self) -> None:
        """End the connection, and the cluster if it is our own."""
        self.client.close(timeout=5)
        self._stop_process()

    def _stop_process(self) -> None:
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()  # what the cluster waits for
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def _count_work(dask_scheduler: Any = None) -> tuple[int, int, int]:  # noqa: ANN401
    """Workers, work that runs and work that waits; computed inside the scheduler.

    Dask calls work "processing" as soon as a worker has it, also while that worker's slot is
    taken by other work.
    """
    running = 0
    waiting = sum(task.state == "no-worker" for task in dask_scheduler.tasks.values())
    for worker in dask_scheduler.workers.values():
        for slot, slots in worker.resources.items():
            given = sum(
                slot in (task.resource_restrictions or ()) for task in worker.processing
            )
            running += min(given, int(slots))
            waiting += max(given - int(slots), 0)
    return len(dask_scheduler.workers), running, waiting


def _workers_with(slot: Slot, dask_scheduler: Any = None) -> list[str]:  # noqa: ANN401
    """Addresses of the workers that have such a slot; computed inside the scheduler."""
    workers = dask_scheduler.workers.values()
    return [worker.address for worker in workers if worker.resources.get(slot)]


def _start(settings: EngineSettings) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "core.engine.local"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(settings),
    )


def _environment(settings: EngineSettings) -> dict[str, str]:
    return os.environ | {
        "DASK_LOGGING__DISTRIBUTED": os.environ.get("DASK_LOGGING__DISTRIBUTED", "error"),
        "RECEPTIVE_CLUSTER": "",
        "RECEPTIVE_TRAINING_SLOTS": str(settings.training),
        "RECEPTIVE_INFERENCE_SLOTS": str(settings.inference),
        "RECEPTIVE_WORKER_MEMORY": str(settings.memory_limit // 2**20),
    }


def _address(process: subprocess.Popen[str] | None) -> str:
    if process is None or process.stdout is None:
        raise EngineError("The cluster's process has no output to read its address from.")
    line = process.stdout.readline()
    if not line:
        raise EngineError(
            f"The cluster ended with code {process.wait()} before it was ready. Run "
            "`python -m core.engine.local` to see why."
        )
    address: str = json.loads(line)["address"]
    return address


_lock = threading.Lock()
_engine: Engine | None = None
_warming: threading.Thread | None = None
_failure = ""


def connect() -> Engine:
    """The engine of this process, started at first need, and again where it is lost.

    Raises:
        EngineError: it does not start, or nobody answers at RECEPTIVE_CLUSTER.
    """
    global _engine
    with _lock:
        if _engine is not None and _engine.lost:
            atexit.unregister(_engine.close)
            _engine.close()
            _engine = None
        if _engine is None:
            _engine = Engine(EngineSettings.from_environment())
            atexit.register(_engine.close)
        return _engine


def warm_up() -> None:
    """Start the engine and load Keras in its workers, behind whatever else goes on.

    Also where it was lost: a page that only asks how it is would wait for ever.
    """
    global _warming
    again = _engine is not None and _engine.lost
    if _warming is None or (again and not _warming.is_alive()):
        _warming = threading.Thread(target=_warm, name="engine-warm-up", daemon=True)
        _warming.start()


def _warm() -> None:
    global _failure, _warming
    try:
        engine = connect()
        slots: tuple[Slot, ...] = ("training", "inference")
        work = [engine.submit_by_name(slot, WARM) for slot in slots]
        with suppress(TimeoutError):  # a cluster that others use is warm, and has no slot free
            for future in work:
                future.result(START_WITHIN)
        _failure = ""
    except Exception as error:
        _failure = str(error)
        _warming = None


def status() -> EngineState:
    """How the engine of this process is, without starting it."""
    if _failure:
        return EngineState("failed", reason=_failure)
    if _engine is None or (_warming and _warming.is_alive()):
        return EngineState("starting" if _warming else "off")
    try:
        return _engine.state()
    except EngineError as error:
        return EngineState("failed", reason=str(error))


WARM = "core.training.worker.entry:warm"
"""What loads Keras in a worker."""
