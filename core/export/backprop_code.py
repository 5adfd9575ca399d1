"""The tiny network as a Keras script with the page's values, gradients and updates."""

from __future__ import annotations

from core.arithmetic.tiny_network import Network
from core.lessons.backprop import BackpropCase
from core.numbers import format_number

Section = list[str]


def backprop_script(case: BackpropCase) -> str:
    """A script of Keras and TensorFlow whose numbers are those of the page.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`: prediction and loss, then the nine gradients and
        the nine updated parameters in Keras' order (kernel and bias of the hidden layer,
        kernel and bias of the output), 20 numbers in float64.
    """
    sections = [
        _imports(),
        _examples(case),
        _network(case.lesson.network()),
        _loss(case),
        *_updates(case),
        _passes(case),
        _print(),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports() -> Section:
    return [
        "# Two inputs, two hidden units, one output: forward, backward, update.",
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "",
        'keras.config.set_floatx("float64")  # as the page computes; float32 is the default',
    ]


def _examples(case: BackpropCase) -> Section:
    examples = case.lesson.examples
    inputs = ", ".join(f"[{_text(e.x1)}, {_text(e.x2)}]" for e in examples)
    targets = ", ".join(f"[{_text(e.y)}]" for e in examples)
    noun = "The example: inputs" if len(examples) == 1 else "The examples, in turns: inputs"
    return [
        f"# {noun} and target.",
        f'inputs = np.array([{inputs}], dtype="float64")',
        f'targets = np.array([{targets}], dtype="float64")',
    ]


def _text(value: float) -> str:
    return format_number(value)


def _network(n: Network) -> Section:
    output = "linear" if n.loss == "cross_entropy" else n.output
    lines = ["# The network with its weights; a column of a kernel leads to one unit."]
    if n.loss == "cross_entropy":
        lines.append("# The sigmoid of the output is part of the loss: from_logits=True.")
    return [
        *lines,
        f'hidden = keras.layers.Dense(2, activation="{n.hidden}")',
        f'output_layer = keras.layers.Dense(1, activation="{output}")',
        "model = keras.Sequential([keras.Input((2,)), hidden, output_layer])",
        "model.set_weights([",
        f"    np.array([[{_text(n.w11)}, {_text(n.w12)}], [{_text(n.w21)}, {_text(n.w22)}]]),",
        f"    np.array([{_text(n.b1)}, {_text(n.b2)}]),",
        f"    np.array([[{_text(n.v1)}], [{_text(n.v2)}]]),",
        f"    np.array([{_text(n.c)}]),",
        "])",
    ]


def _loss(case: BackpropCase) -> Section:
    loss = case.lesson.error
    if loss == "half_squared":
        return [
            "# Half of the squared error, as textbooks have it.",
            "def loss_of(target, prediction):",
            "    return keras.losses.MeanSquaredError()(target, prediction) / 2",
        ]
    name = "MeanSquaredError()" if loss == "squared" else "BinaryCrossentropy(from_logits=True)"
    return ["# The loss.", f"loss_of = keras.losses.{name}"]


def _updates(case: BackpropCase) -> list[Section]:
    rate = repr(case.lesson.step_rate)
    section = [
        "# One update: the gradient of every weight, then a step against it.",
        f"optimizer = keras.optimizers.SGD({rate})",
        "",
        "",
        "def passes(turn):",
        "    x, y = inputs[turn : turn + 1], targets[turn : turn + 1]",
        "    with tf.GradientTape() as tape:",
        "        prediction = model(x)",
        "        loss = loss_of(y, prediction)",
        "    gradients = tape.gradient(loss, model.trainable_variables)",
        "    optimizer.apply(gradients, model.trainable_variables)",
        "    return prediction, loss, gradients",
    ]
    if not case.updates:
        return [section]
    before = [
        f"# The {case.updates} updates done before.",
        f"for update in range({case.updates}):",
        "    passes(update % len(inputs))",
    ]
    return [section, before]


def _passes(case: BackpropCase) -> Section:
    lines = [
        "# Forward, backward, update: the page's numbers.",
        f"prediction, loss, gradients = passes({case.turn})",
    ]
    if case.lesson.error == "cross_entropy":
        lines.append("prediction = keras.ops.sigmoid(prediction)")
    return lines


def _print() -> Section:
    return [
        "# Prediction, loss, gradients, new weights.",
        "print(float(prediction[0, 0]), float(loss))",
        "for variable, gradient in zip(model.trainable_variables, gradients):",
        "    print(variable.path, gradient.numpy().tolist(), variable.numpy().tolist())",
        "numbers = [prediction, loss, *gradients, *model.trainable_variables]",
        "output = np.concatenate([np.ravel(keras.ops.convert_to_numpy(n)) for n in numbers])",
    ]
