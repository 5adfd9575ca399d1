"""Max pooling that remembers where its maxima were, and unpooling that puts them back.

Source: Zeiler & Fergus 2014, section 2.1 ("switches"); Noh, Hong & Han 2015, figure 3.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import keras

Tensor: TypeAlias = keras.KerasTensor


@keras.saving.register_keras_serializable("receptive")
class MaxSwitches(keras.layers.Layer):  # type: ignore[misc]
    """Marks in each window of 2 x 2 where the maximum is; of equal ones, the first.

    From (n, 2h, 2w, c) to the same shape, 0 or 1. Nothing is learnt through it.
    """

    def call(self, maps: Tensor) -> Tensor:
        """The marks."""
        windows = _windows(maps)
        first = keras.ops.argmax(windows, axis=-1)
        marks = keras.ops.one_hot(first, 4, dtype=maps.dtype)
        return _from_windows(marks)

    def compute_output_shape(self, input_shape: tuple[Any, ...]) -> tuple[Any, ...]:
        """As it comes in."""
        return input_shape


@keras.saving.register_keras_serializable("receptive")
class MaxUnpooling(keras.layers.Layer):  # type: ignore[misc]
    """Puts each value to where its window's maximum was, and 0 to the other three places.

    From (n, h, w, c) and marks (n, 2h, 2w, c) to (n, 2h, 2w, c).
    """

    def call(self, maps: Tensor, marks: Tensor) -> Tensor:
        """The enlarged maps."""
        wide = keras.ops.repeat(keras.ops.repeat(maps, 2, axis=1), 2, axis=2)
        return wide * marks

    def compute_output_shape(
        self, maps_shape: tuple[Any, ...], marks_shape: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        """As the marks have it."""
        return marks_shape


def _windows(maps: Tensor) -> Tensor:
    """(n, 2h, 2w, c) to (n, h, w, c, 4)."""
    _, height, width, channels = maps.shape
    parts = keras.ops.reshape(maps, (-1, height // 2, 2, width // 2, 2, channels))
    parts = keras.ops.transpose(parts, (0, 1, 3, 5, 2, 4))
    return keras.ops.reshape(parts, (-1, height // 2, width // 2, channels, 4))


def _from_windows(windows: Tensor) -> Tensor:
    """(n, h, w, c, 4) to (n, 2h, 2w, c)."""
    _, height, width, channels, _ = windows.shape
    parts = keras.ops.reshape(windows, (-1, height, width, channels, 2, 2))
    parts = keras.ops.transpose(parts, (0, 1, 4, 2, 5, 3))
    return keras.ops.reshape(parts, (-1, 2 * height, 2 * width, channels))
