"""The one layer of our networks that Keras does not have.

Source: Dosovitskiy et al. 2021, "An image is worth 16x16 words", equation 1.
"""

from __future__ import annotations

import keras


@keras.saving.register_keras_serializable("receptive")
class Positions(keras.layers.Layer):  # type: ignore[misc]
    """Adds to each token (batch, tokens, width) a learned vector of its place."""

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Make the vectors, (tokens, width), small and random."""
        self.table = self.add_weight(
            shape=input_shape[1:],
            initializer=keras.initializers.RandomNormal(stddev=0.02),
            name="table",
        )

    def call(self, tokens: keras.KerasTensor) -> keras.KerasTensor:
        """The tokens, each with its place's vector added."""
        return tokens + self.table
