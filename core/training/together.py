"""Runs that learn where something is: what is done to a picture is done to its answer, too."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from core.data.dataset import Split
from core.training.errors import RunError
from core.training.spec import RunSettings, TrainingSpec

UNUSED = ("loss", "norm_order", "initializer", "label_smoothing", "pipeline")


class TogetherSpec(TrainingSpec):
    """Settings of a run whose answers are masks or boxes.

    Of the settings that all runs have, those in `UNUSED` play no part; `augmentation` can be
    "none" or "flip", which mirrors picture and answer together, to the side or upside down.

    Attributes:
        network: what learns, as a sentence has it.
        answer: what belongs to each picture.
        made_small: where the loss is told.
    """

    network: ClassVar[str]
    answer: ClassVar[str]
    made_small: ClassVar[str]

    @model_validator(mode="after")
    def _heeded(self) -> Self:
        for name in UNUSED:
            if getattr(self, name) != RunSettings.model_fields[name].default:
                raise RunError(
                    f"{name} plays no part in the training of {self.network}. Leave it out; "
                    f"what is made small is told by {self.made_small}."
                )
        if self.augmentation not in ("none", "flip"):
            raise RunError(
                f"The augmentation {self.augmentation!r} would move the picture and not its "
                f"{self.answer}. Use 'flip', which mirrors both, or 'none'."
            )
        return self

    def check_live(self, setting: str) -> None:
        """Refuse to change a setting on the way that this run does not heed.

        Raises:
            RunError: with what would work.
        """
        super().check_live(setting)
        if setting == "augmentation_strength":
            raise RunError(
                "A mirrored picture has no strength. Start a run without 'flip' to compare."
            )

    def check_batch(self, split: Split) -> None:
        """Refuse a batch larger than all training pictures.

        Raises:
            RunError: with what would work.
        """
        if self.batch_size > len(split.training):
            raise RunError(
                f"A batch of {self.batch_size} needs more than the {len(split.training)} "
                f"training pictures. Use {len(split.training)} or fewer."
            )
