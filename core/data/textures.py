"""Two-class textures: what a network can tell by local patterns alone.

Both classes of a pair have the same mean brightness, the same contrast and the same range of
wavelengths, so that neither gives the class away: only the pattern does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.data.dataset import DataError, Dataset, check_seed

PAIRS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stripes-dots": ("stripes", "dots"),
        "gratings": ("leaning right", "leaning left"),
    }
)
"""The two classes of each pair; label 0 is the first."""

SMALLEST_SIZE, LARGEST_SIZE = 16, 256
"""Bounds of a picture's side, in pixels."""

MOST_IMAGES = 20_000
"""Most pictures of one call."""

LARGEST_NOISE = 100.0
"""Largest standard deviation of the noise, in levels of 0..255."""

WAVELENGTHS = (4.0, 8.0)
"""Shortest and longest distance from one stripe to the next, in pixels."""

SOURCE = "drawn by rule (core.data.textures)"
LICENCE = "CC0 1.0"

_JITTER = math.radians(15)

Plane = npt.NDArray[np.float64]


def textures(
    n: int, size: int, seed: int, *, pair: str = "stripes-dots", noise: float = 20.0
) -> Dataset:
    """Draw pictures of two textures, in turns.

    "stripes-dots": waves along one direction against the product of waves along two that
    are at right angles, at any angle. "gratings": waves whose stripes lean right (/) against
    left, 45 degrees give or take 15. Picture i depends on the settings, the seed and i
    alone.

    Args:
        n: number of pictures, 1 to `MOST_IMAGES`.
        size: height and width, in pixels, `SMALLEST_SIZE` to `LARGEST_SIZE`.
        seed: 0 or more.
        pair: one of `PAIRS`.
        noise: standard deviation of the noise, in levels, 0 to `LARGEST_NOISE`.

    Returns:
        Images (n, size, size, 1) uint8 with labels 0 and 1.

    Raises:
        DataError: a setting is out of bounds.
    """
    _check(n, size, seed, pair, noise)
    labels = np.arange(n) % 2
    images = np.empty((n, size, size, 1), np.uint8)
    for i, label in enumerate(labels):
        generator = np.random.default_rng([seed, i])
        if pair == "gratings":
            wave = _grating(generator, size, leaning_left=bool(label))
        else:
            wave = _dots(generator, size) if label else _stripes(generator, size)
        level = generator.uniform(108, 148) + generator.uniform(30, 55) * wave
        level += noise * generator.standard_normal((size, size))
        images[i, ..., 0] = np.clip(np.rint(level), 0, 255)
    return Dataset("textures", "Textures", images, labels, PAIRS[pair], SOURCE, LICENCE)


def _stripes(generator: np.random.Generator, size: int) -> Plane:
    return _wave(generator, size, generator.uniform(0, np.pi), _wavelength(generator))


def _dots(generator: np.random.Generator, size: int) -> Plane:
    angle, wavelength = generator.uniform(0, np.pi), _wavelength(generator)
    one = _wave(generator, size, angle, wavelength)
    other = _wave(generator, size, angle + np.pi / 2, wavelength)
    # The mean square of a cosine is 1/2 and of the product 1/4: this makes them equal.
    return math.sqrt(2) * one * other


def _grating(generator: np.random.Generator, size: int, *, leaning_left: bool) -> Plane:
    # Rows count downwards: a wave that runs right and down has stripes that lean right.
    direction = np.pi * (3 / 4 if leaning_left else 1 / 4)
    angle = direction + generator.uniform(-_JITTER, _JITTER)
    return _wave(generator, size, angle, _wavelength(generator))


def _wavelength(generator: np.random.Generator) -> float:
    return float(generator.uniform(*WAVELENGTHS))


def _wave(generator: np.random.Generator, size: int, angle: float, wavelength: float) -> Plane:
    """(size, size) float64: a cosine along `angle`, -1 to 1, at a random phase."""
    place = np.arange(size)
    along = math.cos(angle) * place[None, :] + math.sin(angle) * place[:, None]
    wave: Plane = np.cos(2 * np.pi * along / wavelength + generator.uniform(0, 2 * np.pi))
    return wave


def _check(n: int, size: int, seed: int, pair: str, noise: float) -> None:
    if pair not in PAIRS:
        raise DataError(f"{pair!r} is no pair of textures. Use one of {', '.join(PAIRS)}.")
    if not 1 <= n <= MOST_IMAGES:
        raise DataError(f"{n:,} pictures do not work. Use 1 to {MOST_IMAGES:,}.")
    if not SMALLEST_SIZE <= size <= LARGEST_SIZE:
        raise DataError(
            f"size {size} is out of bounds. Use {SMALLEST_SIZE} to {LARGEST_SIZE} pixels."
        )
    if not 0 <= noise <= LARGEST_NOISE:
        raise DataError(f"noise {noise:g} is out of bounds. Use 0 to 100 levels.")
    check_seed(seed)
