"""A noisy series made smooth, for the eye."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def running_average(values: FloatArray, weight: float) -> FloatArray:
    """Exponential moving average without the bias towards 0 at its start.

    m_t = w * m_{t-1} + (1 - w) * y_t with m_0 = 0, divided by 1 - w^t. Values that are not
    finite are passed over, and stand in the result where they stood.

    Args:
        values: (n,) float64.
        weight: w, how much of the past stays, 0 (nothing: the result is the input) to less
            than 1.

    Returns:
        (n,) float64.

    Raises:
        ValueError: the weight is out of bounds.

    Example:
        >>> running_average(np.array([1.0, 1.0, 4.0]), 0.5).round(3).tolist()
        [1.0, 1.0, 2.714]

    Source: Kingma & Ba 2015, "Adam", section 3 (bias correction).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"weight {weight:g} is out of bounds. Use 0 to less than 1.")
    smooth = values.astype(np.float64)
    finite = np.isfinite(smooth)
    if weight > 0 and finite.any():
        count = np.arange(1, int(finite.sum()) + 1)
        smooth[finite] = _average(smooth[finite], weight) / (1 - weight**count)
    return smooth


def _average(values: FloatArray, weight: float) -> FloatArray:
    """m_t = w * m_{t-1} + (1 - w) * y_t with m_0 = 0, in blocks.

    Within a block that follows on m, its value k (from 0) has the average
    w^k * (w * m + (1 - w) * sum of y_j * w^-j for j <= k), and blocks are so short that w^-j
    stays small. A loop over 60,000 floats would take 10 ms, this takes 1.
    """
    length = min(max(int(_LARGEST_SCALE / -math.log(weight)), 1), values.size)
    blocks = -(-values.size // length)
    padded = np.zeros(blocks * length)
    padded[: values.size] = values
    powers = weight ** np.arange(length)
    sums = (1 - weight) * np.cumsum(padded.reshape(blocks, length) / powers, axis=1)
    before = 0.0
    starts = np.empty(blocks)
    for block, end in enumerate(sums[:, -1].tolist()):
        starts[block] = weight * before
        before = (starts[block] + end) * powers[-1]
    averages: FloatArray = (starts[:, None] + sums) * powers
    return averages.ravel()[: values.size]


_LARGEST_SCALE = math.log(1e6)
