"""Settings of the page "Augmentation": which steps, of which picture, drawn how often."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field

from core.augment import AugmentError, PipelineSpec
from core.augment.catalog import step_of
from core.augment.spec import MOST_STEPS
from core.augment.steps.base import StepModel
from core.augment.text import decode, encode
from core.lessons.augmentation_subject import MOST_BOXES, Framed
from core.lessons.base import Lesson

Mode = Literal["one", "pipeline", "boxes"]
SIDES = (96, 128, 192, 256, 320, 384)
FIRST_STEP = "rotation"
FIRST_PIPELINE = "flip.horizontal_rotation-degrees10_zoom_contrast-probability0.5"
MOST_LETTERS = 4000
_DRAWS = (1, 2, 3, 4, 6, 8, 12, 16)
_LEAST_SIDE = 10
"""Smallest side of a box drawn by hand, in thousandths of the picture's."""
_LONGEST_NAME = 20


class AugmentationLesson(Lesson):
    """One augmentation or a pipeline, and the picture that goes through it."""

    page: ClassVar[str] = "augmentation"

    augment_mode: Mode = Field(
        "one",
        title="Show",
        description="one: a single augmentation; pipeline: several, one after the other; "
        "boxes: the pipeline, with boxes and masks that must move along.",
    )
    augment_step: str = Field(
        FIRST_STEP,
        max_length=400,
        title="As text",
        description="The augmentation with every setting that differs from its default, such "
        "as rotation-degrees45-fillconstant.",
    )
    augment_steps: str = Field(
        FIRST_PIPELINE,
        max_length=MOST_LETTERS,
        title="Pipeline as text",
        description="What the link carries: steps set apart by _, settings by -. "
        "off- before a step switches it off.",
    )
    augment_draws: int = Field(
        8, ge=1, le=16, title="Draws", description="How often the picture is drawn anew."
    )
    augment_seed: int = Field(
        0, ge=0, le=999, title="Seed",
        description="The same seed gives the same draws, here and in the exported code.",
    )  # fmt: skip
    augment_followed: int = Field(
        1, ge=1, le=16, title="Followed draw",
        description="Whose way through the pipeline is shown step by step. Click a draw to "
        "follow it.",
    )  # fmt: skip
    augment_picture: Literal["photo", "shapes", "digit"] = Field(
        "photo",
        title="Picture",
        description="photo: the current image; shapes: a drawn scene whose boxes and masks are "
        "exact; digit: a handwritten digit of MNIST, 28 x 28 pixels.",
    )
    augment_scene: int = Field(
        0, ge=0, le=99, title="Number", description="Which scene, or which digit."
    )
    augment_side: int = Field(
        384, ge=96, le=384, title="Longer side (px)",
        description="The picture is made so small before anything is drawn; lengths in pixels, "
        "such as a blur's, count in this size.",
    )  # fmt: skip
    augment_boxes: str = Field(
        "",
        max_length=600,
        title="Own boxes",
        description="Drawn by hand in the original: left, top, right, bottom in thousandths, "
        "and a name, such as 300-20-600-375-head; boxes are set apart by _.",
    )
    augment_rule: Literal["drop", "clip"] = Field(
        "drop",
        title="Boxes that leave",
        description="drop: a box of which too little is still seen is dropped; clip: it is cut "
        "at the border and kept, however little is left.",
    )
    augment_keep: int = Field(
        25, ge=5, le=100, title="Keep from (%)",
        description="Least share of a box's area that must still be seen.",
    )  # fmt: skip
    augment_layers: Literal["both", "boxes", "masks"] = Field(
        "both", title="Drawn over it", description="Boxes, masks, or both."
    )
    help_data: Literal["digits", "shapes", "faces"] = Field(
        "digits",
        title="Data set",
        description="On which the same small network is trained with and without.",
    )
    help_images: int = Field(
        100, ge=50, le=500, title="Training pictures",
        description="Few, so that the network learns them by heart: over-fitting shows.",
    )  # fmt: skip
    help_epochs: int = Field(
        30, ge=5, le=100, title="Epochs", description="How often every picture is seen."
    )
    help_seed: int = Field(
        0, ge=0, le=99, title="Seed of the runs",
        description="Of the weights, the order and the draws. Both runs begin alike.",
    )  # fmt: skip

    def choices(self, name: str) -> list[int]:
        """What a slider can be set to; sizes and numbers go in steps that can be told apart."""
        steps = {
            "augment_draws": _DRAWS,
            "augment_side": SIDES,
            "augment_keep": range(5, 101, 5),
            "help_images": (50, 100, 200, 300, 500),
            "help_epochs": range(5, 101, 5),
        }.get(name)
        if steps is None:
            return super().choices(name)
        return sorted({*steps, getattr(self, name)})

    @property
    def single(self) -> StepModel:
        """The one augmentation; a rotation where its text cannot be read."""
        try:
            steps = decode(self.augment_step).steps
        except AugmentError:
            steps = ()
        return steps[0] if steps else step_of(FIRST_STEP)

    @property
    def own_pipeline(self) -> PipelineSpec:
        """The pipeline's steps; none where their text cannot be read."""
        try:
            return decode(self.augment_steps)
        except AugmentError:
            return PipelineSpec()

    @property
    def pipeline(self) -> PipelineSpec:
        """What the picture goes through."""
        if self.augment_mode == "one":
            return PipelineSpec(steps=(self.single,), keep_boxes=self.keep)
        return self.own_pipeline.model_copy(update={"keep_boxes": self.keep})

    @property
    def keep(self) -> float:
        """Least share of a box that must be seen."""
        return 0.0 if self.augment_rule == "clip" else self.augment_keep / 100

    @property
    def followed(self) -> int:
        """Place of the draw whose way is shown, from 0."""
        return min(self.augment_followed, self.augment_draws) - 1

    def unreadable(self) -> str:
        """Why the text of the mode is no pipeline, or has no result; empty where it has one."""
        text = self.augment_step if self.augment_mode == "one" else self.augment_steps
        try:
            spec = decode(text)
        except AugmentError as error:
            return str(error)
        if self.augment_mode == "one" and len(spec.steps) != 1:
            return (
                f"One augmentation is shown, and the text has {len(spec.steps)}. Several make "
                "a pipeline: choose pipeline under Show."
            )
        return spec.problem()

    def with_step(self, step: StepModel) -> Self:
        """The same settings with another augmentation."""
        text = encode(PipelineSpec(steps=(step.model_copy(update={"on": True}),)))
        return self.model_copy(update={"augment_step": text})

    def with_steps(self, steps: tuple[StepModel, ...]) -> Self:
        """The same settings with another pipeline."""
        text = encode(PipelineSpec(steps=steps[:MOST_STEPS]))
        return self.model_copy(update={"augment_steps": text})

    @property
    def frames(self) -> tuple[Framed, ...]:
        """The boxes drawn by hand; none where their text cannot be read."""
        try:
            return read_frames(self.augment_boxes)
        except ValueError:
            return ()


def read_frames(text: str) -> tuple[Framed, ...]:
    """Boxes from a link: `300-20-600-375-head_720-0-910-550-shuttle`.

    Raises:
        ValueError: it cannot be read; the message says which box, and what would work.

    Example:
        >>> read_frames("300-20-600-375-head")[0].right
        600
    """
    words = [word for word in text.strip().split("_") if word]
    if len(words) > MOST_BOXES:
        raise ValueError(f"There are {len(words)} boxes; up to {MOST_BOXES} are read.")
    return tuple(_frame(number, word) for number, word in enumerate(words, 1))


def write_frames(frames: tuple[Framed, ...]) -> str:
    """The inverse of `read_frames`."""
    return "_".join(f"{f.left}-{f.top}-{f.right}-{f.bottom}-{f.name}" for f in frames)


def _frame(number: int, word: str) -> Framed:
    parts = word.split("-")
    rule = (
        f"Box {number}: {word[:40]!r} cannot be read. Write left-top-right-bottom-name in "
        f"thousandths, each side at least {_LEAST_SIDE} long, such as 300-20-600-375-head."
    )
    if len(parts) != 5 or not all(part.isdecimal() and len(part) <= 4 for part in parts[:4]):
        raise ValueError(rule)
    left, top, right, bottom = (int(part) for part in parts[:4])
    if not (left + _LEAST_SIDE <= right <= 1000 and top + _LEAST_SIDE <= bottom <= 1000):
        raise ValueError(rule)
    name = "".join(c for c in parts[4] if c.isalnum() or c == " ")[:_LONGEST_NAME]
    return Framed(left, top, right, bottom, name or "object")
