"""Steps that show a part of the picture, or the picture as a part of a larger one."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Fill, Filling, LabelEffect, Matrix, Values, Warp
from core.augment.steps.geometry import AFFINE, in_order


class CropResize(Warp):
    """A random part of the picture, enlarged to the whole."""

    title = "Crop and resize"
    about = "A part of random size, place and proportions, enlarged to the whole picture."
    source = "Szegedy et al. 2015, section 6"
    made_by = f"{AFFINE}, as keras_cv.layers.RandomCropAndResize"
    label: ClassVar[LabelEffect] = "can change"
    says = "{height:.0%} x {width:.0%} of the picture"
    neutral: ClassVar[dict[str, float]] = {"smallest": 100, "largest": 100, "ratio": 0}

    kind: Literal["crop_resize"] = "crop_resize"
    smallest: int = Field(
        50, ge=5, le=100, title="Area from (%)", json_schema_extra={"step": 5},
        description="Least share of the picture that is kept.",
    )  # fmt: skip
    largest: int = Field(
        100, ge=5, le=100, title="Area to (%)", json_schema_extra={"step": 5},
        description="Largest share of the picture that is kept.",
    )  # fmt: skip
    ratio: int = Field(
        33, ge=0, le=100, title="Proportions, up to (%)",
        description="How much wider or narrower than the picture the part can be.",
    )  # fmt: skip

    def problem(self) -> str:
        """Bounds in the wrong order."""
        return in_order("The area", self.smallest, self.largest)

    def risk(self) -> str:
        """When the part may not hold the object."""
        if self.smallest >= 30:
            return ""
        return (
            f"A part of {self.smallest} % of the picture need not show the object; its label "
            "stays."
        )

    @staticmethod
    def draw(rng: np.random.Generator, smallest: int, largest: int, ratio: int) -> Values:
        """Shares of the sides: the part's height and width, and how far it lies in."""
        area = rng.uniform(smallest, largest) / 100
        wider = np.exp(rng.uniform(-1, 1) * np.log(1 + ratio / 100))
        height, width = min(np.sqrt(area / wider), 1.0), min(np.sqrt(area * wider), 1.0)
        top, left = rng.uniform(0, 1 - height), rng.uniform(0, 1 - width)
        return {"top": top, "left": left, "height": height, "width": width}

    @staticmethod
    def matrix(
        rows: int, columns: int, top: float, left: float, height: float, width: float
    ) -> Matrix:
        """The part's edges become the picture's."""
        x, y = (left + width / 2) * columns - 0.5, (top + height / 2) * rows - 0.5
        return np.array(
            [
                [width, 0, x - width * (columns - 1) / 2],
                [0, height, y - height * (rows - 1) / 2],
                [0, 0, 1],
            ]
        )


class CenterCrop(Warp):
    """The middle of the picture, enlarged to the whole."""

    title = "Centre crop"
    about = "The middle of the picture, enlarged to the whole; nothing is drawn."
    source = "keras.layers.CenterCrop, then keras.layers.Resizing"
    made_by = AFFINE
    says = "the middle {share:.0%} of each side"
    neutral: ClassVar[dict[str, float]] = {"share": 100}

    kind: Literal["center_crop"] = "center_crop"
    share: int = Field(
        80, ge=10, le=100, title="Keep (%)", json_schema_extra={"step": 5},
        description="Share of each side that is kept.",
    )  # fmt: skip

    @staticmethod
    def draw(_: np.random.Generator, share: int) -> Values:
        """The setting itself."""
        return {"share": share / 100}

    @staticmethod
    def matrix(height: int, width: int, share: float) -> Matrix:
        """Towards the middle."""
        x, y = (width - 1) / 2, (height - 1) / 2
        return np.array([[share, 0, x * (1 - share)], [0, share, y * (1 - share)], [0, 0, 1]])


class ScaleJitter(Warp, Filling):
    """Larger with a random part cut out, or smaller at a random place."""

    title = "Scale jitter"
    about = "Larger, with a random part cut out, or smaller, at a random place; for detection."
    source = "Ghiasi et al. 2021, section 3.1; keras_cv.layers.JitteredResize"
    made_by = AFFINE
    says = "{scale:.0%} of the size"
    neutral: ClassVar[dict[str, float]] = {"smallest": 100, "largest": 100}

    kind: Literal["scale_jitter"] = "scale_jitter"
    fill: Fill = Field(
        "constant", title="Outside",
        description="What is seen beyond the border: its mirror image, one colour, the last "
        "pixel, or the other side.",
    )  # fmt: skip
    smallest: int = Field(
        50, ge=10, le=300, title="From (%)", json_schema_extra={"step": 5},
        description="Smallest size of the old picture in the new one.",
    )  # fmt: skip
    largest: int = Field(
        150, ge=10, le=300, title="To (%)", json_schema_extra={"step": 5},
        description="Largest size of the old picture in the new one.",
    )  # fmt: skip

    def problem(self) -> str:
        """Bounds in the wrong order."""
        return in_order("The scale", self.smallest, self.largest)

    @staticmethod
    def draw(rng: np.random.Generator, smallest: int, largest: int) -> Values:
        """A factor, and which share of the room that is left lies above and to the left."""
        return {
            "scale": rng.uniform(smallest, largest) / 100,
            "above": rng.uniform(0, 1),
            "left": rng.uniform(0, 1),
        }

    @staticmethod
    def matrix(height: int, width: int, scale: float, above: float, left: float) -> Matrix:
        """The old picture's edges lie within the new one, or round it."""
        x, y = left * (1 - scale) * width, above * (1 - scale) * height
        return np.array(
            [
                [1 / scale, 0, (0.5 - x) / scale - 0.5],
                [0, 1 / scale, (0.5 - y) / scale - 0.5],
                [0, 0, 1],
            ]
        )
