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
    part_names: tuple[str, ...]
    """What each of its parts is called."""

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

    def parts(self, target: Any, output: Any) -> tf.Tensor:  # noqa: ANN401
        """(k,) what the loss is made of and what is followed beside it; k may be 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What some steps have given.

    Attributes:
        loss: (steps,) of each batch, before its step.
        score: (steps,), the same for the score.
        parts: (steps, k), the same for the parts.
        norms: (3, layers): length of gradient, weights and update in the last step that was
            planned; where a command came in before it, of the steps before these.
    """

    loss: Floats
    score: Floats
    parts: Floats
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
        self._norms: Floats = np.zeros((3, len(task.layers)), np.float32)
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
        done, loss, score, parts, norms = self._block(order, factors)
        count = int(done)
        if count == len(order):
            self._norms = norms.numpy()
        loss, score, parts = (values.numpy()[:count] for values in (loss, score, parts))
        return Block(loss, score, parts, self._norms)

    def _steps(self, order: tf.Tensor, factors: tf.Tensor) -> tuple[tf.Tensor, ...]:
        count = tf.shape(order)[0]
        losses = tf.TensorArray(tf.float32, count, element_shape=())
        scores = tf.TensorArray(tf.float32, count, element_shape=())
        parts = tf.TensorArray(tf.float32, count, element_shape=(len(self._task.part_names),))
        norms = tf.zeros((3, len(self._task.layers)))
        done = 0
        healthy = True
        while done < count and healthy and not self._interrupt:
            self.optimizer.learning_rate.assign(self.rate * factors[done])
            loss, score, part, norms = self._step(order[done], done == count - 1)
            losses = losses.write(done, loss)
            scores = scores.write(done, score)
            parts = parts.write(done, part)
            healthy = tf.math.is_finite(loss)
            done += 1
        return done, losses.stack(), scores.stack(), parts.stack(), norms

    def _step(
        self, indices: tf.Tensor, measured: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
        """One step; lengths are zeros where they are not to be measured.

        Copies and lengths of all weights in each step would take a tenth of the time of a
        small network.
        """
        task = self._task
        pictures, target = task.drawn(*task.batch(indices))
        with tf.GradientTape() as tape:
            output = task.forward(pictures)
            loss = task.loss(target, output)
        variables = [variable.value for variable in task.trainable]
        gradients = tape.gradient(loss, variables)
        before = tf.cond(measured, lambda: _flat(variables), lambda: tf.zeros((0,)))
        with tf.control_dependencies([before]):
            self.optimizer.apply(gradients, task.trainable)
        norms = tf.cond(
            measured,
            lambda: self._measured(gradients, before),
            lambda: tf.zeros((3, len(task.layers))),
        )
        return loss, task.score(target, output), task.parts(target, output), norms

    def _measured(self, gradients: list[tf.Tensor], before: tf.Tensor) -> tf.Tensor:
        """(3, layers) lengths of gradient, weights before the step, and update."""
        after = [variable.value.read_value() for variable in self._task.trainable]
        weights = [
            tf.reshape(part, value.shape)
            for part, value in zip(
                tf.split(before, [value.shape.num_elements() for value in after]),
                after,
                strict=True,
            )
        ]
        updates = [new - old for new, old in zip(after, weights, strict=True)]
        return tf.stack([self._lengths(part) for part in (gradients, weights, updates)])

    def _lengths(self, tensors: list[tf.Tensor]) -> tf.Tensor:
        """(layers,) Euclidean length of each layer's part."""
        groups = [[tensors[place] for place in places] for _, places in self._task.layers]
        return tf.stack([tf.linalg.global_norm(group) for group in groups])


def _flat(variables: list[tf.Variable]) -> tf.Tensor:
    """All numbers in a row: a copy that the next step does not change."""
    return tf.concat([tf.reshape(variable, (-1,)) for variable in variables], 0)
