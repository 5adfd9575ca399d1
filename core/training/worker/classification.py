"""Telling classes apart: pictures, network and loss of a run, and what is judged of it."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.dataset import Dataset, Split
from core.models.build import build
from core.training.judging import at_once
from core.training.spec import RunSpec, TrainingSpec
from core.training.worker.augmentation import PipelineDraws, layers_of
from core.training.worker.looking import as_list, shown_layers
from core.training.worker.losses import per_picture

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

    def told(self) -> dict[str, Any]:
        """What an "epoch" event says of it."""
        return {
            "validation_loss": self.loss,
            "validation_accuracy": self.accuracy,
            "predicted": self.predicted,
            "losses": self.losses,
        }


class Classifier:
    """A network that learns to tell the classes of a data set apart.

    Attributes:
        dataset: the pictures.
        split: which of them are for what.
        model: takes pictures in 0..255, gives logits.
        trainable: those of its weights that are learnt.
        layers: name and places in `trainable` of each layer that has some.
        shown: layers whose activations `look` gives.
        looked_at: pictures that their histograms are made of.
        part_names: what is told of each batch beside loss and score.
    """

    trainable: list[keras.Variable]
    layers: list[tuple[str, list[int]]]
    shown: list[str]
    looked_at: int = 32
    part_names: tuple[str, ...] = ()

    def __init__(
        self, spec: TrainingSpec, dataset: Dataset, split: Split, model: keras.Model
    ) -> None:
        """The subclass says what is trainable, and how the network answers."""
        self._spec = spec
        self.dataset = dataset
        self.split = split
        self.model = model
        self._augmentation = layers_of(spec.augmentation, spec.augmentation_strength, spec.seed)
        self._pipeline = PipelineDraws(spec.augments, spec.seed)
        self._loss = per_picture(spec)
        self._images = tf.constant(dataset.images)
        self._labels = tf.constant(dataset.labels, tf.int32)
        self._chunk = chunk_of(model)
        self._judge = tf.function(
            self._judged, input_signature=[tf.TensorSpec((None,), tf.int32)]
        )

    @property
    def training(self) -> Indices:
        """Where the training pictures are."""
        return self.split.training

    def batch(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Pictures and one-hot classes."""
        return self.pictures(indices), self.target(indices)

    def pictures(self, indices: tf.Tensor) -> tf.Tensor:
        """(n, H, W, C) float32 in 0..255."""
        return tf.cast(tf.gather(self._images, indices), tf.float32)

    def target(self, indices: tf.Tensor) -> tf.Tensor:
        """(n, classes) float32, one-hot."""
        return tf.one_hot(tf.gather(self._labels, indices), len(self.dataset.class_names))

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The batch after the run's pipeline."""
        return self._pipeline(pictures, target)

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits in training mode, of pictures that are changed at random."""
        for layer in self._augmentation:
            pictures = layer(pictures, training=True)
        return self.learning(pictures)

    def learning(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits in training mode."""
        return self.model(pictures, training=True)

    def answer(self, indices: tf.Tensor) -> tf.Tensor:
        """Logits as outside of training."""
        return self.model(self.pictures(indices), training=False)

    def look(self, indices: Indices) -> list[npt.NDArray[np.float32]]:
        """What each of the `shown` layers gives for these pictures."""
        raise NotImplementedError

    def loss(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Mean over the batch."""
        return tf.reduce_mean(self._loss(target, output))

    def score(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """Share of right answers."""
        right = tf.equal(tf.argmax(target, -1), tf.argmax(output, -1))
        return tf.reduce_mean(tf.cast(right, tf.float32))

    def parts(self, target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        """(k,) numbers that go by `part_names`."""
        return tf.zeros((len(self.part_names),))

    def judge(self, indices: Indices) -> Judgement:
        """Let the network answer, as it would outside of training."""
        parts = [
            self._judge(indices[at : at + self._chunk].astype(np.int32))
            for at in range(0, len(indices), self._chunk)
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
        logits = self.answer(indices)
        return self._loss(self.target(indices), logits), tf.nn.softmax(logits)


class Classification(Classifier):
    """A network of rows, which learns from its first weights on."""

    def __init__(self, spec: RunSpec, dataset: Dataset, split: Split) -> None:
        """Build the network; the same seed gives the same weights."""
        with seeded(spec.seed):
            model = build(
                spec.architecture,
                dataset.shape,
                len(dataset.class_names),
                norm_order=spec.norm_order,
                initializer=spec.initializer,
                head_dropout=spec.dropout,
                dropout_seed=spec.seed,
            )
        super().__init__(spec, dataset, split, model)
        self.trainable = self.model.trainable_variables
        self.layers = layers_with_weights(self.model)
        self.shown, outputs = shown_layers(self.model)
        inner = keras.Model(self.model.input, outputs)
        self._look = tf.function(lambda pictures: as_list(inner(pictures, training=False)))

    def look(self, indices: Indices) -> list[npt.NDArray[np.float32]]:
        """What each of the `shown` layers gives for these pictures."""
        outputs = self._look(self.pictures(indices.astype(np.int32)))
        return [output.numpy() for output in outputs]


def chunk_of(model: keras.Model) -> int:
    """Pictures that go through at once, so that no layer's output takes too much."""
    outputs = [layer.output for layer in model.layers if hasattr(layer.output, "shape")]
    largest = max(int(np.prod(output.shape[1:])) for output in outputs)
    return at_once(largest)


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


def layers_with_weights(model: keras.Model) -> list[tuple[str, list[int]]]:
    """Name, and places among the trainable variables, of each layer that has some."""
    places = {id(variable): place for place, variable in enumerate(model.trainable_variables)}
    return [
        (layer.name, [places[id(variable)] for variable in layer.trainable_variables])
        for layer in model.layers
        if layer.trainable_variables
    ]
