"""Networks that are no list of rows: branches and several inputs, as Keras source.

What the functional API is for. The texts are complete scripts; tests run them and count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_SOURCE = "MLC, CNNs and image processing: Sequential and functional API"


@dataclass(frozen=True, slots=True)
class FunctionalExample:
    """One network of the lecture.

    Attributes:
        slug: name for links; never changed.
        title: name for the screen.
        about: one sentence: what it shows.
        source: who shows it.
        parameters: as the lecture prints them.
        code: a script that makes `model`.
    """

    slug: str
    title: str
    about: str
    source: str
    parameters: int
    code: str


FUNCTIONAL: Mapping[str, FunctionalExample] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            FunctionalExample(
                "dense-chain",
                "One layer after the other",
                "A layer is called on what the one before it gave; Sequential does the same.",
                _SOURCE,
                551,
                """import keras
from keras import layers

# 10 numbers in, 1 out: (10 + 1) x 10 + (10 + 1) x 20 + (20 + 1) x 10 + (10 + 1) x 1.
inputs = keras.Input((10,))
x = layers.Dense(10, activation="relu")(inputs)
x = layers.Dense(20, activation="relu")(x)
x = layers.Dense(10, activation="relu")(x)
outputs = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)

# The same layers as a plain list.
sequential = keras.Sequential(
    [
        keras.Input((10,)),
        layers.Dense(10, activation="relu"),
        layers.Dense(20, activation="relu"),
        layers.Dense(10, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]
)

# Both have 551 parameters.
model.summary()
sequential.summary()
""",
            ),
            FunctionalExample(
                "shared-input",
                "Two branches on one input",
                "Small and large windows read one image; their results stand side by side.",
                _SOURCE,
                415_045,
                """import keras
from keras import layers

# One grey image, read twice.
image = keras.Input((64, 64, 1))

# Fine: 32 filters of 4 x 4.
fine = layers.Conv2D(32, 4, activation="relu")(image)  # 61 x 61 x 32
fine = layers.MaxPooling2D(2)(fine)  # 30 x 30 x 32
fine = layers.Flatten()(fine)  # 28,800

# Coarse: 16 filters of 8 x 8.
coarse = layers.Conv2D(16, 8, activation="relu")(image)  # 57 x 57 x 16
coarse = layers.MaxPooling2D(2)(coarse)  # 28 x 28 x 16
coarse = layers.Flatten()(coarse)  # 12,544

# Together.
x = layers.Concatenate()([fine, coarse])  # 41,344
x = layers.Dense(10, activation="relu")(x)
output = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(image, output)

# 415,045 parameters, nearly all of them in the first dense layer.
model.summary()
""",
            ),
            FunctionalExample(
                "two-inputs",
                "Two inputs, one answer",
                "A grey and a colour image of different size, each with its own convolutions.",
                _SOURCE,
                49_699,
                """import keras
from keras import layers

# A grey image.
grey = keras.Input((64, 64, 1))
x = layers.Conv2D(32, 4, activation="relu")(grey)  # 61 x 61 x 32
x = layers.MaxPooling2D(2)(x)  # 30 x 30 x 32
x = layers.Conv2D(16, 4, activation="relu")(x)  # 27 x 27 x 16
x = layers.MaxPooling2D(2)(x)  # 13 x 13 x 16
from_grey = layers.Flatten()(x)  # 2,704

# A smaller colour image.
colour = keras.Input((32, 32, 3))
x = layers.Conv2D(32, 4, activation="relu")(colour)  # 29 x 29 x 32
x = layers.MaxPooling2D(2)(x)  # 14 x 14 x 32
x = layers.Conv2D(16, 4, activation="relu")(x)  # 11 x 11 x 16
x = layers.MaxPooling2D(2)(x)  # 5 x 5 x 16
from_colour = layers.Flatten()(x)  # 400

# Together.
x = layers.Concatenate()([from_grey, from_colour])  # 3,104
x = layers.Dense(10, activation="relu")(x)
x = layers.Dense(10, activation="relu")(x)
output = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model([grey, colour], output)

# 49,699 parameters.
model.summary()
""",
            ),
        )
    }
)
"""The examples by slug."""
