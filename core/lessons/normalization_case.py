"""The numbers of the page "Normalisation": block, statistics, and each line's result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core import numbers
from core.arithmetic.norm_steps import Place
from core.arithmetic.normalization import (
    NormResult,
    Running,
    fresh_running,
    normalize,
    running_history,
    undoing,
)
from core.lessons.convolution import small_photo
from core.lessons.normalization import NormLesson

FloatArray = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]

_MEANS = np.array([0.0, 5.0, -3.0, 1.0, 8.0, -6.0, 2.0, 0.0])
_SPREADS = np.array([1.0, 2.0, 0.5, 3.0, 1.0, 2.0, 0.2, 4.0])
_BRIGHTER = 1.5
"""How much the mean of each random sample is above the one before."""
HISTOGRAM_SIDE = 24
"""Height and width of the blocks that histograms are made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The block after one line of the algorithm.

    Attributes:
        slug: activation, mean, variance, normalize or scale.
        title: what has been done.
        values: (N, H, W, C) float64.
    """

    slug: str
    title: str
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NormCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        block: (N, H, W, C) float64, what comes in.
        result: the norm, on the block or on its ReLU.
        history: at inference the running statistics before the first training batch and
            after each; else those before any.
        lines: the block after each line of the algorithm, in order.
    """

    lesson: NormLesson
    block: FloatArray
    result: NormResult
    history: tuple[Running, ...]
    lines: tuple[Line, ...]

    @property
    def output(self) -> FloatArray:
        """(N, H, W, C) what goes out, behind the activation if there is one."""
        return self.lines[-1].values

    @property
    def chosen_cell(self) -> Place:
        """(sample, row, column, channel) that is pinned, or the first."""
        if not self.lesson.norm_cell:
            return 0, 0, 0, 0
        n, h, w, c = (int(part) for part in self.lesson.norm_cell.split(","))
        inside = all(i < size for i, size in zip((n, h, w, c), self.block.shape, strict=True))
        return (n, h, w, c) if inside else (0, 0, 0, 0)


def build(lesson: NormLesson, photo: Photo | None = None) -> NormCase:
    """Fill in the numbers of a lesson and normalise them.

    Args:
        lesson: settings without a problem.
        photo: (H, W, 3) uint8 RGB, needed for `norm_input="photo"`.

    Raises:
        ValueError: the settings have no result, or a photo is needed and missing.
        NumbersError: a typed text cannot be read.
    """
    edits = numbers.parse_edits(lesson.norm_edits)
    block = _moved(lesson, _block(lesson, lesson.shape, photo))
    numbers.apply_edits({"x": block}, edits)
    gamma, beta = _affine(lesson, edits)
    history = history_of(lesson, block) if lesson.infers else (fresh_running(len(gamma)),)
    result = norm_of(lesson, block, gamma, beta, history[-1])
    return NormCase(lesson, block, result, history, _lines(lesson, block, result))


def norm_of(
    lesson: NormLesson,
    block: FloatArray,
    gamma: FloatArray,
    beta: FloatArray,
    running: Running,
) -> NormResult:
    """The lesson's norm on any block.

    Args:
        lesson: settings without a problem.
        block: (N, H, W, C) what comes in, before an activation.
        gamma: (C,).
        beta: (C,).
        running: statistics for inference.
    """

    def run(scale: FloatArray, offset: FloatArray) -> NormResult:
        return normalize(
            np.maximum(block, 0) if lesson.norm_place == "after" else block,
            lesson.norm_kind,
            scale,
            offset,
            lesson.norm_epsilon,
            lesson.norm_groups if lesson.norm_kind == "group" else None,
            over=lesson.norm_over,
            running=running if lesson.infers else None,
        )

    result = run(gamma, beta)
    return run(*undoing(result)) if lesson.undoes else result


def large_block(lesson: NormLesson, photo: Photo | None = None) -> FloatArray:
    """(N, 24, 24, C) of the same kind, with enough cells for a histogram.

    Typed and counted blocks are repeated.
    """
    side = HISTOGRAM_SIDE
    samples, height, width, channels = lesson.shape
    if lesson.norm_input in ("random", "photo"):
        return _moved(lesson, _block(lesson, (samples, side, side, channels), photo))
    block = build(lesson, photo).block
    down, across = -(-side // height), -(-side // width)
    return np.tile(block, (1, down, across, 1))[:, :side, :side]


def relu(values: FloatArray) -> FloatArray:
    """Negative numbers become 0."""
    return np.maximum(values, 0)


def _lines(lesson: NormLesson, block: FloatArray, result: NormResult) -> tuple[Line, ...]:
    kept = "Running " if result.inference else ""
    square = "Mean square" if result.kind == "rms" else f"{kept}variance".capitalize()
    lines = []
    if lesson.norm_place == "after":
        lines.append(Line("activation", "ReLU", result.x))
    if result.kind != "rms":
        title = f"{kept}mean".capitalize()
        lines.append(Line("mean", title, result.means[result.sets]))
    lines += [
        Line("variance", square, result.variances[result.sets]),
        Line("normalize", "Normalised", result.normalized),
        Line("scale", "Scaled" if result.kind == "rms" else "Scaled, shifted", result.output),
    ]
    if lesson.norm_place == "before":
        lines.append(Line("activation", "ReLU", relu(result.output)))
    return tuple(lines)


def _affine(
    lesson: NormLesson, edits: tuple[numbers.Edit, ...]
) -> tuple[FloatArray, FloatArray]:
    channels = lesson.norm_channels
    gamma = np.full(channels, lesson.norm_gamma)
    beta = np.full(channels, 0.0 if lesson.norm_kind == "rms" else lesson.norm_beta)
    numbers.apply_edits({"g": gamma}, edits)
    if lesson.norm_kind != "rms":
        numbers.apply_edits({"b": beta}, edits)
    return gamma, beta


def _moved(lesson: NormLesson, block: FloatArray) -> FloatArray:
    return lesson.norm_stretch * block + lesson.norm_move


def _block(
    lesson: NormLesson, shape: tuple[int, int, int, int], photo: Photo | None
) -> FloatArray:
    if lesson.norm_input == "random":
        return _random(shape, lesson.norm_seed)
    if lesson.norm_input == "counting":
        return np.arange(float(np.prod(shape))).reshape(shape)
    if lesson.norm_input == "photo":
        return _strips(shape, photo)
    return _own(lesson.norm_numbers, shape)


def _random(shape: tuple[int, int, int, int], seed: int) -> FloatArray:
    """Every channel has a mean and a spread of its own, every sample a brightness."""
    samples, _, _, channels = shape
    normal = np.random.default_rng(seed).normal(size=shape)
    bright = _BRIGHTER * np.arange(samples)[:, None, None, None]
    block: FloatArray = normal * _SPREADS[:channels] + _MEANS[:channels] + bright
    return np.round(block, 1)


def _strips(shape: tuple[int, int, int, int], photo: Photo | None) -> FloatArray:
    """Each sample is a part of the photo, from left to right."""
    samples, height, width, channels = shape
    if photo is None or photo.shape[1] < samples:
        return np.stack([small_photo(photo, height, width, channels)] * samples)
    parts = np.array_split(photo, samples, axis=1)
    whole = [np.ascontiguousarray(part) for part in parts]
    return np.stack([small_photo(part, height, width, channels) for part in whole])


def _own(text: str, shape: tuple[int, int, int, int]) -> FloatArray:
    block = np.zeros(shape)
    samples, height, width, channels = shape
    for n, planes in enumerate(numbers.parse_bank(text)[:samples] if text.strip() else []):
        for c, plane in enumerate(planes[:channels]):
            rows, columns = min(plane.shape[0], height), min(plane.shape[1], width)
            block[n, :rows, :columns, c] = plane[:rows, :columns]
    return block


def history_of(lesson: NormLesson, block: FloatArray) -> tuple[Running, ...]:
    """Running statistics over the training batches of a batch norm.

    Random blocks are drawn anew for every batch; of all others, each batch takes the samples
    in hand with replacement.
    """
    batches = training_batches(lesson, block)
    if not batches:
        return (fresh_running(block.shape[3]),)
    return running_history(batches, lesson.norm_momentum)


def training_batches(lesson: NormLesson, block: FloatArray) -> list[FloatArray]:
    """The batches seen before inference, as the norm gets them.

    Args:
        lesson: the settings.
        block: (N, H, W, C) the batch in hand.
    """
    count = lesson.norm_batches
    if lesson.norm_kind != "batch":
        return []
    if lesson.norm_input == "random":
        seeds = range(lesson.norm_seed + 1, lesson.norm_seed + 1 + count)
        batches = [_moved(lesson, _random(lesson.shape, 1000 + seed)) for seed in seeds]
    else:
        draw = np.random.default_rng(lesson.norm_seed)
        batches = [block[draw.integers(0, len(block), len(block))] for _ in range(count)]
    return [relu(batch) for batch in batches] if lesson.norm_place == "after" else batches
