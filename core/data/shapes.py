"""Shapes: pictures drawn by rule, with exact masks and boxes.

A pixel belongs to a shape when its centre lies inside of the outline. The picture is coloured
from those pixels, so that mask and picture agree in every one. (OpenCV's `fillPoly` also
takes the pixels that the outline touches, which makes a shape half its perimeter too large.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import cv2
import numpy as np
import numpy.typing as npt

from core.data.dataset import DataError, Dataset, check_seed

Background = Literal["plain", "gradient", "noise"]
BACKGROUNDS: tuple[Background, ...] = get_args(Background)
"""One colour, a ramp between two, or soft clouds of colour."""

SMALLEST_SIZE, LARGEST_SIZE = 16, 512
"""Bounds of a picture's side, in pixels."""

SMALLEST_SHAPE = 8
"""Smallest diameter of a shape, in pixels; below it a star is a blot."""

MOST_SHAPES = 20
"""Most shapes in one picture."""

MOST_BYTES = 512 * 1024 * 1024
"""Most bytes that the pictures of one call may take."""

LARGEST_NOISE = 100.0
"""Largest standard deviation of the noise, in levels of 0..255."""

SOURCE = "drawn by rule (core.data.shapes)"
LICENCE = "CC0 1.0"

_TRIES = 200
_VISIBLE = 0.5
_RING_HOLE = 0.55
# The inner corners of a pentagram lie where its sides cross: sin 18° / sin 54° of its radius.
_STAR_WAIST = math.sin(math.radians(18)) / math.sin(math.radians(54))

Points = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Picture = npt.NDArray[np.uint8]


def _regular(corners: int) -> Points:
    angles = 2 * np.pi * np.arange(corners) / corners
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _star() -> Points:
    radii = np.where(np.arange(10) % 2, _STAR_WAIST, 1.0)
    return _regular(10) * radii[:, None]


def _plus() -> Points:
    corners = [(3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1)]
    half = np.array(corners, dtype=np.float64) / math.sqrt(10)
    return np.concatenate([half, -half])


_OUTLINES: Mapping[str, Points | None] = MappingProxyType(
    {
        "circle": None,
        "square": _regular(4),
        "triangle": _regular(3),
        "star": _star(),
        "plus": _plus(),
        "ring": None,
        "hexagon": _regular(6),
    }
)
"""Corners of each shape (x, y) on the unit circle; None where it is round."""

SHAPES: tuple[str, ...] = tuple(_OUTLINES)
"""Every shape that can be drawn. Each fills a circle of the drawn diameter."""

CLASSES = ("circle", "square", "triangle", "star", "plus", "ring")
"""The shapes drawn unless others are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenes:
    """Pictures of shapes with everything that is to be found in them.

    Attributes:
        images: (n, size, size, 3) uint8, RGB.
        masks: (n, size, size) uint8, class id of each pixel; 0 is the background.
        instances: (n, size, size) uint8, number of the shape of each pixel, from 1; 0 is
            the background. Shape j of a picture is row j - 1 of its boxes and labels.
        boxes: for each picture (k, 4) float32, xyxy in pixels: left, top, right, bottom of
            the visible pixels, tight. Right and bottom are exclusive: a box of one pixel at
            row 2, column 5 is (5, 2, 6, 3).
        labels: for each picture (k,) int64, class ids as in the mask, from 1.
        class_names: name of every class id; the first is the background.
    """

    images: Picture
    masks: Picture
    instances: Picture
    boxes: tuple[npt.NDArray[np.float32], ...]
    labels: tuple[npt.NDArray[np.int64], ...]
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, slots=True)
class _Settings:
    """What a picture is drawn from; checked once."""

    size: int
    classes: tuple[str, ...]
    count: tuple[int, int]
    noise: float
    diameters: tuple[int, int]
    overlap: bool
    background: Background


@dataclass(frozen=True, slots=True)
class _Disc:
    """The circle that a shape fills, in pixels."""

    x: float
    y: float
    radius: float


def scenes(
    n: int,
    size: int,
    seed: int,
    *,
    classes: Sequence[str] = CLASSES,
    count: tuple[int, int] = (1, 3),
    noise: float = 15.0,
    min_size: int | None = None,
    max_size: int | None = None,
    overlap: bool = False,
    background: Background = "noise",
) -> Scenes:
    """Draw pictures of several shapes, with masks, boxes and labels.

    Picture i depends on the settings, the seed and i alone: more pictures keep the first
    ones. Every shape lies wholly inside of the picture. With `overlap` a shape may cover up
    to half of another one; without, the circles around the shapes stay apart.

    Args:
        n: number of pictures, at least 1.
        size: height and width of each, in pixels, `SMALLEST_SIZE` to `LARGEST_SIZE`.
        seed: 0 or more.
        classes: names out of `SHAPES`; their order gives the class ids, from 1.
        count: fewest and most shapes in a picture. Of many large shapes those that find no
            room are left out; one is always there.
        noise: standard deviation of the noise over everything, in levels, 0 to
            `LARGEST_NOISE`.
        min_size: smallest diameter of a shape in pixels; a fifth of the size if None.
        max_size: largest diameter of a shape in pixels; two fifths of the size if None.
        overlap: whether shapes may cover parts of each other.
        background: one of `BACKGROUNDS`.

    Raises:
        DataError: a setting is out of bounds.
    """
    fewest, most = count
    if not 1 <= fewest <= most <= MOST_SHAPES:
        raise DataError(
            f"{fewest} to {most} shapes in a picture do not work. Use 1 to {MOST_SHAPES}, the "
            "smaller number first."
        )
    diameters = _diameters(size, min_size, max_size, size // 5, 2 * size // 5)
    settings = _Settings(size, tuple(classes), count, noise, diameters, overlap, background)
    _check(n, seed, settings)

    images = np.empty((n, size, size, 3), np.uint8)
    masks, instances = np.zeros((2, n, size, size), np.uint8)
    boxes, labels = [], []
    for i in range(n):
        generator = np.random.default_rng([seed, i])
        shapes = _place_shapes(generator, settings)
        for number, (label, mask) in enumerate(shapes, start=1):
            masks[i][mask] = label
            instances[i][mask] = number
        images[i] = _paint(generator, settings, [mask for _, mask in shapes])
        boxes.append(_boxes(instances[i], len(shapes)))
        labels.append(np.array([label for label, _ in shapes], dtype=np.int64))
    return Scenes(
        images, masks, instances, tuple(boxes), tuple(labels), ("background", *classes)
    )


def single(
    n: int,
    size: int,
    seed: int,
    *,
    classes: Sequence[str] = CLASSES,
    noise: float = 15.0,
    min_size: int | None = None,
    max_size: int | None = None,
    background: Background = "noise",
) -> Dataset:
    """Draw pictures of one shape each, near the middle, for classification.

    The classes take turns, so that they are equally frequent. Picture i depends on the
    settings, the seed and i alone.

    Args:
        n: number of pictures, at least 1.
        size: height and width of each, in pixels, `SMALLEST_SIZE` to `LARGEST_SIZE`.
        seed: 0 or more.
        classes: names out of `SHAPES`; their order gives the labels, from 0.
        noise: as in `scenes`.
        min_size: smallest diameter in pixels; two fifths of the size if None.
        max_size: largest diameter in pixels; four fifths of the size if None.
        background: one of `BACKGROUNDS`.

    Returns:
        Images (n, size, size, 3) uint8, RGB.

    Raises:
        DataError: a setting is out of bounds.
    """
    diameters = _diameters(size, min_size, max_size, 2 * size // 5, 4 * size // 5)
    settings = _Settings(size, tuple(classes), (1, 1), noise, diameters, False, background)
    _check(n, seed, settings)
    images = np.empty((n, size, size, 3), np.uint8)
    labels = np.arange(n) % len(classes)
    for i, label in enumerate(labels):
        generator = np.random.default_rng([seed, i])
        diameter = generator.uniform(*diameters)
        # Off the middle by at most half of the room that is left.
        shift = generator.uniform(-0.25, 0.25, 2) * (size - diameter)
        x, y = size / 2 + shift
        disc = _Disc(x, y, diameter / 2)
        mask = _raster(classes[int(label)], disc, generator.uniform(0, 2 * np.pi), size)
        images[i] = _paint(generator, settings, [mask])
    return Dataset("shapes", "Shapes", images, labels, tuple(classes), SOURCE, LICENCE)


def check_classes(classes: tuple[str, ...]) -> None:
    """Refuse names that are no shapes, or that repeat.

    Raises:
        DataError: a name is unknown or there twice, or there is none.
    """
    unknown = [name for name in classes if name not in SHAPES]
    if unknown:
        raise DataError(f"{unknown[0]!r} is no shape. Use some of {', '.join(SHAPES)}.")
    if not classes or len(set(classes)) != len(classes):
        raise DataError(
            f"classes {classes} do not work. Use at least one shape, and each only once."
        )


def _place_shapes(
    generator: np.random.Generator, settings: _Settings
) -> list[tuple[int, Mask]]:
    """Class id and full mask of each shape; a later one lies over the earlier ones."""
    wanted = int(generator.integers(settings.count[0], settings.count[1] + 1))
    discs: list[_Disc] = []
    shapes: list[tuple[int, Mask]] = []
    for _ in range(wanted):
        label = int(generator.integers(1, len(settings.classes) + 1))
        angle = generator.uniform(0, 2 * np.pi)
        name = settings.classes[label - 1]
        for attempt in range(_TRIES):
            disc = _draw_disc(generator, settings, attempt)
            if not settings.overlap and not _apart(disc, discs):
                continue
            mask = _raster(name, disc, angle, settings.size)
            if settings.overlap and not _all_visible([m for _, m in shapes], mask):
                continue
            discs.append(disc)
            shapes.append((label, mask))
            break
    return shapes


def _draw_disc(generator: np.random.Generator, settings: _Settings, attempt: int) -> _Disc:
    """A circle inside of the picture; the longer it takes, the smaller."""
    smallest, largest = settings.diameters
    largest_now = largest - (largest - smallest) * attempt / _TRIES
    radius = generator.uniform(smallest, largest_now) / 2
    x, y = generator.uniform(radius, settings.size - radius, 2)
    return _Disc(x, y, radius)


def _apart(disc: _Disc, others: Sequence[_Disc]) -> bool:
    """Whether at least a pixel lies between the circle and each of the others."""
    return all(
        math.hypot(disc.x - other.x, disc.y - other.y) >= disc.radius + other.radius + 1
        for other in others
    )


def _all_visible(earlier: Sequence[Mask], latest: Mask) -> bool:
    """Whether enough is left of every earlier shape when the latest lies over them."""
    covered = latest.copy()
    for mask in reversed(earlier):
        if (mask & ~covered).sum() < _VISIBLE * mask.sum():
            return False
        covered |= mask
    return True


def _raster(name: str, disc: _Disc, angle: float, size: int) -> Mask:
    """(size, size) bool: the pixels whose centre (column + 0.5, row + 0.5) lies inside."""
    centres = np.arange(size, dtype=np.float64) + 0.5
    x: Points = np.subtract(centres[None, :], disc.x)
    y: Points = np.subtract(centres[:, None], disc.y)
    outline = _OUTLINES[name]
    if outline is None:
        squared = x**2 + y**2
        hole = _RING_HOLE * disc.radius if name == "ring" else 0.0
        return (squared <= disc.radius**2) & (squared >= hole**2)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = disc.radius * outline @ np.array([[cos, sin], [-sin, cos]])
    return _inside_polygon(x, y, corners)


def _inside_polygon(x: Points, y: Points, corners: Points) -> Mask:
    """Even-odd rule: a ray to the right from inside crosses the outline an odd time.

    Source: Shimrat 1962, "Algorithm 112: position of point relative to polygon".
    """
    inside = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        between = (y0 > y) != (y1 > y)
        inside ^= between & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside


def _paint(
    generator: np.random.Generator, settings: _Settings, masks: Sequence[Mask]
) -> Picture:
    """Colour the masks, each in one colour of its own, over the background; add noise."""
    base = generator.uniform(40, 215, 3)
    canvas = base + _background(generator, settings)
    for mask in masks:
        # The farthest of eight random colours: never the background's own.
        colours = generator.uniform(0, 255, (8, 3))
        canvas[mask] = colours[np.argmax(np.square(colours - base).sum(axis=1))]
    canvas += settings.noise * generator.standard_normal(canvas.shape)
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8)


def _background(generator: np.random.Generator, settings: _Settings) -> Points:
    """(size, size, 3) float64: differences to the base colour, at most 40 levels."""
    size = settings.size
    if settings.background == "plain":
        return np.zeros((size, size, 3))
    if settings.background == "gradient":
        angle = generator.uniform(0, 2 * np.pi)
        place = (np.arange(size) + 0.5) / size * 2 - 1
        ramp = (math.cos(angle) * place[None, :] + math.sin(angle) * place[:, None]) / 2**0.5
        return ramp[..., None] * generator.uniform(-40, 40, 3)
    # Linear between 6 x 6 random colours: clouds of a sixth of the picture, never beyond 40.
    coarse = generator.uniform(-40, 40, (6, 6, 3))
    return np.asarray(cv2.resize(coarse, (size, size), interpolation=cv2.INTER_LINEAR))


def _boxes(instances: Picture, count: int) -> npt.NDArray[np.float32]:
    """(count, 4) float32 xyxy around the visible pixels of each instance."""
    boxes = np.empty((count, 4), np.float32)
    for number in range(1, count + 1):
        visible = instances == number
        columns = np.flatnonzero(visible.any(axis=0))
        rows = np.flatnonzero(visible.any(axis=1))
        boxes[number - 1] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return boxes


def _diameters(
    size: int, smallest: int | None, largest: int | None, low: int, high: int
) -> tuple[int, int]:
    """Smallest and largest diameter; what is left open follows from the picture's size."""
    if smallest is None:
        smallest = max(SMALLEST_SHAPE, low)
        smallest = smallest if largest is None else min(smallest, largest)
    return smallest, max(smallest, high) if largest is None else largest


def _check(n: int, seed: int, settings: _Settings) -> None:
    size = settings.size
    if not SMALLEST_SIZE <= size <= LARGEST_SIZE:
        raise DataError(
            f"size {size} is out of bounds. Use {SMALLEST_SIZE} to {LARGEST_SIZE} pixels."
        )
    most = MOST_BYTES // (3 * size * size)
    if not 1 <= n <= most:
        raise DataError(f"{n:,} pictures of {size} x {size} do not work. Use 1 to {most:,}.")
    check_seed(seed)
    check_classes(settings.classes)
    smallest, largest = settings.diameters
    if not SMALLEST_SHAPE <= smallest <= largest <= size:
        raise DataError(
            f"shapes of {smallest} to {largest} pixels do not fit pictures of {size} x {size}. "
            f"Use {SMALLEST_SHAPE} to {size}, the smaller number first."
        )
    if not 0 <= settings.noise <= LARGEST_NOISE:
        raise DataError(f"noise {settings.noise:g} is out of bounds. Use 0 to 100 levels.")
    if settings.background not in BACKGROUNDS:
        raise DataError(
            f"{settings.background!r} is no background. Use one of {', '.join(BACKGROUNDS)}."
        )
