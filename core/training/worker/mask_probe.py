"""Looking into a network that segments: what it makes of the same scenes every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.training.worker.probes import Probe
from core.training.worker.segmentation import Segmentation
from core.vision.metrics.labels import mean_iou

MOST_PROBED = 32
"""Validation pictures that are judged between the epochs."""
MOST_SAMPLES = 8
"""Validation pictures whose masks are drawn."""
_STEPS = 255


class MaskProbe(Probe):
    """As `Probe`, with a mask for each of the sample pictures."""

    def __init__(self, task: Segmentation) -> None:
        super().__init__(task)
        self._segments = task
        self.samples = self.samples[:MOST_SAMPLES]
        self.probed = task.split.validation[:MOST_PROBED]

    def snapshot(self) -> dict[str, Any]:
        """Everything that `core.training.snapshots` lists for masks."""
        judged = self._segments.judge(self.probed)
        masks, sure = self._segments.masks_of(self.samples)
        truth = self._segments.truth[self.samples]
        classes = len(self._segments.dataset.class_names)
        ious = [mean_iou(t, m, classes) for t, m in zip(truth, masks, strict=True)]
        return {
            "masks": masks,
            "confidence": np.rint(sure * _STEPS).astype(np.uint8),
            "sample_ious": np.array(ious, np.float32),
            "validation_loss": judged.loss,
            "validation_accuracy": judged.accuracy,
            "class_ious": judged.class_ious,
            "watched": self.watched,
            "filters": self.filters(),
            **self._activations(),
        }

    def _dropout_mask(self) -> npt.NDArray[np.bool_]:
        """Not shown: it would be as large as the maps before the output."""
        return np.ones(0, bool)
