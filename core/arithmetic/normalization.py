"""Normalisation layers on a block (N, H, W, C), exact in float64, with every mean traceable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.errors import ShapeError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Kind = Literal["batch", "layer", "instance", "group", "rms"]
Over = Literal["sample", "position"]

KINDS: tuple[Kind, ...] = ("batch", "layer", "instance", "group", "rms")


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """Statistics that a batch norm keeps for inference.

    Attributes:
        mean: (C,) float64.
        variance: (C,) float64.
    """

    mean: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NormResult:
    """A normalised block with everything needed to retrace it.

    Cells that share their mean and variance make a set; sets are counted from 0.

    Attributes:
        x: (N, H, W, C) float64, the input.
        kind: which norm.
        sets: (N, H, W, C) the set of each cell.
        means: (sets,) what is subtracted: the mean; 0 for RMS; at inference the running mean.
        variances: (sets,) what stands under the root beside epsilon: the mean squared deviation
            from the mean, divided by the count and not by one less; for RMS the mean square; at
            inference the running variance.
        epsilon: added to the variance.
        gamma: (C,) scale of each channel.
        beta: (C,) offset of each channel.
        normalized: (N, H, W, C) before gamma and beta.
        output: (N, H, W, C).
        inference: whether the statistics are running ones.
    """

    x: FloatArray
    kind: Kind
    sets: IntArray
    means: FloatArray
    variances: FloatArray
    epsilon: float
    gamma: FloatArray
    beta: FloatArray
    normalized: FloatArray
    output: FloatArray
    inference: bool

    @property
    def count(self) -> int:
        """Cells of one set."""
        return self.x.size // len(self.means)


def share(
    shape: tuple[int, int, int, int],
    kind: Kind,
    groups: int | None = None,
    over: Over = "sample",
) -> IntArray:
    """Which cells of a block share their statistics.

    Args:
        shape: (N, H, W, C).
        kind: batch: one set a channel; instance: one a channel of a sample; group: one a group
            of neighbouring channels of a sample; layer and RMS: see `over`.
        groups: of "group", a divisor of C.
        over: layer and RMS: one set a sample, over (H, W, C) as in the papers on pictures; or
            one a position, over C alone, as Keras does unless told otherwise.

    Returns:
        (N, H, W, C) number of each cell's set.

    Raises:
        ShapeError: the groups do not divide the channels.

    Source: Wu & He 2018, "Group normalization", figure 2 and equations 3 to 7.
    """
    samples, height, width, channels = shape
    n, h, w, c = np.ogrid[:samples, :height, :width, :channels]
    if kind == "batch":
        number = c
    elif kind == "instance":
        number = n * channels + c
    elif kind == "group":
        number = n * _checked(groups, channels) + c // (channels // _checked(groups, channels))
    elif over == "sample":
        number = n
    else:
        number = (n * height + h) * width + w
    return np.broadcast_to(number, shape).astype(np.intp)


def _checked(groups: int | None, channels: int) -> int:
    if groups is None or groups < 1 or channels % groups:
        raise ShapeError(
            f"{groups} groups cannot split {channels} channels evenly. "
            "Use a number of groups that divides the channels."
        )
    return groups


def normalize(
    x: npt.ArrayLike,
    kind: Kind,
    gamma: npt.ArrayLike = 1.0,
    beta: npt.ArrayLike = 0.0,
    epsilon: float = 1e-3,
    groups: int | None = None,
    *,
    over: Over = "sample",
    running: Running | None = None,
) -> NormResult:
    """Y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.

    Args:
        x: (N, H, W, C), any real dtype; computed in float64.
        kind: which cells share a mean, see `share`. RMS subtracts no mean and has no beta.
        gamma: (C,) or one number.
        beta: (C,) or one number.
        epsilon: keeps the root away from 0; at least 0.
        groups: of "group".
        over: of "layer" and "rms".
        running: batch norm at inference: these statistics instead of the batch's.

    Returns:
        The output and its trace. A set without any spread gives 0 before gamma and beta, also
        with an epsilon of 0.

    Raises:
        ShapeError: block, gamma, beta and groups do not fit together.
        ValueError: running statistics with another kind than batch, or a beta with RMS.

    Example:
        >>> import numpy as np
        >>> x = np.array([1.0, 2, 3, 4]).reshape(4, 1, 1, 1)
        >>> normalize(x, "batch", epsilon=0.0).output.ravel().round(3).tolist()
        [-1.342, -0.447, 0.447, 1.342]

    Source: Ioffe & Szegedy 2015, algorithm 1; Ba, Kiros & Hinton 2016; Ulyanov et al. 2016;
    Wu & He 2018; Zhang & Sennrich 2019, equation 4.
    """
    block = _as_block(x)
    channels = block.shape[3]
    scale, offset = _per_channel("gamma", gamma, channels), _per_channel("beta", beta, channels)
    if kind == "rms" and offset.any():
        raise ValueError("RMS norm has no beta: it scales and does not shift. Use beta 0.")
    if running is not None and kind != "batch":
        raise ValueError(
            f"{kind} norm keeps no running statistics: it computes the same at inference as in "
            "training. Only batch norm takes them."
        )
    sets = share((*block.shape[:3], channels), kind, groups, over)
    means, variances = _statistics(block, sets, centred=kind != "rms")
    if running is not None:
        means, variances = running.mean, running.variance
    deviation = block - means[sets]
    root = np.sqrt(variances + epsilon)[sets]
    normalized = np.divide(deviation, root, out=np.zeros_like(block), where=root > 0)
    return NormResult(
        block,
        kind,
        sets,
        means,
        variances,
        epsilon,
        scale,
        offset,
        normalized,
        scale * normalized + offset,
        running is not None,
    )


def _as_block(x: npt.ArrayLike) -> FloatArray:
    block = np.asarray(x, dtype=np.float64)
    if block.ndim != 4 or 0 in block.shape:
        raise ShapeError(
            "expected a block of shape (samples, height, width, channels) with at least one "
            f"cell, but got shape {block.shape}."
        )
    return block


def _per_channel(name: str, values: npt.ArrayLike, channels: int) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in ((), (1,), (channels,)):
        raise ShapeError(
            f"expected one {name} for each of the {channels} channels, but got shape "
            f"{array.shape}."
        )
    return np.broadcast_to(array, (channels,)).copy()


def _statistics(
    block: FloatArray, sets: IntArray, *, centred: bool
) -> tuple[FloatArray, FloatArray]:
    """Mean (or 0) and mean squared deviation from it, of every set."""
    numbers = sets.ravel()
    counts = np.bincount(numbers)
    means: FloatArray = np.zeros(len(counts))
    if centred:
        means = np.bincount(numbers, weights=block.ravel()) / counts
    squares = np.bincount(numbers, weights=((block - means[sets]) ** 2).ravel())
    return means, squares / counts


def fresh_running(channels: int) -> Running:
    """What a new batch norm starts with: mean 0, variance 1, as Keras."""
    return Running(np.zeros(channels), np.ones(channels))


def update_running(running: Running, batch: npt.ArrayLike, momentum: float) -> Running:
    """One step of training: running * momentum + batch * (1 - momentum).

    Keras and TensorFlow mean by momentum the share that stays (0.99 unless told otherwise), and
    take the variance divided by the count. PyTorch means the share that comes in (0.1) and
    divides the variance by one less than the count.

    Args:
        running: so far.
        batch: (N, H, W, C).
        momentum: 0 to 1.

    Source: Keras documentation of `BatchNormalization`.
    """
    block = _as_block(batch)
    mean, variance = block.mean(axis=(0, 1, 2)), block.var(axis=(0, 1, 2))
    return Running(
        running.mean * momentum + mean * (1 - momentum),
        running.variance * momentum + variance * (1 - momentum),
    )


def running_history(batches: Iterable[npt.ArrayLike], momentum: float) -> tuple[Running, ...]:
    """Running statistics before the first batch and after each.

    Args:
        batches: at least one, each (N, H, W, C).
        momentum: 0 to 1.
    """
    history: list[Running] = []
    for batch in batches:
        block = _as_block(batch)
        if not history:
            history.append(fresh_running(block.shape[3]))
        history.append(update_running(history[-1], block, momentum))
    return tuple(history)


def undoing(result: NormResult) -> tuple[FloatArray, FloatArray]:
    """The gamma and beta of each channel with which a batch norm gives its input back.

    gamma = sqrt(variance + epsilon) and beta = mean would undo the normalisation. They are not
    what gamma and beta are: those are learned, and begin as 1 and 0.

    Raises:
        ValueError: the channels have no statistics of their own.

    Source: Ioffe & Szegedy 2015, section 3.
    """
    if result.kind != "batch":
        raise ValueError(
            f"gamma and beta are numbers of a channel; they can undo a batch norm, and no "
            f"{result.kind} norm, whose means are not those of channels."
        )
    return np.sqrt(result.variances + result.epsilon), result.means.copy()
