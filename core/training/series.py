"""The curves of a run, gathered event by event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from core.training.events import Event

Floats = npt.NDArray[np.float64]

NORMS = ("gradient_norm", "weight_norm", "update_norm")


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What a run's curves are at one moment.

    Attributes:
        steps: (n,) every step done, from 1.
        loss: (n,) of its batch.
        accuracy: (n,) of its batch.
        learning_rate: (n,) with which it was done.
        epochs: (e,) numbers of the epochs that have ended.
        epoch_steps: (e,) steps done by then.
        epoch_loss, epoch_accuracy: (e,) means over the epoch's batches.
        validation_loss, validation_accuracy: (e,) of all validation pictures.
        probe_steps: (p,) where a part of the validation pictures was judged.
        probe_loss, probe_accuracy: (p,) of that part.
        norm_steps: (m,) where lengths were measured.
        gradient_norm, weight_norm, update_norm: (m, layers).
        layers: their names.
    """

    steps: Floats
    loss: Floats
    accuracy: Floats
    learning_rate: Floats
    epochs: Floats
    epoch_steps: Floats
    epoch_loss: Floats
    epoch_accuracy: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    probe_steps: Floats
    probe_loss: Floats
    probe_accuracy: Floats
    norm_steps: Floats
    gradient_norm: Floats
    weight_norm: Floats
    update_norm: Floats
    layers: tuple[str, ...]

    @property
    def best_epoch(self) -> int:
        """Place in `epochs` of the least validation loss; -1 where there is none yet."""
        if not self.validation_loss.size or not np.isfinite(self.validation_loss).any():
            return -1
        return int(np.nanargmin(self.validation_loss))


_STEP = ("loss", "accuracy", "learning_rate")
_EPOCH = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")


@dataclass(slots=True)
class Gatherer:
    """Takes events and gives series; what it has put together once it keeps."""

    layers: tuple[str, ...] = ()
    _by_step: dict[str, list[Floats]] = field(
        default_factory=lambda: {name: [] for name in ("steps", *_STEP)}
    )
    _by_epoch: list[tuple[float, ...]] = field(default_factory=list)
    _by_probe: list[tuple[float, ...]] = field(default_factory=list)
    _norms: list[tuple[int, npt.NDArray[np.float32]]] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Gather what the event says, if it says something of a curve."""
        data = event.data
        if event.kind == "started":
            self.layers = tuple(data["layers"])
        elif event.kind == "batches":
            self._take_batches(event.step, data)
        elif event.kind == "epoch":
            self._by_epoch.append((event.step, *(float(data[name]) for name in _EPOCH)))
        elif event.kind == "snapshot":
            values = (data["validation_loss"], data["validation_accuracy"])
            self._by_probe.append((event.step, *values))

    def series(self) -> Series:
        """The curves so far."""
        steps = {name: self._joined(name) for name in self._by_step}
        epochs = _columns(self._by_epoch, 1 + len(_EPOCH))
        probes = _columns(self._by_probe, 3)
        norms = np.array([norm for _, norm in self._norms], np.float64)
        norms = norms.reshape(len(self._norms), len(NORMS), len(self.layers))
        return Series(
            **steps,
            epoch_steps=epochs[0],
            epochs=epochs[1],
            epoch_loss=epochs[2],
            epoch_accuracy=epochs[3],
            validation_loss=epochs[4],
            validation_accuracy=epochs[5],
            probe_steps=probes[0],
            probe_loss=probes[1],
            probe_accuracy=probes[2],
            norm_steps=np.array([step for step, _ in self._norms], np.float64),
            gradient_norm=norms[:, 0],
            weight_norm=norms[:, 1],
            update_norm=norms[:, 2],
            layers=self.layers,
        )

    def _take_batches(self, step: int, data: Any) -> None:  # noqa: ANN401 - an event's data
        count = len(data["loss"])
        self._by_step["steps"].append(np.arange(step - count + 1, step + 1, dtype=np.float64))
        for name in _STEP:
            self._by_step[name].append(data[name].astype(np.float64))
        self._norms.append((step, np.stack([data[name] for name in NORMS])))

    def _joined(self, name: str) -> Floats:
        parts = self._by_step[name]
        if len(parts) > 1:
            parts[:] = [np.concatenate(parts)]
        return parts[0] if parts else np.zeros(0)


def _columns(rows: list[tuple[float, ...]], count: int) -> list[Floats]:
    table = np.array(rows, np.float64).reshape(-1, count)
    return list(table.T)
