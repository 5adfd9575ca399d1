"""A labelled set of pictures, and its three parts: training, validation and test."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]
"""(n, H, W, C) uint8; C = 1 is grey, C = 3 is RGB."""

Labels = npt.NDArray[np.int64]
"""(n,) int64; each a place in the class names, from 0."""

SMALLEST_CLASS = 3
"""Fewest images a class needs to be split: one for each part."""


class DataError(ValueError):
    """A data set that cannot be made or used; its text is meant for the person at the page."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Pictures of one size, each of one class.

    Attributes:
        slug: name for links.
        title: name for the screen.
        images: (n, H, W, C) uint8, C = 1 or 3, read-only.
        labels: (n,) int64, 0 to `len(class_names) - 1`, read-only.
        class_names: what the labels mean.
        source: where the pictures come from.
        licence: under which terms they may be used.
        published_test: (k,) int64, places of the pictures that the publishers have set aside
            for testing; empty where they left that to us.
        original_hw: (n, 2) int64, height and width in pixels before the pictures were made one
            size; None where they always had it.

    Raises:
        DataError: the parts do not fit together.
    """

    slug: str
    title: str
    images: Images
    labels: Labels
    class_names: tuple[str, ...]
    source: str
    licence: str
    published_test: Labels = field(default_factory=lambda: np.empty(0, np.int64))
    original_hw: npt.NDArray[np.int64] | None = None
    _digest: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        _check_images(self.images)
        _check_class_names(self.class_names)
        _check_labels(self.labels, len(self.images), len(self.class_names))
        # A training run must not change what the gallery and the next run see.
        object.__setattr__(self, "images", _read_only(self.images))
        object.__setattr__(self, "labels", _read_only(self.labels.astype(np.int64)))
        object.__setattr__(self, "published_test", _read_only(self.published_test))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def digest(self) -> str:
        """32 hexadecimal digits: the same pictures, labels and class names, the same digest."""
        if not self._digest:
            object.__setattr__(self, "_digest", _fingerprint(self))
        return self._digest

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of each image."""
        height, width, channels = self.images.shape[1:]
        return height, width, channels

    @property
    def squeezed(self) -> bool:
        """Whether most pictures had other proportions before all became as large."""
        if self.original_hw is None:
            return False
        height, width, _ = self.shape
        kept = self.original_hw[:, 0] * width == self.original_hw[:, 1] * height
        return bool(kept.mean() < 0.5)

    @property
    def class_counts(self) -> tuple[int, ...]:
        """Number of images of each class, in the order of `class_names`."""
        counts = np.bincount(self.labels, minlength=len(self.class_names))
        return tuple(int(count) for count in counts)

    def subset(self, indices: npt.ArrayLike) -> Dataset:
        """The pictures at these places, in this order; all class names stay.

        Args:
            indices: (k,) whole numbers, k at least 1.
        """
        chosen = np.asarray(indices, dtype=np.int64)
        sizes = None if self.original_hw is None else self.original_hw[chosen]
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            published_test=np.flatnonzero(np.isin(chosen, self.published_test)),
            original_hw=sizes,
        )

    def limited(self, count: int, seed: int = 0) -> Dataset:
        """At most `count` pictures, every class with its share of them, in their order.

        A smaller count gives some of the pictures of a larger one. Where a part is set aside
        for testing, it keeps its share as well.

        Args:
            count: 1 or more. Every class keeps at least `SMALLEST_CLASS` pictures, or all
                where it has fewer, so there may be a few more.
            seed: 0 or more; decides which.
        """
        check_seed(seed)
        if count >= len(self):
            return self
        groups = _groups(self)
        seats = _apportioned([len(group) for group in groups], count)
        kept = []
        for place, (group, wanted) in enumerate(zip(groups, seats, strict=True)):
            shuffled = np.random.default_rng([seed, place]).permutation(group)
            kept.append(shuffled[:wanted])
        return self.subset(np.sort(np.concatenate(kept)))


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices into a data set: no index twice, none left out, each part in mixed order.

    Attributes:
        training: (a,) int64, for the steps of the optimiser.
        validation: (b,) int64, for choices between runs, such as when to stop.
        test: (c,) int64, for the last word; never used for a choice.
    """

    training: Labels
    validation: Labels
    test: Labels


def split(
    dataset: Dataset, training: float = 0.7, validation: float = 0.15, seed: int = 0
) -> Split:
    """Divide a data set into training, validation and test images, class by class.

    Every class gives the same shares, rounded to whole images, and at least one image to
    each part. The test part is what the other two leave over. Where the publishers have set
    a test set aside, that is the test part, and the two shares divide the other images in
    their proportion.

    Args:
        dataset: at least `SMALLEST_CLASS` images in every class.
        training: share of the training images, more than 0.
        validation: share of the validation images, more than 0; both together below 1.
        seed: 0 or more; the same seed gives the same parts.

    Raises:
        DataError: a share is out of bounds, or a class has too few images.
    """
    _check_shares(training, validation)
    check_seed(seed)
    _check_class_sizes(dataset)
    open_to_us = np.ones(len(dataset), dtype=np.bool_)
    open_to_us[dataset.published_test] = False
    parts: tuple[list[Labels], ...] = ([], [], [dataset.published_test])
    for label in range(len(dataset.class_names)):
        members = np.flatnonzero((dataset.labels == label) & open_to_us)
        # A generator for each class: a further class does not move the images of the others.
        shuffled = np.random.default_rng([seed, label]).permutation(members)
        if len(dataset.published_test):
            first = _cut(len(members), training / (training + validation))
            cuts = [first, len(members)]
        else:
            cuts = [*_cuts(len(members), training, validation)]
        for part, piece in zip(parts, np.split(shuffled, cuts), strict=True):
            part.append(piece)
    # Mixed, so that the first images of a part show more than the first class.
    mix = np.random.default_rng([seed, len(dataset.class_names)])
    return Split(*(mix.permutation(np.concatenate(part)) for part in parts))


def check_seed(seed: int) -> None:
    """Refuse a seed that NumPy's generators do not take.

    Raises:
        DataError: the seed is negative.
    """
    if seed < 0:
        raise DataError(f"seed {seed} is negative. Use 0 or more.")


def _cuts(count: int, training: float, validation: float) -> tuple[int, int]:
    """Where training and validation end among `count` images, one left for each part."""
    first = min(max(round(count * training), 1), count - 2)
    second = min(max(round(count * (training + validation)), first + 1), count - 1)
    return first, second


def _cut(count: int, share: float) -> int:
    """Where the first of two parts ends among `count` images, one left for each."""
    return min(max(round(count * share), 1), count - 1)


def _groups(dataset: Dataset) -> list[Labels]:
    """Places of each class, those set aside for testing apart."""
    aside = np.zeros(len(dataset), dtype=np.bool_)
    aside[dataset.published_test] = True
    groups = [
        np.flatnonzero((dataset.labels == label) & (aside == part))
        for part in (False, True)
        for label in range(len(dataset.class_names))
    ]
    return [group for group in groups if len(group)]


def _apportioned(sizes: Sequence[int], count: int) -> list[int]:
    """How many of each group to take, `count` together, in proportion to their sizes.

    Every group gives `SMALLEST_CLASS` first, or all that it has; the rest goes by
    Sainte-Lague's divisors 1, 3, 5..., so that no group gives fewer when more are wanted.

    Source: Balinski & Young 1982, "Fair Representation", the method of Webster.
    """
    seats = [min(size, SMALLEST_CLASS) for size in sizes]
    claims = np.concatenate(
        [
            size / (2 * np.arange(first, size) + 1)
            for size, first in zip(sizes, seats, strict=True)
        ]
    )
    owners = np.repeat(np.arange(len(sizes)), np.subtract(sizes, seats))
    free = max(count - sum(seats), 0)
    served = owners[np.argsort(-claims, kind="stable")[:free]]
    return [*(seats + np.bincount(served, minlength=len(sizes)))]


def _fingerprint(dataset: Dataset) -> str:
    head = (dataset.images.shape, dataset.class_names, dataset.published_test.tolist())
    state = hashlib.blake2b(repr(head).encode(), digest_size=16)
    state.update(np.ascontiguousarray(dataset.images).data)
    state.update(np.ascontiguousarray(dataset.labels).data)
    return state.hexdigest()


def _check_images(images: Images) -> None:
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or images.size == 0:
        raise DataError(
            f"images of shape {images.shape} are not (count, height, width, channels) with "
            "1 or 3 channels and at least one pixel."
        )
    if images.dtype != np.uint8:
        raise DataError(f"images are {images.dtype}, not uint8. Scale them to 0..255 first.")


def _check_class_names(class_names: tuple[str, ...]) -> None:
    if len(set(class_names)) != len(class_names):
        raise DataError(f"class names {class_names} repeat. Give each class a name of its own.")


def _check_labels(labels: Labels, images: int, classes: int) -> None:
    if labels.shape != (images,) or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(
            f"labels are {labels.dtype} of shape {labels.shape}; {images} images need whole "
            f"numbers of shape ({images},)."
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise DataError(
            f"labels go from {labels.min()} to {labels.max()}; with {classes} class names "
            f"they can go from 0 to {classes - 1}."
        )


def _check_shares(training: float, validation: float) -> None:
    if not (training > 0 and validation > 0 and training + validation < 1):
        raise DataError(
            f"shares of {training:g} for training and {validation:g} for validation leave "
            f"{1 - training - validation:g} for the test. Each part needs more than 0, "
            "such as 0.7, 0.15 and 0.15."
        )


def _check_class_sizes(dataset: Dataset) -> None:
    parts, smallest = "Training, validation and test need", SMALLEST_CLASS
    labels = dataset.labels
    if len(dataset.published_test):
        parts, smallest = "Beside the published test set, training and validation need", 2
        labels = np.delete(labels, dataset.published_test)
    counts = np.bincount(labels, minlength=len(dataset.class_names))
    small = [
        f"{name!r} has {count}"
        for name, count in zip(dataset.class_names, counts, strict=True)
        if count < smallest
    ]
    if small:
        raise DataError(
            f"{parts} an image of every class each, so at least {smallest} images in a class; "
            f"{', '.join(small)}. Add images, or leave the class out."
        )


def _read_only(values: npt.NDArray[np.uint8] | Labels) -> npt.NDArray[np.uint8] | Labels:
    view = values.view()
    view.setflags(write=False)
    return view
