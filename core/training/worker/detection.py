"""Finding objects: pictures, network and loss of a run, and what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.boxed import BoxedSet
from core.data.dataset import Split
from core.training.detection import DetectionSpec
from core.training.found import Found, Precision, precision_of, read_all
from core.training.worker.box_networks import network_of
from core.training.worker.classification import Classifier, Indices, Judgement
from core.training.worker.looking import as_list

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class BoxJudgement(Judgement):
    """How the network does on some pictures.

    The inherited `accuracy` is AP50; `predicted` and `probabilities` are empty.

    Attributes:
        parts: (k,) float32: mean of each part of the loss.
        precision: average precision.
        found: the boxes of each picture before suppression.
    """

    parts: Floats
    precision: Precision
    found: list[Found]

    def told(self) -> dict[str, Any]:
        """What an "epoch" event says of it."""
        return {**Judgement.told(self), **self.measured()}

    def measured(self) -> dict[str, Any]:
        """Average precision, and what the loss is made of."""
        return {
            "ap": self.precision.ap,
            "ap75": self.precision.ap75,
            "class_ap": self.precision.class_ap,
            "class_ap50": self.precision.class_ap50,
            "validation_parts": self.parts,
        }


class Detection(Classifier):
    """A network that learns boxes."""

    dataset: BoxedSet
    looked_at = 4

    def __init__(self, spec: DetectionSpec, dataset: BoxedSet, split: Split) -> None:
        """Build the network; the same seed gives the same weights."""
        network = network_of(spec, dataset)
        super().__init__(spec, dataset, split, network.model)
        self.part_names = (*spec.parts, "IoU")
        self._boxes = spec
        self._network = network
        self._side = dataset.shape[0]
        self._flips = spec.augmentation == "flip"
        self._generator = tf.random.Generator.from_seed(spec.seed)
        self._targets = tf.constant(network.targets)
        self.trainable = network.model.trainable_variables
        self.layers = network.layers
        self.shown = network.shown
        inner = keras.Model(network.model.input, network.outputs)
        self._look = tf.function(lambda pictures: as_list(inner(pictures, training=False)))

    def target(self, indices: tf.Tensor) -> tf.Tensor:
        """As the network's `targets` have it."""
        return tf.gather(self._targets, indices)

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Picture and boxes mirrored together, each way with a chance of one half."""
        if not self._flips:
            return pictures, target
        chances = self._generator.uniform((2, tf.shape(pictures)[0]))
        for way, axis in enumerate((1, 2)):
            turn = chances[way] < 0.5
            flipped = self._network.mirrored(target, axis)
            pictures = tf.where(_beside(turn, pictures), tf.reverse(pictures, [axis]), pictures)
            target = tf.where(_beside(turn, target), flipped, target)
        return pictures, target

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Raw numbers in training mode."""
        return self.learning(pictures)

    def loss(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Mean over the batch of the sum of the parts."""
        return tf.reduce_mean(tf.reduce_sum(self._network.costs(target, output), -1))

    def score(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """A batch has no average precision."""
        return tf.constant(np.nan, tf.float32)

    def parts(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """(k + 1,) the parts of the loss, and the mean IoU of the boxes that answer."""
        iou = self._network.overlap(target, output)
        return tf.concat([tf.reduce_mean(self._network.costs(target, output), 0), [iou]], 0)

    def look(self, indices: Indices) -> list[Floats]:
        """What each of the `shown` layers gives for these pictures."""
        return [
            output.numpy() for output in self._look(self.pictures(indices.astype(np.int32)))
        ]

    def judge(self, indices: Indices) -> BoxJudgement:
        """Let the network answer, as it would outside of training."""
        parts = [
            [value.numpy() for value in self._judge(part.astype(np.int32))]
            for part in np.split(indices, range(self._chunk, len(indices), self._chunk))
        ]
        costs, raws = (np.concatenate(column) for column in zip(*parts, strict=True))
        found = read_all(self._boxes, raws, self._side)
        precision = precision_of(found, self.dataset, indices)
        return BoxJudgement(
            losses=costs.sum(1),
            predicted=np.empty(0, np.uint16),
            probabilities=np.empty((len(indices), 0), np.float32),
            accuracy=precision.ap50,
            parts=costs.mean(0),
            precision=precision,
            found=found,
        )

    def _judged(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        raw = self.answer(indices)
        return self._network.costs(self.target(indices), raw), raw


def _beside(turn: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """(n, 1, ...) with as many axes as the values have."""
    return tf.reshape(turn, (-1, *(1 for _ in values.shape[1:])))
