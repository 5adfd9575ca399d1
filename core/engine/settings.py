"""How many workers there are, how large they are, and where."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import psutil

Slot = Literal["training", "inference"]

GIBIBYTE = 2**30
SMALL_MACHINE = 4 * GIBIBYTE
"""With less memory than this, one worker serves training and inference in turn."""
WORKER_MEMORY = 2 * GIBIBYTE
"""Limit of one worker; TensorFlow and keras-cv take about 0.7 GiB of it."""


class EngineSettingsError(ValueError):
    """An environment variable cannot be used; the message says what would work."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of the engine.

    Attributes:
        address: of a scheduler that runs elsewhere, or None for a cluster of our own.
        training: how many trainings run at once.
        inference: how many models answer at once.
        shared: whether one worker has both kinds of slots.
        memory_limit: of each worker, in bytes; above it the worker is restarted.
    """

    address: str | None = None
    training: int = 1
    inference: int = 1
    shared: bool = False
    memory_limit: int = WORKER_MEMORY

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, total_memory: int | None = None
    ) -> EngineSettings:
        """Read RECEPTIVE_CLUSTER, _TRAINING_SLOTS, _INFERENCE_SLOTS and _WORKER_MEMORY.

        Args:
            environ: the variables.
            total_memory: of this machine, in bytes; None asks the system.

        Raises:
            EngineSettingsError: a value is not a whole number in its range.
        """
        total = psutil.virtual_memory().total if total_memory is None else total_memory
        mebibytes = _number(environ, "RECEPTIVE_WORKER_MEMORY", 0, 0, 2**20)
        return cls(
            address=environ.get("RECEPTIVE_CLUSTER") or None,
            training=_number(environ, "RECEPTIVE_TRAINING_SLOTS", 1, 1, 64),
            inference=_number(environ, "RECEPTIVE_INFERENCE_SLOTS", 1, 1, 64),
            shared=total < SMALL_MACHINE,
            memory_limit=mebibytes * 2**20 or min(WORKER_MEMORY, total // 2),
        )

    def workers(self) -> tuple[dict[Slot, float], ...]:
        """The slots of each worker of a cluster of our own."""
        training: dict[Slot, float] = {"training": 1}
        inference: dict[Slot, float] = {"inference": 1}
        if self.shared:
            return (training | inference,)
        return (training,) * self.training + (inference,) * self.inference


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise EngineSettingsError(
            f"{name} is {text!r}. Use a whole number from {low} to {high}, or leave it out."
        )
    return int(text)
