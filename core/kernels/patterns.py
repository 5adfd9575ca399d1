"""Test pictures on which kernels show what they answer to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.registry import Registry

FloatArray = npt.NDArray[np.float64]
Picture = Callable[[], FloatArray]

SIDE = 64
_RAYS = 16
_DARK, _LIGHT = 64.0, 192.0

PICTURES: Registry[Picture] = Registry("test picture")
"""Each gives (SIDE, SIDE) float64 from 0 to 255."""


def _grid() -> tuple[FloatArray, FloatArray]:
    """(rows, columns) counted from the middle."""
    along = np.arange(SIDE, dtype=np.float64) - (SIDE - 1) / 2
    return along[:, None], along[None, :]


@PICTURES.add("flat", "A flat area", "one grey level")
def flat() -> FloatArray:
    """Middle grey everywhere."""
    return np.full((SIDE, SIDE), 128.0)


@PICTURES.add("disc", "An edge of every direction", "a disc, its border averaged over pixels")
def disc() -> FloatArray:
    """A bright disc on dark ground."""
    rows, columns = _grid()
    inside = np.clip(SIDE * 0.34 - np.hypot(rows, columns) + 0.5, 0, 1)
    return _DARK + (_LIGHT - _DARK) * inside


@PICTURES.add("rays", "Stripes of every direction", "Siemens star")
def rays() -> FloatArray:
    """Waves round the middle, narrower towards it."""
    rows, columns = _grid()
    waves = np.cos(_RAYS * np.arctan2(rows, columns))
    # Stripes that are finer than two pixels say nothing.
    seen = np.hypot(rows, columns) > _RAYS / np.pi
    picture: FloatArray = 128 + 64 * waves * seen
    return picture


@PICTURES.add("noise", "Noise", "NumPy's PCG64 generator, normal with spread 20")
def noise() -> FloatArray:
    """Middle grey with random pixels."""
    draw = np.random.default_rng(1)
    return np.clip(128 + 20 * draw.standard_normal((SIDE, SIDE)), 0, 255)
