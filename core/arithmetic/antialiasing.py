"""Pooling that blurs before it drops values, and what a shift of the input does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.convolution import ConvSpec, convolve
from core.arithmetic.geometry import PaddingMode
from core.arithmetic.layer import as_image
from core.arithmetic.links import Links, window_links
from core.arithmetic.pooling import PoolResult, PoolSpec, pool

FloatArray = npt.NDArray[np.float64]
Blur = Literal["rect-2", "tri-3", "bin-5"]

TAPS: dict[Blur, tuple[int, ...]] = {
    "rect-2": (1, 1),
    "tri-3": (1, 2, 1),
    "bin-5": (1, 4, 6, 4, 1),
}
"""Rows of Pascal's triangle, the published filters. Source: Zhang 2019, section 4.1."""


@dataclass(frozen=True, slots=True, eq=False)
class BlurPoolResult:
    """An anti-aliased pooling.

    Attributes:
        dense: the pooling at stride 1.
        weights: (k, k) of the blur; they sum to 1.
        output: (OH, OW, C) float64.
        links: from the output to the dense output.
    """

    dense: PoolResult
    weights: FloatArray
    output: FloatArray
    links: Links


def blur_pool(
    feature_map: npt.ArrayLike, spec: PoolSpec, blur: Blur, border: PaddingMode = "reflect"
) -> BlurPoolResult:
    """Pool at stride 1, blur, and only then keep every `stride`-th value.

    Args:
        feature_map: (H, W, C).
        spec: the pooling; its stride becomes that of the blur.
        blur: which filter.
        border: what the blur reads beyond the border.

    Returns:
        ceil(dense size / stride) values along each axis.

    Raises:
        ShapeError: no window fits.

    Source: Zhang 2019, "Making convolutional networks shift-invariant again", section 3.2.
    """
    dense = pool(feature_map, spec.model_copy(update={"stride": (1, 1)}))
    taps = np.array(TAPS[blur], dtype=np.float64)
    weights = np.outer(taps, taps) / taps.sum() ** 2
    channels = dense.output.shape[2]
    sides = ((len(taps) - 1) // 2, len(taps) // 2)
    layer = ConvSpec(
        kernel_size=len(taps),
        stride=spec.steps,
        padding=(sides, sides),
        padding_mode=border,
        groups=channels,
    )
    bank = np.repeat(weights[:, :, None, None], channels, axis=3)
    result = convolve(dense.output, bank, layer)
    links = window_links(result.rows, result.columns, weights, channels=channels, mode=border)
    return BlurPoolResult(dense, weights, result.output, links.merged())


@dataclass(frozen=True, slots=True, eq=False)
class ShiftTest:
    """The same layer before and after its input was shifted.

    Attributes:
        shifted: (H, W, C) the shifted input.
        before: (OH, OW, C) output of the input.
        after: (OH, OW, C) output of the shifted input.
        input_changed: share of input values that changed, 0 to 1.
        output_changed: share of output values that changed.
        input_distance: mean absolute change of the input, divided by its spread.
        output_distance: the same of the output.
    """

    shifted: FloatArray
    before: FloatArray
    after: FloatArray
    input_changed: float
    output_changed: float
    input_distance: float
    output_distance: float


def shift(image: npt.ArrayLike, down: int, right: int) -> FloatArray:
    """(H, W, C) moved; what leaves on one side comes back on the other, so nothing is new.

    Example:
        >>> import numpy as np
        >>> shift(np.array([[[1.0], [2.0], [3.0]]]), 0, 1)[..., 0].tolist()
        [[3.0, 1.0, 2.0]]
    """
    return np.roll(as_image(image), (down, right), axis=(0, 1))


def shift_test(
    image: npt.ArrayLike, layer: Callable[[FloatArray], FloatArray], down: int, right: int
) -> ShiftTest:
    """Compare a layer's outputs before and after a shift of the input.

    Distances are divided by the standard deviation, so that a layer does not look stable
    merely because its numbers are closer together.

    Args:
        image: (H, W, C).
        layer: from an image to its output.
        down: pixels.
        right: pixels.
    """
    given = as_image(image)
    shifted = shift(given, down, right)
    before, after = layer(given), layer(shifted)
    return ShiftTest(
        shifted,
        before,
        after,
        _changed(given, shifted),
        _changed(before, after),
        _distance(given, shifted),
        _distance(before, after),
    )


def _changed(one: FloatArray, other: FloatArray) -> float:
    """Share of values that are another, beyond rounding."""
    room = 1e-9 * max(float(np.abs(one).max()), 1.0)
    return float((np.abs(one - other) > room).mean())


def _distance(one: FloatArray, other: FloatArray) -> float:
    """Mean absolute change in standard deviations; 0 where all values are equal."""
    spread = float(np.concatenate([one.ravel(), other.ravel()]).std())
    return float(np.abs(one - other).mean()) / spread if spread > 0 else 0.0
