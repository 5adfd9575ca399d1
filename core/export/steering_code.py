"""What is set before a step, as Keras statements: schedule, and changes made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import indent

from core.architecture import HEAD_DROPOUT
from core.export.optimizer_code import MOMENTUM
from core.training.spec import Change, TrainingSpec


def steers(spec: TrainingSpec) -> bool:
    """Whether anything is set before a step."""
    return spec.schedule != "constant" or bool(spec.warmup_epochs or spec.changes)


def steering(spec: TrainingSpec) -> str:
    """The callback that sets the learning rate before each step, and repeats changes."""
    if not steers(spec):
        return ""
    about = "Every step has its learning rate"
    if spec.changes:
        about += "; what was changed by hand changes at the same steps"
    changes = indent("\n".join(_changes(spec)) + "\n", "        ") if spec.changes else ""
    return f"""\
# {about}.
STEPS_PER_EPOCH = -(-len(training) // {spec.batch_size})


def factor(step):
{indent(_factor(spec), "    ")}


class Steering(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.rate, self.step = {spec.begins_at!r}, 0

    def on_train_batch_begin(self, batch, logs=None):
{changes}        optimizer.learning_rate = self.rate * factor(self.step)
        self.step += 1


steering = Steering()"""


def _changes(spec: TrainingSpec) -> Iterator[str]:
    """What was changed by hand, at the same steps."""
    for step, group in groupby(spec.changes, key=lambda change: change.step):
        changes = list(group)
        yield f"if self.step == {step}:"
        yield from (f"    {_change(spec, change)}" for change in changes)
        if any(change.setting != "learning_rate" for change in changes):
            yield "    self.model.make_train_function(force=True)  # compile anew"


def _change(spec: TrainingSpec, change: Change) -> str:
    if change.setting == "learning_rate":
        return f"self.rate = {change.value!r}"
    if change.setting == "momentum":
        return f"optimizer.{MOMENTUM.get(spec.optimizer, 'momentum')} = {change.value!r}"
    if change.setting == "dropout":
        return f'model.get_layer("{HEAD_DROPOUT}").rate = {change.value!r}'
    return f"augmentation[:] = augmenting({change.value!r})"


def _factor(spec: TrainingSpec) -> str:
    """The body of the function that gives the schedule's factor."""
    lines = []
    if spec.warmup_epochs:
        lines = [
            f"warmup = {spec.warmup_epochs} * STEPS_PER_EPOCH",
            "if step < warmup:",
            "    return (step + 1) / (warmup + 1)",
            "step -= warmup",
        ]
    period = f"({spec.decay_epochs} * STEPS_PER_EPOCH)"
    total = f"max({spec.epochs - spec.warmup_epochs} * STEPS_PER_EPOCH, 1)"
    return "\n".join(
        lines
        + {
            "constant": ["return 1.0"],
            "step": [f"return {spec.decay!r} ** (step // {period})"],
            "exponential": [f"return {spec.decay!r} ** (step / {period})"],
            "cosine": [f"return 0.5 * (1 + np.cos(np.pi * min(step / {total}, 1)))"],
        }[spec.schedule]
    )
