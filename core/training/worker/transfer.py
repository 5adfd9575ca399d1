"""A head on a pretrained backbone, alone or together with some of the backbone's blocks."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.data.dataset import Dataset, Split
from core.training.transfer import TransferSpec
from core.training.worker.backbones import POOLINGS, Backbone, borrowed, taken
from core.training.worker.classification import HEAD_DROPOUT, Classifier, Indices, seeded
from core.training.worker.features import Features, Known
from core.training.worker.loop import epoch_order
from core.training.worker.optimizers import optimizer_of
from core.training.worker.preparation import Preparation
from core.training.worker.steps import Steps

Floats = npt.NDArray[np.float32]


class Network:
    """Backbone and head, from raw pictures to logits.

    Attributes:
        backbone: pictures to features.
        features: those that the head takes, as Keras' graph has them.
        body: the same as a model with the pooling that the head wants.
        head: features to logits.
        model: both together.
    """

    def __init__(self, backbone: Backbone, spec: TransferSpec, classes: int) -> None:
        self.backbone = backbone
        self.features = features = backbone.pooled[spec.pooling]
        with seeded(spec.seed):
            x = features
            if spec.dense:
                x = keras.layers.Dense(spec.dense, activation="relu", name="head_dense")(x)
            x = keras.layers.Dropout(spec.dropout, seed=spec.seed, name=HEAD_DROPOUT)(x)
            logits = keras.layers.Dense(classes, name="output")(x)
        self.model = keras.Model(backbone.input, logits, name="transfer")
        self.body = keras.Model(backbone.input, features)
        self.head = keras.Model(features, logits)

    @property
    def learnt_in_head(self) -> list[keras.layers.Layer]:
        """Layers of the head with weights."""
        return [layer for layer in self.head.layers if layer.weights]


class Transfer(Classifier):
    """What all three ways share: how the network is looked at."""

    looked_at = 8

    def __init__(
        self, spec: TransferSpec, dataset: Dataset, split: Split, network: Network
    ) -> None:
        """The subclass says what is trainable, and how the network answers."""
        super().__init__(spec, dataset, split, network.model)
        self.network = network
        self._pooling = POOLINGS.index(spec.pooling)
        heads = network.learnt_in_head
        blocks = [name for name, _ in network.backbone.blocks]
        self.shown = [*blocks, "features", *(layer.name for layer in heads)]
        inner = keras.Model(network.features, [layer.output for layer in heads])
        self._inner = tf.function(lambda features: inner(features, training=False))

    def look(self, indices: Indices) -> list[Floats]:
        """What each of the `shown` layers gives for these pictures."""
        *ends, average, most = self.seen(indices)
        features = (average, most)[self._pooling]
        heads = self._inner(tf.constant(features))
        heads = heads if isinstance(heads, list | tuple) else [heads]
        return [*ends, features, *(head.numpy() for head in heads)]

    def seen(self, indices: Indices) -> list[Floats]:
        """What the backbone makes of these pictures, see `Backbone.see`."""
        return self.network.backbone.see(self.pictures(indices.astype(np.int32)))

    def _learn(self, named: Sequence[tuple[str, Sequence[keras.layers.Layer]]]) -> None:
        """Take what is trainable out of groups of layers."""
        self.trainable = []
        self.layers = []
        for name, layers in named:
            variables = [v for layer in layers for v in layer.trainable_variables]
            if variables:
                first = len(self.trainable)
                self.layers.append((name, list(range(first, first + len(variables)))))
                self.trainable += variables


class OnFeatures(Transfer):
    """A head that learns from features, which a frozen backbone has computed beforehand."""

    def __init__(
        self,
        spec: TransferSpec,
        dataset: Dataset,
        split: Split,
        network: Network,
        features: tuple[Known, list[Known]],
    ) -> None:
        """Take what is known of the pictures, and of their versions."""
        super().__init__(spec, dataset, split, network)
        plain, versions = features
        self._plain = tf.constant(plain.pooled(spec.pooling))
        self._versions = tf.constant(np.stack([v.pooled(spec.pooling) for v in versions]))
        self._targets = tf.constant(np.stack([version.target for version in versions]))
        self._generator = tf.random.Generator.from_seed(spec.seed)
        self._learn([(layer.name, [layer]) for layer in network.learnt_in_head])
        self._seen: tuple[bytes, list[Floats]] = (b"", [])

    def batch(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Features of a version of each picture, and its classes."""
        count = self._versions.shape[0]
        drawn = self._generator.uniform(tf.shape(indices), 0, count, tf.int32)
        places = tf.stack([drawn, indices], axis=-1)
        return tf.gather_nd(self._versions, places), tf.gather_nd(self._targets, places)

    def drawn(self, pictures: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The batch as it is: its pictures were changed before the features were computed."""
        return pictures, target

    def forward(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits of features in training mode."""
        return self.network.head(pictures, training=True)

    def answer(self, indices: tf.Tensor) -> tf.Tensor:
        """Logits as outside of training."""
        return self.network.head(tf.gather(self._plain, indices), training=False)

    def seen(self, indices: Indices) -> list[Floats]:
        """What the backbone makes of these pictures: always the same, so it looks once."""
        if self._seen[0] != indices.tobytes():
            self._seen = indices.tobytes(), super().seen(indices)
        return self._seen[1]


class OnPictures(Transfer):
    """A head that learns together with the backbone, or with some of its blocks."""

    def __init__(
        self, spec: TransferSpec, dataset: Dataset, split: Split, network: Network
    ) -> None:
        """Open the blocks that are learnt."""
        super().__init__(spec, dataset, split, network)
        backbone = network.backbone
        whole = spec.way == "scratch"
        backbone.open(len(backbone.blocks) if whole else spec.open_blocks)
        self._as_in_inference = not whole and spec.keep_statistics
        heads = [(layer.name, [layer]) for layer in network.learnt_in_head]
        self._learn([*backbone.blocks, *heads])

    def learning(self, pictures: tf.Tensor) -> tf.Tensor:
        """Logits in training mode."""
        features = self.network.body(pictures, training=not self._as_in_inference)
        return self.network.head(features, training=True)


def transfer_task(
    spec: TransferSpec, dataset: Dataset, split: Split, preparation: Preparation
) -> Transfer:
    """Everything up to the first step: the network, the features, the head before fine-tuning.

    Raises:
        StoppedError: somebody has stopped the run.
        ZooError: the backbone's hub cannot be reached.
        AssetError: its file is not on this machine.
    """
    preparation.at("network", 0, 1)
    shape, classes = dataset.shape, len(dataset.class_names)
    if spec.way == "scratch":
        backbone = Backbone(spec.backbone, shape, spec.side, seed=spec.seed)
        return OnPictures(spec, dataset, split, Network(backbone, spec, classes))
    take = borrowed if spec.way == "frozen" else taken
    network = Network(take(spec.backbone, shape, spec.side), spec, classes)
    preparation.at("network", 1, 1)
    if spec.way == "finetune" and not spec.head_epochs:
        return OnPictures(spec, dataset, split, network)
    features = Features(network.backbone, dataset, spec, preparation)
    known = features.versions(split.training, split.validation)
    if spec.way == "frozen":
        return OnFeatures(spec, dataset, split, network, known)
    _train_head(OnFeatures(spec, dataset, split, network, known), spec, preparation)
    return OnPictures(spec, dataset, split, network)


def _train_head(task: OnFeatures, spec: TransferSpec, preparation: Preparation) -> None:
    """Train the head alone, so that fine-tuning does not begin with random gradients."""
    alone = spec.head_alone()
    interrupt = tf.Variable(initial_value=False, trainable=False)
    steps = Steps(task, optimizer_of(alone, task.trainable), interrupt)
    for epoch in range(alone.epochs):
        order = epoch_order(task.training, spec.seed, epoch)
        whole = len(order) // spec.batch_size * spec.batch_size
        parts = [order[:whole].reshape(-1, spec.batch_size), order[None, whole:]]
        blocks = [
            steps.run(rows, np.ones(len(rows), np.float32)) for rows in parts if rows.size
        ]
        judged = task.judge(task.split.validation)
        preparation.at(
            "head",
            epoch + 1,
            alone.epochs,
            loss=float(np.concatenate([block.loss for block in blocks]).mean()),
            accuracy=float(np.concatenate([block.score for block in blocks]).mean()),
            validation_loss=judged.loss,
            validation_accuracy=judged.accuracy,
        )
