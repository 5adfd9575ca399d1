"""Pictures with a class for every pixel: scenes of shapes, drawn by rule."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from core.data import shapes
from core.data.dataset import DataError, Dataset, Split
from core.data.spec import OWN, RECENT, DataSpec

SCENES = "scenes"
"""Slug of the drawn scenes."""
FEWEST_IMAGES, MOST_IMAGES = 20, 5_000

Masks = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedSet(Dataset):
    """A data set whose labels are maps. Its `labels` are the largest class of each picture.

    Attributes:
        masks: (n, H, W) uint8: a place in the class names for each pixel, read-only; the first
            class is the background.

    Raises:
        DataError: the parts do not fit together.
    """

    masks: Masks = field(default_factory=lambda: np.empty((0, 0, 0), np.uint8))

    def __post_init__(self) -> None:
        Dataset.__post_init__(self)
        _check_masks(self.masks, self.images.shape, len(self.class_names))
        view = self.masks.view()
        view.setflags(write=False)
        object.__setattr__(self, "masks", view)

    @property
    def digest(self) -> str:
        """32 hexadecimal digits: the same pictures, masks and names, the same digest."""
        state = hashlib.blake2b(Dataset.digest.fget(self).encode(), digest_size=16)  # type: ignore[attr-defined]
        state.update(np.ascontiguousarray(self.masks).data)
        return state.hexdigest()

    @property
    def pixel_shares(self) -> npt.NDArray[np.float64]:
        """(classes,) share of all pixels that each class has."""
        counts = np.bincount(self.masks.ravel(), minlength=len(self.class_names))
        return np.asarray(counts / self.masks.size)

    def subset(self, indices: npt.ArrayLike) -> Self:
        """The pictures at these places with their masks, in this order."""
        chosen = np.asarray(indices, dtype=np.int64)
        sizes = None if self.original_hw is None else self.original_hw[chosen]
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            masks=self.masks[chosen],
            original_hw=sizes,
            published_test=np.flatnonzero(np.isin(chosen, self.published_test)),
        )


class DrawnSpec(DataSpec):
    """Which scenes of shapes are drawn, and how they, or own pictures, are divided.

    Attributes:
        dataset: "scenes" are drawn; `OWN` are pictures that a person has uploaded.
        images: number of scenes.
        image_size: height and width of a scene, in pixels.
        shape_classes: the shapes in them; with the background, these are the classes.
        shape_smallest: smallest diameter of a shape, in percent of the picture's side.
        shape_largest: largest diameter, in percent.
        shapes_fewest: fewest shapes in a scene.
        shapes_most: most shapes in a scene.
        overlap: whether shapes may cover parts of each other.
        truth: what a picture comes with, as a person calls it.
    """

    truth: ClassVar[str] = "masks"

    dataset: str = SCENES
    images: int = Field(1_500, ge=FEWEST_IMAGES, le=MOST_IMAGES)
    image_size: int = Field(64, ge=32, le=256)
    shape_smallest: int = Field(20, ge=10, le=100)
    shape_largest: int = Field(40, ge=10, le=100)
    shapes_fewest: int = Field(1, ge=1, le=shapes.MOST_SHAPES)
    shapes_most: int = Field(3, ge=1, le=shapes.MOST_SHAPES)
    overlap: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.dataset not in (SCENES, OWN):
            raise DataError(
                f"{self.dataset!r} has no {self.truth}. Use {SCENES!r}, or pictures with "
                f"{self.truth}."
            )
        if self.training_share + self.validation_share >= 1:
            raise DataError(
                f"shares of {self.training_share:g} for training and "
                f"{self.validation_share:g} for validation leave nothing for the test. Use "
                "less than 1 together, such as 0.7 and 0.15."
            )
        if self.shapes_fewest > self.shapes_most or self.shape_smallest > self.shape_largest:
            raise DataError(
                f"{self.shapes_fewest} to {self.shapes_most} shapes of {self.shape_smallest} "
                f"to {self.shape_largest} % do not work. Put the smaller number first."
            )
        return self

    @property
    def ships(self) -> bool:
        """Whether any process can draw it by itself."""
        return self.dataset != OWN

    def divide(self, dataset: Dataset) -> Split:
        """Training, validation and test pictures, drawn by chance.

        Raises:
            DataError: there are too few pictures.
        """
        if len(dataset) < 3:
            raise DataError(
                f"{len(dataset)} pictures leave a part without one. Training, validation and "
                "test need at least 3 together."
            )
        order = np.random.default_rng(self.split_seed).permutation(len(dataset))
        first = min(max(round(len(order) * self.training_share), 1), len(order) - 2)
        both = self.training_share + self.validation_share
        second = min(max(round(len(order) * both), first + 1), len(order) - 1)
        return Split(*(part.astype(np.int64) for part in np.split(order, [first, second])))

    @property
    def drawing(self) -> str:
        """The settings that decide what is drawn: with the same ones it is the same."""
        return self.model_dump_json(
            exclude={"training_share", "validation_share", "split_seed"}
        )

    def scenes(self) -> shapes.Scenes:
        """Draw them.

        Raises:
            DataError: a setting cannot be drawn.
        """
        side = self.image_size
        return shapes.scenes(
            self.images,
            side,
            self.image_seed,
            classes=self.shape_classes,
            count=(self.shapes_fewest, self.shapes_most),
            noise=self.image_noise,
            min_size=max(round(side * self.shape_smallest / 100), shapes.SMALLEST_SHAPE),
            max_size=max(round(side * self.shape_largest / 100), shapes.SMALLEST_SHAPE),
            overlap=self.overlap,
            background=self.shape_background,
        )


class SceneSpec(DrawnSpec):
    """Which scenes, or which own pairs of picture and mask, and how they are divided."""

    def pictures(self, own: Dataset | None = None) -> MaskedSet:
        """The pictures with their masks.

        Args:
            own: the person's pairs; passed over where scenes are drawn.

        Raises:
            DataError: there are no own pairs, or a setting cannot be drawn.
        """
        if self.dataset == SCENES:
            kept = RECENT.get((SCENES, self.drawing), self._drawn)
            if isinstance(kept, MaskedSet):
                return kept
        if not isinstance(own, MaskedSet):
            raise DataError(
                "There are no own pictures with masks yet. Upload some, or draw scenes."
            )
        return own

    def _drawn(self) -> MaskedSet:
        drawn = self.scenes()
        return MaskedSet(
            SCENES, "Scenes of shapes", drawn.images, largest_classes(drawn.masks),
            drawn.class_names, shapes.SOURCE, shapes.LICENCE, masks=drawn.masks,
        )  # fmt: skip


def largest_classes(masks: Masks) -> npt.NDArray[np.int64]:
    """(n,) the class with the most pixels besides the background, 0 where there is none."""
    labels = np.zeros(len(masks), np.int64)
    for place, mask in enumerate(masks):
        counts = np.bincount(mask.ravel(), minlength=2)
        counts[0] = 0
        labels[place] = counts.argmax() if counts.any() else 0
    return labels


def middle_of(masks: Masks, size_hw: tuple[int, int]) -> Masks:
    """The part of each mask that the network's output belongs to: the same number off each rim.

    Args:
        masks: (n, H, W).
        size_hw: of the output.

    Returns:
        (n, h, w).
    """
    top, left = (masks.shape[1] - size_hw[0]) // 2, (masks.shape[2] - size_hw[1]) // 2
    return masks[:, top : top + size_hw[0], left : left + size_hw[1]]


def _check_masks(masks: Masks, images: tuple[int, ...], classes: int) -> None:
    if masks.shape != images[:3] or masks.dtype != np.uint8:
        raise DataError(
            f"masks are {masks.dtype} of shape {masks.shape}; pictures of shape {images} need "
            f"uint8 of shape {images[:3]}: one mask a picture, of its size."
        )
    if masks.max() >= classes:
        raise DataError(
            f"masks have numbers up to {masks.max()}; with {classes} class names they can go "
            f"from 0 to {classes - 1}."
        )
