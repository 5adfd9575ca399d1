"""Settings of the data set, for every page that trains or shows one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.data import shapes
from core.data.registry import REGISTRY
from core.data.settings import DataSettings
from core.data.spec import OWN, DataSpec
from core.lessons.base import Lesson, marks

Slug = Literal[
    "digits", "shapes", "textures", "faces", "mnist", "fashion", "cifar10", "flowers", "own"
]
SIDES = (16, 24, 28, 32, 48, 64, 96, 128, 160, 192, 224, 256)
"""Sides of drawn and resized pictures that the slider offers, in pixels."""
COUNTS = (50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000, 20_000, 30_000, 50_000)
"""Numbers of pictures that the slider offers, besides 0 for all."""
MOST_DRAWN = 5000
"""Most pictures that are drawn by rule while a person waits."""
MOST_DRAWN_PIXELS = 30_000_000
"""Most pixels of them together: three to five seconds, measured."""
NOISES = marks(0, 5, 10, 15, 20, 30, 40, 60, 80, 100)
TENTHS = range(20, 101, 10)
TWENTIETHS = range(5, 91, 5)
_SHARED = tuple(set(DataSettings.model_fields) - {"shape_classes"})


class DataFields(Lesson):
    """Which data set, how much of it, how it is drawn and divided."""

    repair_order = ("validation_percent", "training_percent")

    dataset: Slug = Field(
        "digits",
        title="Data set",
        description="own: the pictures that you upload. What has to be downloaded first can be "
        "fetched below, under Data.",
    )
    images: int = Field(
        0,
        ge=0,
        le=50_000,
        title="Pictures",
        description="How many of them; 0 takes all, or as many as are usual of drawn ones. "
        "Fewer are taken class by class.",
    )
    image_size: int = Field(
        32,
        ge=16,
        le=256,
        title="Side",
        description="Height and width of drawn pictures and of photos, in pixels.",
    )
    image_noise: float = Field(
        15.0,
        ge=0,
        le=100,
        title="Noise",
        description="Standard deviation of the noise in drawn pictures, in levels of 0 to 255.",
        json_schema_extra=NOISES,
    )
    image_seed: int = Field(
        0,
        ge=0,
        le=99,
        title="Seed of the pictures",
        description="Decides what is drawn: the shapes, or which of all pictures are taken.",
    )
    shape_circle: bool = Field(True, title="Circle", description="Draw circles.")
    shape_square: bool = Field(True, title="Square", description="Draw squares.")
    shape_triangle: bool = Field(True, title="Triangle", description="Draw triangles.")
    shape_star: bool = Field(True, title="Star", description="Draw stars.")
    shape_plus: bool = Field(True, title="Plus", description="Draw plus signs.")
    shape_ring: bool = Field(True, title="Ring", description="Draw rings.")
    shape_hexagon: bool = Field(False, title="Hexagon", description="Draw hexagons.")
    shape_smallest: int = Field(
        40,
        ge=20,
        le=100,
        title="Smallest shape, %",
        description="Smallest diameter, in percent of the picture's side; at least 8 pixels.",
    )
    shape_largest: int = Field(
        80,
        ge=20,
        le=100,
        title="Largest shape, %",
        description="Largest diameter, in percent of the picture's side; at least 8 pixels.",
    )
    shape_background: Literal["noise", "gradient", "plain"] = Field(
        "noise",
        title="Background",
        description="noise: clouds of colour; gradient: from one to another; plain: one.",
    )
    texture_pair: Literal["stripes-dots", "gratings"] = Field(
        "stripes-dots",
        title="Textures",
        description="stripes-dots: stripes against dots; gratings: stripes that lean right or "
        "left.",
    )
    training_percent: int = Field(
        70,
        ge=5,
        le=90,
        title="Training, %",
        description="Share of the pictures that the network learns from. Where the publishers "
        "have set test pictures aside, training and validation share the others.",
    )
    validation_percent: int = Field(
        15,
        ge=5,
        le=90,
        title="Validation, %",
        description="Share that is looked at on the way, for choices such as when to stop. The "
        "rest is the test set, for the last word.",
    )
    split_seed: int = Field(
        0,
        ge=0,
        le=99,
        title="Seed of the split",
        description="Decides which picture goes where.",
    )

    def problem(self) -> str | None:
        """Why the pictures cannot be divided like that, or None."""
        if self.training_percent + self.validation_percent > _MOST_PERCENT:
            return (
                f"{self.training_percent} % for training and {self.validation_percent} % for "
                f"validation leave less than {100 - _MOST_PERCENT} % for the test."
            )
        return super().problem()

    def choices(self, name: str) -> list[int]:
        """The values of a slider; sizes and numbers go in steps that a hall can tell apart."""
        steps = {
            "image_size": SIDES,
            "shape_smallest": TENTHS,
            "shape_largest": TENTHS,
            "training_percent": TWENTIETHS,
            "validation_percent": TWENTIETHS,
        }.get(name)
        if name == "images":
            most = self.most_images()
            fewer = {n for n in COUNTS if n < most or (n == most and self.is_drawn)}
            return sorted({0, *fewer, self.images})
        if steps is None:
            return super().choices(name)
        now = getattr(self, name)
        return [v for v in sorted({*steps, now}) if v == now or self._fits(name, v)]

    def most_images(self) -> int:
        """How many pictures there are; of drawn and of own ones, how many there may be."""
        if self.dataset == OWN:
            return MOST_DRAWN
        if self.is_drawn:
            return min(MOST_DRAWN, MOST_DRAWN_PIXELS // self.image_size**2)
        return REGISTRY[self.dataset].count

    @property
    def is_drawn(self) -> bool:
        """Whether the pictures are drawn by rule."""
        return self.dataset != OWN and "image_noise" in REGISTRY[self.dataset].made_of

    def shape_classes(self) -> tuple[str, ...]:
        """The shapes that are switched on; of fewer than two, the first others with them."""
        on = [name for name in shapes.SHAPES if getattr(self, f"shape_{name}")]
        off = [name for name in shapes.SHAPES if name not in on]
        chosen = {*on, *off[: max(2 - len(on), 0)]}
        return tuple(name for name in shapes.SHAPES if name in chosen)

    def data_spec(self) -> DataSpec:
        """The data set of these settings."""
        values = {name: getattr(self, name) for name in _SHARED}
        if self.is_drawn and self._images_wanted() > self.most_images():
            values["images"] = self.most_images()
        return DataSpec(
            dataset=self.dataset,
            shape_classes=self.shape_classes(),
            training_share=self.training_percent / 100,
            validation_share=self.validation_percent / 100,
            split_seed=self.split_seed,
            **values,
        )

    def _images_wanted(self) -> int:
        return self.images or REGISTRY[self.dataset].count

    def heeds(self, name: str) -> bool:
        """Whether a setting has an effect on the chosen data set."""
        if self.dataset == OWN:
            heeded = frozenset(("images", "image_seed", "image_size"))
        else:
            heeded = REGISTRY[self.dataset].heeds
        if name.startswith("shape_") and name not in DataSettings.model_fields:
            return "shape_classes" in heeded
        return name in heeded or name not in DataSettings.model_fields


_MOST_PERCENT = 95
