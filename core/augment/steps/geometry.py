"""Steps that move pixels by a projective map: flips, turns, shifts, slants."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Filling, LabelEffect, Matrix, Values, Warp

AFFINE = "keras.ops.image.affine_transform (shown by cv2.warpPerspective)"
"""OpenCV gives the same as Keras in a quarter of the time; exported code has Keras alone."""

_MIRRORED = (
    "A mirror image can be another thing: text can no longer be read, b becomes d, an arrow "
    "points the other way."
)
_TURNED = "a 6 becomes a 9, and up becomes down"


class FlipHorizontal(Warp):
    """Left and right change places."""

    title = "Flip left-right"
    about = "The mirror image: left and right change places."
    source = "Krizhevsky, Sutskever & Hinton 2012, section 4.1"
    made_by = "keras.ops.flip, as keras.layers.RandomFlip"
    label: ClassVar[LabelEffect] = "can change"
    says = "mirrored"

    kind: Literal["flip_horizontal"] = "flip_horizontal"
    probability: float = Field(
        0.5, ge=0, le=1, title="Probability", json_schema_extra={"step": 0.05},
        description="Share of the pictures that the step changes.",
    )  # fmt: skip

    def risk(self) -> str:
        """Mirrored text."""
        return _MIRRORED

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}

    @staticmethod
    def matrix(height: int, width: int) -> Matrix:
        """Columns counted from the right."""
        return np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], float)


class FlipVertical(Warp):
    """Top and bottom change places."""

    title = "Flip top-bottom"
    about = "Upside down: top and bottom change places."
    source = "Coimbra deck, data augmentation"
    made_by = "keras.ops.flip, as keras.layers.RandomFlip"
    label: ClassVar[LabelEffect] = "can change"
    says = "upside down"

    kind: Literal["flip_vertical"] = "flip_vertical"
    probability: float = Field(
        0.5, ge=0, le=1, title="Probability", json_schema_extra={"step": 0.05},
        description="Share of the pictures that the step changes.",
    )  # fmt: skip

    def risk(self) -> str:
        """Things that have an upper side."""
        return (
            "Few photos are taken upside down, and some signs become others: p becomes b, M "
            "becomes W. From above (cells, satellites) there is no up and down."
        )

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}

    @staticmethod
    def matrix(height: int, width: int) -> Matrix:
        """Rows counted from the bottom."""
        return np.array([[1, 0, 0], [0, -1, height - 1], [0, 0, 1]], float)


class QuarterTurn(Warp):
    """One, two or three right angles; no pixel is interpolated."""

    title = "Quarter turns"
    about = "A turn by 90, 180 or 270 degrees, without any interpolation."
    source = "Dieleman, Willett & Dambre 2015, section 6.1"
    made_by = AFFINE
    label: ClassVar[LabelEffect] = "can change"
    says = "turned by {degrees} degrees"

    kind: Literal["quarter_turn"] = "quarter_turn"

    def risk(self) -> str:
        """A 6 and a 9."""
        return f"By half a turn {_TURNED}."

    @staticmethod
    def draw(rng: np.random.Generator, height: int, width: int) -> Values:
        """Degrees counter-clockwise; always 180 where the picture is no square."""
        return {"degrees": int(rng.choice([90, 180, 270] if height == width else [180]))}

    @staticmethod
    def matrix(height: int, width: int, degrees: int) -> Matrix:
        """A turn about the middle, in whole numbers."""
        across, down = width - 1, height - 1
        return {
            90: np.array([[0, -1, across], [1, 0, 0], [0, 0, 1]], float),
            180: np.array([[-1, 0, across], [0, -1, down], [0, 0, 1]], float),
            270: np.array([[0, 1, 0], [-1, 0, down], [0, 0, 1]], float),
        }[degrees]


class Rotation(Warp, Filling):
    """A turn about the middle."""

    title = "Rotation"
    about = "A turn about the middle, by an angle between two bounds."
    source = "Simard, Steinkraus & Platt 2003, section 2"
    made_by = f"{AFFINE}, as keras.layers.RandomRotation"
    label: ClassVar[LabelEffect] = "can change"
    says = "angle {angle:+.1f} degrees"
    neutral: ClassVar[dict[str, float]] = {"degrees": 0.0}

    kind: Literal["rotation"] = "rotation"
    degrees: float = Field(
        20.0, ge=0, le=180, title="Up to (degrees)", json_schema_extra={"step": 1},
        description="Largest turn to either side; positive is counter-clockwise.",
    )  # fmt: skip

    def risk(self) -> str:
        """When a 6 becomes a 9."""
        if self.degrees <= 45:
            return ""
        if self.degrees <= 90:
            return f"Turns of up to {self.degrees:g} degrees lay things on their side."
        return f"Turns of up to {self.degrees:g} degrees stand things on their head: {_TURNED}."

    @staticmethod
    def draw(rng: np.random.Generator, degrees: float) -> Values:
        """An angle, every one as likely as the other."""
        return {"angle": rng.uniform(-degrees, degrees)}

    @staticmethod
    def matrix(height: int, width: int, angle: float) -> Matrix:
        """A turn about the middle, counter-clockwise on the screen."""
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        x, y = (width - 1) / 2, (height - 1) / 2
        return np.array(
            [[cos, -sin, x - cos * x + sin * y], [sin, cos, y - sin * x - cos * y], [0, 0, 1]]
        )


class Translation(Warp, Filling):
    """A shift down or up, and to the right or left."""

    title = "Translation"
    about = "A shift, by a share of the height and of the width."
    source = "Simard, Steinkraus & Platt 2003, section 2"
    made_by = f"{AFFINE}, as keras.layers.RandomTranslation"
    label: ClassVar[LabelEffect] = "can change"
    says = "{right:+.0%} to the right, {down:+.0%} down"
    neutral: ClassVar[dict[str, float]] = {"vertical": 0, "horizontal": 0}

    kind: Literal["translation"] = "translation"
    vertical: int = Field(
        15, ge=0, le=100, title="Up or down (%)",
        description="Largest shift, in percent of the height.",
    )  # fmt: skip
    horizontal: int = Field(
        15, ge=0, le=100, title="To a side (%)",
        description="Largest shift, in percent of the width.",
    )  # fmt: skip

    def risk(self) -> str:
        """When what is to be seen leaves the picture."""
        most = max(self.vertical, self.horizontal)
        if most < 50:
            return ""
        return f"A shift by {most} % can push the object out of the picture; its label stays."

    @staticmethod
    def draw(rng: np.random.Generator, vertical: int, horizontal: int) -> Values:
        """Two shares; positive is down and to the right."""
        return {
            "down": rng.uniform(-vertical, vertical) / 100,
            "right": rng.uniform(-horizontal, horizontal) / 100,
        }

    @staticmethod
    def matrix(height: int, width: int, down: float, right: float) -> Matrix:
        """What is read lies the other way."""
        return np.array([[1, 0, -right * width], [0, 1, -down * height], [0, 0, 1]])


class Zoom(Warp, Filling):
    """Larger or smaller, about the middle."""

    title = "Zoom"
    about = "Enlarges or shrinks about the middle; proportions stay."
    source = "keras.layers.RandomZoom"
    made_by = f"{AFFINE}, as keras.layers.RandomZoom"
    says = "{zoom:.0%} of the size"
    neutral: ClassVar[dict[str, float]] = {"smallest": 100, "largest": 100}

    kind: Literal["zoom"] = "zoom"
    smallest: int = Field(
        80, ge=20, le=400, title="From (%)", json_schema_extra={"step": 5},
        description="Smallest size; less than 100 shows what is beyond the border.",
    )  # fmt: skip
    largest: int = Field(
        120, ge=20, le=400, title="To (%)", json_schema_extra={"step": 5},
        description="Largest size; more than 100 cuts the border off.",
    )  # fmt: skip

    def problem(self) -> str:
        """Bounds in the wrong order."""
        return in_order("Zoom", self.smallest, self.largest)

    @staticmethod
    def draw(rng: np.random.Generator, smallest: int, largest: int) -> Values:
        """A factor; twice and half as large are as likely as each other."""
        return {"zoom": np.exp(rng.uniform(np.log(smallest / 100), np.log(largest / 100)))}

    @staticmethod
    def matrix(height: int, width: int, zoom: float) -> Matrix:
        """Towards the middle by 1 / zoom."""
        x, y = (width - 1) / 2, (height - 1) / 2
        return np.array(
            [[1 / zoom, 0, x * (1 - 1 / zoom)], [0, 1 / zoom, y * (1 - 1 / zoom)], [0, 0, 1]]
        )


class Stretch(Warp, Filling):
    """Wider and lower, or narrower and higher; the area stays."""

    title = "Stretch"
    about = "Changes the proportions: wider and lower, or narrower and higher."
    source = "keras_cv.layers.RandomAspectRatio, with the size kept"
    made_by = AFFINE
    says = "width to height {ratio:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["stretch"] = "stretch"
    most: int = Field(
        30, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="How much wider than high a square can become.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """Width to height; 2:1 and 1:2 are as likely as each other."""
        return {"ratio": np.exp(rng.uniform(-1, 1) * np.log(1 + most / 100))}

    @staticmethod
    def matrix(height: int, width: int, ratio: float) -> Matrix:
        """About the middle, by the root of the ratio along each axis."""
        x, y, side = (width - 1) / 2, (height - 1) / 2, np.sqrt(ratio)
        return np.array(
            [[1 / side, 0, x * (1 - 1 / side)], [0, side, y * (1 - side)], [0, 0, 1]]
        )


class Shear(Warp, Filling):
    """Rows, or columns, slide along each other."""

    title = "Shear"
    about = "Slants the picture: rows or columns slide along each other."
    source = "Cubuk et al. 2019, table 6"
    made_by = AFFINE
    says = "slanted by {across:+.1f} and {down:+.1f} degrees"
    neutral: ClassVar[dict[str, float]] = {"sideways": 0.0, "upwards": 0.0}

    kind: Literal["shear"] = "shear"
    sideways: float = Field(
        15.0, ge=0, le=60, title="Rows, up to (degrees)", json_schema_extra={"step": 1},
        description="Largest slant of upright lines.",
    )  # fmt: skip
    upwards: float = Field(
        0.0, ge=0, le=60, title="Columns, up to (degrees)", json_schema_extra={"step": 1},
        description="Largest slant of level lines.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, sideways: float, upwards: float) -> Values:
        """Two angles."""
        return {
            "across": rng.uniform(-sideways, sideways),
            "down": rng.uniform(-upwards, upwards),
        }

    @staticmethod
    def matrix(height: int, width: int, across: float, down: float) -> Matrix:
        """About the middle; Keras' RandomShear slides about the upper left corner."""
        x, y = (width - 1) / 2, (height - 1) / 2
        a, d = np.tan(np.radians(across)), np.tan(np.radians(down))
        return np.array([[1, a, -a * y], [d, 1, -d * x], [0, 0, 1]])


class Perspective(Warp, Filling):
    """Seen from another place: the four corners move inwards."""

    title = "Perspective"
    about = "As if seen from another place: each corner moves inwards by a share of its own."
    source = "torchvision.transforms.RandomPerspective; Hartley & Zisserman 2004, section 4.1"
    made_by = f"{AFFINE} with a projective map, as keras.layers.RandomPerspective"
    says = "corners moved by up to {most:.0%}"
    neutral: ClassVar[dict[str, float]] = {"scale": 0}

    kind: Literal["perspective"] = "perspective"
    scale: int = Field(
        20, ge=0, le=45, title="Up to (%)",
        description="How far a corner moves at most, in percent of the side.",
    )  # fmt: skip

    def words(self, values: Values) -> str:
        """The way of the corner that moved most."""
        return self.says.format(most=float(np.max(values["corners"])))

    @staticmethod
    def draw(rng: np.random.Generator, scale: int) -> Values:
        """(4, 2) shares of width and height, clockwise from the upper left corner."""
        return {"corners": rng.uniform(0, scale / 100, (4, 2))}

    @staticmethod
    def matrix(height: int, width: int, corners: np.ndarray) -> Matrix:
        """The map from the moved corners back to the picture's own.

        Eight equations, two for each corner, in the eight entries that are not fixed.
        """
        right, low = width - 1, height - 1
        old = np.array([[0, 0], [right, 0], [right, low], [0, low]], float)
        inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
        new = old + inwards * np.reshape(corners, (4, 2)) * [right, low]
        rows = []
        for (x, y), (u, v) in zip(new, old, strict=True):
            rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
            rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        return np.append(np.linalg.solve(rows, old.ravel()), 1.0).reshape(3, 3)


def in_order(what: str, smallest: int, largest: int) -> str:
    """Why two bounds in percent do not fit, and what would; empty where they do."""
    if smallest <= largest:
        return ""
    return (
        f"{what} goes from {smallest} to {largest} %: the first number is the larger one. "
        f"Use from {largest} to {smallest} %."
    )
