"""A data set by its settings: what a run is told, and what both sides of it can build."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field, model_validator

from core.data.dataset import DataError, Dataset, Split, split
from core.data.registry import REGISTRY
from core.data.settings import DataSettings

OWN = "own"
"""Slug of the pictures that a person has uploaded; they are in no registry."""


class DataSpec(DataSettings):
    """Which data set, how much of it, and how it is divided.

    Attributes:
        dataset: slug out of `core.data.registry.REGISTRY`, or `OWN`.
        training_share: share of the pictures for training.
        validation_share: share for validation; what both leave over is the test set. Where
            the publishers have set a test set aside, the two shares divide the rest.
        split_seed: decides which picture goes where.
    """

    dataset: str = "digits"
    training_share: float = Field(0.7, gt=0, lt=1)
    validation_share: float = Field(0.15, gt=0, lt=1)
    split_seed: int = Field(0, ge=0, le=9_999)

    @model_validator(mode="after")
    def _known(self) -> DataSpec:
        if self.dataset != OWN and self.dataset not in REGISTRY:
            known = ", ".join([*REGISTRY, OWN])
            raise DataError(f"{self.dataset!r} is no data set. Use one of {known}.")
        if self.training_share + self.validation_share >= 1:
            raise DataError(
                f"shares of {self.training_share:g} for training and "
                f"{self.validation_share:g} for validation leave nothing for the test. Use "
                "less than 1 together, such as 0.7 and 0.15."
            )
        return self

    @property
    def ships(self) -> bool:
        """Whether any process can build it by itself: drawn, or carried by a package.

        Downloaded sets lie on the machine that the app runs on, own pictures in its memory:
        those are sent to a worker.
        """
        return self.dataset != OWN and REGISTRY[self.dataset].ships

    def load(self, own: Dataset | None = None) -> tuple[Dataset, Split]:
        """Build the data set and divide it; the same settings give the same numbers.

        Args:
            own: the person's pictures, or a set that was sent here, already built: it is
                taken as it is for every set that does not ship.

        Raises:
            DataError: the set is not here, or too small for these settings.
        """
        if self.ships or own is None:
            return _built(self)
        return own, self._split(own)

    def _split(self, dataset: Dataset) -> Split:
        return split(dataset, self.training_share, self.validation_share, self.split_seed)


@lru_cache(maxsize=8)
def _built(spec: DataSpec) -> tuple[Dataset, Split]:
    if spec.dataset == OWN:
        raise DataError("There are no own pictures yet. Upload some, or choose another set.")
    dataset = REGISTRY[spec.dataset].load(spec)
    return dataset, spec._split(dataset)
