"""Steps that move every pixel by a way of its own: elastic, lens, grid."""

from __future__ import annotations

from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from core.augment.steps.base import Bend, LabelEffect, Places, Values


class Elastic(Bend):
    """The picture as if printed on rubber."""

    title = "Elastic"
    about = "As if printed on rubber: neighbouring pixels move by similar random ways."
    source = "Simard, Steinkraus & Platt 2003, section 2"
    label: ClassVar[LabelEffect] = "can change"
    says = "moved by up to {amount:.1%}"
    neutral: ClassVar[dict[str, float]] = {"most": 0.0}

    kind: Literal["elastic"] = "elastic"
    most: float = Field(
        4.0, ge=0, le=20, title="Up to (%)", json_schema_extra={"step": 0.5},
        description="Longest way of a pixel, in percent of the shorter side.",
    )  # fmt: skip
    smoothness: float = Field(
        6.0, ge=2, le=30, title="Smoothness (%)", json_schema_extra={"step": 0.5},
        description="Standard deviation of the blur that makes neighbours move together, in "
        "percent of the shorter side.",
    )  # fmt: skip

    def risk(self) -> str:
        """When strokes tear or close."""
        if self.most <= self.smoothness:
            return ""
        return (
            f"Ways of {self.most:g} % over a smoothness of {self.smoothness:g} % fold the "
            "picture: a 4 can close to a 9, a 3 to an 8."
        )

    @staticmethod
    def draw(rng: np.random.Generator, most: float, smoothness: float) -> Values:
        """The longest way, and a seed for the field of ways."""
        return {
            "amount": most / 100,
            "smoothness": smoothness / 100,
            "field_seed": int(rng.integers(2**31)),
        }

    @staticmethod
    def bend(
        height: int, width: int, amount: float, smoothness: float, field_seed: int
    ) -> tuple[Places, Places]:
        """White noise, blurred, and scaled so that the longest way is the amount."""
        side = min(height, width)
        noise = np.random.default_rng(field_seed).uniform(-1, 1, (2, height, width))
        # As float32 the blur takes a fifth of the time.
        fields = noise.astype(np.float32)
        ways = np.stack([cv2.GaussianBlur(part, (0, 0), smoothness * side) for part in fields])
        ways *= amount * side / np.hypot(ways[0], ways[1]).max()
        rows, columns = np.mgrid[:height, :width]
        return (columns + ways[0]).astype(np.float32), (rows + ways[1]).astype(np.float32)


class Lens(Bend):
    """The picture through a lens that bulges or pinches."""

    title = "Lens"
    about = "As through a lens: straight lines bulge outwards (barrel) or inwards (cushion)."
    source = "Brown 1966, radial term of second order"
    says = "distortion {k:+.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0.0}

    kind: Literal["lens"] = "lens"
    most: float = Field(
        0.3, ge=0, le=1, title="Up to", json_schema_extra={"step": 0.05},
        description="Distortion at the corners, to either side: above 0 is a barrel.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: float) -> Values:
        """The distortion; above 0 lines bulge outwards."""
        return {"k": rng.uniform(-most, most)}

    @staticmethod
    def bend(height: int, width: int, k: float) -> tuple[Places, Places]:
        """Read at (1 + k r**2) times the distance from the middle; r is 1 at the corners.

        Below 0 the factor at the corners is 1 / (1 - k), as much the other way.
        """
        y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1])[:, None, None] / 2
        reach = ((height - 1) ** 2 + (width - 1) ** 2) / 4 or 1.0
        distance = (x**2 + y**2) / reach
        factor = 1 + k * distance if k >= 0 else 1 / (1 - k * distance)
        return (
            (x * factor + (width - 1) / 2).astype(np.float32),
            (y * factor + (height - 1) / 2).astype(np.float32),
        )


class GridDistortion(Bend):
    """A grid over the picture whose columns and rows become wider or narrower."""

    title = "Grid distortion"
    about = "Cuts the picture into columns and rows and makes each wider or narrower."
    source = "Buslaev et al. 2020, albumentations.GridDistortion"
    says = "columns and rows changed by up to {most:.0%}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["grid_distortion"] = "grid_distortion"
    cells: int = Field(
        5, ge=2, le=12, title="Cells", description="Columns, and rows, of the grid."
    )
    most: int = Field(
        30, ge=0, le=80, title="Up to (%)", json_schema_extra={"step": 5},
        description="How much wider or narrower a column can become.",
    )  # fmt: skip

    def words(self, values: Values) -> str:
        """The largest change."""
        both = np.concatenate([np.ravel(values["columns"]), np.ravel(values["rows"])])
        return self.says.format(most=float(np.abs(both).max()))

    @staticmethod
    def draw(rng: np.random.Generator, cells: int, most: int) -> Values:
        """Two times (cells,) changes of the widths."""
        return {
            "columns": rng.uniform(-most, most, cells) / 100,
            "rows": rng.uniform(-most, most, cells) / 100,
        }

    @staticmethod
    def bend(
        height: int, width: int, columns: np.ndarray, rows: np.ndarray
    ) -> tuple[Places, Places]:
        """Linear between the grid's lines; the outermost stay where they are."""
        places = []
        for changes, length in ((columns, width), (rows, height)):
            widths = 1 + np.ravel(changes)
            new = np.append(0, np.cumsum(widths) / widths.sum()) * (length - 1)
            old = np.linspace(0, length - 1, widths.size + 1)
            places.append(np.interp(np.arange(length), new, old))
        x, y = np.meshgrid(*places)
        return x.astype(np.float32), y.astype(np.float32)
