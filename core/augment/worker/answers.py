"""Draws of one picture for a page; runs in an engine worker."""

from __future__ import annotations

from time import perf_counter
from typing import TypeVar

import numpy as np

from core.augment.answers import Draws, Request
from core.augment.worker.pipeline import stages
from core.training.errors import WorkerError

T = TypeVar("T")


def draws(request: Request) -> Draws:
    """Put a picture through a pipeline as often as asked.

    Raises:
        AugmentError: the pictures, or the steps, do not go together.
        WorkerError: anything else; the app cannot read TensorFlow's own errors.
    """
    try:
        return _draws(request)
    except ValueError:
        raise
    except Exception as error:
        raise WorkerError(type(error).__name__, str(error)) from None


def _draws(request: Request) -> Draws:
    begun = perf_counter()
    count, others = request.draws, len(request.images) - 1
    boxes = None if request.boxes is None else _repeated(list(request.boxes), count)
    masks = None if request.masks is None else np.stack(_repeated(list(request.masks), count))
    images = np.stack(_repeated(list(request.images), count))
    partners = range(count, count + others) if others else None
    trail, last = [], None
    for last in stages(images, request.pipeline, request.seed, boxes, masks, partners=partners):
        if request.followed is not None:
            trail.append(last.images[request.followed])
    assert last is not None  # noqa: S101 - the batch as it goes in is always there
    own = last.shares[:count, :count].sum(axis=1, keepdims=True)
    return Draws(
        np.asarray(last.images[:count], np.uint8),
        last.drawn[:count],
        None if last.boxes is None else last.boxes[:count],
        None if last.masks is None else np.asarray(last.masks[:count], np.uint8),
        np.concatenate([own, last.shares[:count, count:]], axis=1),
        np.asarray(trail, np.uint8).reshape(-1, *images.shape[1:]),
        perf_counter() - begun,
    )


def _repeated(given: list[T], count: int) -> list[T]:
    """The first as often as it is drawn, then the others."""
    return [given[0]] * count + given[1:]
