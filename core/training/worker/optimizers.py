"""Keras' optimisers from a run's settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from core.training.spec import RunSettings, TrainingSpec

_MOMENTUM = {
    "momentum": "momentum",
    "nesterov": "momentum",
    "rmsprop": "rho",
    "adam": "beta_1",
    "adamw": "beta_1",
}
"""What `RunSettings.momentum` is called by Keras."""


def optimizer_of(
    spec: TrainingSpec, variables: Sequence[keras.Variable]
) -> keras.optimizers.Optimizer:
    """The optimiser of a run, built for the weights of its network."""
    optimizer = _optimizer(spec)
    # There is one replica; TensorFlow would keep the graph of every reduction over them for
    # ever, 45 MB a run of the small ResNet.
    optimizer._all_reduce_sum_gradients = lambda pairs: pairs
    optimizer.build(variables)
    if spec.optimizer in _MOMENTUM:
        set_momentum(optimizer, spec, spec.momentum)
    return optimizer


def set_momentum(
    optimizer: keras.optimizers.Optimizer, spec: RunSettings, value: float
) -> None:
    """Change `RunSettings.momentum` of this optimiser; compiled steps keep the old."""
    setattr(optimizer, _MOMENTUM[spec.optimizer], value)


def _optimizer(spec: TrainingSpec) -> keras.optimizers.Optimizer:
    common: dict[str, Any] = {"learning_rate": spec.begins_at}
    if spec.weight_decay:
        common["weight_decay"] = spec.weight_decay
    if spec.clipping == "norm":
        common["global_clipnorm"] = spec.clip
    elif spec.clipping == "value":
        common["clipvalue"] = spec.clip
    if spec.optimizer == "sgd":
        return keras.optimizers.SGD(**common)
    if spec.optimizer in ("momentum", "nesterov"):
        nesterov = spec.optimizer == "nesterov"
        # Without a momentum at first, Keras would have no velocities if it is raised later.
        momentum = spec.momentum or 0.5
        return keras.optimizers.SGD(momentum=momentum, nesterov=nesterov, **common)
    if spec.optimizer == "rmsprop":
        return keras.optimizers.RMSprop(rho=spec.momentum, **common)
    if spec.optimizer == "adagrad":
        return keras.optimizers.Adagrad(**common)
    if spec.optimizer == "adamw":
        # Keras' own default of 0.004 would be a decay that nobody has set.
        return keras.optimizers.AdamW(beta_1=spec.momentum, **{"weight_decay": 0.0} | common)
    return keras.optimizers.Adam(beta_1=spec.momentum, **common)
