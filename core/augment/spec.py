"""A pipeline: steps in their order, and what is done about boxes that leave the picture."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
)

from core.augment.catalog import KINDS
from core.augment.steps.base import StepModel

MOST_STEPS = 24


class AugmentError(ValueError):
    """A pipeline that cannot be read or applied; the message says why and what would work."""


def read_step(values: Any) -> StepModel:  # noqa: ANN401 - a file can hold anything
    """A step from its kind and settings.

    Raises:
        AugmentError: there is no such kind, or a setting is unknown or out of bounds.
    """
    if isinstance(values, StepModel):
        return values
    kind = values.get("kind") if isinstance(values, dict) else None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        some = ", ".join(list(KINDS)[:6])
        raise AugmentError(f"{kind!r} is no augmentation. Some that are: {some}...")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise AugmentError(f"{model.title}: {_reasons(model, error)}") from None


def _reasons(model: type[StepModel], error: ValidationError) -> str:
    """What is wrong with which setting, in words."""
    sentences = []
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0])
        if name not in model.model_fields:
            known = ", ".join([*model.settings(), "probability", "on"])
            sentences.append(f"there is no setting {name!r}; there are {known}.")
            continue
        rule = problem["msg"].removeprefix("Input should be ")
        title = model.model_fields[name].title
        sentences.append(f"{title} cannot be {problem['input']!r}: it should be {rule}.")
    return " ".join(sentences)


Step = Annotated[SerializeAsAny[StepModel], BeforeValidator(read_step)]
"""Any step; in a file its `kind` tells which."""


class PipelineSpec(BaseModel):
    """Steps that every picture goes through, one after the other.

    Attributes:
        steps: from the first to the last.
        keep_boxes: a box stays where at least this share of its area is still to be seen.

    Example:
        >>> PipelineSpec.model_validate(
        ...     {"steps": [{"kind": "rotation", "degrees": 30, "probability": 0.5}]}
        ... ).steps[0].fill
        'reflect'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[Step, ...] = Field((), max_length=MOST_STEPS)
    keep_boxes: float = Field(
        0.25,
        ge=0,
        le=1,
        title="Keep boxes from",
        description="A box is dropped where less than this share of its area is still seen.",
    )

    def problem(self) -> str:
        """Why the steps cannot be applied, and what would work; empty where they can."""
        found = [
            f"Step {number}: {why}" for number, step in self.active if (why := step.problem())
        ]
        return " ".join(found)

    @property
    def active(self) -> list[tuple[int, StepModel]]:
        """Number, from 1, and step of those that are on and can come."""
        numbered = enumerate(self.steps, start=1)
        return [(n, step) for n, step in numbered if step.on and step.probability > 0]

    @property
    def mixes(self) -> bool:
        """Whether pictures of a batch are mixed, and their labels with them."""
        return any(step.label == "mixed" for _, step in self.active)

    def scaled(self, strength: float) -> PipelineSpec:
        """The same pipeline, weaker: 0 changes nothing, 1 is as it is.

        Args:
            strength: 0 to 1.
        """
        return self.model_copy(
            update={"steps": tuple(step.scaled(strength) for step in self.steps)}
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> PipelineSpec:
        """Read a pipeline that `model_dump_json` wrote.

        Raises:
            AugmentError: it is not one; the message names the step and the field.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise AugmentError(f"This is no pipeline. {_first(error)}") from None


def _first(error: ValidationError) -> str:
    """The first of what is wrong, in words."""
    problem = error.errors(include_url=False)[0]
    words = problem["msg"].removeprefix("Value error, ").rstrip(".")
    place = problem["loc"]
    if place == ("steps",) and problem["type"] == "too_long":
        return f"It has {problem['ctx']['actual_length']} steps; up to {MOST_STEPS} are read."
    if place == ("keep_boxes",):
        rule = words.removeprefix("Input should be ")
        return f"keep_boxes cannot be {problem['input']!r}: it should be {rule}."
    if place[:1] == ("steps",) and len(place) > 1 and isinstance(place[1], int):
        return f"Step {place[1] + 1}: {words}."
    if not place and problem["type"] == "model_type":
        return 'A file begins with {"steps": [...]}; this one does not.'
    return f"{'.'.join(map(str, place))}: {words}." if place else f"{words}."
