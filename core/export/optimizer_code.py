"""Optimiser and loss of a run as Keras statements."""

from __future__ import annotations

from core.training.spec import TrainingSpec

MOMENTUM = {"rmsprop": "rho", "adam": "beta_1", "adamw": "beta_1"}
"""What Keras calls it; elsewhere "momentum"."""
LINE = 88
"""Characters in a line of the script."""


def optimizer(spec: TrainingSpec) -> str:
    """The expression that makes the optimiser."""
    momentum = spec.momentum or (0.5 if velocities(spec) else 0.0)
    name, given = {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f", momentum={momentum!r}"),
        "nesterov": ("SGD", f", momentum={momentum!r}, nesterov=True"),
        "rmsprop": ("RMSprop", f", rho={momentum!r}"),
        "adam": ("Adam", f", beta_1={momentum!r}"),
        "adamw": ("AdamW", f", beta_1={momentum!r}"),
        "adagrad": ("Adagrad", ""),
    }[spec.optimizer]
    if spec.weight_decay or spec.optimizer == "adamw":
        given += f", weight_decay={spec.weight_decay!r}"
    if spec.clipping != "off":
        bound = {"norm": "global_clipnorm", "value": "clipvalue"}[spec.clipping]
        given += f", {bound}={spec.clip!r}"
    arguments = f"learning_rate={spec.begins_at!r}{given}"
    line = f"keras.optimizers.{name}({arguments})"
    fits = len(f"optimizer = {line}") <= LINE
    return line if fits else f"keras.optimizers.{name}(\n    {arguments}\n)"


def velocities(spec: TrainingSpec) -> list[str]:
    """Statements for a momentum that is 0 at first and raised on the way."""
    rises = spec.optimizer in ("momentum", "nesterov") and largest(spec, "momentum")
    if spec.momentum or not rises:
        return []
    return [
        "optimizer.build(model.trainable_variables)  # with velocities, which it needs later",
        "optimizer.momentum = 0.0",
    ]


def loss(spec: TrainingSpec) -> list[str]:
    """Statements that make `loss`."""
    smooth = spec.label_smoothing
    extra = f", label_smoothing={smooth!r}" if smooth else ""
    if spec.loss == "crossentropy":
        return [f"loss = keras.losses.CategoricalCrossentropy(from_logits=True{extra})"]
    if spec.loss == "focal":
        return [f"loss = keras.losses.CategoricalFocalCrossentropy(from_logits=True{extra})"]
    value = {
        "hinge": "keras.losses.categorical_hinge(target, logits)",
        "squared_error": "keras.losses.mean_squared_error(target, keras.ops.softmax(logits))",
    }[spec.loss]
    smoothed = f"target = target * {1 - smooth!r} + {smooth!r} / target.shape[-1]"
    body = [smoothed] * bool(smooth) + [f"return {value}"]
    return ["", "", "def loss(target, logits):", *[f"    {line}" for line in body], "", ""]


def largest(spec: TrainingSpec, setting: str) -> float:
    """The largest value that a setting is changed to on the way; 0 where it is not."""
    return max((c.value for c in spec.changes if c.setting == setting), default=0.0)
