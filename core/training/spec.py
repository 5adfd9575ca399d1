"""What a run is: data, network, optimiser, schedule, and when to stop."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypeVar

from core.architecture import PRESETS, Architecture, ArchitectureError, check, trace
from core.augment.spec import AugmentError, PipelineSpec
from core.augment.text import decode
from core.data.dataset import Dataset, Split
from core.data.spec import DataSpec
from core.training.errors import RunError

Optimizer = Literal["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"]
Schedule = Literal["constant", "step", "exponential", "cosine", "finder"]
Loss = Literal["crossentropy", "focal", "squared_error", "hinge"]
Clipping = Literal["off", "norm", "value"]
Augmentation = Literal["none", "shift", "rotate", "zoom", "flip", "all"]
Live = Literal["learning_rate", "momentum", "dropout", "augmentation_strength"]
"""What can be changed while a run goes."""

BOUNDS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-9, 10.0),
    "momentum": (0.0, 0.999),
    "dropout": (0.0, 0.9),
    "augmentation_strength": (0.0, 1.0),
}
"""What each live setting can be."""

LARGEST_SHIFT, LARGEST_TURN, LARGEST_ZOOM = 0.3, 45 / 360, 0.4
"""Augmentation at strength 1: share of the side, share of a full turn, share of the size."""

BYTES_A_NUMBER = 4
COPIES = 3
"""Of every activation: itself, its gradient, and what the kernel needs meanwhile."""

FINDER_STEPS = 150
"""Steps of a learning-rate search."""
FINDER_RANGE = (1e-6, 10.0)
"""The learning rates that it goes through."""


class Change(BaseModel):
    """A setting that was changed while the run went, or is to be changed when it is repeated.

    Attributes:
        step: the optimiser's steps done before it.
        setting: which one.
        value: what it became.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: int = Field(ge=0)
    setting: Live
    value: float = Field(ge=0, le=10)

    @model_validator(mode="after")
    def _in_bounds(self) -> Self:
        low, high = BOUNDS[self.setting]
        if not low <= self.value <= high:
            raise RunError(f"{self.setting} cannot be {self.value:g}. Use {low:g} to {high:g}.")
        return self


class RunSettings(BaseModel):
    """How a network is trained, whatever the network and the data are.

    Attributes:
        optimizer: which rule makes a step out of a gradient.
        learning_rate: length of the step, before the schedule's factor.
        momentum: momentum of "momentum" and "nesterov", rho of "rmsprop", beta_1 of "adam" and
            "adamw"; "sgd" and "adagrad" have none.
        schedule: how the learning rate changes; "finder" raises it until the loss explodes.
        decay: factor of "step" and "exponential".
        decay_epochs: epochs from one factor to the next.
        warmup_epochs: epochs in which the learning rate rises from 0.
        batch_size: pictures a step.
        epochs: how often every training picture is seen.
        seed: of the weights, the order, dropout and augmentation.
        weight_decay: share of each weight taken away per step, times the learning rate
            (decoupled: Loshchilov & Hutter 2019).
        dropout: share of units silenced before the output layer.
        label_smoothing: probability mass spread over all classes (Szegedy et al. 2016).
        clipping: of the gradient: "norm" scales all of it down to the length `clip`, "value"
            cuts every number at `clip`.
        clip: that bound.
        early_stopping: stop when the validation loss has not improved for `patience` epochs.
        patience: those epochs.
        restore_best: go back to the weights with the least validation loss.
        norm_order: batch norm before or after the activation.
        initializer: how the weights begin.
        loss: what is made small.
        augmentation: how training pictures are changed at random.
        augmentation_strength: from 0 (not) to 1 (a shift by 30 %, a turn by 45 degrees, a
            zoom by 40 %).
        pipeline: further augmentations as text, see `core.augment.text`; they may mix pictures
            and labels. Empty for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    optimizer: Optimizer = "adam"
    learning_rate: float = Field(0.001, gt=0, le=10)
    momentum: float = Field(0.9, ge=0, lt=1)
    schedule: Schedule = "constant"
    decay: float = Field(0.5, gt=0, le=1)
    decay_epochs: int = Field(2, ge=1, le=200)
    warmup_epochs: int = Field(0, ge=0, le=50)
    batch_size: int = Field(64, ge=1, le=2048)
    epochs: int = Field(5, ge=1, le=500)
    seed: int = Field(0, ge=0, le=9_999)
    weight_decay: float = Field(0.0, ge=0, le=1)
    dropout: float = Field(0.0, ge=0, le=0.9)
    label_smoothing: float = Field(0.0, ge=0, le=0.5)
    clipping: Clipping = "off"
    clip: float = Field(1.0, gt=0, le=100)
    early_stopping: bool = False
    patience: int = Field(3, ge=1, le=50)
    restore_best: bool = True
    norm_order: Literal["before", "after"] = "before"
    initializer: str = "glorot_uniform"
    loss: Loss = "crossentropy"
    augmentation: Augmentation = "none"
    augmentation_strength: float = Field(0.3, ge=0, le=1)
    pipeline: str = Field("", max_length=4000)


class TrainingSpec(RunSettings):
    """What all runs have in common, whatever the network is.

    Attributes:
        name: for the list of runs; empty takes one from the settings.
        data: the data set and its parts.
        changes: settings that change on the way, in the order of their steps.
        score: what the runs' "accuracy" is, as a person calls it.
        guesses: whether the loss is that of answers one could guess: with equal chances it is
            the logarithm of the number of classes.
    """

    score: ClassVar[str] = "Accuracy"
    guesses: ClassVar[bool] = True

    name: str = Field("", max_length=80)
    data: DataSpec = DataSpec()
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            why = self.augments.problem()
        except AugmentError as error:
            raise RunError(str(error)) from None
        if why:
            raise RunError(why)
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        steps = [change.step for change in self.changes]
        if steps != sorted(steps):
            raise RunError(f"changes at steps {steps} are not in order. Sort them by step.")
        for change in self.changes:
            self.check_live(change.setting)
        return self

    def check_live(self, setting: str) -> None:
        """Refuse to change a setting on the way that this run does not heed.

        Raises:
            RunError: with what would work.
        """
        if setting not in get_args(Live):
            raise RunError(
                f"{setting} cannot be changed while a run goes. What can: "
                f"{', '.join(get_args(Live))}."
            )
        if setting == "momentum" and self.optimizer in ("sgd", "adagrad"):
            raise RunError(
                f"The optimiser {self.optimizer} has no momentum. Start a run with 'momentum', "
                "'nesterov', 'rmsprop', 'adam' or 'adamw' to change it."
            )
        if setting == "augmentation_strength" and self.augmentation == "none":
            raise RunError(
                "This run does not change its pictures. Start one with an augmentation, such "
                "as 'shift', to change its strength."
            )

    def refuse(self, dataset: Dataset, split: Split) -> None:
        """Refuse pictures with which the run cannot work.

        Raises:
            RunError: with what would work.
        """

    def largest_layer(self, dataset: Dataset) -> tuple[str, int] | None:
        """Name, and bytes for a batch, of the layer that takes the most; None if unknown."""
        return None

    @property
    def begins_at(self) -> float:
        """The learning rate before the schedule's factor."""
        return self.learning_rate

    @property
    def augments(self) -> PipelineSpec:
        """The steps of `pipeline`."""
        return decode(self.pipeline)

    @property
    def finds(self) -> bool:
        """Whether this is a search for a learning rate."""
        return self.schedule == "finder"

    def steps_per_epoch(self, pictures: int) -> int:
        """Batches until every training picture was seen: ceil(pictures / batch size)."""
        return math.ceil(pictures / self.batch_size)

    def steps(self, pictures: int) -> int:
        """Steps of the whole run."""
        return FINDER_STEPS if self.finds else self.steps_per_epoch(pictures) * self.epochs

    def iterations_in_words(self, pictures: int) -> str:
        """The arithmetic of an epoch, for the page.

        >>> RunSpec(batch_size=32, epochs=2).iterations_in_words(60_000)
        '60,000 / 32 = 1,875 iterations an epoch, x 2 epochs = 3,750'
        >>> RunSpec(batch_size=64, epochs=1).iterations_in_words(3_500)
        'ceil(3,500 / 64) = 55 iterations an epoch, x 1 epoch = 55'
        """
        an_epoch = self.steps_per_epoch(pictures)
        division = f"{pictures:,} / {self.batch_size}"
        if pictures % self.batch_size:
            division = f"ceil({division})"
        epochs = "1 epoch" if self.epochs == 1 else f"{self.epochs} epochs"
        return (
            f"{division} = {an_epoch:,} iterations an epoch, "
            f"x {epochs} = {an_epoch * self.epochs:,}"
        )

    def differences(self, other: TrainingSpec) -> dict[str, tuple[object, object]]:
        """Fields in which two runs differ, with both values; the name is not one."""
        mine, theirs = _flat(self), _flat(other)
        return {k: (mine[k], theirs.get(k)) for k in mine if mine[k] != theirs.get(k)}


Spec = TypeVar("Spec", bound=TrainingSpec, default="RunSpec")
"""Which kind of run it is; where nothing is said, a network of rows."""


class RunSpec(TrainingSpec):
    """Everything that a run is made of; the same spec on the same machine gives the same curve.

    Attributes:
        architecture: the network's rows.
    """

    architecture: Architecture = PRESETS["lenet"].architecture

    def refuse(self, dataset: Dataset, split: Split) -> None:
        """Refuse pictures that do not fit the network, and a batch larger than all of them.

        Raises:
            RunError: with what would work.
        """
        try:
            check(self.architecture, dataset.shape, len(dataset.class_names))
        except ArchitectureError as error:
            raise RunError(str(error)) from error
        if self.batch_size > len(split.training):
            raise RunError(
                f"A batch of {self.batch_size} needs more than the {len(split.training)} "
                f"training pictures. Use {len(split.training)} or fewer."
            )

    def largest_layer(self, dataset: Dataset) -> tuple[str, int]:
        """Name, and bytes for a batch, of the layer that takes the most."""
        rows = trace(self.architecture, dataset.shape, len(dataset.class_names))
        largest = max(rows, key=lambda row: row.values)
        return largest.name, largest.values * self.batch_size * BYTES_A_NUMBER * COPIES


def _flat(spec: TrainingSpec) -> dict[str, object]:
    values: dict[str, object] = {
        name: getattr(spec, name)
        for name in type(spec).model_fields
        if name not in ("name", "data")
    }
    return values | {f"data.{name}": getattr(spec.data, name) for name in DataSpec.model_fields}
