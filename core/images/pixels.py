"""An image as an array of numbers: parts, positions, edits and facts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import index

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""(H, W, C) uint8; C = 3 is RGB."""

Edit = tuple[int, int, int, int]
"""Row i, column j, channel c and the new value, 0..255."""

FLATTEN_FORMULA = "k = (i * W + j) * C + c"
"""Place of x_ijc in the flattened image: row by row, channel last (NumPy's C order)."""

_AXES = ("row i", "column j", "channel c")


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What can be said of an image without looking at it.

    Attributes:
        shape: height H, width W and channels C.
        dtype: NumPy's name of the number type.
        memory_bytes: bytes of the numbers, uncompressed.
        bits_per_pixel: bits one pixel takes in memory.
        colours: how many different colours are present.
        minimum: smallest value of each channel.
        maximum: largest value of each channel.
        mean: mean of each channel.
    """

    shape: tuple[int, int, int]
    dtype: str
    memory_bytes: int
    bits_per_pixel: int
    colours: int
    minimum: tuple[int, ...]
    maximum: tuple[int, ...]
    mean: tuple[float, ...]


def crop(image: Image, top: int, left: int, height: int, width: int) -> Image:
    """Cut out a window.

    Args:
        image: (H, W, C) uint8.
        top: first row, from 0.
        left: first column, from 0.
        height: rows, at least 1.
        width: columns, at least 1.

    Returns:
        (height, width, C) uint8, a copy.

    Raises:
        ValueError: the window is empty or reaches beyond the image.
    """
    _check_window("rows", top, height, image.shape[0])
    _check_window("columns", left, width, image.shape[1])
    return image[top : top + height, left : left + width].copy()


def apply_edits(image: Image, edits: Iterable[Edit]) -> Image:
    """Set single values; a later edit of the same place wins.

    Args:
        image: (H, W, C) uint8, left as it is.
        edits: row i, column j, channel c (from 0) and the value, 0..255, of each.

    Returns:
        (H, W, C) uint8, a copy with the edits.

    Raises:
        ValueError: a place lies outside the image or a value outside 0..255.
    """
    edited = image.copy()
    for *place, value in edits:
        _check_place(place, image.shape)
        if not 0 <= index(value) <= 255:
            raise ValueError(f"value {value} does not fit into 8 bits. Use 0 to 255.")
        edited[tuple(place)] = value
    return edited


def flatten_index(i: int, j: int, c: int, shape: tuple[int, ...]) -> int:
    """Place of x_ijc in the flattened image.

    k = (i * W + j) * C + c

    Args:
        i: row, from 0.
        j: column, from 0.
        c: channel, from 0.
        shape: height H, width W and channels C.

    Returns:
        Index k, from 0 to H * W * C - 1.

    Raises:
        ValueError: the place lies outside the shape.

    Example:
        >>> flatten_index(1, 0, 2, (5, 5, 3))
        17
    """
    _check_place((i, j, c), shape)
    _, width, channels = shape
    return (i * width + j) * channels + c


def unflatten_index(k: int, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Row, column and channel of the value at place k: the inverse of `flatten_index`.

    Raises:
        ValueError: k lies outside 0..H * W * C - 1.

    Example:
        >>> unflatten_index(17, (5, 5, 3))
        (1, 0, 2)
    """
    size = math.prod(shape)
    if not 0 <= k < size:
        raise ValueError(
            f"index {k} lies outside the {size} values of shape {shape}. Use 0 to {size - 1}."
        )
    _, width, channels = shape
    pixel, c = divmod(k, channels)
    i, j = divmod(pixel, width)
    return i, j, c


def flatten(image: Image) -> Image:
    """All values in one row, in the order of `FLATTEN_FORMULA`.

    Returns:
        (H * W * C,) uint8.
    """
    return image.reshape(-1)


def memory_bytes(shape: tuple[int, ...], dtype: npt.DTypeLike = np.uint8) -> int:
    """Bytes an uncompressed array takes: the product of its sides times its item size.

    Example:
        >>> memory_bytes((224, 224, 3), "float32")
        602112
    """
    return math.prod(shape) * np.dtype(dtype).itemsize


def facts(image: Image) -> ImageFacts:
    """Count and measure an image.

    Args:
        image: (H, W, C) uint8 with 1 to 3 channels.

    Raises:
        ValueError: the array has another shape or type, or no pixels.
    """
    if image.ndim != 3 or not 1 <= image.shape[2] <= 3 or image.size == 0:
        raise ValueError(
            f"shape {image.shape} is not (height, width, channels) with 1 to 3 channels "
            "and at least one pixel."
        )
    if image.dtype != np.uint8:
        raise ValueError(f"type {image.dtype} is not uint8. Scale the image to 0..255 first.")
    height, width, channels = image.shape
    values = image.reshape(-1, channels)
    return ImageFacts(
        shape=(height, width, channels),
        dtype=str(image.dtype),
        memory_bytes=image.nbytes,
        bits_per_pixel=8 * image.itemsize * channels,
        colours=_count_colours(values),
        minimum=tuple(int(value) for value in values.min(axis=0)),
        maximum=tuple(int(value) for value in values.max(axis=0)),
        mean=tuple(float(value) for value in values.mean(axis=0)),
    )


def _count_colours(values: Image) -> int:
    """Tick off each colour in a table of all: much faster than sorting a photo's pixels."""
    channels = values.shape[1]
    weights = 256 ** np.arange(channels, dtype=np.uint32)
    present = np.zeros(256**channels, dtype=np.bool_)
    present[values.astype(np.uint32) @ weights] = True
    return int(np.count_nonzero(present))


def _check_window(axis: str, start: int, length: int, size: int) -> None:
    if length < 1 or start < 0 or start + length > size:
        raise ValueError(
            f"a window of {length} {axis} from {start} does not fit: the image has {size} "
            f"{axis}. Use a start of at least 0, a length of at least 1 and a sum of at "
            f"most {size}."
        )


def _check_place(place: Iterable[int], shape: tuple[int, ...]) -> None:
    for axis, position, size in zip(_AXES, place, shape, strict=True):
        if not 0 <= index(position) < size:
            raise ValueError(
                f"{axis} = {position} lies outside the image of shape {shape}. "
                f"Use 0 to {size - 1}."
            )
