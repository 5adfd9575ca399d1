"""The numbers of the page "Pooling and unpooling": input, pooled map, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core import numbers
from core.arithmetic.antialiasing import BlurPoolResult, blur_pool
from core.arithmetic.chain import Chain, Place
from core.arithmetic.patterns import PATTERNS
from core.arithmetic.pooling import PoolResult, pool, unpool_links
from core.arithmetic.pooling import max_unpool as unpool_max
from core.arithmetic.upsampling import (
    Upsampled,
    bilinear_kernel,
    pixel_shuffle,
    upsample_bilinear,
    upsample_nearest,
    upsample_transposed,
)
from core.lessons.convolution import small_photo
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_chain import make_chain

FloatArray = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PoolingCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        image: (H, W, C) float64, the input.
        result: the pooling; with a blur the one at stride 1.
        blurred: the blur after it, or None.
        output: (OH, OW, C) the pooled map.
        upstream: (OH, OW, C) the gradient at the output.
        larger: the pooled map made larger again; None unless the stage shows it.
        chain: what the stage shows.
    """

    lesson: PoolingLesson
    image: FloatArray
    result: PoolResult
    blurred: BlurPoolResult | None
    output: FloatArray
    upstream: FloatArray
    larger: Upsampled | None
    chain: Chain

    @property
    def last(self) -> FloatArray:
        """The values of the chain's last grid."""
        return self.chain.grids[-1].values

    @property
    def chosen_cell(self) -> Place:
        """(row, column, channel) of the pinned cell of the stepped grid, or of its first."""
        shape = self.chain.grids[self.chain.stepped].values.shape
        if not self.lesson.pool_cell:
            return 0, 0, 0
        row, column, channel = (int(part) for part in self.lesson.pool_cell.split(","))
        inside = row < shape[0] and column < shape[1] and channel < shape[2]
        return (row, column, channel) if inside else (0, 0, 0)


def pooled(lesson: PoolingLesson, image: FloatArray) -> FloatArray:
    """The lesson's layer on any input.

    Args:
        lesson: settings without a problem.
        image: (H, W, C).

    Raises:
        ShapeError: the input is too small.
    """
    if lesson.pool_blur != "none" and lesson.blurs:
        return blur_pool(image, lesson.pool_spec(), lesson.pool_blur, lesson.border).output
    return pool(image, lesson.pool_spec()).output


def made_larger(lesson: PoolingLesson, small: FloatArray, factor: int) -> Upsampled:
    """The lesson's way back, other than to remembered places, on any map.

    Args:
        lesson: settings without a problem.
        small: (H, W, C).
        factor: how many times larger.
    """
    if lesson.back == "bilinear":
        return upsample_bilinear(small, factor, align_corners=lesson.pool_align)
    if lesson.back == "transposed":
        return upsample_transposed(small, transposed_kernel(lesson), factor)
    if lesson.back == "shuffle":
        return pixel_shuffle(small, factor)
    return upsample_nearest(small, factor)


def transposed_kernel(lesson: PoolingLesson) -> FloatArray:
    """(taps, taps) weights of the transposed convolution."""
    taps = lesson.pool_taps
    if lesson.pool_weights == "ones":
        return np.ones((taps, taps))
    if lesson.pool_weights == "tent":
        return bilinear_kernel(taps)
    draw = np.random.default_rng(lesson.pool_seed + 2)
    weights = np.round(draw.normal(0, 0.5, (6, 6)), 1)
    kept: FloatArray = weights[:taps, :taps]
    return kept


def build(lesson: PoolingLesson, photo: Photo | None = None) -> PoolingCase:
    """Fill in the numbers of a lesson, pool them and go back.

    Args:
        lesson: settings without a problem.
        photo: (H, W, 3) uint8 RGB, needed for `pool_input="photo"`.

    Raises:
        ValueError: the settings have no result, or a photo is needed and missing.
        NumbersError: a typed text cannot be read.
    """
    edits = numbers.parse_edits(lesson.pool_edits)
    image = _image(lesson, photo)
    numbers.apply_edits({"x": image}, edits)
    blurred = None
    if lesson.pool_blur != "none" and lesson.blurs:
        blurred = blur_pool(image, lesson.pool_spec(), lesson.pool_blur, lesson.border)
    result = blurred.dense if blurred else pool(image, lesson.pool_spec())
    output = blurred.output if blurred else result.output
    upstream = _upstream(lesson, output.shape)
    numbers.apply_edits({"g": upstream}, edits)
    larger = _back(lesson, result, output) if lesson.pool_shows == "unpool" else None
    chain = make_chain(lesson, result, blurred, output, upstream, larger)
    return PoolingCase(lesson, image, result, blurred, output, upstream, larger, chain)


def _image(lesson: PoolingLesson, photo: Photo | None) -> FloatArray:
    height, width = lesson.input_hw
    channels = lesson.pool_channels
    if lesson.pool_input == "photo":
        return small_photo(photo, height, width, channels)
    if lesson.pool_input != "own":
        # The patterns have 6 channels at most; further ones begin again.
        pattern = PATTERNS[lesson.pool_input]
        planes = pattern.call(height, width, min(channels, 6), lesson.pool_seed)
        repeated: FloatArray = planes[..., np.arange(channels) % planes.shape[2]]
        return repeated
    image = np.zeros((height, width, channels))
    text = lesson.pool_numbers
    for c, plane in enumerate(numbers.parse_planes(text)[:channels] if text.strip() else []):
        rows, columns = (min(a, b) for a, b in zip(plane.shape, (height, width), strict=True))
        image[:rows, :columns, c] = plane[:rows, :columns]
    return image


def _upstream(lesson: PoolingLesson, shape: tuple[int, ...]) -> FloatArray:
    if lesson.pool_upstream == "ones":
        return np.ones(shape)
    if lesson.pool_upstream == "random":
        draw = np.random.default_rng(lesson.pool_seed + 1)
        return draw.integers(-3, 4, shape).astype(np.float64)
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


def _back(lesson: PoolingLesson, result: PoolResult, output: FloatArray) -> Upsampled:
    if lesson.back == "max" and result.argmax is not None:
        hw = result.image.shape[:2]
        return Upsampled(unpool_max(output, result.argmax, hw), unpool_links(result.argmax, hw))
    return made_larger(lesson, output, lesson.pool_factor)
