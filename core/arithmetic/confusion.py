"""Which class was taken for which, and what precision, recall and F1 make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Labels = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """A confusion matrix.

    A share of nothing is nan: the recall of a class that has no example, the precision of one
    that was never predicted. Means over classes leave such classes out.

    Attributes:
        counts: (classes, classes) int64: how many examples of the class of the row were taken
            for the class of the column.

    Source: Stehman 1997, "Selecting and interpreting measures of thematic classification
    accuracy"; F1 after van Rijsbergen 1979, Information Retrieval, chapter 7.
    """

    counts: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        shape = self.counts.shape
        if len(shape) != 2 or shape[0] != shape[1] or shape[0] == 0:
            raise ValueError(
                f"a confusion matrix has as many rows as columns, one for each class; this "
                f"one has the shape {shape}."
            )
        if (self.counts < 0).any():
            raise ValueError("a confusion matrix counts, so no number in it is below 0.")

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.counts)

    @property
    def total(self) -> int:
        """Number of examples."""
        return int(self.counts.sum())

    @property
    def actual(self) -> npt.NDArray[np.int64]:
        """(classes,) how many examples each class has."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """(classes,) how often each class was predicted."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def right(self) -> npt.NDArray[np.int64]:
        """(classes,) how many examples of each class were recognised."""
        return np.asarray(np.diagonal(self.counts))

    @property
    def shares(self) -> FloatArray:
        """(classes, classes) of the examples of each class, the share that went there."""
        return _ratio(self.counts, self.actual[:, None])

    @property
    def accuracy(self) -> float:
        """Share of the examples that were recognised."""
        return float(_ratio(self.right.sum(), self.counts.sum()))

    @property
    def recall(self) -> FloatArray:
        """(classes,) of the examples of a class, the share that was recognised."""
        return _ratio(self.right, self.actual)

    @property
    def precision(self) -> FloatArray:
        """(classes,) of the predictions of a class, the share that was right."""
        return _ratio(self.right, self.predicted)

    @property
    def f1(self) -> FloatArray:
        """(classes,) harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN)."""
        return _ratio(2 * self.right, self.actual + self.predicted)

    @property
    def macro_recall(self) -> float:
        """Mean recall, each class counting the same; also called balanced accuracy."""
        return _mean(self.recall)

    @property
    def macro_precision(self) -> float:
        """Mean precision, each class counting the same."""
        return _mean(self.precision)

    @property
    def macro_f1(self) -> float:
        """Mean of the classes' F1, each class counting the same."""
        return _mean(self.f1)

    def mix_ups(self, most: int) -> list[tuple[int, int]]:
        """The most frequent mistakes as (actual, predicted), the most frequent first.

        Example:
            >>> Confusion(np.array([[5, 0, 1], [3, 2, 0], [0, 0, 9]])).mix_ups(5)
            [(1, 0), (0, 2)]
        """
        wrong = self.counts - np.diag(self.right)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = np.stack(np.unravel_index(order, wrong.shape), axis=1)
        return [(int(row), int(column)) for row, column in pairs if wrong[row, column]]


def confusion(actual: Labels, predicted: Labels, classes: int) -> Confusion:
    """Count which class was taken for which.

    Args:
        actual: (n,) integers, 0 to classes - 1.
        predicted: (n,) integers, 0 to classes - 1.
        classes: number of classes.

    Raises:
        ValueError: the two differ in length, or a label is no class.

    Example:
        >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).counts.tolist()
        [[1, 1], [0, 1]]
    """
    if actual.shape != predicted.shape or actual.ndim != 1:
        raise ValueError(
            f"{actual.size} labels and {predicted.size} predictions cannot be compared: each "
            "example needs one of each."
        )
    for what, labels in (("label", actual), ("prediction", predicted)):
        odd = labels[(labels < 0) | (labels >= classes)]
        if odd.size:
            raise ValueError(
                f"{what} {int(odd[0])} is no class: there are {classes}, 0 to {classes - 1}."
            )
    cells = actual.astype(np.int64) * classes + predicted.astype(np.int64)
    return Confusion(np.bincount(cells, minlength=classes**2).reshape(classes, classes))


def in_cell(actual: Labels, predicted: Labels, row: int, column: int) -> npt.NDArray[np.intp]:
    """Which examples of class `row` were taken for class `column`, as (n,) indices."""
    return np.flatnonzero((actual == row) & (predicted == column))


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> FloatArray:
    """The share of each part in its whole; nan where the whole is 0."""
    whole = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64) / np.where(whole == 0, np.nan, whole)


def _mean(values: FloatArray) -> float:
    """Mean of those that are defined; nan if none is."""
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if defined.size else float("nan")
