"""What a trained U-Net says of pictures; asked of the engine, which keeps it warm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.masked import Masks, middle_of
from core.engine.connection import Engine
from core.training.answers import ask_model
from core.training.segmentation import SegmentationSpec
from core.vision.metrics.labels import confusion, ious_of, mean_of

_MASKS = "core.training.worker.mask_answers:masks"
_SILENCED = "core.training.worker.mask_answers:silenced"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedMasks:
    """How a U-Net does on the test pictures of its run.

    Attributes:
        counts: (classes, classes) int64: pixels, true classes down, predicted ones across.
        masks: (n, h, w) uint8: what it says.
        truth: (n, h, w) uint8.
        indices: (n,) int64, where the pictures are in the data set.
    """

    counts: npt.NDArray[np.int64]
    masks: Masks
    truth: Masks
    indices: npt.NDArray[np.int64]

    @property
    def class_ious(self) -> npt.NDArray[np.float64]:
        """(classes,); nan for a class that is neither there nor predicted."""
        return ious_of(self.counts)

    @property
    def mean_iou(self) -> float:
        """Mean over the classes that are there or predicted."""
        return mean_of(self.class_ious)

    @property
    def pixel_accuracy(self) -> float:
        """Share of the pixels whose class is right."""
        return float(np.trace(self.counts) / self.counts.sum())


def masks_of(engine: Engine, model: bytes, pictures: Pixels) -> tuple[Masks, Floats]:
    """The class of every pixel.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        pictures: (n, H, W, C) uint8, as large as the model takes them.

    Returns:
        (n, h, w) uint8 classes, and (n, h, w) float32 how likely each is; with "valid"
        convolutions of the middle of the pictures.

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    labels, sure = ask_model(engine, _MASKS, model, pictures)
    return labels, sure


def silenced_skips(engine: Engine, model: bytes, pictures: Pixels) -> Mapping[str, Masks]:
    """What is left of the masks where one skip connection carries zeros, each in turn.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        pictures: (n, H, W, C) uint8, as large as the model takes them.

    Returns:
        By the skip's name, the topmost first, (n, h, w) uint8 classes; empty for a network
        without skip connections.

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    masks: Mapping[str, Masks] = ask_model(engine, _SILENCED, model, pictures)
    return masks


def evaluate_masks(
    engine: Engine, model: bytes, spec: SegmentationSpec, own: Dataset | None = None
) -> JudgedMasks:
    """Judge a U-Net by the test pictures of its run, which it has never seen.

    Args:
        engine: connected.
        model: a `.keras` file of the run.
        spec: what the run was started with.
        own: the pictures with masks where they were uploaded.

    Raises:
        AnswerError: the model is of another run, or the process that answers has ended.
        EngineError: the connection is lost.
        DataError: the pictures are not here.
    """
    dataset = spec.data.pictures(own)
    test = spec.data.divide(dataset).test
    said, _ = masks_of(engine, model, dataset.images[test])
    truth = middle_of(dataset.masks[test], (said.shape[1], said.shape[2]))
    counts = confusion(truth, said, len(dataset.class_names))
    return JudgedMasks(counts, said, truth, test)
