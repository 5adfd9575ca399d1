"""Pictures with boxes: scenes of shapes, drawn by rule, whose boxes are exact."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.data import shapes
from core.data.dataset import DataError, Dataset
from core.data.masked import FEWEST_IMAGES, MOST_IMAGES, SCENES, DrawnSpec
from core.data.spec import RECENT

Boxes = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BoxedSet(Dataset):
    """A data set whose labels are boxes. Its `labels` are the class of each largest box.

    Attributes:
        boxes: of each picture (k, 4) float32, xyxy in pixels, right and bottom exclusive.
        box_labels: of each picture (k,) int64, places in the class names.

    Raises:
        DataError: the parts do not fit together.
    """

    boxes: tuple[Boxes, ...] = ()
    box_labels: tuple[Labels, ...] = ()

    def __post_init__(self) -> None:
        Dataset.__post_init__(self)
        _check_boxes(self.boxes, self.box_labels, self.images.shape, len(self.class_names))

    @property
    def digest(self) -> str:
        """32 hexadecimal digits: the same pictures, boxes and names, the same digest."""
        state = hashlib.blake2b(Dataset.digest.fget(self).encode(), digest_size=16)  # type: ignore[attr-defined]
        for boxes, labels in zip(self.boxes, self.box_labels, strict=True):
            state.update(boxes.tobytes() + b"\0" + labels.tobytes() + b"\n")
        return state.hexdigest()

    @property
    def box_counts(self) -> npt.NDArray[np.int64]:
        """(classes,) number of boxes of each class."""
        joined = np.concatenate([*self.box_labels, np.zeros(0, np.int64)])
        return np.bincount(joined, minlength=len(self.class_names))

    def subset(self, indices: npt.ArrayLike) -> Self:
        """The pictures at these places with their boxes, in this order."""
        chosen = np.asarray(indices, dtype=np.int64)
        sizes = None if self.original_hw is None else self.original_hw[chosen]
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            boxes=tuple(self.boxes[place] for place in chosen),
            box_labels=tuple(self.box_labels[place] for place in chosen),
            original_hw=sizes,
            published_test=np.flatnonzero(np.isin(chosen, self.published_test)),
        )

    def records(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> list[dict[str, Any]]:
        """The boxes of some pictures as `core.vision.metrics` takes them.

        Args:
            indices: places of the pictures, which are the images' ids.
        """
        return [
            {"image": int(place), "box": box.tolist(), "label": self.class_names[label]}
            for place in indices
            for box, label in zip(self.boxes[place], self.box_labels[place], strict=True)
        ]


class BoxSceneSpec(DrawnSpec):
    """Which scenes, or which own pictures with boxes, and how they are divided.

    Attributes:
        shape_classes: the shapes in the scenes; these are the classes.
    """

    truth: ClassVar[str] = "boxes"

    image_size: int = Field(96, ge=32, le=256)
    images: int = Field(2_000, ge=FEWEST_IMAGES, le=MOST_IMAGES)

    def pictures(self, own: Dataset | None = None) -> BoxedSet:
        """The pictures with their boxes.

        Args:
            own: the person's pictures; passed over where scenes are drawn.

        Raises:
            DataError: there are no own pictures, or a setting cannot be drawn.
        """
        if self.dataset == SCENES:
            kept = RECENT.get((SCENES, "boxes", self.drawing), self._drawn)
            if isinstance(kept, BoxedSet):
                return kept
        if not isinstance(own, BoxedSet):
            raise DataError(
                "There are no own pictures with boxes yet. Upload some, or draw scenes."
            )
        return own

    def _drawn(self) -> BoxedSet:
        drawn = self.scenes()
        labels = tuple(found - 1 for found in drawn.labels)  # no class is the background
        return BoxedSet(
            SCENES, "Scenes of shapes", drawn.images, largest_labels(drawn.boxes, labels),
            drawn.class_names[1:], shapes.SOURCE, shapes.LICENCE,
            boxes=drawn.boxes, box_labels=labels,
        )  # fmt: skip


def largest_labels(boxes: Sequence[Boxes], labels: Sequence[Labels]) -> Labels:
    """(n,) the class of each picture's largest box, 0 where there is none."""
    found = np.zeros(len(boxes), np.int64)
    for place, (rows, kinds) in enumerate(zip(boxes, labels, strict=True)):
        if len(rows):
            found[place] = kinds[np.prod(rows[:, 2:] - rows[:, :2], axis=1).argmax()]
    return found


def _check_boxes(
    boxes: Sequence[Boxes], labels: Sequence[Labels], images: tuple[int, ...], classes: int
) -> None:
    if not len(boxes) == len(labels) == images[0]:
        raise DataError(
            f"there are boxes for {len(boxes):,} and labels for {len(labels):,} of "
            f"{images[0]:,} pictures. Give both for each, empty ones where nothing is."
        )
    height, width = images[1:3]
    for place, (rows, kinds) in enumerate(zip(boxes, labels, strict=True)):
        if rows.shape != (len(kinds), 4):
            raise DataError(
                f"picture {place} has boxes of shape {rows.shape} and {len(kinds)} labels. "
                "Each box has four numbers and a label."
            )
        if not len(kinds):
            continue
        if kinds.min() < 0 or kinds.max() >= classes:
            raise DataError(
                f"picture {place} has labels from {kinds.min()} to {kinds.max()}; with "
                f"{classes} class names they can go from 0 to {classes - 1}."
            )
        inside = (rows[:, :2] >= 0).all() and (rows[:, 2:] <= (width, height)).all()
        if not inside or not (rows[:, 2:] > rows[:, :2]).all():
            raise DataError(
                f"picture {place} has a box that is empty, or that leaves its {width} x "
                f"{height} pixels."
            )
