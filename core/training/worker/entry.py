"""What an engine worker is asked to do: warm up, train."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf
from distributed import Worker, get_client, get_worker

from core.data.boxed import BoxedSet
from core.data.dataset import Dataset, Split
from core.data.masked import MaskedSet
from core.engine.memory import give_back
from core.engine.topics import listen
from core.training.detection import DetectionSpec
from core.training.errors import Abandoned, DoubledError, WorkerError
from core.training.events import Event, pack
from core.training.reading import read_spec
from core.training.segmentation import SegmentationSpec
from core.training.spec import RunSpec, TrainingSpec
from core.training.topics import commands_of, events_of, looks_of
from core.training.transfer import TransferSpec
from core.training.worker.box_probe import BoxProbe
from core.training.worker.classification import Classification, Classifier
from core.training.worker.controls import Controls
from core.training.worker.detection import Detection
from core.training.worker.loop import Loop, Tell
from core.training.worker.mask_probe import MaskProbe
from core.training.worker.preparation import Preparation, StoppedError
from core.training.worker.probes import Probe
from core.training.worker.segmentation import Segmentation

NICENESS = 5
"""How far a training stands back behind the pages on the same machine (Unix)."""

BEFORE = "Stopped before the first step."


def warm() -> int:
    """Load Keras and run something; the worker's process id."""
    _stand_back()
    tf.function(lambda x: x + 1)(tf.zeros(1))
    return os.getpid()


def train(run: str, settings: str, own: Dataset | None, *, paused: bool) -> bytes:
    """Do a run on this worker; it tells on the run's topic and hears on its commands' topic.

    Args:
        run: its id.
        settings: the spec as JSON, of whichever kind.
        own: the pictures, where the worker cannot build them by itself.
        paused: wait before the first step.

    Returns:
        The model as a `.keras` file; empty where the run was stopped before its first step.

    Raises:
        DoubledError: the run had begun before.
        Abandoned: nobody waits for it any more.
        WorkerError: anything else.
    """
    _stand_back()
    if get_client().get_events(events_of(run)):
        raise DoubledError
    try:
        return _trained(run, read_spec(settings), own, paused=paused)
    except Abandoned:
        raise
    except Exception as error:
        failure = WorkerError(type(error).__name__, str(error))
    finally:
        keras.backend.clear_session()
        give_back()
    raise failure  # here, where it has no context to take along


def _trained(run: str, spec: TrainingSpec, own: Dataset | None, *, paused: bool) -> bytes:
    dataset, split = spec.data.load(own)
    worker = get_worker()
    with _commands(run) as controls:
        voice, wanted = _Voice(worker, run), _Wanted(worker)
        preparation = Preparation(controls, voice.tell, wanted)
        try:
            task = task_of(spec, dataset, split, preparation)
        except StoppedError:
            ended = {"state": "stopped", "reason": BEFORE, "best": 0}
            voice.tell("ended", 0, ended)
            return b""
        return loop_of(spec, task, controls, voice.tell, wanted, paused=paused).run()


def task_of(
    spec: TrainingSpec, dataset: Dataset, split: Split, preparation: Preparation
) -> Classifier:
    """The network of a run, and how it learns.

    Raises:
        StoppedError: somebody has stopped the run meanwhile.
    """
    if isinstance(spec, TransferSpec):
        # KerasCV comes with it, which other runs need not wait for.
        from core.training.worker.transfer import transfer_task

        return transfer_task(spec, dataset, split, preparation)
    if isinstance(spec, SegmentationSpec) and isinstance(dataset, MaskedSet):
        if spec.encoder != "unet":
            preparation.at("network", 0, 1)
        return Segmentation(spec, dataset, split)
    if isinstance(spec, DetectionSpec) and isinstance(dataset, BoxedSet):
        return Detection(spec, dataset, split)
    if not isinstance(spec, RunSpec):
        raise TypeError(f"There is no way to do a {type(spec).__name__}.")
    return Classification(spec, dataset, split)


def loop_of(
    spec: TrainingSpec,
    task: Classifier,
    controls: Controls,
    tell: Tell,
    wanted: Callable[[], bool],
    *,
    paused: bool = False,
) -> Loop:
    """The loop of a run, which looks at the network in the way of its task."""
    return Loop(spec, task, controls, tell, wanted, paused=paused, probe=_probe_of(task))


def _probe_of(task: Classifier) -> Probe | None:
    if isinstance(task, Segmentation):
        return MaskProbe(task)
    return BoxProbe(task) if isinstance(task, Detection) else None


class _Voice:
    """Sends events, numbered from 0."""

    def __init__(self, worker: Worker, run: str) -> None:
        self._worker = worker
        self._run = run
        self._next = 0

    def tell(self, kind: str, step: int, data: dict[str, Any]) -> None:
        topic = looks_of(self._run) if kind == "snapshot" else events_of(self._run)
        event = Event(self._next, time.time(), kind, step, data)
        self._worker.log_event(topic, pack(event))
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
    controls = Controls()
    leave = listen(get_client(), commands_of(run), controls.hear)
    try:
        yield controls
    finally:
        leave()


_stood_back = False


def _stand_back() -> None:
    """Let the process that serves pages go first where both want the same core."""
    global _stood_back
    if not _stood_back and hasattr(os, "nice"):
        os.nice(NICENESS)
    _stood_back = True
