"""Settings of the page "Training": data, network, and how the network is trained."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from core.lessons.architecture import ArchitectureFields
from core.lessons.base import marks
from core.lessons.data import DataFields
from core.training.spec import (
    BOUNDS,
    Augmentation,
    Clipping,
    Loss,
    Optimizer,
    RunSettings,
    RunSpec,
    Schedule,
)

RATES = marks(
    *(float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 2, 3, 5, 7)), 10.0
)
"""Learning rates that a slider stands at, evenly spaced in their logarithm."""
MOMENTA = marks(0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
SHARES = marks(*(place / 20 for place in range(19)))
STRENGTHS = marks(*(place / 20 for place in range(21)))
DECAYS = marks(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1)
WEIGHT_DECAYS = marks(0, 1e-5, 1e-4, 1e-3, 2e-3, 4e-3, 0.01, 0.02, 0.05, 0.1, 0.5)
SMOOTHINGS = marks(0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
CLIPS = marks(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100)


class TrainingLesson(DataFields, ArchitectureFields):
    """A run before it is started."""

    page: ClassVar[str] = "training"

    optimizer: Optimizer = Field(
        "adam", title="Optimiser", description="Which rule makes a step out of a gradient."
    )
    learning_rate: float = Field(
        0.001, ge=1e-6, le=10, title="Learning rate", json_schema_extra=RATES,
        description="Length of the step. While a run goes, the slider above the curves changes "
        "it without a restart.",
    )  # fmt: skip
    momentum: float = Field(
        0.9, ge=0, le=0.99, title="Momentum", json_schema_extra=MOMENTA,
        description="Share of the last step that goes on: momentum of SGD, beta_1 of Adam, rho "
        "of RMSprop. Plain SGD and Adagrad have none.",
    )  # fmt: skip
    schedule: Schedule = Field(
        "constant", title="Schedule", description="How the learning rate changes by itself. "
        "Finder raises it from 1e-6 to 10 and stops when the loss explodes."
    )  # fmt: skip
    decay: float = Field(
        0.5, ge=0.1, le=1, title="Decay factor", json_schema_extra=DECAYS,
        description="What step and exponential schedules multiply the learning rate by.",
    )  # fmt: skip
    decay_epochs: int = Field(
        2, ge=1, le=20, title="Decay every (epochs)",
        description="Epochs from one factor to the next.",
    )  # fmt: skip
    warmup_epochs: int = Field(
        0, ge=0, le=10, title="Warm-up (epochs)",
        description="Epochs in which the learning rate rises from 0 to its full height.",
    )  # fmt: skip
    batch_size: int = Field(
        64, ge=1, le=1024, title="Batch size",
        description="Pictures that one step looks at.",
    )  # fmt: skip
    epochs: int = Field(
        10, ge=1, le=100, title="Epochs", description="How often every picture is seen."
    )
    run_seed: int = Field(
        0, ge=0, le=99, title="Seed",
        description="Of the weights, the order, dropout and augmentation. The same seed gives "
        "the same curve.",
    )  # fmt: skip
    weight_decay: float = Field(
        0.0, ge=0, le=1, title="Weight decay", json_schema_extra=WEIGHT_DECAYS,
        description="Share of each weight that a step takes away, times the learning rate.",
    )  # fmt: skip
    dropout: float = Field(
        0.0, ge=0, le=0.9, title="Dropout", json_schema_extra=SHARES,
        description="Share of the units before the output that each step silences.",
    )  # fmt: skip
    label_smoothing: float = Field(
        0.0, ge=0, le=0.5, title="Label smoothing", json_schema_extra=SMOOTHINGS,
        description="Probability that is spread evenly over all classes.",
    )  # fmt: skip
    clipping: Clipping = Field(
        "off", title="Gradient clipping", description="Norm scales the whole gradient down to "
        "the bound, value cuts each of its numbers there."
    )  # fmt: skip
    clip: float = Field(
        1.0, ge=0.01, le=100, title="Clip at", json_schema_extra=CLIPS,
        description="The bound of the gradient's norm, or of its numbers.",
    )  # fmt: skip
    early_stopping: bool = Field(
        False, title="Early stopping", description="Stop when the validation loss has not "
        "become less for some epochs."
    )  # fmt: skip
    patience: int = Field(
        3, ge=1, le=20, title="Patience (epochs)", description="How many epochs it waits."
    )
    restore_best: bool = Field(
        True, title="Restore the best weights", description="End with the weights of the epoch "
        "with the least validation loss."
    )  # fmt: skip
    loss: Loss = Field(
        "crossentropy", title="Loss", description="What is made small: cross-entropy, focal "
        "loss, squared error of the probabilities, or hinge."
    )  # fmt: skip
    augmentation: Augmentation = Field(
        "none", title="Augmentation", description="How training pictures are changed at random "
        "before each step."
    )  # fmt: skip
    augmentation_strength: float = Field(
        0.3, ge=0, le=1, title="Augmentation strength", json_schema_extra=STRENGTHS,
        description="At 1 a shift by up to 30 %, a turn by 45 degrees, a zoom by 40 %.",
    )  # fmt: skip

    def choices(self, name: str) -> list[int]:
        """Whole numbers that a control offers; batch sizes are powers of 2."""
        if name == "batch_size":
            powers = [2**power for power in range(11)]
            return sorted({*powers, self.batch_size})
        return super().choices(name)

    def run_spec(self) -> RunSpec:
        """What a run with these settings is started with."""
        values: dict[str, Any] = {
            name: getattr(self, name)
            for name in RunSettings.model_fields
            if name in type(self).model_fields
        }
        values |= {"data": self.data_spec(), "architecture": self.built()}
        return RunSpec(seed=self.run_seed, **values)


LIVE = tuple(BOUNDS)
"""Fields that can be changed while a run goes."""
