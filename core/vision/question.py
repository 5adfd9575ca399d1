"""What is asked of a network, as a key under which the answer can be kept."""

from __future__ import annotations

from dataclasses import dataclass

from core.vision.challenges import UNCHANGED, Changes
from core.vision.spec import ClassifySpec


@dataclass(frozen=True, slots=True)
class Question:
    """What a network says of a picture.

    Attributes:
        digest: of the picture.
        spec: the network and how the picture is prepared; its temperature plays no part.
        changes: what is done to the picture first.
    """

    digest: str
    spec: ClassifySpec
    changes: Changes = UNCHANGED

    @property
    def network(self) -> str:
        """Whom it is put to."""
        return self.spec.network

    @classmethod
    def of(cls, digest: str, spec: ClassifySpec, changes: Changes = UNCHANGED) -> Question:
        """The question, equal for equal answers."""
        plain = spec.model_copy(update={"temperature": 1.0, "scaling": spec.preprocessing.slug})
        return cls(digest, plain, changes.bare())
