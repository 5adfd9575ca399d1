"""Where runs are handed in: one a session, in a queue where all slots are taken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from distributed import Future
from distributed.scheduler import KilledWorker

from core.data.dataset import DataError, Dataset
from core.engine import admission, topics
from core.engine.connection import LOST, Engine, EngineError, connect
from core.engine.memory import give_back
from core.engine.settings import EngineSettingsError
from core.training.errors import DoubledError, RunError, WorkerError
from core.training.events import pack, unpack
from core.training.explain import why_no_memory, why_worker_died
from core.training.run import MOST_SNAPSHOTS, Run
from core.training.spec import Spec, TrainingSpec
from core.training.topics import commands_of, events_of, looks_of

GONE_AFTER = 120.0
"""Seconds after which the run of a session that is gone ends."""
ASK_EVERY = 0.25
"""Seconds between two questions for the place in the queue."""
MOST_RUNS = 12
"""Ended runs of a session that are kept for comparison."""
SCRUBBED_RUNS, FEW_SNAPSHOTS = 3, 6
"""Ended runs of a session that keep all snapshots, and how many older ones keep: these are
compared by their curves, and those of a whole hall would fill the memory."""
UNEXPECTED = "The thread that brought this run to the engine has ended; see the app's log."

AnyRun = Run[Any]
"""A run of whatever spec."""


class Desk:
    """The runs of this process."""

    def __init__(
        self,
        engine: Callable[[], Engine] = connect,
        *,
        gone_after: float = GONE_AFTER,
    ) -> None:
        self._connect = engine
        self._gone_after = gone_after
        self._runs: dict[str, AnyRun] = {}
        self._left: dict[str, float] = {}
        self._lock = threading.RLock()
        self._watch: threading.Thread | None = None

    def start(
        self,
        spec: Spec,
        session: str,
        own: Dataset | None = None,
        *,
        paused: bool = False,
    ) -> Run[Spec]:
        """Hand a run in; it begins as soon as there is a slot.

        Args:
            spec: what to do.
            session: whose run it is; a session has one at a time.
            own: the pictures where they were uploaded.
            paused: wait before the first step.

        Raises:
            RunError: the session has a run already, or the spec cannot work.
        """
        check_run(spec, own)
        with self._lock:
            if going := self.going(session):
                raise RunError(
                    f"This session has a run already ({going.state}). Stop it first, or wait "
                    "until it has ended."
                )
            run = Run(spec, session, own)
            self._runs[run.id] = run
            self._left.pop(session, None)
            self._drop_old(session)
        threading.Thread(
            target=self._bring, args=(run, paused), name=f"run-{run.id}", daemon=True
        ).start()
        self._watch_sessions()
        return run

    def runs(self, session: str) -> list[AnyRun]:
        """The session's runs, oldest first."""
        with self._lock:
            return [run for run in self._runs.values() if run.session == session]

    def going(self, session: str) -> AnyRun | None:
        """The session's run that has not ended."""
        return next((run for run in self.runs(session) if not run.ended), None)

    def adopt(self, run: AnyRun) -> None:
        """Take in a run that has ended before, such as one out of a project.

        Raises:
            RunError: it has not ended.
        """
        if not run.at_rest:
            raise RunError("Only a run that has ended can be taken in. Stop it first.")
        with self._lock:
            self._runs[run.id] = run
            self._left.pop(run.session, None)
            self._drop_old(run.session)
        self._watch_sessions()

    def forget(self, run: AnyRun) -> None:
        """Stop it and let go of everything it told."""
        run.stop()
        with self._lock:
            self._runs.pop(run.id, None)

    def leave(self, session: str) -> None:
        """The session's browser is gone; its run ends unless it comes back in time."""
        with self._lock:
            self._left.setdefault(session, time.monotonic())
        self._watch_sessions()

    def arrive(self, session: str) -> None:
        """The session's browser is here."""
        with self._lock:
            self._left.pop(session, None)

    def close_session(self, session: str) -> None:
        """The session will not come back: stop its run, forget all of them."""
        for run in self.runs(session):
            self.forget(run)
        with self._lock:
            self._left.pop(session, None)

    def _drop_old(self, session: str) -> None:
        ended = [run for run in self.runs(session) if run.ended]
        for run in ended[:-MOST_RUNS]:
            self._runs.pop(run.id, None)
        for run in ended[-MOST_RUNS:-SCRUBBED_RUNS]:
            run.thin(FEW_SNAPSHOTS)

    # One run's way

    def _bring(self, run: AnyRun, paused: bool) -> None:
        """Take a run from the queue to its end; in a thread of its own."""
        try:
            engine = self._connect()
            try:
                self._queue(run, engine)
                if not run.ended:
                    self._do(run, engine, paused)
                    run.settle()
                    engine.renew_workers()
            finally:
                engine.ask(admission.leave, run.id)
        except (EngineError, EngineSettingsError) as error:
            run.end("failed", str(error))
        finally:
            run.end("failed", UNEXPECTED)
            run.settle()
            give_back(collect=False)

    def _queue(self, run: AnyRun, engine: Engine) -> None:
        told_on = (events_of(run.id), looks_of(run.id), commands_of(run.id))
        while not run.ended:
            at = engine.ask(admission.place, run.id, engine.client.id, told_on)
            run.wait_at(at)
            if at == 0:
                return
            time.sleep(ASK_EVERY)

    def _do(self, run: AnyRun, engine: Engine, paused: bool) -> None:
        engine.ask(topics.keep_few, looks_of(run.id), MOST_SNAPSHOTS)
        leave = [
            engine.listen(topic, lambda message: run.take(unpack(message)))
            for topic in (looks_of(run.id), events_of(run.id))
        ]
        run.connect(_sender(run, engine))
        try:
            model = _submit(engine, run, paused).result()
            for topic in (looks_of(run.id), events_of(run.id)):  # the last may be on their way
                for message in engine.told(topic):
                    run.take(unpack(message))
            run.keep_model(model or None)  # none where it was stopped before it began
        except EngineError:
            raise
        except Exception as error:
            run.end("failed", _why(run, engine, error))
            engine.tell(events_of(run.id), pack(run.events()[-1]))
        finally:
            for stop in leave:
                stop()

    # Sessions that are gone

    def _watch_sessions(self) -> None:
        with self._lock:
            if self._watch is None or not self._watch.is_alive():
                self._watch = threading.Thread(
                    target=self._end_lonely_runs, name="lonely-runs", daemon=True
                )
                self._watch.start()

    def _end_lonely_runs(self) -> None:
        while True:
            time.sleep(min(self._gone_after / 4, 5.0))
            with self._lock:
                now = time.monotonic()
                gone = [s for s, at in self._left.items() if now - at >= self._gone_after]
                going = any(not run.ended for run in self._runs.values())
            for session in gone:
                self.close_session(session)
            if not going and not self._left:
                with self._lock:
                    if not any(not run.ended for run in self._runs.values()):
                        self._watch = None
                        return


def check_run(spec: TrainingSpec, own: Dataset | None) -> None:
    """Refuse what cannot work, before anything runs.

    Raises:
        RunError: with what would work.
    """
    try:
        dataset, split = spec.data.load(own)
    except DataError as error:
        raise RunError(str(error)) from error
    spec.refuse(dataset, split)


def largest_layer(run: AnyRun) -> tuple[str, int] | None:
    """The layer with the largest output, and its bytes for a batch with its gradient."""
    spec: TrainingSpec = run.spec
    return spec.largest_layer(run.pictures())


def _submit(engine: Engine, run: AnyRun, paused: bool) -> Future:
    own: Any = _to_send(run)
    if own is not None:  # large: it travels once, and not as a part of the task
        own = engine.send("training", own)
    return engine.submit_by_name(
        "training",
        "core.training.worker.entry:train",
        run.id,
        run.spec.model_dump_json(),
        own,
        paused=paused,
    )


def _to_send(run: AnyRun) -> Dataset | None:
    """The pictures, unless a worker builds them by itself."""
    return None if run.spec.data.ships else run.spec.data.load(run.own)[0]


def _sender(run: AnyRun, engine: Engine) -> Callable[[dict[str, Any]], None]:
    """Brings commands to the run's worker."""

    def send(command: dict[str, Any]) -> None:
        try:
            engine.tell(commands_of(run.id), command)
        except EngineError as error:
            run.end("failed", str(error))

    return send


def _why(run: AnyRun, engine: Engine, error: Exception) -> str:
    if engine.lost:
        return LOST
    if isinstance(error, KilledWorker | DoubledError):
        worker = getattr(error, "last_worker", None)
        limit = getattr(worker, "memory_limit", 0) or engine.settings.memory_limit
        return why_worker_died(run.spec, limit, largest_layer(run))
    if isinstance(error, WorkerError) and error.kind in (
        "ResourceExhaustedError",
        "MemoryError",
    ):
        return why_no_memory(run.spec, largest_layer(run))
    if isinstance(error, WorkerError):
        return f"{error.kind}: {error.message}"
    return f"{type(error).__name__}: {error}"


DESK = Desk()
"""The desk of this process."""


def attach(run_id: str, spec: Spec, engine: Engine) -> Run[Spec]:
    """Follow a run that somebody else has started on the same cluster.

    Args:
        run_id: `Run.id` there.
        spec: what it was started with.
        engine: connected to the cluster.

    Returns:
        The run with its whole history; it can be steered, but its model stays with who
        started it.

    Raises:
        EngineError: the connection is lost.
    """
    run = Run(spec, session="")
    run.id = run_id
    run.wait_at(0)
    leave: list[Callable[[], None]] = []

    def hear(message: Any) -> None:  # noqa: ANN401 - what `pack` has packed
        run.take(unpack(message))
        if run.ended:
            run.settle()
            for stop in leave:
                stop()

    leave.append(engine.listen(looks_of(run_id), hear))
    leave.append(engine.listen(events_of(run_id), hear))
    run.connect(_sender(run, engine))
    return run
