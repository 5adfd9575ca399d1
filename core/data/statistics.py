"""What a gallery says of a data set: samples, mean pictures, original sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset, Images, Labels, check_seed


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes that pictures had, height and width in pixels.

    Attributes:
        smallest: of the picture with the fewest pixels.
        median: of the picture in the middle, ordered by pixels.
        largest: of the picture with the most pixels.
        distinct: how many different sizes there are.
    """

    smallest: tuple[int, int]
    median: tuple[int, int]
    largest: tuple[int, int]
    distinct: int

    def __str__(self) -> str:
        """In words, width first as photos are spoken of.

        Example:
            >>> str(Sizes((20, 30), (40, 60), (80, 90), 3))
            '30 x 20 to 90 x 80 pixels, most about 60 x 40'
        """
        if self.distinct == 1:
            return f"all {self.median[1]} x {self.median[0]} pixels"
        return (
            f"{self.smallest[1]} x {self.smallest[0]} to {self.largest[1]} x {self.largest[0]} "
            f"pixels, most about {self.median[1]} x {self.median[0]}"
        )


def sizes(dataset: Dataset) -> Sizes:
    """The sizes of the pictures before they were made one size."""
    if dataset.original_hw is None:
        height, width, _ = dataset.shape
        return Sizes((height, width), (height, width), (height, width), 1)
    hw = dataset.original_hw
    order = np.argsort(hw.prod(axis=1), kind="stable")
    first, middle, last = (
        (int(hw[i, 0]), int(hw[i, 1])) for i in (order[0], order[(len(hw) - 1) // 2], order[-1])
    )
    return Sizes(first, middle, last, len(np.unique(hw, axis=0)))


def samples(dataset: Dataset, each: int, seed: int = 0) -> tuple[Labels, ...]:
    """Places of up to `each` pictures of every class, drawn without order.

    A larger number keeps the pictures of a smaller one.

    Args:
        dataset: any.
        each: 1 or more.
        seed: 0 or more.

    Returns:
        For every class (k,) int64, k at most `each`.
    """
    check_seed(seed)
    return tuple(
        np.random.default_rng([seed, label]).permutation(
            np.flatnonzero(dataset.labels == label)
        )[:each]
        for label in range(len(dataset.class_names))
    )


def class_means(dataset: Dataset) -> Images:
    """The mean picture of every class, rounded; black where a class has none.

    Returns:
        (classes, H, W, C) uint8.
    """
    means = np.zeros((len(dataset.class_names), *dataset.shape), np.uint8)
    for label in range(len(dataset.class_names)):
        members = np.flatnonzero(dataset.labels == label)
        if len(members):
            means[label] = np.rint(_mean(dataset.images, members))
    return means


def _mean(images: Images, members: Labels) -> npt.NDArray[np.float64]:
    """Sum in pieces: a large class would be copied as a whole otherwise."""
    total = np.zeros(images.shape[1:], np.float64)
    for start in range(0, len(members), _PIECE):
        total += images[members[start : start + _PIECE]].sum(axis=0, dtype=np.float64)
    return total / len(members)


_PIECE = 1000
