"""Pictures as points: features, what is near, and a plane to see them in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine
from core.training.answers import ask_model

_QUESTION = "core.insight.worker.looks:features"
_POINTS = "core.insight.worker.looks:points"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The directions in which points differ most.

    Attributes:
        mean: (d,) of all points.
        axes: (2, d), of length 1 and at right angles.
        places: (n, 2), the points in these directions.
        explained: (2,), the share of the variance along each.
    """

    mean: Floats
    axes: Floats
    places: Floats
    explained: Floats

    def place(self, points: Floats) -> Floats:
        """Further points in the same plane: (k, d) to (k, 2)."""
        placed: Floats = ((points - self.mean) @ self.axes.T).astype(np.float32)
        return placed


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Pictures as a classifier has them before its last layer, and what it says of them.

    Attributes:
        features: (n, d) float32.
        probabilities: (n, classes) float32, each row adding up to 1.
    """

    features: Floats
    probabilities: Floats

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """(n,), the likeliest class of each."""
        likeliest: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return likeliest


def points(engine: Engine, model: bytes, pictures: Pixels) -> Points:
    """Features and probabilities in one pass; see `features`.

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    return Points(*ask_model(engine, _POINTS, model, pictures))


def features(engine: Engine, model: bytes, pictures: Pixels) -> Floats:
    """What a classifier's last layer is given of each picture.

    Args:
        engine: connected.
        model: a `.keras` file from pictures in 0..255 to logits.
        pictures: (n, H, W, C) uint8, as large as the model takes them; n at least 1.

    Returns:
        (n, d) float32.

    Raises:
        AnswerError: the pictures have another shape, or the process that answers has ended.
        EngineError: the connection is lost.
    """
    found: Floats = ask_model(engine, _QUESTION, model, pictures)
    return found


def nearest(points: Floats, point: Floats, count: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """The points in the most similar direction, the most similar first.

    Args:
        points: (n, d).
        point: (d,).
        count: how many; all where there are fewer.

    Returns:
        Their places, and the cosines of the angles: 1 for the same direction.
    """
    lengths = np.linalg.norm(points, axis=1) * np.linalg.norm(point)
    cosines = (points @ point) / np.maximum(lengths, np.finfo(np.float32).tiny)
    order = np.argsort(-cosines, kind="stable")[:count]
    return order, cosines[order].astype(np.float32)


def neighbours(points: Floats, count: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """For each point the others in the most similar direction, the most similar first.

    Args:
        points: (n, d), n at least 2.
        count: how many; all others where there are fewer.

    Returns:
        (n, k) places, and (n, k) cosine distances: 1 - cosine, from 0 to 2.
    """
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    unit = points / np.maximum(lengths, np.finfo(np.float32).tiny)
    distances = 1 - unit @ unit.T
    np.fill_diagonal(distances, np.inf)
    order = np.argsort(distances, axis=1, kind="stable")[:, : min(count, len(points) - 1)]
    near = np.take_along_axis(distances, order, axis=1)
    return order, np.maximum(near, 0).astype(np.float32)


def plane(points: Floats) -> Plane:
    """The two principal components of points.

    Each axis points to where its largest entry is positive, so that the same points always
    give the same picture.

    Args:
        points: (n, d), n and d at least 2.

    Raises:
        ValueError: there are fewer points or directions.

    Source: Pearson 1901; by the singular values of the centred points.
    """
    if min(points.shape) < 2:
        raise ValueError(
            f"{points.shape[0]} points of {points.shape[1]} numbers; 2 are needed."
        )
    mean = points.mean(axis=0, dtype=np.float64)
    _, lengths, axes = np.linalg.svd(points - mean, full_matrices=False)
    axes = axes[:2]
    signs = np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])
    axes = axes * signs[:, None]
    total = float((lengths**2).sum())
    explained = lengths[:2] ** 2 / total if total > 0 else np.zeros(2)
    places = (points - mean) @ axes.T
    parts = (mean, axes, places, explained)
    return Plane(*(part.astype(np.float32) for part in parts))
