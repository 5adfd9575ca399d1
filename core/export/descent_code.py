"""A descent as a Keras script that takes the steps of the page."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import numpy.typing as npt

from core.arithmetic.landscapes import INPUTS, LABELS, TARGETS
from core.arithmetic.optimizers import RULES, OptimizerSpec
from core.lessons.descent_case import DescentCase, Racer
from core.numbers import format_number

Section = list[str]


def descent_script(case: DescentCase) -> str:
    """A script of Keras and TensorFlow whose `output` are the paths of the page.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`, (racers, steps + 1, 2) float64, and prints where
        each one arrived. Keras keeps momentum and betas in float32, so that the numbers agree
        to about four digits.
    """
    sections = [
        _imports(case),
        *_examples(case),
        _loss(case),
        _optimizers(case),
        *_disturbance(case),
        _steps(case),
        _print(case),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(case: DescentCase) -> Section:
    names = ", ".join(racer.title for racer in case.racers)
    return [
        f"# {names} on {case.surface.title}.",
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "",
        'keras.config.set_floatx("float64")  # as the page computes; float32 is the default',
    ]


def _examples(case: DescentCase) -> list[Section]:
    if not case.surface.examples:
        return []
    line = case.surface.slug == "line"
    words = "numbers that the line has to meet" if line else "classes, 0 or 1"
    return [
        [
            f"# The examples: inputs and {words}.",
            *_vector("inputs", INPUTS),
            *_vector("targets", TARGETS if line else LABELS),
        ]
    ]


def _vector(name: str, values: npt.NDArray[np.float64]) -> Section:
    numbers = wrap(", ".join(format_number(value) for value in values.tolist()), 80)
    return [f"{name} = np.array([", *(f"    {line}" for line in numbers), '], dtype="float64")']


_FORMULAS: dict[str, Section] = {
    "rosenbrock": ["return (1 - x) ** 2 + 100 * (y - x**2) ** 2"],
    "himmelblau": ["return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2"],
    "saddle": ["return x**2 / 2 - y**2 / 2 + y**4 / 4"],
    "beale": [
        "parts = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3",
        "return sum(part**2 for part in parts)",
    ],
    "rastrigin": [
        "ripple = keras.ops.cos(2 * np.pi * x) + keras.ops.cos(2 * np.pi * y)",
        "return 20 + x**2 + y**2 - 10 * ripple",
    ],
    "cliff": [
        "state = 0.5",
        "for _ in range(50):",
        '    state = x * keras.ops.sigmoid(keras.ops.cast(state, "float64")) + y',
        "return (keras.ops.sigmoid(state) - 0.7) ** 2",
    ],
}


def _loss(case: DescentCase) -> Section:
    slug = case.surface.slug
    if slug in ("line", "logistic"):
        mean = (
            "MeanSquaredError()" if slug == "line" else "BinaryCrossentropy(from_logits=True)"
        )
        whose, batch, part = "all examples", "", ""
        if case.batches is not None:
            whose, batch, part = "the examples of a batch", ", batch", "[batch]"
        return [
            f"# The loss of a weight and a bias, over {whose}.",
            f"measure = keras.losses.{mean}",
            "",
            "",
            f"def loss(weights{batch}):",
            "    w, b = weights[0], weights[1]",
            f"    return measure(targets{part}, w * inputs{part} + b)",
        ]
    body = _bowl(case) if slug == "bowl" else _FORMULAS[slug]
    return [
        "# The loss of two weights.",
        "def loss(weights):",
        "    x, y = weights[0], weights[1]",
        *(f"    {line}" for line in body),
    ]


def _bowl(case: DescentCase) -> Section:
    lesson = case.lesson
    flat = format_number(lesson.curvature / lesson.condition)
    steep = format_number(lesson.curvature)
    if not lesson.tilt:
        return [f"return ({flat} * x**2 + {steep} * y**2) / 2"]
    return [
        f"angle = np.deg2rad({lesson.tilt})",
        "along = np.cos(angle) * x + np.sin(angle) * y",
        "across = np.cos(angle) * y - np.sin(angle) * x",
        f"return ({flat} * along**2 + {steep} * across**2) / 2",
    ]


def _optimizers(case: DescentCase) -> Section:
    lines = ["# The optimisers.", "optimizers = {"]
    lines += [f'    "{racer.lane.upper()}": {_optimizer(racer)},' for racer in case.racers]
    return [*lines, "}"]


def _optimizer(racer: Racer) -> str:
    spec = racer.trace.spec
    arguments = [f"learning_rate={_rate(spec)}"]
    if spec.rule in ("momentum", "nesterov"):
        arguments.append(f"momentum={spec.momentum!r}")
    if spec.rule == "nesterov":
        arguments.append("nesterov=True")
    if spec.rule == "rmsprop":
        arguments.append(f"rho={spec.rho!r}")
    if spec.rule in ("adam", "adamw"):
        arguments.append(f"beta_1={spec.beta_1!r}")
        arguments.append(f"beta_2={spec.beta_2!r}")
    if spec.decoupled or spec.rule == "adamw":
        arguments.append(f"weight_decay={spec.decoupled!r}")
    if spec.clipping != "off":
        name = "clipnorm" if spec.clipping == "norm" else "clipvalue"
        arguments.append(f"{name}={spec.clip!r}")
    inside = ", ".join(arguments)
    call = f"keras.optimizers.{RULES[spec.rule].keras}({inside})"
    if len(call) <= 80:
        return call
    body = "".join(f"        {argument},\n" for argument in arguments)
    return f"keras.optimizers.{RULES[spec.rule].keras}(\n{body}    )"


def _rate(spec: OptimizerSpec) -> str:
    rate, pace = repr(spec.learning_rate), spec.pace
    home = "keras.optimizers.schedules."
    if pace.schedule in ("step", "exponential"):
        stairs = ", staircase=True" if pace.schedule == "step" else ""
        drop = repr(pace.drop)
        return f"{home}ExponentialDecay({rate}, {pace.every}, {drop}{stairs})"
    if pace.schedule == "cosine":
        return f"{home}CosineDecay({rate}, {pace.steps})"
    if pace.schedule == "warmup":
        rest = max(pace.steps - pace.warmup, 1)
        warmup = f"warmup_target={rate}, warmup_steps={pace.warmup}"
        return f"{home}CosineDecay(\n            0.0, {rest}, {warmup}\n        )"
    return rate


def _disturbance(case: DescentCase) -> list[Section]:
    lesson = case.lesson
    steps, seed = lesson.descent_steps, lesson.noise_seed
    if case.batches is not None:
        size = lesson.mini_batch
        return [
            [
                f"# Mini-batches of {size}: every epoch in a new order.",
                f"generator = np.random.default_rng({seed})",
                "batches = []",
                f"while len(batches) < {steps}:",
                "    order = generator.permutation(24)",
                f"    batches += [order[i : i + {size}] for i in range(0, 24, {size})]",
            ]
        ]
    if lesson.gradient_noise and not case.surface.examples:
        scale = format_number(lesson.gradient_noise)
        return [
            [
                "# Noise of every step, as a mini-batch would bring it.",
                f"noise = np.random.default_rng({seed}).normal(0.0, {scale}, ({steps}, 2))",
            ]
        ]
    return []


def _steps(case: DescentCase) -> Section:
    lesson = case.lesson
    x, y = (format_number(value) for value in case.start)
    call = "loss(weights, batches[step])" if case.batches is not None else "loss(weights)"
    pulled = {racer.lane.upper(): racer.trace.spec.l2 for racer in case.racers}
    lines = ["# Every step: the gradient, then what the optimiser makes of it."]
    if any(pulled.values()):
        with_l2 = ", ".join(f'"{lane}"' for lane, l2 in pulled.items() if l2)
        lines.append(f"with_l2 = {{{with_l2}}}")
    lines += [
        "paths = []",
        "for name, optimizer in optimizers.items():",
        f'    weights = keras.Variable([{x}, {y}], dtype="float64")',
        "    optimizer.build([weights])",
        "    path = [weights.numpy()]",
        f"    for step in range({lesson.descent_steps}):",
        "        with tf.GradientTape() as tape:",
        f"            height = {call}",
    ]
    if any(pulled.values()):
        half = format_number(lesson.shrink / 2)
        lines += [
            "            if name in with_l2:",
            f"                height += {half} * keras.ops.sum(keras.ops.square(weights))",
        ]
    gradient = "tape.gradient(height, weights.value)"
    if lesson.gradient_noise and not case.surface.examples:
        gradient += " + noise[step]"
    lines += [
        f"        gradient = {gradient}",
        "        optimizer.apply([gradient], [weights])",
        "        path.append(weights.numpy())",
        "    paths.append(path)",
    ]
    return lines


def _print(case: DescentCase) -> Section:
    return [
        "# Where they are after the last step.",
        "output = np.array(paths)",
        "for name, path in zip(optimizers, output):",
        "    print(name, path[-1])",
    ]
