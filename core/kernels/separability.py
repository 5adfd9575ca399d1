"""Whether a kernel is a column times a row, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""A singular value that is smaller than this share of the largest counts as 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """A kernel as a sum of columns times rows.

    Attributes:
        shape: (kh, kw) of the kernel.
        singular_values: (min(kh, kw),) float64, the largest first.
        columns: (rank, kh) float64, one column vector for each term.
        rows: (rank, kw) float64, the row vector that belongs to it.
    """

    shape: tuple[int, int]
    singular_values: FloatArray
    columns: FloatArray
    rows: FloatArray

    @property
    def rank(self) -> int:
        """How many columns times rows are needed; 1 means separable, 0 an empty kernel."""
        return int(self.columns.shape[0])

    @property
    def separable(self) -> bool:
        """Whether one column times one row is the whole kernel."""
        return self.rank == 1

    @property
    def full_multiplications(self) -> int:
        """Multiplications for each pixel with the kernel as it is."""
        return self.shape[0] * self.shape[1]

    @property
    def separate_multiplications(self) -> int:
        """Multiplications for each pixel with every term as a column pass and a row pass."""
        return self.rank * (self.shape[0] + self.shape[1])

    @property
    def shares(self) -> FloatArray:
        """(min(kh, kw),) what each term holds of the sum of squared weights; adds up to 1."""
        energy = self.singular_values**2
        return energy / (energy.sum() or 1.0)

    def approximation(self, terms: int) -> FloatArray:
        """(kh, kw) the kernel from its first terms: the nearest kernel of that rank.

        Source: Eckart & Young 1936, "The approximation of one matrix by another of lower rank".
        """
        approximation: FloatArray = self.columns[:terms].T @ self.rows[:terms]
        return approximation


def separate(weights: FloatArray) -> Separation:
    """Split a kernel by singular value decomposition.

    A separable kernel gets factors that a person recognises: whole numbers where the weights
    are whole, otherwise a row that adds up to 1 if it can. Terms of other kernels share the
    square root of the singular value.

    Args:
        weights: (kh, kw).

    Source: Golub & Van Loan 2013, "Matrix computations", section 2.4.
    """
    left, values, right = np.linalg.svd(weights, full_matrices=False)
    rank = int(np.sum(values > NEGLIGIBLE * values[0])) if values[0] > 0 else 0
    root = np.sqrt(values[:rank])
    columns, rows = left[:, :rank].T * root[:, None], right[:rank] * root[:, None]
    if rank == 1:
        column, row = recognisable_factors(weights)
        columns, rows = column[None], row[None]
    height, width = weights.shape
    return Separation((height, width), values, columns, rows)


def recognisable_factors(weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Column (kh,) and row (kw,) whose product is the kernel of rank 1.

    Example:
        >>> column, row = recognisable_factors(np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]]))
        >>> column.tolist(), row.tolist()
        ([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0])
    """
    pivot_row, pivot_column = np.unravel_index(np.abs(weights).argmax(), weights.shape)
    row = weights[pivot_row] / _unit(weights[pivot_row])
    column = weights[:, pivot_column] / row[pivot_column]
    # Of the two signs the one whose column begins with a positive number.
    if column[np.flatnonzero(column)[0]] < 0:
        column, row = -column, -row
    return column, row


def _unit(row: FloatArray) -> float:
    """What to divide a row by: its greatest common divisor, its sum, or its largest number."""
    whole = np.rint(row)
    if np.array_equal(whole, row):
        return float(gcd(*(int(abs(number)) for number in whole)))
    total, reach = float(row.sum()), float(np.abs(row).max())
    return total if abs(total) > 1e-6 * reach else reach
