"""Features of pictures, computed once and kept for the next head."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.dataset import Dataset
from core.training.transfer import Pooling, TransferSpec
from core.training.worker.augmentation import PipelineDraws, layers_of
from core.training.worker.backbones import POOLINGS, Backbone
from core.training.worker.preparation import Preparation

MOST_BYTES = 100_000_000
"""Features that a worker keeps; those used longest ago go."""

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Known:
    """Features of a data set, as far as they have been wanted.

    Attributes:
        values: (2, n, d): average and max pooling of each picture; zeros where not there.
        target: (n, classes): how much each has of each class.
        there: (n,) which of them have been computed.
    """

    values: Floats
    target: Floats
    there: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Bytes."""
        return self.values.nbytes + self.target.nbytes

    def pooled(self, pooling: Pooling) -> Floats:
        """(n, d)."""
        values: Floats = self.values[POOLINGS.index(pooling)]
        return values


class Features:
    """What a backbone makes of a data set's pictures: of these, and of changed ones."""

    def __init__(
        self,
        backbone: Backbone,
        dataset: Dataset,
        spec: TransferSpec,
        preparation: Preparation,
    ) -> None:
        self._backbone = backbone
        self._dataset = dataset
        self._spec = spec
        self._preparation = preparation
        self._layers = layers_of(spec.augmentation, spec.augmentation_strength, spec.seed)
        self._pipeline = PipelineDraws(spec.augments, spec.seed)

    def versions(self, training: Indices, others: Indices) -> tuple[Known, list[Known]]:
        """Features of pictures as they are, and of the versions that training draws from.

        Args:
            training: indices of the pictures of which the versions are wanted.
            others: of those that are judged by.

        Raises:
            StoppedError: somebody has stopped the run.
        """
        count = self._spec.versions
        mirrors = count == 2 and self._spec.augmentation == "flip"
        names = ["plain", *(self._name(place) for place in range(count))]
        if count == 1 and not self._spec.augments.active:
            names = ["plain"]
        elif mirrors and not self._spec.augments.active:
            names = ["plain", "mirrored"]
        both = np.concatenate([training, others])
        wanted = [both if name == "plain" else training for name in names]
        known = [self._known(name) for name in names]
        missing = [
            indices[~have.there[indices]] for indices, have in zip(wanted, known, strict=True)
        ]
        of, done = sum(map(len, missing)), 0
        for name, have, indices in zip(names, known, missing, strict=True):
            for at in range(0, len(indices), self._backbone.chunk):
                self._preparation.at("features", done, of)
                part = indices[at : at + self._backbone.chunk]
                self._compute(name, have, part)
                done += len(part)
        self._preparation.at("features", of, of)
        drawn = known if names[-1] in ("plain", "mirrored") else known[1:]
        return known[0], drawn

    def _name(self, place: int) -> str:
        spec = self._spec
        how = (spec.augmentation, spec.augmentation_strength, spec.pipeline, spec.seed)
        return f"{how} {place}"

    def _known(self, name: str) -> Known:
        count, classes = len(self._dataset), len(self._dataset.class_names)
        width = self._backbone.pooled["average"].shape[-1]
        return _STORE.get(
            (self._dataset.digest, f"{self._spec.backbone} {self._spec.side}", name),
            lambda: Known(
                np.zeros((len(POOLINGS), count, width), np.float32),
                np.eye(classes, dtype=np.float32)[self._dataset.labels],
                np.zeros(count, np.bool_),
            ),
        )

    def _compute(self, name: str, have: Known, indices: Indices) -> None:
        pictures = tf.constant(self._dataset.images[indices], tf.float32)
        target = tf.constant(have.target[indices])
        if name == "mirrored":
            pictures = tf.image.flip_left_right(pictures)
        elif name != "plain":
            pictures, target = self._pipeline(pictures, target)
            for layer in self._layers:
                pictures = layer(pictures, training=True)
        have.values[:, indices] = self._backbone.features(pictures)
        have.target[indices] = target.numpy()
        have.there[indices] = True


class _Store:
    """The features used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], Known] = OrderedDict()

    def get(self, key: tuple[str, str, str], make: Callable[[], Known]) -> Known:
        """What is known under this key, or what is made for it."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and self._size() > MOST_BYTES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _size(self) -> int:
        return sum(known.size for known in self._kept.values())


_STORE = _Store()
