"""Fewer points for the same line on the screen: what stands out is kept."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IndexArray = npt.NDArray[np.intp]


def thin(
    values: npt.NDArray[np.float64], most: int, *, start: int = 0, stop: int | None = None
) -> IndexArray:
    """Choose points of a series so that its line looks the same on a screen.

    The series is cut into windows of one length, and each keeps its lowest and its highest
    value, and its first that is not finite. The length is a power of two and windows begin at
    its multiples: while a series grows, its old windows keep what they have shown, and the
    line does not tremble.

    Args:
        values: (n,) float64 in drawing order; nan and inf are points like others.
        most: largest number of points to choose, at least 8.
        start: first point to choose from.
        stop: the point behind the last one; None for the end.

    Returns:
        (m,) ascending indices with m <= most; all points where that many are allowed, else
        with the first and the last of them.

    Raises:
        ValueError: `most` is smaller than 8.

    Example:
        >>> thin(np.array([0.0, 9, 1, 2, -5, 3, 2, 1, 2, 1]), 8).tolist()
        [0, 1, 4, 8, 9]

    Source: the extremes of each column, as in Jugel et al. 2014, "M4: a visualization-oriented
    time series data aggregation", PVLDB 7(10), section 4.
    """
    if most < _LEAST:
        raise ValueError(f"{most} points are too few to thin to. Use {_LEAST} or more.")
    stop = len(values) if stop is None else stop
    count = stop - start
    if count <= most:
        return np.arange(start, max(stop, start))
    broken = ~np.isfinite(values[start:stop])
    kept = 3 if broken.any() else 2
    # Two points are the ends; windows that begin at multiples may be one more than fit.
    windows = (most - 2) // kept - 1
    length = 1 << int(np.ceil(np.log2(count / windows)))
    before = start % length
    rows = -(-(before + count) // length)
    padded = np.full(rows * length, np.nan)
    padded[before : before + count] = values[start:stop]
    table = padded.reshape(rows, length)
    finite = np.isfinite(table)
    lowest = np.where(finite, table, np.inf).argmin(axis=1)
    highest = np.where(finite, table, -np.inf).argmax(axis=1)
    first = np.arange(rows) * length + start - before
    some = finite.any(axis=1)
    chosen = [[start, stop - 1], (first + lowest)[some], (first + highest)[some]]
    if kept == _WITH_BREAKS:
        inside = np.zeros(rows * length, dtype=bool)
        inside[before : before + count] = broken
        breaks = inside.reshape(rows, length)
        chosen.append((first + breaks.argmax(axis=1))[breaks.any(axis=1)])
    return np.unique(np.concatenate(chosen))


_LEAST = 8
_WITH_BREAKS = 3
"""Points that a window keeps where some are not finite."""
