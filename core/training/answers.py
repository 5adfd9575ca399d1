"""What a trained model says of pictures; asked of the engine, which keeps it warm."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from distributed.scheduler import KilledWorker

from core.data.dataset import Dataset
from core.engine.connection import Engine, EngineError
from core.training.errors import WorkerError
from core.training.spec import RunSpec

ANSWER_WITHIN = 120.0
"""Seconds for an answer: the first one loads Keras and the model."""
LARGE = 500_000
"""Bytes from which on an array is sent ahead."""
_WORKER = "core.training.worker.answers"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class AnswerError(EngineError):
    """There is no answer; the message says why, and what would work."""


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

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    answer: Floats = ask_model(engine, f"{_WORKER}:predict", model, pictures)
    return answer


def look(engine: Engine, model: bytes, picture: Pixels) -> Look:
    """Probabilities and feature maps.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        picture: (H, W, C) uint8.

    Raises:
        AnswerError: the picture has another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    probabilities, maps = ask_model(engine, f"{_WORKER}:look", model, picture)
    return Look(probabilities, maps)


def evaluate(engine: Engine, model: bytes, spec: RunSpec, own: Dataset | None = None) -> Judged:
    """Judge a model by the test pictures of its run, which it has never seen.

    Args:
        engine: connected.
        model: a `.keras` file of the run.
        spec: what the run was started with.
        own: the pictures where they were uploaded.

    Raises:
        AnswerError: the model is of another run, or the process that answers has ended.
        EngineError: the connection is lost.
        DataError: the pictures are not here.
    """
    dataset, split = spec.data.load(own)
    pictures, labels = dataset.images[split.test], dataset.labels[split.test]
    settings = spec.model_dump_json()
    judge = f"{_WORKER}:judge"
    predicted, losses = ask_model(engine, judge, model, pictures, labels, settings)
    right = float((predicted == labels).mean())
    return Judged(right, float(losses.mean()), len(labels), predicted, split.test)


def ask_model(engine: Engine, question: str, model: bytes, *args: Any) -> Any:  # noqa: ANN401
    """Ask by the model's fingerprint, and send the model itself only where it is not known.

    Args:
        engine: connected.
        question: "package.module:name" of a function that takes the fingerprint, the model or
            None, and the arguments, and gives whether it knows the model, and the answer.
        model: a `.keras` file of a run.
        args: whatever the function takes.

    Raises:
        AnswerError: the question cannot be answered, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    digest = hashlib.sha256(model).hexdigest()
    with _in_words():
        given = [_sent(engine, argument) for argument in args]
        known, answer = _result(engine, question, digest, None, *given)
        if not known:
            content = engine.send("inference", model)
            _, answer = _result(engine, question, digest, content, *given)
    return answer


def ask(engine: Engine, question: str, *args: Any) -> Any:  # noqa: ANN401
    """Ask something that needs no model.

    Args:
        engine: connected.
        question: "package.module:name" of a function that raises `WorkerError` alone.
        args: whatever it takes.

    Raises:
        AnswerError: the question cannot be answered, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    with _in_words():
        return _result(engine, question, *(_sent(engine, argument) for argument in args))


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """What can go wrong on the way, for the person at the page."""
    try:
        yield
    except TimeoutError:
        raise AnswerError(
            f"No answer within {ANSWER_WITHIN:.0f} seconds: the process that answers is busy. "
            "Ask again."
        ) from None
    except KilledWorker as error:
        raise AnswerError(
            "The process that answers has ended: it was killed, or it took too much memory. A "
            "new one is started; ask again."
        ) from error
    except WorkerError as error:
        raise AnswerError(error.message) from error


def _result(engine: Engine, question: str, *args: Any) -> Any:  # noqa: ANN401
    future = engine.submit_by_name("inference", question, *args)
    return future.result(ANSWER_WITHIN)


def _sent(engine: Engine, argument: Any) -> Any:  # noqa: ANN401
    """Large arrays travel once, and not as a part of the task."""
    large = isinstance(argument, np.ndarray) and argument.nbytes > LARGE
    return engine.send("inference", argument) if large else argument
