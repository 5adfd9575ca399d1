"""What a trained detector finds in pictures; asked of the engine, which keeps it warm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.engine.connection import Engine
from core.training.answers import ask_model
from core.training.detection import DetectionSpec
from core.training.found import Found, Precision, precision_of, read_all

_RAW = "core.training.worker.box_answers:raw"

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedBoxes:
    """How a detector does on the test pictures of its run.

    Attributes:
        precision: average precision.
        found: the boxes of each picture before suppression.
        indices: (n,) int64, where the pictures are in the data set.
    """

    precision: Precision
    found: tuple[Found, ...]
    indices: npt.NDArray[np.int64]


def find(
    engine: Engine, model: bytes, spec: DetectionSpec, pictures: Pixels
) -> tuple[Found, ...]:
    """The boxes of each picture, before suppression: thresholds need no network.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        spec: what the run was started with.
        pictures: (n, H, W, C) uint8, as large as the model takes them.

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    raws = ask_model(engine, _RAW, model, pictures)
    return tuple(read_all(spec, raws, pictures.shape[1]))


def evaluate_boxes(
    engine: Engine, model: bytes, spec: DetectionSpec, own: Dataset | None = None
) -> JudgedBoxes:
    """Judge a detector by the test pictures of its run, which it has never seen.

    Args:
        engine: connected.
        model: a `.keras` file of the run.
        spec: what the run was started with.
        own: the pictures with boxes where they were uploaded.

    Raises:
        AnswerError: the model is of another run, or the process that answers has ended.
        EngineError: the connection is lost.
        DataError: the pictures are not here.
    """
    dataset = spec.data.pictures(own)
    test = spec.data.divide(dataset).test
    found = find(engine, model, spec, dataset.images[test])
    return JudgedBoxes(precision_of(found, dataset, test), found, test)
