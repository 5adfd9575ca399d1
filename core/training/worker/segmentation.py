"""Telling the class of every pixel: pictures, network and loss of a run, and what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.dataset import Split
from core.data.masked import MaskedSet, Masks, middle_of
from core.training.segmentation import SegmentationSpec
from core.training.worker.classification import Classifier, Indices, Judgement
from core.training.worker.looking import as_list
from core.training.worker.mask_losses import mask_loss, picture_losses
from core.training.worker.mask_networks import network_of
from core.vision.metrics.labels import ious_of, mean_of

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MaskJudgement(Judgement):
    """How the network does on some pictures, pixel by pixel.

    The inherited `accuracy` is the mean IoU, and `predicted` the largest class of each picture
    besides the background; `probabilities` is empty.

    Attributes:
        counts: (classes, classes) int64: pixels, true classes down, predicted ones across.
        loss_of_all: mean over the batches that were judged.
    """

    counts: npt.NDArray[np.int64]
    loss_of_all: float

    @property
    def loss(self) -> float:
        """Of all pictures. Dice is counted over batches and has no value for one picture."""
        return self.loss_of_all

    @property
    def class_ious(self) -> Floats:
        """(classes,) float32; nan for a class that is neither there nor predicted."""
        return ious_of(self.counts).astype(np.float32)

    def told(self) -> dict[str, Any]:
        """What an "epoch" event says of it."""
        right = float(np.trace(self.counts) / max(self.counts.sum(), 1))
        inherited = Judgement.told(self)
        return {**inherited, "class_ious": self.class_ious, "pixel_accuracy": right}


class Segmentation(Classifier):
    """A U-Net, or a decoder on a pretrained encoder, that learns masks."""

    dataset: MaskedSet
    looked_at = 4

    def __init__(self, spec: SegmentationSpec, dataset: MaskedSet, split: Split) -> None:
        """Build the network; the same seed gives the same weights."""
        network = network_of(spec, dataset.shape, len(dataset.class_names))
        model = network.model
        super().__init__(spec, dataset, split, model)
        self._kind = spec.mask_loss
        self._flips = spec.augmentation == "flip"
        self._generator = tf.random.Generator.from_seed(spec.seed)
        height, width = model.output_shape[1:3]
        self.truth = middle_of(dataset.masks, (height, width))
        self._masks = tf.constant(self.truth)
        self.trainable = network.trainable
        self.layers = network.layers
        self.shown = network.shown
        self._learning = network.learning
        inner = keras.Model(model.input, network.outputs)
        self._look = tf.function(lambda pictures: as_list(inner(pictures, training=False)))
        self._predict = tf.function(
            self._predicted, input_signature=[tf.TensorSpec((None,), tf.int32)]
        )

    def target(self, indices: tf.Tensor) -> tf.Tensor:
        """(n, h, w, classes) float32, one-hot."""
        return tf.one_hot(tf.gather(self._masks, indices), len(self.dataset.class_names))

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Picture and mask mirrored together, each way with a chance of one half."""
        if not self._flips:
            return pictures, target
        chances = self._generator.uniform((2, tf.shape(pictures)[0], 1, 1, 1))
        for axis in (1, 2):
            turn = chances[axis - 1] < 0.5
            pictures = tf.where(turn, tf.reverse(pictures, [axis]), pictures)
            target = tf.where(turn, tf.reverse(target, [axis]), target)
        return pictures, target

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits in training mode."""
        return self._learning(pictures)

    def loss(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Of the batch."""
        return mask_loss(self._kind, target, output)

    def score(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Mean IoU over the batch, of the classes that are there or predicted."""
        said = tf.one_hot(tf.argmax(output, -1), target.shape[-1])
        both = tf.reduce_sum(target * said, axis=(0, 1, 2))
        either = tf.reduce_sum(tf.maximum(target, said), axis=(0, 1, 2))
        there = tf.cast(either > 0, tf.float32)
        ious = tf.math.divide_no_nan(both, either)
        return tf.reduce_sum(ious) / tf.reduce_sum(there)

    def look(self, indices: Indices) -> list[Floats]:
        """What each of the `shown` layers gives for these pictures."""
        return [
            output.numpy() for output in self._look(self.pictures(indices.astype(np.int32)))
        ]

    def masks_of(self, indices: Indices) -> tuple[Masks, Floats]:
        """What the network says of pictures, as outside of training.

        Returns:
            (n, h, w) uint8 classes, and (n, h, w) float32 how likely each is.
        """
        labels, sure = self._predict(indices.astype(np.int32))
        return labels.numpy(), sure.numpy()

    def judge(self, indices: Indices) -> MaskJudgement:
        """Let the network answer, as it would outside of training."""
        parts = [
            [value.numpy() for value in self._judge(part.astype(np.int32))]
            for part in np.split(indices, range(self._chunk, len(indices), self._chunk))
        ]
        losses, batches, counts, largest = (list(column) for column in zip(*parts, strict=True))
        sizes = [len(loss) for loss in losses]
        total = np.stack(counts).astype(np.int64).sum(0)
        return MaskJudgement(
            losses=np.concatenate(losses),
            predicted=np.concatenate(largest).astype(np.uint16),
            probabilities=np.empty((len(indices), 0), np.float32),
            accuracy=mean_of(ious_of(total)),
            counts=total,
            loss_of_all=float(np.average(batches, weights=sizes)),
        )

    def _judged(self, indices: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Loss of each picture, loss of all, confusion of pixels, largest class of each."""
        target, logits = self.target(indices), self.answer(indices)
        losses = picture_losses(self._kind, target, logits)
        said = tf.one_hot(tf.argmax(logits, -1), target.shape[-1])
        counts = tf.einsum("nhwt,nhws->ts", target, said)
        areas = tf.reduce_sum(said, axis=(1, 2))[:, 1:]
        largest = tf.where(
            tf.reduce_max(areas, -1) > 0, tf.argmax(areas, -1) + 1, tf.zeros((), tf.int64)
        )
        return losses, mask_loss(self._kind, target, logits), counts, largest

    def _predicted(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        shares = tf.nn.softmax(self.answer(indices))
        return tf.cast(tf.argmax(shares, -1), tf.uint8), tf.reduce_max(shares, -1)
