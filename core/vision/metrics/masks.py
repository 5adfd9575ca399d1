"""Two masks of the same picture: which pixels they share, and what is made of that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


class MetricError(ValueError):
    """Arrays that cannot be compared; the message says why and what works."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A predicted mask against the true one.

    Attributes:
        truth: (H, W) bool.
        predicted: (H, W) bool.
    """

    truth: Mask
    predicted: Mask

    @property
    def true_positive(self) -> Mask:
        """(H, W) bool: in both masks."""
        return self.truth & self.predicted

    @property
    def false_positive(self) -> Mask:
        """(H, W) bool: predicted and not true."""
        return ~self.truth & self.predicted

    @property
    def false_negative(self) -> Mask:
        """(H, W) bool: true and not predicted."""
        return self.truth & ~self.predicted

    @property
    def true_negative(self) -> Mask:
        """(H, W) bool: in neither mask."""
        return ~(self.truth | self.predicted)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Pixels: TP, FP, FN, TN."""
        both = int(np.count_nonzero(self.truth & self.predicted))
        actual = int(np.count_nonzero(self.truth))
        said = int(np.count_nonzero(self.predicted))
        return both, said - both, actual - both, self.truth.size - said - actual + both

    @property
    def iou(self) -> float:
        """Intersection over union: TP / (TP + FP + FN), the index of Jaccard (1912)."""
        hits, extra, missed, _ = self.counts
        return share(hits, hits + extra + missed)

    @property
    def dice(self) -> float:
        """2 TP / (2 TP + FP + FN), Dice 1945; the same number as F1 of precision and recall."""
        hits, extra, missed, _ = self.counts
        return share(2 * hits, 2 * hits + extra + missed)

    @property
    def precision(self) -> float:
        """TP / (TP + FP): how much of what was predicted is true."""
        hits, extra, _, _ = self.counts
        return share(hits, hits + extra)

    @property
    def recall(self) -> float:
        """TP / (TP + FN): how much of what is true was predicted."""
        hits, _, missed, _ = self.counts
        return share(hits, hits + missed)

    @property
    def pixel_accuracy(self) -> float:
        """(TP + TN) / all pixels."""
        hits, _, _, neither = self.counts
        return share(hits + neither, self.truth.size)


def compare(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> Comparison:
    """Lay one mask over the other.

    Args:
        truth: (H, W) bool, or numbers, of which 0 is outside. Fractions have to be cut at a
            threshold first.
        predicted: the same, of the same size.

    Raises:
        MetricError: the sizes differ, there is no pixel, or a mask holds fractions.
    """
    masks = as_mask(truth), as_mask(predicted)
    check_sizes(*masks)
    return Comparison(*masks)


def iou(mask_a: npt.ArrayLike, mask_b: npt.ArrayLike) -> float:
    """Intersection over union of two masks, 0 to 1; of two empty ones 1.

    Args:
        mask_a: (H, W), see `compare`.
        mask_b: the same; which is which makes no difference.

    Raises:
        MetricError: the sizes differ, there is no pixel, or a mask holds fractions.

    Source: Jaccard 1912, "The distribution of the flora in the alpine zone".

    Example:
        >>> iou([[1, 1, 0]], [[0, 1, 1]])
        0.3333333333333333
    """
    return compare(mask_a, mask_b).iou


def dice(mask_a: npt.ArrayLike, mask_b: npt.ArrayLike) -> float:
    """Twice the intersection over the sum of both areas: 2 IoU / (1 + IoU); of nothing 1.

    Args and errors as in `iou`.

    Source: Dice 1945, "Measures of the amount of ecologic association between species".
    """
    return compare(mask_a, mask_b).dice


def pixel_accuracy(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Share of the pixels on which two masks agree, background included.

    Args and errors as in `iou`.
    """
    return compare(truth, predicted).pixel_accuracy


def precision(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Share of the predicted pixels that are true; 1 where none is predicted.

    Args and errors as in `iou`.
    """
    return compare(truth, predicted).precision


def recall(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Share of the true pixels that are predicted; 1 where there is none.

    Args and errors as in `iou`.
    """
    return compare(truth, predicted).recall


def share(part: int, whole: int) -> float:
    """A part of a whole, 1 of nothing."""
    return part / whole if whole else 1.0


def as_mask(values: npt.ArrayLike) -> Mask:
    """Truth values of a mask; of numbers, 0 is outside.

    Raises:
        MetricError: it holds fractions, or what is no number.
    """
    array = np.asarray(values)
    if array.dtype.kind == "f" and not np.isin(array, (0, 1)).all():
        raise MetricError(
            f"a mask holds fractions, from {array.min():g} to {array.max():g}. Cut it at a "
            "threshold first, such as mask > 0.5."
        )
    if array.dtype.kind not in "buif":
        raise MetricError(f"a mask is of {array.dtype}. Use truth values or whole numbers.")
    return np.asarray(array != 0)


def check_sizes(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> None:
    """Refuse arrays that do not lie over each other pixel by pixel.

    Raises:
        MetricError: with both sizes.
    """
    if one.shape != other.shape:
        raise MetricError(
            f"{_size(one)} and {_size(other)} do not lie over each other. Masks are compared "
            "pixel by pixel: bring both to the same size, and a mask without averaging."
        )
    if one.size == 0:
        raise MetricError(f"{_size(one)} have no pixel to compare. Use 1 x 1 or larger.")


def _size(array: npt.NDArray[np.generic]) -> str:
    return " x ".join(map(str, array.shape)) + (" pixels" if array.ndim == 2 else " values")
