"""What a trained model says of pictures; asked of the engine, which keeps it warm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.engine.connection import Engine
from core.training.spec import RunSpec

ANSWER_WITHIN = 120.0
"""Seconds for an answer: the first one loads Keras and the model."""
_WORKER = "core.training.worker.answers"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What goes on in a model that sees a picture.

    Attributes:
        probabilities: (classes,) float32.
        maps: by layer, from the input on: (H, W, K) float32; a vector is (1, n, 1).
    """

    probabilities: Floats
    maps: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How a model does on the test pictures.

    Attributes:
        accuracy: share of right answers.
        loss: mean of the run's loss.
        count: number of pictures.
        predicted: (n,) int64, the likeliest class of each.
        indices: (n,) int64, where they are in the data set.
    """

    accuracy: float
    loss: float
    count: int
    predicted: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]


def predict(engine: Engine, model: bytes, pictures: Pixels) -> Floats:
    """Probabilities of all classes.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        pictures: (n, H, W, C) uint8, as large as the model takes them.

    Returns:
        (n, classes) float32, each row adding up to 1.
    """
    answer: Floats = _ask(engine, "predict", model, pictures)
    return answer


def look(engine: Engine, model: bytes, picture: Pixels) -> Look:
    """Probabilities and feature maps.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        picture: (H, W, C) uint8.
    """
    probabilities, maps = _ask(engine, "look", model, picture)
    return Look(probabilities, maps)


def evaluate(engine: Engine, model: bytes, spec: RunSpec, own: Dataset | None = None) -> Judged:
    """Judge a model by the test pictures of its run, which it has never seen.

    Args:
        engine: connected.
        model: a `.keras` file of the run.
        spec: what the run was started with.
        own: the pictures where they were uploaded.
    """
    dataset, split = spec.data.load(own)
    pictures, labels = dataset.images[split.test], dataset.labels[split.test]
    settings = spec.model_dump_json()
    predicted, losses = _ask(engine, "judge", model, pictures, labels, settings)
    right = float((predicted == labels).mean())
    return Judged(right, float(losses.mean()), len(labels), predicted, split.test)


def _ask(engine: Engine, question: str, model: bytes, *args: Any) -> Any:  # noqa: ANN401
    """Ask by the model's fingerprint, and send the model itself only where it is not known."""
    digest = hashlib.sha256(model).hexdigest()
    name = f"{_WORKER}:{question}"
    known, answer = engine.submit_by_name("inference", name, digest, None, *args).result(
        ANSWER_WITHIN
    )
    if not known:
        sent = engine.client.scatter(model, hash=False)
        _, answer = engine.submit_by_name("inference", name, digest, sent, *args).result(
            ANSWER_WITHIN
        )
    return answer
