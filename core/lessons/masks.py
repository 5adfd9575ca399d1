"""Settings of the page "Masks": what is true, what the painting starts from, what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.data.shapes import SHAPES
from core.lessons.base import Lesson, marks
from core.numbers import LARGEST, NumbersError, parse_grid

Truth = Literal["scene", "square", "example", "method", "file"]
Start = Literal["changed", "empty", "full", "method"]
By = Literal["threshold", "grabcut", "saliency"]
Says = Literal["nothing", "everything", "half", "coin"]

SIDE = 128
"""Side of what is drawn, in pixels: few enough to see each of them."""
CELLS = 6
"""Side of the worked example."""
FEWEST_CLASSES, MOST_CLASSES = 2, 6
TRUE_CELLS = "000000-011100-011100-011100-011100-000000"
SAID_CELLS = "000000-001110-001110-001110-000000-000000"
COUNTS = "9000 100 20 / 200 500 0 / 60 20 100"
_ROW = re.compile(rf"[01]{{{CELLS}}}")

if TYPE_CHECKING:
    Shape = str
else:
    Shape = Literal["mixed", *SHAPES]


def parse_cells(text: str) -> npt.NDArray[np.bool_]:
    """The mask in "000000-011100-...": six rows of six, 1 is inside; without a digit all 0.

    Returns:
        (6, 6) bool.

    Raises:
        NumbersError: there are other rows, or other signs.
    """
    rows = text.strip().split("-") if text.strip() else ["0" * CELLS] * CELLS
    odd = [row for row in rows if not _ROW.fullmatch(row)]
    if len(rows) != CELLS or odd:
        shown = repr(odd[0][:12]) if odd else f"{len(rows)} rows"
        raise NumbersError(
            f"{shown} does not fit: the example has {CELLS} rows of {CELLS} digits, 0 outside "
            f"and 1 inside, with - between the rows, such as {TRUE_CELLS}."
        )
    return np.array([[sign == "1" for sign in row] for row in rows])


def cells_text(mask: npt.NDArray[np.bool_]) -> str:
    """The inverse of `parse_cells`."""
    return "-".join("".join("01"[int(cell)] for cell in row) for row in mask)


def parse_counts(text: str) -> npt.NDArray[np.int64]:
    """The confusion matrix in "90 5 / 3 2": true classes down, predicted ones across.

    Raises:
        NumbersError: it is not square, too small or too large, or these are no counts.
    """
    grid = parse_grid(text)
    rows, columns = grid.shape
    if rows != columns or not FEWEST_CLASSES <= rows <= MOST_CLASSES:
        raise NumbersError(
            f"{rows} rows of {columns} numbers are no confusion matrix. Use as many rows as "
            f"columns, {FEWEST_CLASSES} to {MOST_CLASSES}, one for each class."
        )
    if (grid < 0).any() or (grid != np.rint(grid)).any():
        raise NumbersError(
            f"Pixels are counted in whole numbers from 0 to {LARGEST:,.0f}; one of these is "
            f"{grid[(grid < 0) | (grid != np.rint(grid))][0]:g}."
        )
    return grid.astype(np.int64)


class MasksLesson(Lesson):
    """A mask that is painted, and one that it is compared with."""

    page: ClassVar[str] = "masks"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {
        "mask_true_cells": parse_cells, "mask_said_cells": parse_cells,
        "mask_counts": parse_counts,
    }  # fmt: skip

    mask_truth: Truth = Field(
        "scene", title="Truth",
        description="What the painted mask is compared with. scene: shapes whose masks are "
        "exact; square: one square; example: six by six cells; method: what a method says of "
        "the current image; file: a mask of your own for the current image.",
    )  # fmt: skip
    mask_start: Start = Field(
        "changed", title="Start from",
        description="changed: the truth, moved and made larger or smaller; empty: nothing; "
        "full: everything; method: what a method says, to be corrected.",
    )  # fmt: skip
    mask_grow: int = Field(
        0, ge=-20, le=20, title="Larger by (px)",
        description="Pixels added all around the truth (dilated); below 0 taken away (eroded).",
    )  # fmt: skip
    mask_right: int = Field(
        6, ge=-64, le=64, title="Moved right (px)",
        description="The truth is moved so far to the right; below 0 to the left.",
    )  # fmt: skip
    mask_down: int = Field(
        4, ge=-64, le=64, title="Moved down (px)",
        description="The truth is moved so far down; below 0 up.",
    )  # fmt: skip
    mask_seed: int = Field(
        3, ge=0, le=99, title="Scene",
        description="Number of the drawn scene; the same number gives the same scene.",
    )  # fmt: skip
    mask_shape: Shape = Field(
        "mixed", title="Shapes", description="What is drawn; mixed draws all kinds.",
    )  # fmt: skip
    mask_shapes: int = Field(
        2, ge=1, le=6, title="How many",
        description="Shapes in the scene; what finds no room is left out.",
    )  # fmt: skip
    mask_diameter: int = Field(
        46, ge=8, le=100, title="Diameter (px)",
        description=f"Of a shape, or side of the square. The picture has {SIDE} x {SIDE} "
        "pixels.",
    )  # fmt: skip
    mask_target: Literal["all", "one", "kind"] = Field(
        "all", title="The true mask has",
        description="all: every shape; one: a single one (an instance); kind: all shapes of "
        "its kind (a class).",
    )  # fmt: skip
    mask_object: int = Field(
        1, ge=1, le=6, title="Which shape", description="Number of the shape that is meant.",
    )  # fmt: skip
    mask_truth_by: By = Field(
        "saliency", title="Method that is the truth",
        description="What it says of the current image is taken for true: threshold after "
        "Otsu, GrabCut, or the network U2-Net-p.",
    )  # fmt: skip
    mask_start_by: By = Field(
        "threshold", title="Method to correct",
        description="Painting starts from what it says. GrabCut is given a box around the "
        "truth.",
    )  # fmt: skip
    mask_side: Literal["bright", "dark"] = Field(
        "bright", title="The object is",
        description="Which side of Otsu's threshold is the object.",
    )  # fmt: skip
    mask_true_cells: str = Field(
        TRUE_CELLS, max_length=60, title="True cells",
        description="Six rows of six digits, 1 is inside. Pressing cells in the view example "
        "is easier.",
    )  # fmt: skip
    mask_said_cells: str = Field(
        SAID_CELLS, max_length=60, title="Predicted cells",
        description="The same of the predicted mask, which is painted on the stage.",
    )  # fmt: skip
    mask_shows: Literal["errors", "painted"] = Field(
        "errors", title="Shown",
        description="errors: hits, misses and what is too much, in colour and pattern; "
        "painted: the painted mask alone, for painting without seeing the truth.",
    )  # fmt: skip
    mask_opacity: int = Field(
        60, ge=0, le=100, title="Opacity (%)",
        description="Of the colours over the picture.",
    )  # fmt: skip
    mask_tolerance: int = Field(
        1, ge=0, le=20, title="Tolerance (px)",
        description="How far apart two boundaries may lie and still match.",
    )  # fmt: skip
    mask_share: float = Field(
        2.0, ge=0.1, le=99, title="Share of the object (%)",
        json_schema_extra=marks(0.5, 1, 2, 5, 10, 20, 35, 50, 65, 80, 90, 95, 98),
        description="How much of the picture the object has, in the view imbalance.",
    )  # fmt: skip
    mask_says: Says = Field(
        "nothing", title="What is predicted",
        description="nothing at all; everything; half of the object and nothing else; or each "
        "pixel by the toss of a coin.",
    )  # fmt: skip
    mask_counts: str = Field(
        COUNTS, max_length=240, title="Confusion matrix (pixels)",
        description="A row for each true class, a column for each predicted one; class 0 is "
        "the background.",
    )  # fmt: skip

    @property
    def cells(self) -> bool:
        """Whether the worked example is on the stage."""
        return self.mask_truth == "example"

    @property
    def of_photo(self) -> bool:
        """Whether the current image is on the stage."""
        return self.mask_truth in ("method", "file")
