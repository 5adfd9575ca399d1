"""Finding objects: pictures, network and loss of a run, and what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.architecture.detector import anchors, assign
from core.data.boxed import BoxedSet
from core.data.dataset import Split
from core.models.box_losses import BOX_LOSSES, costs, mean_overlap
from core.models.detector import build
from core.training.detection import PARTS, DetectionSpec
from core.training.found import Found, Precision, precision_of, read_all
from core.training.worker.classification import (
    Classifier,
    Indices,
    Judgement,
    layers_with_weights,
    seeded,
)
from core.training.worker.looking import as_list

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class BoxJudgement(Judgement):
    """How the network does on some pictures.

    The inherited `accuracy` is AP50; `predicted` and `probabilities` are empty.

    Attributes:
        parts: (3,) float32: mean loss of boxes, objectness and classes.
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
    """A grid of cells that learns boxes."""

    dataset: BoxedSet
    looked_at = 4
    part_names = (*PARTS, "IoU")

    def __init__(self, spec: DetectionSpec, dataset: BoxedSet, split: Split) -> None:
        """Build the network; the same seed gives the same weights."""
        with seeded(spec.seed):
            model = build(
                spec.detector, dataset.shape, len(dataset.class_names),
                head_dropout=spec.dropout, dropout_seed=spec.seed,
            )  # fmt: skip
        super().__init__(spec, dataset, split, model)
        self._boxes = spec
        self._side = dataset.shape[0]
        self._anchors = anchors(spec.detector, self._side)
        self._flips = spec.augmentation == "flip"
        self._generator = tf.random.Generator.from_seed(spec.seed)
        self._targets = tf.constant(targets(spec, dataset))
        self.trainable = model.trainable_variables
        self.layers = layers_with_weights(model)
        shown = [
            layer
            for layer in model.layers
            if isinstance(layer, keras.layers.ReLU) or layer.name == "output"
        ]
        self.shown = [layer.name.removesuffix("_relu") for layer in shown]
        inner = keras.Model(model.input, [layer.output for layer in shown])
        self._look = tf.function(lambda pictures: as_list(inner(pictures, training=False)))

    def target(self, indices: tf.Tensor) -> tf.Tensor:
        """(n, S, S, anchors, 6), see `core.architecture.detector.assign`."""
        return tf.gather(self._targets, indices)

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Picture and boxes mirrored together, each way with a chance of one half."""
        if not self._flips:
            return pictures, target
        chances = self._generator.uniform((2, tf.shape(pictures)[0]))
        for way, axis in enumerate((1, 2)):
            turn = chances[way] < 0.5
            flipped = mirrored(target, axis, self._side)
            pictures = tf.where(
                turn[:, None, None, None], tf.reverse(pictures, [axis]), pictures
            )
            target = tf.where(turn[:, None, None, None, None], flipped, target)
        return pictures, target

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Raw numbers in training mode."""
        return self.learning(pictures)

    def loss(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Mean over the batch of the sum of the parts."""
        return tf.reduce_mean(tf.reduce_sum(self._costs(target, output), -1))

    def score(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """A batch has no average precision."""
        return tf.constant(np.nan, tf.float32)

    def parts(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """(4,) loss of boxes, objectness and classes, and the mean IoU of the boxes."""
        iou = mean_overlap(target, output, self._anchors, self._side)
        return tf.concat([tf.reduce_mean(self._costs(target, output), 0), [iou]], 0)

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
        return self._costs(self.target(indices), raw), raw

    def _costs(self, target: tf.Tensor, raw: tf.Tensor) -> tf.Tensor:
        spec = self._boxes
        box_loss = BOX_LOSSES[spec.box_loss]
        return costs(target, raw, self._anchors, self._side, box_loss, spec.weights)


def targets(spec: DetectionSpec, dataset: BoxedSet) -> Floats:
    """(n, S, S, anchors, 6) of every picture."""
    side = dataset.shape[0]
    return np.stack(
        [
            assign(spec.detector, side, boxes, labels).target
            for boxes, labels in zip(dataset.boxes, dataset.box_labels, strict=True)
        ]
    )


def mirrored(target: tf.Tensor, axis: int, side: int) -> tf.Tensor:
    """Targets of pictures that are turned upside down (axis 1) or to the side (axis 2)."""
    turned = tf.reverse(target, [axis])
    x0, y0, x1, y1, there, label = tf.unstack(turned, axis=-1)
    if axis == 2:
        x0, x1 = (side - x1) * there, (side - x0) * there
    else:
        y0, y1 = (side - y1) * there, (side - y0) * there
    return tf.stack([x0, y0, x1, y1, there, label], axis=-1)
