"""Looking into a network between two steps, without changing how it goes on."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from core.training.snapshots import BINS, MOST_MAPS, MOST_PROBED, MOST_SAMPLES, squeeze, thin
from core.training.worker.classification import HEAD_DROPOUT, Classifier
from core.training.worker.looking import as_maps

FIRST_CHANNELS = 3
"""Channels of a filter that are shown."""
MOST_FILTERED = 16
"""Layers whose filters are shown, from the input on."""


class Probe:
    """What is looked at of one run: the same pictures every time.

    Attributes:
        samples: indices of the pictures whose probabilities are followed, a few of each class.
        probed: indices of the validation pictures that are judged between the epochs.
        watched: index of the picture whose feature maps are shown.
    """

    def __init__(self, task: Classifier) -> None:
        self._task = task
        validation = task.split.validation
        self.samples = _some_of_each(task.dataset.labels, validation, MOST_SAMPLES)
        self.probed = validation[:MOST_PROBED]
        self.watched = int(self.samples[0])
        self._filters = _filter_layers(task.model)

    @property
    def layers(self) -> list[str]:
        """The layers whose activations are shown, from the input on."""
        return list(self._task.shown)

    def snapshot(self) -> dict[str, Any]:
        """Everything that `core.training.snapshots` lists."""
        judged = self._task.judge(self.probed)
        samples = self._task.judge(self.samples)
        return {
            "probabilities": samples.probabilities.astype(np.float16),
            "sample_losses": samples.losses,
            "validation_loss": judged.loss,
            "validation_accuracy": judged.accuracy,
            "predicted": judged.predicted,
            "losses": judged.losses,
            "watched": self.watched,
            "filters": self.filters(),
            **self._activations(),
        }

    def filters(self) -> dict[str, Any]:
        """The weights that can be seen as pictures, by layer."""
        return {name: squeeze(_planes(layer)) for name, layer in self._filters.items()}

    def _activations(self) -> dict[str, Any]:
        """Maps of the watched picture, histograms over it and some others."""
        others = self.probed[: self._task.looked_at - 1]
        outputs = self._task.look(np.concatenate([[self.watched], others]))
        values = dict(zip(self._task.shown, outputs, strict=True))
        counted = {name: _histogram(value) for name, value in values.items()}
        return {
            "maps": {name: squeeze(thin(as_maps(value[0]))) for name, value in values.items()},
            "histograms": {name: counts for name, (counts, _) in counted.items()},
            "ranges": {name: span for name, (_, span) in counted.items()},
            "silent": {name: _silent(value) for name, value in values.items()},
            "dropout_mask": self._dropout_mask(),
        }

    def _dropout_mask(self) -> npt.NDArray[np.bool_]:
        """What the run's dropout would keep, drawn as for the next step and put back."""
        layer = self._task.model.get_layer(HEAD_DROPOUT)
        units = int(np.prod(layer.input.shape[1:]))
        ones = np.ones((1, *layer.input.shape[1:]), np.float32)
        generator = getattr(layer, "seed_generator", None)
        if generator is None:
            return np.ones(units, bool)
        before = generator.state.numpy()
        kept = np.asarray(layer(ones, training=True)).ravel() > 0
        generator.state.assign(before)
        return kept


def _some_of_each(
    labels: npt.NDArray[np.int64], indices: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """`count` of the indices, the classes taking turns."""
    turns = np.zeros(len(indices), np.int64)
    for label in np.unique(labels[indices]):
        mine = labels[indices] == label
        turns[mine] = np.arange(mine.sum())
    order = np.lexsort((labels[indices], turns))
    return np.sort(indices[order[:count]])


def _filter_layers(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """Layers whose weights can be seen as pictures: convolutions, and dense ones on pixels."""
    kinds = (
        keras.layers.Conv2D,
        keras.layers.DepthwiseConv2D,
        keras.layers.SeparableConv2D,
    )
    shown = {layer.name: layer for layer in model.layers if isinstance(layer, kinds)}
    first = next((layer for layer in model.layers if layer.trainable_variables), None)
    if isinstance(first, keras.layers.Dense) and _pixels_before(first):
        shown[first.name] = first
    return dict(list(shown.items())[:MOST_FILTERED])


def _planes(layer: keras.layers.Layer) -> npt.NDArray[np.float32]:
    """Weights as (rows, columns, channels, filters), at most 3 channels and `MOST_MAPS`."""
    weights = np.asarray(layer.weights[0])
    if isinstance(layer, keras.layers.DepthwiseConv2D | keras.layers.SeparableConv2D):
        weights = weights.reshape(*weights.shape[:2], 1, -1)
    if weights.ndim == 2:
        weights = weights.reshape(*_pixels_before(layer), -1)
    return weights[:, :, :FIRST_CHANNELS, :MOST_MAPS]


def _pixels_before(layer: keras.layers.Layer) -> tuple[int, ...]:
    """Height, width and channels of what was made flat for a dense layer; else empty."""
    before = layer.input._keras_history.operation
    while len(before.input.shape) != 4:
        before = before.input._keras_history.operation
    flat = isinstance(before, keras.layers.Flatten)
    return tuple(before.input.shape[1:]) if flat else ()


def _histogram(
    values: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int32], list[float]]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.zeros(BINS, np.int32), [0.0, 0.0]
    counts, edges = np.histogram(finite, BINS)
    return counts.astype(np.int32), [float(edges[0]), float(edges[-1])]


def _silent(values: npt.NDArray[np.float32]) -> float:
    """Share of units (maps, or numbers of a vector) that are 0 for every picture."""
    axes = tuple(range(values.ndim - 1))
    return float((values == 0).all(axis=axes).mean())
