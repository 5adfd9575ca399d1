"""The update rules of Keras' optimisers, one step at a time, with their arithmetic in words.

Every rule is what `keras.optimizers` of Keras 3 does, in the same order: the gradient is
clipped, decoupled weight decay shrinks the weights, then the rule adds its step. Beside its
numbers a rule has rows: templates that spell the arithmetic out, such as
`0.9*{v-} - {rate}*{g}`, in which `{v-}` is the velocity before the step. They are filled in
where they are shown, and the tests compute them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.errors import ShapeError
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]
State = Mapping[str, FloatArray]
Clipping = Literal["off", "norm", "value"]
Decay = Literal["decoupled", "l2"]
Schedule = Literal["constant", "step", "exponential", "cosine", "warmup"]

EPSILON = 1e-7
"""Keras' default for RMSprop, Adam, AdamW and Adagrad."""
_EPSILON_TEXT = "1e-7"
ACCUMULATED = 0.1
"""Keras' default for what Adagrad's sum of squares begins with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the learning rate changes on the way.

    Attributes:
        schedule: constant; step and exponential multiply by `drop` every `every` steps, the
            one at once, the other evenly; cosine falls to 0 with the last step; warmup rises
            from 0 in `warmup` steps and falls as cosine does.
        drop: the factor of step and exponential.
        every: steps from one factor to the next.
        warmup: steps that the rise takes.
        steps: how many there are in all.
    """

    schedule: Schedule = "constant"
    drop: float = 0.5
    every: int = 20
    warmup: int = 10
    steps: int = 100

    def factor(self, done: int) -> float:
        """What the learning rate is multiplied by after `done` steps.

        Source: keras.optimizers.schedules.ExponentialDecay (staircase or not) and
        CosineDecay; Loshchilov & Hutter 2017, equation 5.
        """
        if self.schedule == "step":
            return float(self.drop ** (done // self.every))
        if self.schedule == "exponential":
            return float(self.drop ** (done / self.every))
        if self.schedule == "cosine":
            return _cosine(done, self.steps)
        if self.schedule == "warmup":
            if done < self.warmup:
                return done / self.warmup
            return _cosine(done - self.warmup, max(self.steps - self.warmup, 1))
        return 1.0


def _cosine(done: int, steps: int) -> float:
    return 0.5 * (1 + math.cos(math.pi * min(done / steps, 1.0)))


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """An optimiser with its settings, as Keras names them.

    Attributes:
        rule: slug in `RULES`.
        learning_rate: length of the step, before the schedule's factor.
        momentum: share of the velocity that is kept, for momentum and Nesterov.
        rho: share of the squared gradients that RMSprop keeps.
        beta_1: share of the mean gradient that Adam and AdamW keep.
        beta_2: share of the mean squared gradient that they keep.
        weight_decay: share of each weight taken away, times the learning rate.
        decay: decoupled, as Keras' `weight_decay` does for every optimiser; l2 adds
            weight_decay * weight to the gradient, as a regulariser L2(weight_decay / 2) does.
        clipping: of the gradient: off, norm (Keras' clipnorm) or value (clipvalue).
        clip: the largest norm, or the largest number.
        pace: the schedule.
    """

    rule: str = "sgd"
    learning_rate: float = 0.01
    momentum: float = 0.9
    rho: float = 0.9
    beta_1: float = 0.9
    beta_2: float = 0.999
    weight_decay: float = 0.0
    decay: Decay = "decoupled"
    clipping: Clipping = "off"
    clip: float = 1.0
    pace: Pace = field(default_factory=Pace)

    @property
    def l2(self) -> float:
        """What the gradient is pulled towards 0 by; AdamW's decay is always decoupled."""
        return 0.0 if self.decay == "decoupled" or self.rule == "adamw" else self.weight_decay

    @property
    def decoupled(self) -> float:
        """What each weight shrinks by, times the learning rate."""
        return self.weight_decay - self.l2


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a step's arithmetic.

    Attributes:
        name: the column of numbers that it explains.
        symbol: how the quantity is written.
        words: what it is.
        formula: how it comes about, in symbols.
        numbers: the same as a template: `{v}` is the column v at this step, `{v-}` at the step
            before, `{t}` the step's number. Python reads it; empty where nothing is computed.
        scalar: one number for both weights.
    """

    name: str
    symbol: str
    words: str
    formula: str = ""
    numbers: str = ""
    scalar: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """An optimiser.

    Attributes:
        slug: name in links.
        title: name on the screen.
        source: paper, and where the formula stands.
        latex: the formula.
        keras: how Keras is asked for it.
        begin: what its memory holds before the first step, by column.
        rows: its arithmetic, for a spec; `{g}` is the gradient that it gets.
        call: (gradient, memory, learning rate, number of the step, spec) to its columns, among
            them `step`, which is added to the weights.
    """

    slug: str
    title: str
    source: str
    latex: str
    keras: str
    begin: Mapping[str, float]
    rows: Callable[[OptimizerSpec], tuple[Row, ...]]
    call: Callable[[FloatArray, State, float, int, OptimizerSpec], dict[str, FloatArray]]


def clipped(gradient: FloatArray, clipping: Clipping, bound: float) -> FloatArray:
    """The gradient after clipping, as one weight tensor.

    Args:
        gradient: (n,).
        clipping: norm scales to the length `bound` what is longer; value cuts each number.
        bound: more than 0.

    Raises:
        ShapeError: the bound is not above 0.

    Source: Pascanu, Mikolov & Bengio 2013, algorithm 1 (norm); Mikolov 2012, section 3.2.2
    (value); keras.optimizers.Optimizer, clipnorm and clipvalue.

    Example:
        >>> clipped(np.array([3.0, 4.0]), "norm", 1.0).tolist()
        [0.6, 0.8]
    """
    if bound <= 0:
        raise ShapeError(f"a clipping bound of {bound:g} stops every step. Use one above 0.")
    if clipping == "norm":
        return gradient * bound / max(float(np.linalg.norm(gradient)), bound)
    if clipping == "value":
        return np.clip(gradient, -bound, bound)
    return gradient


def _sgd(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    return {"step": -rate * g}


def _sgd_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    return (Row("step", "step", "what is added", "-rate * g", "-{rate}*{g}"),)


def _momentum(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    velocity = spec.momentum * memory["v"] - rate * g
    return {"v": velocity, "step": velocity}


def _velocity_row(spec: OptimizerSpec) -> Row:
    beta = format_number(spec.momentum)
    return Row("v", "v", "velocity", "beta * v - rate * g", f"{beta}*{{v-}} - {{rate}}*{{g}}")


def _momentum_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    return _velocity_row(spec), Row("step", "step", "what is added", "v", "{v}")


def _nesterov(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    velocity = spec.momentum * memory["v"] - rate * g
    return {"v": velocity, "step": spec.momentum * velocity - rate * g}


def _nesterov_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    beta = format_number(spec.momentum)
    numbers = f"{beta}*{{v}} - {{rate}}*{{g}}"
    return (
        _velocity_row(spec),
        Row("step", "step", "what is added", "beta * v - rate * g", numbers),
    )


def _rmsprop(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    square = spec.rho * memory["s"] + (1 - spec.rho) * g * g
    return {"s": square, "step": -rate * g / np.sqrt(square + EPSILON)}


def _rmsprop_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    rho = format_number(spec.rho)
    return (
        Row("s", "s", "mean squared gradient", "rho * s + (1 - rho) * g^2",
            f"{rho}*{{s-}} + (1 - {rho})*{{g}}**2"),
        Row("step", "step", "what is added", "-rate * g / sqrt(s + epsilon)",
            f"-{{rate}}*{{g}}/sqrt({{s}} + {_EPSILON_TEXT})"),
    )  # fmt: skip


def _adagrad(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    square = memory["s"] + g * g
    return {"s": square, "step": -rate * g / np.sqrt(square + EPSILON)}


def _adagrad_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    return (
        Row("s", "s", "sum of squared gradients", "s + g^2", "{s-} + {g}**2"),
        Row("step", "step", "what is added", "-rate * g / sqrt(s + epsilon)",
            f"-{{rate}}*{{g}}/sqrt({{s}} + {_EPSILON_TEXT})"),
    )  # fmt: skip


def _adam(
    g: FloatArray, memory: State, rate: float, t: int, spec: OptimizerSpec
) -> dict[str, FloatArray]:
    mean = memory["m"] + (g - memory["m"]) * (1 - spec.beta_1)
    square = memory["s"] + (g * g - memory["s"]) * (1 - spec.beta_2)
    alpha = rate * math.sqrt(1 - spec.beta_2**t) / (1 - spec.beta_1**t)
    return {
        "m": mean,
        "s": square,
        "m_hat": mean / (1 - spec.beta_1**t),
        "s_hat": square / (1 - spec.beta_2**t),
        "alpha": np.array([alpha, alpha]),
        "step": -alpha * mean / (np.sqrt(square) + EPSILON),
    }


def _adam_rows(spec: OptimizerSpec) -> tuple[Row, ...]:
    one, two = format_number(spec.beta_1), format_number(spec.beta_2)
    return (
        Row("m", "m", "mean gradient (first moment)", "beta1 * m + (1 - beta1) * g",
            f"{one}*{{m-}} + (1 - {one})*{{g}}"),
        Row("s", "v", "mean squared gradient (second moment)",
            "beta2 * v + (1 - beta2) * g^2", f"{two}*{{s-}} + (1 - {two})*{{g}}**2"),
        Row("m_hat", "m^", "m without its bias towards 0", "m / (1 - beta1^t)",
            f"{{m}}/(1 - {one}**{{t}})"),
        Row("s_hat", "v^", "v without its bias towards 0", "v / (1 - beta2^t)",
            f"{{s}}/(1 - {two}**{{t}})"),
        Row("alpha", "alpha", "rate with both corrections",
            "rate * sqrt(1 - beta2^t) / (1 - beta1^t)",
            f"{{rate}}*sqrt(1 - {two}**{{t}})/(1 - {one}**{{t}})", scalar=True),
        Row("step", "step", "what is added", "-alpha * m / (sqrt(v) + epsilon)",
            f"-{{alpha}}*{{m}}/(sqrt({{s}}) + {_EPSILON_TEXT})"),
    )  # fmt: skip


_ADAM_LATEX = (
    r"m \leftarrow \beta_1 m + (1 - \beta_1) g,\quad "
    r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2,\quad "
    r"w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} "
    r"\frac{m}{\sqrt v + \epsilon}"
)

RULES: Mapping[str, Rule] = {
    rule.slug: rule
    for rule in (
        Rule(
            "sgd", "SGD", "Robbins & Monro 1951; keras.optimizers.SGD, momentum 0",
            r"w \leftarrow w - \eta g", "SGD", {}, _sgd_rows, _sgd,
        ),
        Rule(
            "momentum", "Momentum",
            "Polyak 1964, equation 9; keras.optimizers.SGD with momentum",
            r"v \leftarrow \beta v - \eta g,\quad w \leftarrow w + v", "SGD", {"v": 0.0},
            _momentum_rows, _momentum,
        ),
        Rule(
            "nesterov", "Nesterov",
            "Nesterov 1983; Sutskever et al. 2013, equations 3 and 4; keras.optimizers.SGD "
            "with nesterov=True",
            r"v \leftarrow \beta v - \eta g,\quad w \leftarrow w + \beta v - \eta g", "SGD",
            {"v": 0.0}, _nesterov_rows, _nesterov,
        ),
        Rule(
            "rmsprop", "RMSprop",
            "Tieleman & Hinton 2012, lecture 6.5; keras.optimizers.RMSprop",
            r"s \leftarrow \rho s + (1 - \rho) g^2,\quad "
            r"w \leftarrow w - \eta \frac{g}{\sqrt{s + \epsilon}}", "RMSprop", {"s": 0.0},
            _rmsprop_rows, _rmsprop,
        ),
        Rule(
            "adam", "Adam",
            "Kingma & Ba 2015, algorithm 1 in the order of the end of section 2; "
            "keras.optimizers.Adam",
            _ADAM_LATEX, "Adam", {"m": 0.0, "s": 0.0}, _adam_rows, _adam,
        ),
        Rule(
            "adamw", "AdamW",
            "Loshchilov & Hutter 2019, algorithm 2; keras.optimizers.AdamW",
            r"w \leftarrow w - \eta \lambda w,\quad \text{then as Adam}", "AdamW",
            {"m": 0.0, "s": 0.0}, _adam_rows, _adam,
        ),
        Rule(
            "adagrad", "Adagrad",
            "Duchi, Hazan & Singer 2011, figure 1 (diagonal); keras.optimizers.Adagrad",
            r"s \leftarrow s + g^2,\quad w \leftarrow w - \eta \frac{g}{\sqrt{s + \epsilon}}",
            "Adagrad", {"s": ACCUMULATED}, _adagrad_rows, _adagrad,
        ),
    )
}  # fmt: skip
"""Every optimiser by its slug."""
