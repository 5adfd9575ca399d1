"""The loop over steps and epochs, and what is told of it."""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import psutil

from core.training.errors import Abandoned
from core.training.explain import why_not_a_number, why_not_learnt
from core.training.schedule import factors
from core.training.spec import Change, TrainingSpec
from core.training.worker.classification import Classifier, Judgement
from core.training.worker.controls import Controls
from core.training.worker.optimizers import optimizer_of, set_momentum
from core.training.worker.probes import Probe
from core.training.worker.steps import Block, Steps

Tell = Callable[[str, int, dict[str, Any]], None]
"""Called with kind, step and data of an event."""

BLOCK_SECONDS = 0.1
"""How long the steps of one call should take."""
MOST_IN_A_BLOCK = 256
TELL_EVERY = 0.2
"""Seconds from one "batches" event to the next."""
LOOK_EVERY = 0.9
"""Least seconds from one snapshot to the next."""
LOOK_SHARE = 0.06
"""Largest share of the time that snapshots may take."""
LATEST = 5
"""Losses that are named where one of them is no longer a number."""
SMALLEST_GAIN = 1e-4
"""What counts as a better validation loss: as Keras' early stopping with this min_delta."""


class _Stop(Exception):  # noqa: N818 - not an error
    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


@dataclass(slots=True)
class _Untold:
    """Steps that are done and not told yet."""

    blocks: list[Block] = field(default_factory=list)
    rates: list[npt.NDArray[np.float32]] = field(default_factory=list)
    pictures: int = 0
    seconds: float = 0.0

    def data(self) -> dict[str, Any]:
        last = self.blocks[-1]
        parts = np.concatenate([block.parts for block in self.blocks])
        return {
            **({"parts": parts} if parts.size else {}),
            "images_per_second": self.pictures / max(self.seconds, 1e-9),
            "loss": np.concatenate([block.loss for block in self.blocks]),
            "accuracy": np.concatenate([block.score for block in self.blocks]),
            "learning_rate": np.concatenate(self.rates),
            "gradient_norm": last.norms[0],
            "weight_norm": last.norms[1],
            "update_norm": last.norms[2],
        }


@dataclass(slots=True)
class _Means:
    """Loss and accuracy over the pictures of an epoch, as Keras' `fit` gives them."""

    pictures: int = 0
    loss: float = 0.0
    score: float = 0.0

    def add(self, block: Block, size: int) -> None:
        """Take steps with so many pictures each."""
        self.pictures += size * len(block.loss)
        self.loss += size * float(block.loss.sum(dtype=np.float64))
        self.score += size * float(block.score.sum(dtype=np.float64))


class Loop:
    """One run, from its first step to its last."""

    def __init__(
        self,
        spec: TrainingSpec,
        task: Classifier,
        controls: Controls,
        tell: Tell,
        wanted: Callable[[], bool],
        *,
        paused: bool = False,
        probe: Probe | None = None,
    ) -> None:
        self._spec = spec
        self._task = task
        self._controls = controls
        self._tell = tell
        self._wanted = wanted
        self._steps = Steps(task, optimizer_of(spec, task.trainable), controls.interrupt)
        self._optimizer = self._steps.optimizer
        self._probe = probe or Probe(task)
        self._per_epoch = spec.steps_per_epoch(len(task.training))
        self._total = spec.steps(len(task.training))
        self._to_come = list(spec.changes)
        self._done = 0
        self._ordered = -1, np.empty(0, np.int32)
        self._pause_at: int | None = 0 if paused else None
        self._paused = False
        self._step_seconds = BLOCK_SECONDS
        self._trained_seconds = 0.0
        self._untold = _Untold()
        self._told = 0.0
        self._looked = 0.0
        self._looking_took = 0.0
        self._means = _Means()
        self._epoch_loss = 0.0
        self._latest: deque[float] = deque(maxlen=LATEST)
        self._best: tuple[float, int, list[Any]] | None = None
        self._least_loss = np.inf

    def run(self) -> bytes:
        """Train, and give the model back as a `.keras` file."""
        self._tell("started", 0, self._facts())
        self._look()
        self._looking_took = 0.0  # the first look has compiled what the others use
        try:
            while self._done < self._total:
                self._obey()
                if not self._advance():
                    continue
                if self._done % self._per_epoch == 0 and not self._spec.finds:
                    self._end_epoch()
            state, reason = "finished", self._afterthought()
        except _Stop as stop:
            state, reason = stop.state, stop.reason
        except Abandoned:
            reason = "The app that started this run is gone."
            self._tell("ended", self._done, {"state": "stopped", "reason": reason, "best": 0})
            raise
        self._tell_batches()
        restored = self._restore_best() if state != "failed" else 0
        self._look()
        model = as_bytes(self._task.model)
        self._tell("ended", self._done, {"state": state, "reason": reason, "best": restored})
        return model

    def _facts(self) -> dict[str, Any]:
        return {
            "steps_per_epoch": self._per_epoch,
            "steps": self._total,
            "parameters": self._task.model.count_params(),
            "trainable": sum(int(np.prod(v.shape)) for v in self._task.trainable),
            "layers": [name for name, _ in self._task.layers],
            "shown": self._probe.layers,
            "sample": self._probe.samples,
            "probed": self._probe.probed,
            "process": os.getpid(),
        }

    # The steps

    def _advance(self) -> bool:
        """One block of steps, and what has to be told after it; whether a step was done."""
        rows = self._next_rows()
        factor = factors(self._spec, self._done, len(rows), self._per_epoch)
        rate = float(self._steps.rate.numpy())
        begun = time.perf_counter()
        block = self._steps.run(rows, factor)
        took = time.perf_counter() - begun
        count = len(block.loss)
        if count == 0:
            return False
        self._trained_seconds += took
        self._step_seconds = took / count
        self._done += count
        self._untold.blocks.append(block)
        self._untold.rates.append(rate * factor[:count])
        self._untold.pictures += rows.shape[1] * count
        self._untold.seconds += took
        self._means.add(block, rows.shape[1])
        self._latest.extend(block.loss[-LATEST:].tolist())
        self._check(block)
        now = time.monotonic()
        if now - self._told >= TELL_EVERY:
            self._tell_batches()
        if now - self._looked >= max(LOOK_EVERY, self._looking_took / LOOK_SHARE):
            self._look()
        return True

    def _next_rows(self) -> npt.NDArray[np.int32]:
        """(steps, batch) indices of the pictures of the next block, of one epoch."""
        size = self._spec.batch_size
        order = self._order(self._done // self._per_epoch)
        at = self._done % self._per_epoch * size
        if at + size > len(order):
            return order[None, at:]
        count = min(
            max(int(BLOCK_SECONDS / self._step_seconds), 1),
            MOST_IN_A_BLOCK,
            (len(order) - at) // size,
            self._total - self._done,
            (self._pause_at or self._total) - self._done,
            (self._to_come[0].step if self._to_come else self._total) - self._done,
        )
        return order[at : at + max(count, 1) * size].reshape(-1, size)

    def _order(self, epoch: int) -> npt.NDArray[np.int32]:
        """The training pictures in the order of an epoch; `core.export` writes the same."""
        if self._ordered[0] != epoch:
            self._ordered = epoch, epoch_order(self._task.training, self._spec.seed, epoch)
        return self._ordered[1]

    def _check(self, block: Block) -> None:
        last = float(block.loss[-1])
        finite = np.array([loss for loss in self._latest if np.isfinite(loss)], np.float32)
        self._least_loss = min(self._least_loss, float(np.nanmin(block.loss, initial=np.inf)))
        if self._spec.finds and (not np.isfinite(last) or last > 4 * self._least_loss + 1):
            raise _Stop("finished", "The loss has exploded: the search ends here.")
        if not np.isfinite(last):
            rate = float(self._optimizer.learning_rate.numpy())
            raise _Stop("failed", why_not_a_number(self._spec, self._done, rate, finite))

    def _end_epoch(self) -> None:
        self._tell_batches()
        epoch = self._done // self._per_epoch
        judged = self._task.judge(self._task.split.validation)
        best = self._remember(judged, epoch)
        self._epoch_loss = self._means.loss / self._means.pictures
        data = {
            "epoch": epoch,
            "loss": self._epoch_loss,
            "accuracy": self._means.score / self._means.pictures,
            **judged.told(),
            "best": best,
            "elapsed": self._trained_seconds,
        }
        self._means = _Means()
        self._tell("epoch", self._done, data)
        if not self._spec.early_stopping:
            return
        if self._best and epoch - self._best[1] >= self._spec.patience:
            raise _Stop(
                "finished",
                f"Early stopping: the validation loss was least after epoch {self._best[1]} "
                f"({self._best[0]:.4g}) and has not become less for {self._spec.patience} "
                f"epochs.",
            )

    def _afterthought(self) -> str:
        """What to say of a run that has come to its end."""
        classes = len(self._task.dataset.class_names)
        return why_not_learnt(self._spec, self._epoch_loss, classes)

    def _remember(self, judged: Judgement, epoch: int) -> bool:
        """Whether this is the best epoch; its weights are kept where they will be wanted."""
        if self._best and not judged.loss < self._best[0] - SMALLEST_GAIN:
            return False
        wanted = self._spec.early_stopping and self._spec.restore_best
        weights = self._task.model.get_weights() if wanted else []
        self._best = (judged.loss, epoch, weights)
        return True

    def _restore_best(self) -> int:
        """Go back to the best weights where that is asked for; the epoch, or 0."""
        if not self._best or not self._best[2]:
            return 0
        self._task.model.set_weights(self._best[2])
        return self._best[1]

    # What a person asks for

    def _obey(self) -> None:
        """Do what was asked for, and wait while the run is paused."""
        self._repeat_changes()
        self._hear()
        while self._pause_at is not None and self._done >= self._pause_at:
            if not self._paused:
                self._paused = True
                self._tell_batches()
                self._look()
                self._tell("paused", self._done, {})
            self._controls.wait(1.0)
            self._hear()
        if self._paused:
            self._paused = False
            self._tell("resumed", self._done, {})

    def _hear(self) -> None:
        if not self._wanted():
            raise Abandoned
        for command in self._controls.take():
            self._do(command["word"], command)

    def _do(self, word: str, command: Any) -> None:  # noqa: ANN401 - a message
        if word == "stop":
            raise _Stop("stopped", "Stopped by hand.")
        if word == "pause":
            self._pause_at = self._done
        elif word == "resume":
            self._pause_at = None
        elif word == "batch":
            self._pause_at = self._done + 1
        elif word == "epoch":
            self._pause_at = (self._done // self._per_epoch + 1) * self._per_epoch
        elif word == "watch":
            if 0 <= command["picture"] < len(self._task.dataset):
                self._probe.watched = command["picture"]
                self._look()
        elif word == "set":
            change = Change(step=self._done, setting=command["setting"], value=command["value"])
            self._change(change)

    def _repeat_changes(self) -> None:
        while self._to_come and self._to_come[0].step <= self._done:
            self._change(self._to_come.pop(0))

    def _change(self, change: Change) -> None:
        if change.setting == "learning_rate":
            self._steps.rate.assign(change.value)
        else:
            if change.setting == "momentum":
                set_momentum(self._optimizer, self._spec, change.value)
            elif change.setting == "dropout":
                self._task.set_dropout(change.value)
            else:
                self._task.set_augmentation(change.value)
            self._steps.compile()
        self._tell_batches()
        self._tell("changed", self._done, {"setting": change.setting, "value": change.value})

    # What is told

    def _tell_batches(self) -> None:
        if not self._untold.blocks:
            return
        data = self._untold.data() | {
            "elapsed": self._trained_seconds,
            "memory": psutil.Process().memory_info().rss,
        }
        self._tell("batches", self._done, data)
        self._untold = _Untold()
        self._told = time.monotonic()

    def _look(self) -> None:
        begun = time.monotonic()
        self._tell("snapshot", self._done, self._probe.snapshot())
        self._looked = time.monotonic()
        self._looking_took = self._looked - begun


def epoch_order(
    training: npt.NDArray[np.int64], seed: int, epoch: int
) -> npt.NDArray[np.int32]:
    """The training pictures as they are seen in an epoch (from 0): (n,) int32."""
    places = np.random.default_rng([seed, epoch]).permutation(len(training))
    return training[places].astype(np.int32)


def as_bytes(model: keras.Model) -> bytes:
    """The model as a `.keras` file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
