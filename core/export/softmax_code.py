"""Softmax and cross-entropy as a Keras script with the page's numbers."""

from __future__ import annotations

from textwrap import wrap

from core.lessons.softmax import SoftmaxCase
from core.numbers import format_number

Section = list[str]


def softmax_script(case: SoftmaxCase) -> str:
    """A script of Keras and TensorFlow with the probabilities, the loss and the gradient.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`: probabilities, loss, gradient, and the
        probabilities of the naive form, in float64.
    """
    lesson = case.lesson
    logits = wrap(", ".join(repr(float(value)) for value in case.made.logits), 80)
    temperature, smoothing = repr(lesson.temperature), format_number(lesson.smoothing_share)
    scaled = "logits" if lesson.temperature == 1 else "logits / temperature"
    sections: list[Section] = [
        [
            f"# Softmax and cross-entropy of {lesson.class_count} classes.",
            "import keras",
            "import numpy as np",
            "import tensorflow as tf",
            "",
            'keras.config.set_floatx("float64")  # as the page computes',
        ],
        [
            "# The scores, and which class is right (counted from 0).",
            "logits = tf.Variable([",
            *(f"    {line}" for line in logits),
            '], dtype="float64")',
            f"label = keras.ops.one_hot([{lesson.right}], {lesson.class_count}, "
            'dtype="float64")',
            *([f"temperature = {temperature}"] if lesson.temperature != 1 else []),
        ],
        [
            "# Loss and gradient. from_logits=True subtracts the largest first.",
            "measure = keras.losses.CategoricalCrossentropy(",
            f"    from_logits=True, label_smoothing={smoothing}",
            ")",
            "with tf.GradientTape() as tape:",
            f"    loss = measure(label, ({scaled})[None])",
            "gradient = tape.gradient(loss, logits)",
            f"probabilities = keras.ops.softmax({scaled})",
        ],
        [
            f"# The naive form, in {lesson.number_format}.",
            'with np.errstate(over="ignore", invalid="ignore"):',
            f"    exponentials = np.exp(({scaled}).numpy().astype(np.{lesson.number_format}))",
            f"    naive = exponentials / exponentials.sum(dtype=np.{lesson.number_format})",
        ],
        [
            "# What comes out.",
            'print("p", probabilities.numpy())',
            'print("loss", float(loss))',
            'print("gradient", gradient.numpy())',
            'print("naive p", naive)',
            "output = np.concatenate([probabilities, [loss], gradient, naive]).astype(float)",
        ],
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"
