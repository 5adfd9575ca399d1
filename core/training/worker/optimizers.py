"""Keras' optimisers from a run's settings."""

from __future__ import annotations

from typing import Any

import keras

from core.training.spec import RunSpec


def optimizer_of(spec: RunSpec) -> keras.optimizers.Optimizer:
    """The optimiser of a run, not built yet."""
    common: dict[str, Any] = {"learning_rate": spec.learning_rate}
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
        return keras.optimizers.SGD(momentum=spec.momentum, nesterov=nesterov, **common)
    if spec.optimizer == "rmsprop":
        return keras.optimizers.RMSprop(rho=spec.momentum, **common)
    if spec.optimizer == "adagrad":
        return keras.optimizers.Adagrad(**common)
    if spec.optimizer == "adamw":
        # Keras' own default of 0.004 would be a decay that nobody has set.
        return keras.optimizers.AdamW(beta_1=spec.momentum, **{"weight_decay": 0.0} | common)
    return keras.optimizers.Adam(beta_1=spec.momentum, **common)


def set_momentum(optimizer: keras.optimizers.Optimizer, value: float) -> None:
    """Change what `RunSpec.momentum` means for this optimiser; compiled steps keep the old."""
    for name in ("momentum", "rho", "beta_1"):
        if isinstance(optimizer, keras.optimizers.RMSprop) and name == "momentum":
            continue
        if hasattr(optimizer, name):
            setattr(optimizer, name, value)
            return
