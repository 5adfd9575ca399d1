"""A data set by its settings: what a run is told, and what both sides of it can build."""

from __future__ import annotations

from pydantic import Field, model_validator

from core.data.dataset import DataError, Dataset, Split, split
from core.data.recent import Recent
from core.data.registry import REGISTRY, chosen
from core.data.resizing import resized
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
            own: the person's pictures, as uploaded; or the very set that these settings gave
                elsewhere, which comes out as it is. A set of another slug is passed over.

        Raises:
            DataError: the set is not here, or too small for these settings.
        """
        dataset = self.pictures(own)
        return dataset, self.divide(dataset)

    def pictures(self, own: Dataset | None = None) -> Dataset:
        """The data set alone; see `load`."""
        return self._dataset(own if own is not None and own.slug == self.dataset else None)

    def divide(self, dataset: Dataset) -> Split:
        """Training, validation and test pictures of a data set.

        Raises:
            DataError: a class has too few pictures.
        """
        return split(dataset, self.training_share, self.validation_share, self.split_seed)

    def _dataset(self, given: Dataset | None) -> Dataset:
        if given is not None and self.dataset == OWN:
            return chosen(resized(given, self.image_size), self)
        if given is not None and not self.ships:
            return given
        if self.dataset == OWN:
            raise DataError(
                "There are no own pictures yet. Upload some, or choose another data set."
            )
        entry = REGISTRY[self.dataset]
        whole_key = (self.dataset, *(getattr(self, name) for name in entry.made_of))
        part_key = (*whole_key, self.images, self.image_seed) if self.images else whole_key
        # The whole set is kept as well: another number of pictures then reads no file.
        return RECENT.get(
            part_key,
            lambda: chosen(RECENT.get(("all", *whole_key), lambda: entry.build(self)), self),
        )


RECENT = Recent(most_bytes=800_000_000)
"""The data sets that this process has used last."""
