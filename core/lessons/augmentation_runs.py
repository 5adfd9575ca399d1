"""Does it help? Two runs of the page "Augmentation" that differ in the pipeline alone."""

from __future__ import annotations

from dataclasses import dataclass

from core.architecture import PRESETS
from core.augment.text import encode
from core.data.spec import DataSpec
from core.lessons.augmentation import AugmentationLesson
from core.training.series import Series
from core.training.spec import RunSpec

NETWORK = "two-conv"
BATCH_SIZE = 20
WITHOUT, WITH = "without", "with"
_COUNTS = {"digits": 5000, "shapes": 1200, "faces": 200}
"""Pictures of each data set, all parts together."""
_VALIDATION = {"digits": 0.2, "shapes": 0.4, "faces": 0.25}
_MOST_TRAINING = 0.5


def run_specs(lesson: AugmentationLesson) -> tuple[RunSpec, RunSpec]:
    """The run without the page's pipeline, and the one with it; all else is the same.

    Raises:
        ValidationError: the pipeline cannot be applied; see `AugmentationLesson.unreadable`.
    """
    plain = RunSpec(
        name=WITHOUT,
        data=data_of(lesson),
        architecture=PRESETS[NETWORK].architecture,
        batch_size=BATCH_SIZE,
        epochs=lesson.help_epochs,
        seed=lesson.help_seed,
    )
    text = encode(lesson.pipeline)
    return plain, RunSpec.model_validate(plain.model_dump() | {"name": WITH, "pipeline": text})


def data_of(lesson: AugmentationLesson) -> DataSpec:
    """Few pictures to learn from, and many to judge by."""
    slug = lesson.help_data
    share = min(lesson.help_images / _COUNTS[slug], _MOST_TRAINING)
    images = _COUNTS[slug] if slug == "shapes" else 0
    return DataSpec(
        dataset=slug, images=images, training_share=share, validation_share=_VALIDATION[slug]
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        training: accuracy of the last epoch on training pictures, as they were drawn.
        validation: of the last epoch on validation pictures.
        loss: of the last epoch on validation pictures.
        least: the least validation loss on the way.
    """

    training: float
    validation: float
    loss: float
    least: float

    @property
    def gap(self) -> float:
        """Percentage points by which it is better on what it has learnt from."""
        return 100 * (self.training - self.validation)


def outcome_of(series: Series) -> Outcome:
    """The numbers of a run's last epoch.

    Args:
        series: of a run with at least one epoch.
    """
    return Outcome(
        float(series.epoch_accuracy[-1]),
        float(series.validation_accuracy[-1]),
        float(series.validation_loss[-1]),
        float(series.validation_loss.min()),
    )


def compared(without: Outcome, with_it: Outcome) -> str:
    """Both runs in words."""
    gained = 100 * (with_it.validation - without.validation)
    verdict = "No difference that counts"
    if gained >= _COUNTS_FROM:
        verdict = f"It helps here: {gained:.1f} percentage points more are right"
    elif gained <= -_COUNTS_FROM:
        verdict = f"It does harm here: {-gained:.1f} percentage points fewer are right"
    return (
        f"**{verdict}.** Without it {without.training:.0%} of the training and "
        f"{without.validation:.1%} of the validation pictures are right{_gap(without)}; with "
        f"it {with_it.training:.0%} and {with_it.validation:.1%}{_gap(with_it)}. The "
        f"validation loss ends at {without.loss:.3f} and {with_it.loss:.3f}."
    )


def _gap(outcome: Outcome) -> str:
    return f", a gap of {outcome.gap:.0f} points" if outcome.gap >= 1 else ", no gap"


_COUNTS_FROM = 1.0
"""Percentage points; less is chance with so few pictures."""
