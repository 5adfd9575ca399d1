"""Which numbers a number is made of: the trace of every layer that does not convolve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.geometry import AxisPlan, PaddingMode

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """For each place of a result the places of a source that it is made of.

    Places are flat indices in C order: of a volume (H, W, C) the channel counts fastest.

    Attributes:
        starts: (places + 1,) the sources of place p are starts[p] to starts[p + 1].
        sources: (n,) places in the source.
        weights: (n,) what each source is multiplied by where the result is a sum.
        size: number of places that the source has.
    """

    starts: IntArray
    sources: IntArray
    weights: FloatArray
    size: int

    @property
    def places(self) -> int:
        """Number of places of the result."""
        return len(self.starts) - 1

    @property
    def counts(self) -> IntArray:
        """(places,) how many sources each place has."""
        return np.diff(self.starts)

    @property
    def targets(self) -> IntArray:
        """(n,) the place of the result that each source belongs to."""
        return np.repeat(np.arange(self.places), self.counts)

    def of(self, place: int) -> tuple[IntArray, FloatArray]:
        """Sources and weights of one place."""
        part = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return self.sources[part], self.weights[part]

    def apply(self, values: FloatArray) -> FloatArray:
        """(places,) the weighted sums of the source's values."""
        products = self.weights * values.reshape(-1)[self.sources]
        sums = np.bincount(self.targets, weights=products, minlength=self.places)
        return sums.astype(np.float64)

    def backwards(self) -> Links:
        """The same links from the source's side: the transposed matrix, a gradient's way."""
        return link(
            self.sources, self.targets, self.weights, places=self.size, size=self.places
        )

    def merged(self) -> Links:
        """The same with one link where several join the same two places, their weights added.

        Padding that repeats the border has a window read one pixel several times.
        """
        keys, number = np.unique(
            self.targets * np.intp(self.size) + self.sources, return_inverse=True
        )
        weights = np.bincount(number.reshape(-1), weights=self.weights, minlength=len(keys))
        targets, sources = np.divmod(keys, self.size)
        return link(targets, sources, weights, places=self.places, size=self.size)


def link(
    targets: npt.ArrayLike,
    sources: npt.ArrayLike,
    weights: npt.ArrayLike = 1.0,
    *,
    places: int,
    size: int,
) -> Links:
    """Links from pairs in any order; those of one target keep theirs.

    Args:
        targets: (n,) places of the result.
        sources: (n,) places of the source.
        weights: (n,) or one number for all.
        places: how many places the result has.
        size: how many places the source has.

    Example:
        >>> import numpy as np
        >>> link([1, 0, 1], [0, 2, 1], places=2, size=3).apply(np.array([5.0, 7.0, 9.0]))
        array([ 9., 12.])
    """
    targets, sources = np.asarray(targets, dtype=np.intp), np.asarray(sources, dtype=np.intp)
    spread = np.broadcast_to(np.asarray(weights, dtype=np.float64), targets.shape)
    order = np.argsort(targets, kind="stable")
    starts = np.zeros(places + 1, dtype=np.intp)
    starts[1:] = np.cumsum(np.bincount(targets, minlength=places))
    return Links(starts, sources[order], spread[order].copy(), size)


def window_links(
    rows: AxisPlan,
    columns: AxisPlan,
    weights: FloatArray,
    *,
    channels: int,
    mode: PaddingMode = "zeros",
) -> Links:
    """Links of a window that slides over each channel with the same weights.

    Args:
        rows: window positions down.
        columns: window positions to the right.
        weights: (kh, kw), or (kh, kw, channels) where every channel has its own.
        channels: planes of source and result.
        mode: what the padding repeats; places that show no pixel of the source are left out.

    Returns:
        From a result (OH, OW, channels) to a source (H, W, channels), without padding.
    """
    down, across = rows.source(mode)[rows.taps], columns.source(mode)[columns.taps]
    height, width = rows.size, columns.size
    plane = down[:, None, :, None] * width + across[None, :, None, :]
    inside = (down >= 0)[:, None, :, None] & (across >= 0)[None, :, None, :]
    places = np.arange(rows.outputs * columns.outputs).reshape(rows.outputs, columns.outputs)
    targets = np.broadcast_to(places[:, :, None, None], plane.shape)[inside]
    deep = weights if weights.ndim == 3 else np.repeat(weights[..., None], channels, axis=2)
    spread = np.broadcast_to(deep, (*plane.shape, channels))[inside]
    channel = np.arange(channels)
    return link(
        (targets[:, None] * channels + channel).ravel(),
        (plane[inside][:, None] * channels + channel).ravel(),
        spread.ravel(),
        places=places.size * channels,
        size=height * width * channels,
    )
