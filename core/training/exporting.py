"""A trained model in other forms, asked of the engine."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset, Split
from core.engine.connection import Engine
from core.training.answers import ask, ask_model
from core.training.transfer import TransferSpec

_WORKER = "core.training.worker.exporting"
Weights = Literal["float32", "float16", "int8"]
WEIGHTS: tuple[Weights, ...] = get_args(Weights)
MOST_COMPARED = 32
"""Pictures on which a converted model is compared with the first."""
CLOSE = 1e-4
"""Largest difference of a logit, where all numbers have kept their 32 bits."""

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """A model for TensorFlow Lite, compared with the Keras model that it was made of.

    Attributes:
        content: the file.
        weights: how its numbers are kept.
        before, after: (n, classes) logits of the same pictures.
    """

    content: bytes
    weights: Weights
    before: Floats
    after: Floats

    @property
    def difference(self) -> float:
        """The largest difference of a logit."""
        return float(np.abs(self.after - self.before).max())

    @property
    def agreeing(self) -> int:
        """Pictures of which both say the same class."""
        return int((self.after.argmax(-1) == self.before.argmax(-1)).sum())


def tflite(engine: Engine, model: bytes, weights: Weights, pictures: Pixels) -> Converted:
    """Convert a model for phones and small devices, and compare.

    "int8" keeps the weights in a byte each and computes with them as such; its inputs and
    outputs are float32 as everywhere.

    Args:
        engine: connected.
        model: a `.keras` file of a run.
        weights: how its numbers are kept.
        pictures: (n, H, W, C) uint8, as large as the model takes them, n at least 1.

    Raises:
        AnswerError: it cannot be converted, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    compared = pictures[:MOST_COMPARED]
    content, before, after = ask_model(engine, f"{_WORKER}:tflite", model, weights, compared)
    return Converted(content, weights, before, after)


def compared_on(dataset: Dataset, split: Split) -> Pixels:
    """Pictures to compare on that the model has not learnt from."""
    held_out = np.concatenate([split.test, split.validation])
    pictures: Pixels = dataset.images[held_out[:MOST_COMPARED]]
    return pictures


def backbone(engine: Engine, slug: str) -> bytes:
    """A pretrained network without its classes, as a `.keras` file that Keras alone reads.

    Raises:
        AnswerError: its weights cannot be had, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    content: bytes = ask(engine, f"{_WORKER}:backbone", slug)
    return content


def first_open(engine: Engine, spec: TransferSpec) -> str:
    """Name of the lowest layer of the backbone that a fine-tuning learns; empty for none.

    Raises:
        AnswerError: the network cannot be had, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    if spec.way != "finetune" or not spec.open_blocks:
        return ""
    name: str = ask(engine, f"{_WORKER}:first_open", spec.backbone, spec.open_blocks)
    return name


def needs_keras_cv(model: bytes) -> bool:
    """Whether a `.keras` file has layers that only KerasCV knows."""
    with zipfile.ZipFile(io.BytesIO(model)) as archive:
        return b"keras_cv" in archive.read("config.json")
