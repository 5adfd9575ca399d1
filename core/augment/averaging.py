"""Test-time augmentation: a trained model looks at several draws of a picture, not at one.

Source: Krizhevsky, Sutskever & Hinton 2012, section 4.1: the mean of ten predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.augment.spec import AugmentError, PipelineSpec
from core.data.dataset import Dataset
from core.engine.connection import Engine
from core.training.answers import ask_model
from core.training.spec import RunSpec

MOST_DRAWS = 64
_WORKER = "core.augment.worker.averaging"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Averaged:
    """What a model says of pictures as they are, and of draws of them.

    Attributes:
        plain: (n, classes) probabilities of the pictures themselves.
        each: (n, draws, classes) probabilities of each draw.
        seen: (n, draws, H, W, C) uint8, the draws; None where they were not asked for.
    """

    plain: Floats
    each: Floats
    seen: Pixels | None = None

    @property
    def averaged(self) -> Floats:
        """(n, classes): the mean over the draws."""
        return np.asarray(self.each.mean(axis=1), np.float32)

    @property
    def spread(self) -> Floats:
        """(n, classes): the standard deviation over the draws."""
        return np.asarray(self.each.std(axis=1), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedTwice:
    """How a model does on test pictures, without and with draws.

    Attributes:
        labels: (n,) the right classes.
        plain: (n, classes) probabilities of the pictures themselves.
        averaged: (n, classes) the mean over the draws.
        indices: (n,) where the pictures are in the data set.
        draws: how many of each picture.
    """

    labels: Ints
    plain: Floats
    averaged: Floats
    indices: Ints
    draws: int

    @property
    def accuracy(self) -> float:
        """Share of right answers to the pictures themselves."""
        return float((self.plain.argmax(axis=1) == self.labels).mean())

    @property
    def averaged_accuracy(self) -> float:
        """The same where draws are averaged."""
        return float((self.averaged.argmax(axis=1) == self.labels).mean())

    @property
    def mended(self) -> Ints:
        """Rows that only the averaged answer has right."""
        return self._rows(self.averaged, self.plain)

    @property
    def spoiled(self) -> Ints:
        """Rows that only the plain answer has right."""
        return self._rows(self.plain, self.averaged)

    def _rows(self, right: Floats, wrong: Floats) -> Ints:
        mine = (right.argmax(axis=1) == self.labels) & (wrong.argmax(axis=1) != self.labels)
        return np.flatnonzero(mine).astype(np.int64)


def average(
    engine: Engine,
    model: bytes,
    pictures: Pixels,
    pipeline: PipelineSpec,
    *,
    seed: int = 0,
    draws: int = 8,
) -> Averaged:
    """Ask a trained model about draws of pictures.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        pictures: (n, H, W, C) uint8, as large as the model takes them.
        pipeline: the steps; none that mixes pictures.
        seed: 0 or more.
        draws: of each picture, up to `MOST_DRAWS`.

    Raises:
        AugmentError: the pipeline mixes pictures or cannot be applied, or there are too many
            draws.
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    _check(pipeline, draws)
    plain, each, seen = ask_model(
        engine, f"{_WORKER}:of_draws", model, pictures, pipeline, seed, draws, True
    )
    return Averaged(plain, each, seen)


def judge(
    engine: Engine,
    model: bytes,
    run: RunSpec,
    pipeline: PipelineSpec,
    *,
    seed: int = 0,
    draws: int = 8,
    most: int = 500,
    own: Dataset | None = None,
) -> JudgedTwice:
    """Judge a model by test pictures of its run, without and with draws.

    Args:
        engine: connected.
        model: a `.keras` file of the run.
        run: what it was started with.
        pipeline: the steps; none that mixes pictures.
        seed: 0 or more.
        draws: of each picture, up to `MOST_DRAWS`.
        most: of so many test pictures, the first ones.
        own: the pictures where they were uploaded.

    Raises:
        AugmentError: the pipeline mixes pictures or cannot be applied, or there are too many
            draws.
        AnswerError: the model is of another run, or the process that answers has ended.
        EngineError: the connection is lost.
        DataError: the pictures are not here.
    """
    _check(pipeline, draws)
    dataset, split = run.data.load(own)
    rows = split.test[:most]
    plain, each, _ = ask_model(
        engine, f"{_WORKER}:of_draws", model, dataset.images[rows], pipeline, seed, draws, False
    )
    averaged = np.asarray(each.mean(axis=1), np.float32)
    return JudgedTwice(dataset.labels[rows], plain, averaged, rows, draws)


def _check(pipeline: PipelineSpec, draws: int) -> None:
    mixing = [step.title for _, step in pipeline.active if step.label == "mixed"]
    if mixing:
        raise AugmentError(
            f"{mixing[0]} puts other pictures into a picture, and the model is asked about "
            "one. Switch it off."
        )
    if why := pipeline.problem():
        raise AugmentError(why)
    if not 1 <= draws <= MOST_DRAWS:
        raise AugmentError(
            f"{draws} draws of a picture are not possible. Use 1 to {MOST_DRAWS}."
        )
