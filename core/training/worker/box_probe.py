"""Looking into a detector: the boxes that it says of the same pictures every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.training.found import packed
from core.training.worker.detection import Detection
from core.training.worker.probes import Probe

MOST_PROBED = 48
"""Validation pictures that are judged between the epochs."""
MOST_SAMPLES = 8
"""Validation pictures whose boxes are drawn."""


class BoxProbe(Probe):
    """As `Probe`, with the boxes of each of the sample pictures."""

    def __init__(self, task: Detection) -> None:
        super().__init__(task)
        self._detects = task
        self.samples = self.samples[:MOST_SAMPLES]
        self.probed = task.split.validation[:MOST_PROBED]

    def snapshot(self) -> dict[str, Any]:
        """Everything that `core.training.snapshots` lists for boxes."""
        judged = self._detects.judge(self.probed)
        samples = self._detects.judge(self.samples)
        return {
            **packed(samples.found),
            "validation_loss": judged.loss,
            "validation_accuracy": judged.accuracy,
            **judged.measured(),
            "watched": self.watched,
            "filters": self.filters(),
            **self._activations(),
        }

    def _dropout_mask(self) -> npt.NDArray[np.bool_]:
        """Not shown: it would be as large as the maps before the output."""
        return np.ones(0, bool)
