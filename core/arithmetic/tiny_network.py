"""A network of two inputs, two hidden units and one output, forward and back, number by number.

    z1 = w11 x1 + w21 x2 + b1      h1 = f(z1)
    z2 = w12 x1 + w22 x2 + b2      h2 = f(z2)      z = v1 h1 + v2 h2 + c      p = g(z)

The backward pass keeps every factor of the chain rule, so that each gradient can be read as the
product along its way. Source: Rumelhart, Hinton & Williams 1986; Goodfellow, Bengio & Courville
2016, algorithms 6.3 and 6.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Activation = Literal["sigmoid", "tanh", "relu", "linear"]
Loss = Literal["squared", "half_squared", "cross_entropy"]

PARAMETERS = ("w11", "w21", "b1", "w12", "w22", "b2", "v1", "v2", "c")
"""What is learned, unit by unit."""
FAR = 1e12
"""A weight beyond this counts as lost."""


@dataclass(frozen=True, slots=True)
class Example:
    """One input with the answer that is wanted.

    Attributes:
        x1: first input.
        x2: second input.
        y: target; for cross-entropy a probability, 0 to 1.
    """

    x1: float
    x2: float
    y: float


@dataclass(frozen=True, slots=True)
class Network:
    """The nine numbers that are learned, and what stands between them.

    Attributes:
        w11: weight from input 1 to hidden unit 1; w12 leads from 1 to 2, and so on.
        w21: weight from input 2 to hidden unit 1.
        b1: bias of hidden unit 1.
        w12: weight from input 1 to hidden unit 2.
        w22: weight from input 2 to hidden unit 2.
        b2: bias of hidden unit 2.
        v1: weight from hidden unit 1 to the output.
        v2: weight from hidden unit 2 to the output.
        c: bias of the output.
        hidden: activation of the hidden units.
        output: activation of the output.
        loss: squared error, half of it, or cross-entropy (of a sigmoid).
    """

    w11: float
    w21: float
    b1: float
    w12: float
    w22: float
    b2: float
    v1: float
    v2: float
    c: float
    hidden: Activation = "sigmoid"
    output: Activation = "sigmoid"
    loss: Loss = "squared"

    @property
    def parameters(self) -> dict[str, float]:
        """What is learned, by name."""
        return {name: getattr(self, name) for name in PARAMETERS}

    def with_parameters(self, values: Mapping[str, float]) -> Network:
        """The same network with other numbers; those that are not named stay."""
        return Network(
            **{**self.parameters, **values},
            hidden=self.hidden,
            output=self.output,
            loss=self.loss,
        )


@dataclass(frozen=True, slots=True)
class Pass:
    """A forward and a backward pass over one example.

    Attributes:
        network: before the update.
        example: what went in.
        values: z1, h1, z2, h2, z, p and L.
        slopes: factors of the chain rule: dL/dp, dp/dz, dh1/dz1, dh2/dz2.
        gradients: of the loss with respect to p, z, h1, z1, h2, z2, x1, x2 and every
            parameter.
    """

    network: Network
    example: Example
    values: Mapping[str, float]
    slopes: Mapping[str, float]
    gradients: Mapping[str, float]

    def updated(self, learning_rate: float) -> Network:
        """The network after one step of gradient descent."""
        return self.network.with_parameters(
            {
                name: value - learning_rate * self.gradients[name]
                for name, value in self.network.parameters.items()
            }
        )


def _sigmoid(z: float) -> float:
    small = math.exp(-abs(z))
    return (1.0 if z >= 0 else small) / (1 + small)


ACTIVATE: Mapping[Activation, Callable[[float], float]] = {
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "linear": lambda z: z,
}
"""f(z)."""
SLOPE: Mapping[Activation, Callable[[float, float], float]] = {
    "sigmoid": lambda z, a: a * (1 - a),
    "tanh": lambda z, a: 1 - a * a,
    "relu": lambda z, a: 1.0 if z > 0 else 0.0,
    "linear": lambda z, a: 1.0,
}
"""f'(z) from z and f(z); ReLU has slope 0 at 0, as in Keras."""


def loss_of(network: Network, z: float, p: float, y: float) -> float:
    """The loss of a prediction.

    Cross-entropy is computed from z, as Keras does with from_logits=True: it is
    log(1 + exp(z)) - y z, which equals -y log p - (1 - y) log(1 - p), without a log of 0.
    """
    if network.loss == "cross_entropy":
        return max(z, 0.0) + math.log1p(math.exp(-abs(z))) - y * z
    half = 0.5 if network.loss == "half_squared" else 1.0
    return half * (p - y) * (p - y)


def loss_slope(network: Network, p: float, y: float) -> float:
    """dL/dp; of cross-entropy infinite where the prediction is entirely wrong."""
    if network.loss == "cross_entropy":
        room = p * (1 - p)
        return (p - y) / room if room else math.copysign(math.inf, p - y) if p != y else 0.0
    return (1.0 if network.loss == "half_squared" else 2.0) * (p - y)


def run(network: Network, example: Example) -> Pass:
    """Forward and back over one example."""
    n, x1, x2, y = network, example.x1, example.x2, example.y
    activate, slope = ACTIVATE[n.hidden], SLOPE[n.hidden]
    z1 = n.w11 * x1 + n.w21 * x2 + n.b1
    z2 = n.w12 * x1 + n.w22 * x2 + n.b2
    h1, h2 = activate(z1), activate(z2)
    z = n.v1 * h1 + n.v2 * h2 + n.c
    p = ACTIVATE[n.output](z)
    values = {"z1": z1, "h1": h1, "z2": z2, "h2": h2, "z": z, "p": p,
              "L": loss_of(n, z, p, y)}  # fmt: skip
    slopes = {"dL/dp": loss_slope(n, p, y), "dp/dz": SLOPE[n.output](z, p),
              "dh1/dz1": slope(z1, h1), "dh2/dz2": slope(z2, h2)}  # fmt: skip
    # The two factors of cross-entropy cancel to p - y, also where one of them is infinite.
    by_z = p - y if n.loss == "cross_entropy" else slopes["dL/dp"] * slopes["dp/dz"]
    by_h1, by_h2 = by_z * n.v1, by_z * n.v2
    by_z1, by_z2 = by_h1 * slopes["dh1/dz1"], by_h2 * slopes["dh2/dz2"]
    gradients = {
        "p": slopes["dL/dp"], "z": by_z, "h1": by_h1, "z1": by_z1, "h2": by_h2, "z2": by_z2,
        "v1": by_z * h1, "v2": by_z * h2, "c": by_z,
        "w11": by_z1 * x1, "w21": by_z1 * x2, "b1": by_z1,
        "w12": by_z2 * x1, "w22": by_z2 * x2, "b2": by_z2,
        "x1": by_z1 * n.w11 + by_z2 * n.w12, "x2": by_z1 * n.w21 + by_z2 * n.w22,
    }  # fmt: skip
    return Pass(network, example, values, slopes, gradients)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Many updates, one example after the other, round and round.

    Attributes:
        networks: before the first update, after the first, and so on.
        lost: whether the weights left all bounds, and the updates end there.
    """

    networks: tuple[Network, ...]
    lost: bool


def train(
    network: Network, examples: tuple[Example, ...], learning_rate: float, updates: int
) -> History:
    """Update again and again, with one example each time.

    Args:
        network: to begin with.
        examples: taken in turns.
        learning_rate: length of the step.
        updates: how many.
    """
    networks = [network]
    for done in range(updates):
        made = run(networks[-1], examples[done % len(examples)])
        after = made.updated(learning_rate)
        if not max(map(abs, after.parameters.values())) <= FAR:  # not a number counts too
            return History(tuple(networks), lost=True)
        networks.append(after)
    return History(tuple(networks), lost=False)


def mean_loss(network: Network, examples: tuple[Example, ...]) -> float:
    """The loss over all examples."""
    total = 0.0
    for example in examples:
        total += run(network, example).values["L"]
    return total / len(examples)


def nudged(network: Network, example: Example, name: str, step: float = 1e-6) -> float:
    """A gradient by central difference: what the loss does when one parameter is nudged.

    Args:
        network: with its parameters.
        example: what goes in.
        name: of the parameter.
        step: how far it is nudged to both sides.
    """
    value = getattr(network, name)
    ahead, behind = (
        run(network.with_parameters({name: value + sign * step}), example).values["L"]
        for sign in (1, -1)
    )
    return (ahead - behind) / (2 * step)
