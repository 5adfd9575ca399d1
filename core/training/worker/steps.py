"""Several steps of the optimiser in one call, which a command can end after any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

Floats = npt.NDArray[np.float32]


class Task(Protocol):
    """What is learnt: pictures, network and loss. All methods are traced into the step."""

    trainable: list[keras.Variable]
    layers: list[tuple[str, list[int]]]
    """Names of the layers with weights, and which of `trainable` are theirs."""

    def batch(self, indices: tf.Tensor) -> tuple[tf.Tensor, Any]:
        """Pictures (n, H, W, C) float32 in 0..255, and their targets."""

    def drawn(self, pictures: tf.Tensor, target: Any) -> tuple[tf.Tensor, Any]:  # noqa: ANN401
        """What is learnt from in place of a batch: pictures changed, targets mixed."""

    def forward(self, pictures: tf.Tensor) -> Any:  # noqa: ANN401 - whatever the network gives
        """The network's output in training mode."""

    def loss(self, target: Any, output: Any) -> tf.Tensor:  # noqa: ANN401
        """Scalar."""

    def score(self, target: Any, output: Any) -> tf.Tensor:  # noqa: ANN401
        """Scalar from 0 to 1; for classes the accuracy."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What some steps have given.

    Attributes:
        loss: (steps,) of each batch, before its step.
        score: (steps,), the same for the score.
        norms: (3, layers): length of gradient, weights and update in the last step.
    """

    loss: Floats
    score: Floats
    norms: Floats


class Steps:
    """The compiled steps of one network and one optimiser, which is built."""

    def __init__(
        self, task: Task, optimizer: keras.optimizers.Optimizer, interrupt: tf.Variable
    ) -> None:
        self._task = task
        self.optimizer = optimizer
        self._interrupt = interrupt
        self.rate = tf.Variable(float(optimizer.learning_rate), trainable=False)
        self.compile()

    def compile(self) -> None:
        """Forget the compiled steps: something that is a constant in them has changed."""
        signature = [
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None,), tf.float32),
        ]
        self._block = tf.function(self._steps, input_signature=signature)

    def run(self, order: npt.NDArray[np.int32], factors: Floats) -> Block:
        """Do the steps, fewer where a command comes in or the loss is no longer a number.

        Args:
            order: (steps, batch) indices of the pictures.
            factors: (steps,) what the learning rate is multiplied by.
        """
        done, loss, score, norms = self._block(order, factors)
        count = int(done)
        return Block(loss.numpy()[:count], score.numpy()[:count], norms.numpy())

    def _steps(self, order: tf.Tensor, factors: tf.Tensor) -> tuple[tf.Tensor, ...]:
        count = tf.shape(order)[0]
        losses = tf.TensorArray(tf.float32, count, element_shape=())
        scores = tf.TensorArray(tf.float32, count, element_shape=())
        norms = tf.zeros((3, len(self._task.layers)))
        done = 0
        healthy = True
        while done < count and healthy and not self._interrupt:
            self.optimizer.learning_rate.assign(self.rate * factors[done])
            loss, score, norms = self._step(order[done])
            losses = losses.write(done, loss)
            scores = scores.write(done, score)
            healthy = tf.math.is_finite(loss)
            done += 1
        return done, losses.stack(), scores.stack(), norms

    def _step(self, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        task = self._task
        pictures, target = task.drawn(*task.batch(indices))
        with tf.GradientTape() as tape:
            output = task.forward(pictures)
            loss = task.loss(target, output)
        variables = [variable.value for variable in task.trainable]
        gradients = tape.gradient(loss, variables)
        before = [tf.identity(variable) for variable in variables]
        with tf.control_dependencies(before):
            self.optimizer.apply(gradients, task.trainable)
        after = [variable.value.read_value() for variable in task.trainable]
        updates = [new - old for new, old in zip(after, before, strict=True)]
        norms = tf.stack([self._lengths(part) for part in (gradients, before, updates)])
        return loss, task.score(target, output), norms

    def _lengths(self, tensors: list[tf.Tensor]) -> tf.Tensor:
        """(layers,) Euclidean length of each layer's part."""
        groups = [[tensors[place] for place in places] for _, places in self._task.layers]
        return tf.stack([tf.linalg.global_norm(group) for group in groups])
