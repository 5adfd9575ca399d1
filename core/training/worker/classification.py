"""Telling classes apart: pictures, network and loss of a run, and what is judged of it."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.dataset import Dataset, Split
from core.models.build import build
from core.training.spec import RunSpec
from core.training.worker.augmentation import PipelineDraws, layers_of
from core.training.worker.losses import per_picture

CHUNK = 256
"""Pictures judged at once."""
HEAD_DROPOUT = "head_dropout"

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """How the network does on some pictures.

    Attributes:
        losses: (n,) float32.
        predicted: (n,) uint16, the likeliest class.
        probabilities: (n, classes) float32.
        accuracy: share of right answers.
    """

    losses: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.uint16]
    probabilities: npt.NDArray[np.float32]
    accuracy: float

    @property
    def loss(self) -> float:
        """Mean of the losses."""
        return float(self.losses.mean())


class Classification:
    """A network that tells the classes of a data set apart.

    Attributes:
        model: takes pictures in 0..255, gives logits.
        trainable: its weights.
        layers: name and places in `trainable` of each layer that has some.
    """

    def __init__(self, spec: RunSpec, dataset: Dataset, split: Split) -> None:
        """Build the network; the same seed gives the same weights."""
        self._spec = spec
        self.dataset = dataset
        self.split = split
        with seeded(spec.seed):
            self.model = build(
                spec.architecture,
                dataset.shape,
                len(dataset.class_names),
                norm_order=spec.norm_order,
                initializer=spec.initializer,
                head_dropout=spec.dropout,
                dropout_seed=spec.seed,
            )
        self._augmentation = layers_of(spec.augmentation, spec.augmentation_strength, spec.seed)
        self._pipeline = PipelineDraws(spec.augments, spec.seed)
        self.trainable = self.model.trainable_variables
        self.layers = _layers(self.model)
        self._loss = per_picture(spec)
        self._images = tf.constant(dataset.images)
        self._labels = tf.constant(dataset.labels, tf.int32)
        self._judge = tf.function(
            self._judged, input_signature=[tf.TensorSpec((None,), tf.int32)]
        )

    @property
    def training(self) -> Indices:
        """Where the training pictures are."""
        return self.split.training

    def batch(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Pictures and one-hot classes."""
        pictures = tf.cast(tf.gather(self._images, indices), tf.float32)
        classes = len(self.dataset.class_names)
        return pictures, tf.one_hot(tf.gather(self._labels, indices), classes)

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The batch after the run's pipeline."""
        return self._pipeline(pictures, target)

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits in training mode, of pictures that are changed at random."""
        for layer in self._augmentation:
            pictures = layer(pictures, training=True)
        return self.model(pictures, training=True)

    def loss(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Mean over the batch."""
        return tf.reduce_mean(self._loss(target, output))

    def score(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Share of right answers."""
        right = tf.equal(tf.argmax(target, -1), tf.argmax(output, -1))
        return tf.reduce_mean(tf.cast(right, tf.float32))

    def judge(self, indices: Indices) -> Judgement:
        """Let the network answer, as it would outside of training."""
        parts = [
            self._judge(indices[at : at + CHUNK].astype(np.int32))
            for at in range(0, len(indices), CHUNK)
        ]
        losses, probabilities = (
            np.concatenate([part[place].numpy() for part in parts]) for place in (0, 1)
        )
        predicted = probabilities.argmax(-1).astype(np.uint16)
        right = predicted == self.dataset.labels[indices]
        return Judgement(losses, predicted, probabilities, float(right.mean()))

    def set_dropout(self, rate: float) -> None:
        """Change the run's dropout; compiled steps keep the old rate."""
        layer = self.model.get_layer(HEAD_DROPOUT)
        layer.rate = rate
        if rate > 0 and not hasattr(layer, "seed_generator"):
            # Keras makes none for a rate of 0, and allows no new state once a layer is built.
            layer._tracker.unlock()
            layer.seed_generator = keras.random.SeedGenerator(self._spec.seed)
            layer._tracker.lock()

    def set_augmentation(self, strength: float) -> None:
        """Change how strongly pictures are changed; compiled steps keep the old strength."""
        self._augmentation = layers_of(self._spec.augmentation, strength, self._spec.seed)

    def _judged(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        pictures, target = self.batch(indices)
        logits = self.model(pictures, training=False)
        return self._loss(target, logits), tf.nn.softmax(logits)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Give Keras' layers the seeds that they have after `keras.utils.set_random_seed`.

    Keras takes them from `random.randint`. Other threads of a worker draw from the same
    generator (Tornado's timers, each second), and the weights would differ from time to time.
    """
    keras.utils.set_random_seed(seed)
    everybodys = random.randint
    random.randint = random.Random(seed).randint  # noqa: S311 - no secret
    try:
        yield
    finally:
        random.randint = everybodys


def _layers(model: keras.Model) -> list[tuple[str, list[int]]]:
    places = {id(variable): place for place, variable in enumerate(model.trainable_variables)}
    return [
        (layer.name, [places[id(variable)] for variable in layer.trainable_variables])
        for layer in model.layers
        if layer.trainable_variables
    ]
