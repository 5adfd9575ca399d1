"""What the layers of this package share: settings for two axes, pictures, strided reading."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field

from core.arithmetic.errors import ShapeError

FloatArray = npt.NDArray[np.float64]


def _is_int(value: Any) -> bool:  # noqa: ANN401 - a validator sees whatever was passed
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _as_pair(value: Any) -> Any:  # noqa: ANN401
    """One int means both axes; anything else is left for pydantic to judge."""
    return (int(value), int(value)) if _is_int(value) else value


def _as_padding(value: Any) -> Any:  # noqa: ANN401
    """One int, one per axis, or one per side: all become ((top, bottom), (left, right))."""
    value = _as_pair(value)
    if isinstance(value, str) or not isinstance(value, tuple | list):
        return value
    return tuple((int(v), int(v)) if _is_int(v) else v for v in value)


Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
Pair = Annotated[tuple[Positive, Positive], BeforeValidator(_as_pair)]
"""(down, right), at least 1 each; one int means both."""
PairFromZero = Annotated[tuple[NotNegative, NotNegative], BeforeValidator(_as_pair)]
"""(down, right), at least 0 each; one int means both."""
Sides = tuple[tuple[NotNegative, NotNegative], tuple[NotNegative, NotNegative]]
"""((top, bottom), (left, right)) in pixels."""
Padding = Annotated[Literal["valid", "same"] | Sides, BeforeValidator(_as_padding)]
"""`Sides`, also as one int or (vertical, horizontal), or a name of Keras'."""


def as_image(image: npt.ArrayLike) -> FloatArray:
    """(height, width, channels) float64.

    Raises:
        ShapeError: it has other axes, or no pixel.
    """
    array = np.asarray(image, dtype=np.float64)
    if array.ndim != 3 or 0 in array.shape:
        raise ShapeError(
            "expected an image of shape (height, width, channels) with at least one pixel, "
            f"but got shape {array.shape}. A grey image needs a last axis of 1."
        )
    return array


def every(positions: npt.NDArray[np.intp]) -> slice:
    """Evenly spaced positions as a slice, which NumPy reads without copying."""
    step = int(positions[1] - positions[0]) if len(positions) > 1 else 1
    return slice(int(positions[0]), int(positions[-1]) + 1, step)
