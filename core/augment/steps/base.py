"""What all augmentations share: settings with bounds, a draw, and words for what was drawn.

The draw is apart from the application: numbers come from a NumPy generator, and a layer of
Keras or KerasCV is then given these numbers. So what was drawn can be shown, the same numbers
reach picture, boxes and mask, and one seed gives the same picture in every library.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

Group = Literal[
    "geometry", "colour", "blur and noise", "erasing", "mixing", "policies", "corruptions"
]
Effect = Literal["move", "stay", "mix"]
"""What becomes of boxes and masks: they move with the picture, stay, or mix with others'."""
LabelEffect = Literal["kept", "can change", "mixed"]
Library = Literal["keras", "keras_cv", "opencv"]
Fill = Literal["reflect", "constant", "nearest", "wrap"]
Values = Mapping[str, Any]
"""What was drawn for one picture: numbers by name; some are short arrays."""
Matrix = npt.NDArray[np.float64]
Places = npt.NDArray[np.float32]

_SHARED = ("probability", "kind", "on")
GROUPS: tuple[Group, ...] = (
    "geometry", "colour", "blur and noise", "erasing", "mixing", "policies", "corruptions",
)  # fmt: skip


class StepModel(BaseModel):
    """One step of a pipeline.

    Every field but `kind` and `on` becomes a control: a number with bounds, a switch or a
    choice, with a title and a help text. The defaults must not change: links leave out what
    equals them.

    A subclass has a static method `draw`. Its arguments are a generator (called `_` where
    nothing is drawn), `height` and `width` where it needs them, and fields of the step by their
    names; it gives the values.

    Attributes:
        title: name for the screen.
        about: one sentence for the menu.
        group: where it stands in the menu.
        source: who described it, or whose definition is followed.
        made_by: the layer or function that changes the picture.
        library: where that comes from.
        boxes: what becomes of boxes.
        masks: what becomes of masks.
        label: whether the picture still shows what it showed.
        says: how the values are written, as a format of `str.format`.
        neutral: the settings with which nothing changes; empty where there are none.
        colour_only: whether grey pictures are passed over.
        takes: names of the draw's arguments.
        draws: whether there is anything to draw, or to know of the settings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    about: ClassVar[str]
    group: ClassVar[Group]
    source: ClassVar[str]
    made_by: ClassVar[str]
    library: ClassVar[Library] = "keras"
    boxes: ClassVar[Effect] = "stay"
    masks: ClassVar[Effect] = "stay"
    label: ClassVar[LabelEffect] = "kept"
    says: ClassVar[str] = ""
    neutral: ClassVar[Mapping[str, float]] = {}
    colour_only: ClassVar[bool] = False
    draw: ClassVar[Callable[..., Values]]
    takes: ClassVar[Sequence[str]] = ()
    draws: ClassVar[bool] = True

    on: bool = Field(default=True, title="On", description="A step that is off is passed over.")
    probability: float = Field(
        1.0,
        ge=0,
        le=1,
        title="Probability",
        description="Share of the pictures that the step changes.",
        json_schema_extra={"step": 0.05},
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401
        """Note which arguments the draw takes, and put the settings in the controls' order."""
        if "draw" in vars(cls):
            generator, *cls.takes = inspect.signature(cls.draw).parameters
            cls.draws = generator != "_"
        fields = cls.__pydantic_fields__
        ordered = {name: fields[name] for name in (*cls.settings(), *_SHARED) if name in fields}
        fields.clear()
        fields.update(ordered)

    @classmethod
    def settings(cls) -> list[str]:
        """Names of the settings in the order of the controls, without the probability."""
        last = [name for name in ("fill", "fill_value") if name in cls.model_fields]
        return [n for n in cls.model_fields if n not in {*_SHARED, *last}] + last

    def drawn(self, generator: np.random.Generator, height: int, width: int) -> Values:
        """Draw what happens to one picture.

        Numbers are as precise as a float32, so that they are the same in every library.

        Args:
            generator: where the numbers come from.
            height: rows of the picture.
            width: columns of the picture.
        """
        size = {"height": height, "width": width}
        given = {name: size.get(name, getattr(self, name, None)) for name in self.takes}
        drawn = type(self).draw(generator, **given)
        return {name: _single(value) for name, value in drawn.items()}

    def words(self, values: Values) -> str:
        """What was drawn, for a person."""
        return self.says.format(**values)

    def problem(self) -> str:
        """Why these settings do not go together, and what would; empty where they do."""
        return ""

    def risk(self) -> str:
        """When this can change what the picture shows, in a sentence; empty where it cannot."""
        return ""

    def scaled(self, strength: float) -> StepModel:
        """The same step, weaker: 0 changes nothing, 1 is as it is.

        Settings go towards those with which nothing changes. Where there are none, the step
        comes less often.

        Args:
            strength: 0 to 1.
        """
        if not self.neutral:
            return self.model_copy(update={"probability": self.probability * strength})
        return self.model_copy(
            update={
                name: _between(at_rest, getattr(self, name), strength)
                for name, at_rest in self.neutral.items()
            }
        )


def _single(value: Any) -> Any:  # noqa: ANN401 - one value of many kinds
    """Whole numbers as they are, others as a float32 holds them."""
    if isinstance(value, int):
        return value
    numbers = np.asarray(value)
    if numbers.dtype.kind != "f":
        return value
    rounded = numbers.astype(np.float32).astype(np.float64)
    return rounded if rounded.ndim else float(rounded)


def _between(at_rest: float, value: float, strength: float) -> float:
    moved = at_rest + (value - at_rest) * strength
    return round(moved) if isinstance(value, int) else moved


class Moving(StepModel):
    """A step that moves pixels, and with them boxes and masks."""

    group: ClassVar[Group] = "geometry"
    boxes: ClassVar[Effect] = "move"
    masks: ClassVar[Effect] = "move"

    @property
    def outside(self) -> tuple[Fill, float]:
        """What is seen beyond the border, and the level where that is one colour."""
        return "reflect", 0.0


class Filling(Moving):
    """One that can show what is beyond the border."""

    fill: Fill = Field(
        "reflect",
        title="Outside",
        description="What is seen beyond the border: its mirror image, one colour, the last "
        "pixel, or the other side.",
    )
    fill_value: int = Field(
        0,
        ge=0,
        le=255,
        title="Colour outside",
        description="Level of grey beyond the border where outside is constant.",
        json_schema_extra={"rare": True},
    )

    @property
    def outside(self) -> tuple[Fill, float]:
        """What is seen beyond the border, and the level where that is one colour."""
        return self.fill, float(self.fill_value)


class Warp(Moving):
    """A step that moves pixels by a projective map.

    A subclass has a static method `matrix(height, width, **values)`: (3, 3), from a place in
    the new picture to the place in the old one that is read there, both (column, row, 1) with
    whole numbers at the pixels' centres.
    """

    matrix: ClassVar[Callable[..., Matrix]]


class Bend(Filling):
    """A step that moves every pixel by a way of its own.

    A subclass has a static method `bend(height, width, **values)`: two (H, W) float32 arrays,
    column and row in the old picture that are read at each place of the new one.
    """

    library: ClassVar[Library] = "opencv"
    made_by: ClassVar[str] = "cv2.remap"
    bend: ClassVar[Callable[..., tuple[Places, Places]]]
