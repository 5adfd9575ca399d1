"""Measures a pipeline inside of tf.data; runs in an engine worker."""

from __future__ import annotations

import os
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from core.augment.spec import PipelineSpec
from core.augment.throughput import Throughput
from core.export.augment_code import augment_script
from core.training.errors import WorkerError

BATCHES_DRAWN = 8
"""Numbers are drawn for so many batches, which are then repeated."""

Pixels = npt.NDArray[np.uint8]


def measure(
    images: Pixels, pipeline: PipelineSpec, batch_size: int, seconds: float
) -> Throughput:
    """Count pictures that come out of the pipeline; arguments as `throughput.throughput`.

    Raises:
        WorkerError: TensorFlow cannot do it; the app cannot read TensorFlow's own errors.
    """
    try:
        return _measured(images, pipeline, batch_size, seconds)
    except Exception as error:
        failure = WorkerError(type(error).__name__, str(error))
    raise failure  # here, where it has no context to take along


def _measured(
    images: Pixels, pipeline: PipelineSpec, batch_size: int, seconds: float
) -> Throughput:
    count = BATCHES_DRAWN * batch_size
    _, height, width, channels = images.shape
    pictures = np.resize(images, (count, height, width, channels))
    names = _names(pipeline)
    begun = perf_counter()
    names["numbers"](count, height, width)
    drawn = perf_counter() - begun
    compiled, batches, taken = _counted(names, pictures, batch_size, seconds)
    _, bare, bare_taken = _counted(_names(PipelineSpec()), pictures, batch_size, seconds / 4)
    return Throughput(
        batches * batch_size / taken,
        bare * batch_size / bare_taken,
        count / drawn,
        compiled,
        batches,
        batch_size,
        height,
        width,
        os.cpu_count() or 1,
    )


def _names(pipeline: PipelineSpec) -> dict[str, Any]:
    """What the exported script defines.

    The script is made of our own source and of settings that are numbers and fixed words.
    """
    names: dict[str, Any] = {"__name__": "measured"}
    exec(augment_script(pipeline, "tf_data"), names)  # noqa: S102
    return names


def _counted(
    names: dict[str, Any], pictures: Pixels, batch_size: int, seconds: float
) -> tuple[float, int, float]:
    """Seconds until the first batch, batches after it, and the seconds that these took."""
    labels = np.zeros((len(pictures), 1), np.float32)
    dataset = names["dataset"](pictures, labels, batch_size=batch_size).repeat()
    begun = perf_counter()
    batches = iter(dataset)
    next(batches)
    compiled = perf_counter() - begun
    # What is made ahead while the first batch is waited for would be counted as no work.
    for _ in range(2):
        next(batches)
    begun, count = perf_counter(), 0
    while (taken := perf_counter() - begun) < seconds or not count:
        next(batches)
        count += 1
    return compiled, count, taken
