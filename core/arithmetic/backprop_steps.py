"""The passes of the tiny network as numbered steps, each with its arithmetic in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.arithmetic.tiny_network import PARAMETERS, Activation, Pass
from core.arithmetic.verdicts import brief

Phase = Literal["forward", "backward", "update"]
Write = Callable[[float], str]

UNITS = {"w11": ("x1", "1"), "w21": ("x2", "1"), "b1": ("", "1"),
         "w12": ("x1", "2"), "w22": ("x2", "2"), "b2": ("", "2")}  # fmt: skip
"""Input and hidden unit that a parameter of the first layer joins; a bias has no input."""


@dataclass(frozen=True, slots=True)
class Line:
    """One equation.

    Attributes:
        symbols: left and right side in symbols, such as `z1 = w11*x1 + w21*x2 + b1`.
        numbers: the right side in numbers, as Python reads it.
        value: what it comes to.
    """

    symbols: str
    numbers: str
    value: float


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the chain rule.

    Attributes:
        symbol: such as dp/dz.
        value: its number.
        place: the node or edge that it belongs to.
    """

    symbol: str
    value: float
    place: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is computed.

    Attributes:
        key: what is known after it: a node (`h1`), a gradient (`dL/dw11`) or `update`.
        phase: on which pass.
        words: what happens, in a sentence.
        lines: the arithmetic.
        lit: nodes and edges that it looks at.
    """

    key: str
    phase: Phase
    words: str
    lines: tuple[Line, ...]
    lit: tuple[str, ...]


def bracketed(value: float, write: Write) -> str:
    """A number for a product: negative ones in brackets."""
    return f"({write(value)})" if value < 0 else write(value)


def chain(made: Pass, name: str) -> tuple[Factor, ...]:
    """The factors between the loss and a parameter or a hidden value, from the loss on.

    Args:
        made: of `run`.
        name: p, z, h1, z1, h2, z2 or a parameter.

    Raises:
        KeyError: there is no such quantity, or more than one way to it (the inputs).
    """
    n, v, s = made.network, made.values, made.slopes
    out = (Factor("dL/dp", s["dL/dp"], "L"), Factor("dp/dz", s["dp/dz"], "p"))
    ways = {"p": out[:1], "z": out, "c": (*out, Factor("dz/dc", 1.0, "c"))}
    for j in "12":
        into = (*out, Factor(f"dz/dh{j}", getattr(n, f"v{j}"), f"v{j}"))
        active = (*into, Factor(f"dh{j}/dz{j}", s[f"dh{j}/dz{j}"], f"h{j}"))
        ways[f"v{j}"] = (*out, Factor(f"dz/dv{j}", v[f"h{j}"], f"h{j}"))
        ways[f"h{j}"], ways[f"z{j}"] = into, active
        for parameter, (source, unit) in UNITS.items():
            if unit == j:
                value = getattr(made.example, source) if source else 1.0
                last = Factor(f"dz{j}/d{parameter}", value, source or parameter)
                ways[parameter] = (*active, last)
    return ways[name]


def chain_line(made: Pass, name: str, write: Write = brief) -> Line:
    """A gradient as the product of all its factors."""
    factors = chain(made, name)
    symbols = " * ".join(factor.symbol for factor in factors)
    numbers = " * ".join(bracketed(factor.value, write) for factor in factors)
    return Line(f"dL/d{name} = {symbols}", numbers, made.gradients[name])


def steps(made: Pass, learning_rate: float, write: Write = brief) -> tuple[Step, ...]:
    """Everything that is computed, in order: forward, backward, update.

    Args:
        made: of `run`.
        learning_rate: of the update.
        write: how a number is written.

    Returns:
        The steps; always as many, whatever the numbers.
    """
    return (
        *_forward(made, write),
        *_backward(made, write),
        _update(made, learning_rate, write),
    )


# Forward


def _forward(made: Pass, write: Write) -> list[Step]:
    n, e, v = made.network, made.example, made.values
    found = []
    for j in "12":
        weights = [getattr(n, f"w{i}{j}") for i in "12"]
        bias = getattr(n, f"b{j}")
        numbers = _weighted(weights, (e.x1, e.x2), bias, write)
        symbols = f"z{j} = w1{j}*x1 + w2{j}*x2 + b{j}"
        found.append(
            Step(
                f"z{j}", "forward", f"Unit {j} adds up its weighted inputs and its bias.",
                (Line(symbols, numbers, v[f"z{j}"]),),
                ("x1", "x2", f"w1{j}", f"w2{j}", f"b{j}", f"z{j}"),
            )
        )  # fmt: skip
        found.append(
            Step(
                f"h{j}", "forward", f"Its activation, {n.hidden}.",
                (_activation(n.hidden, f"h{j}", f"z{j}", v[f"z{j}"], v[f"h{j}"], write),),
                (f"z{j}", f"h{j}"),
            )
        )  # fmt: skip
    numbers = _weighted([n.v1, n.v2], (v["h1"], v["h2"]), n.c, write)
    found.append(
        Step(
            "z", "forward", "The output adds up the weighted activations and its bias.",
            (Line("z = v1*h1 + v2*h2 + c", numbers, v["z"]),),
            ("h1", "h2", "v1", "v2", "c", "z"),
        )
    )  # fmt: skip
    found.append(
        Step(
            "p", "forward", f"Its activation, {n.output}: the prediction.",
            (_activation(n.output, "p", "z", v["z"], v["p"], write),), ("z", "p"),
        )
    )  # fmt: skip
    found.append(
        Step(
            "L", "forward", "The loss compares the prediction with the target.",
            (_loss(made, write),), ("p", "y", "L"),
        )
    )  # fmt: skip
    return found


def _weighted(
    weights: list[float], inputs: tuple[float, float], bias: float, write: Write
) -> str:
    terms = [
        f"{bracketed(w, write)}*{bracketed(x, write)}"
        for w, x in zip(weights, inputs, strict=True)
    ]
    return " + ".join([*terms, bracketed(bias, write)])


def _activation(kind: Activation, name: str, of: str, z: float, a: float, write: Write) -> Line:
    number = write(z)
    symbols, numbers = {
        "sigmoid": (f"1/(1 + exp(-{of}))", f"1/(1 + exp(-{bracketed(z, write)}))"),
        "tanh": (f"tanh({of})", f"tanh({number})"),
        "relu": (f"max(0, {of})", f"max(0, {number})"),
        "linear": (of, number),
    }[kind]
    return Line(f"{name} = {symbols}", numbers, a)


def _loss(made: Pass, write: Write) -> Line:
    p, y, value = made.values["p"], made.example.y, made.values["L"]
    if made.network.loss == "cross_entropy":
        if 0 < p < 1:
            symbols = "-y*log(p) - (1 - y)*log(1 - p)"
            numbers = f"-{bracketed(y, write)}*log({write(p)}) - "
            numbers += f"(1 - {bracketed(y, write)})*log(1 - {write(p)})"
            return Line(f"L = {symbols}", numbers, value)
        z = made.values["z"]  # p is 0 or 1 to the last digit, and has no logarithm
        numbers = f"max({write(z)}, 0) + log(1 + exp(-abs({write(z)})))"
        numbers += f" - {bracketed(y, write)}*{bracketed(z, write)}"
        return Line("L = max(z, 0) + log(1 + exp(-|z|)) - y*z", numbers, value)
    difference = f"({write(p)} - {bracketed(y, write)})**2"
    if made.network.loss == "half_squared":
        return Line("L = 1/2*(p - y)^2", f"1/2*{difference}", value)
    return Line("L = (p - y)^2", difference, value)


# Backward


def _backward(made: Pass, write: Write) -> list[Step]:
    found = [_by_prediction(made, write), _by_sum(made, write)]
    found += [
        _by_parameter(made, f"v{j}", f"dL/dz * h{j}", ("z", f"h{j}"), write) for j in "12"
    ]
    found.append(_by_parameter(made, "c", "dL/dz * 1", ("z", ""), write))
    for j in "12":
        found += _through_unit(made, j, write)
    return found + [_by_input(made, i, write) for i in "12"]


def _by_prediction(made: Pass, write: Write) -> Step:
    p, y, loss = made.values["p"], made.example.y, made.network.loss
    difference = f"({write(p)} - {bracketed(y, write)})"
    symbols, numbers = {
        "squared": ("2*(p - y)", f"2*{difference}"),
        "half_squared": ("p - y", difference),
        "cross_entropy": (
            "(p - y)/(p*(1 - p))",
            f"{difference}/({write(p)}*(1 - {write(p)}))",
        ),
    }[loss]
    words = "Back again: how the loss changes with the prediction."
    line = Line(f"dL/dp = {symbols}", numbers, made.gradients["p"])
    return Step("dL/dp", "backward", words, (line,), ("L", "p", "y"))


def _by_sum(made: Pass, write: Write) -> Step:
    n, v, s = made.network, made.values, made.slopes
    slope = _slope(n.output, "p", "z", v["z"], v["p"], s["dp/dz"], write)
    if n.loss == "cross_entropy":
        numbers = f"{write(v['p'])} - {bracketed(made.example.y, write)}"
        cancelled = Line("dL/dz = p - y", numbers, made.gradients["z"])
        words = "Through the sigmoid: its slope and that of cross-entropy cancel to p - y."
        return Step("dL/dz", "backward", words, (slope, cancelled), ("L", "p", "z"))
    product = Line(
        "dL/dz = dL/dp * dp/dz",
        f"{bracketed(s['dL/dp'], write)} * {bracketed(s['dp/dz'], write)}",
        made.gradients["z"],
    )
    words = f"Through the output's activation: times the slope of {n.output}."
    return Step("dL/dz", "backward", words, (slope, product), ("L", "p", "z"))


def _slope(
    kind: Activation, name: str, of: str, z: float, a: float, value: float, write: Write
) -> Line:
    number = bracketed(a, write)
    symbols, numbers = {
        "sigmoid": (f"{name}*(1 - {name})", f"{number}*(1 - {number})"),
        "tanh": (f"1 - {name}^2", f"1 - {number}**2"),
        "relu": (f"1 if {of} > 0 else 0", f"1 if {write(z)} > 0 else 0"),
        "linear": ("1", "1"),
    }[kind]
    return Line(f"d{name}/d{of} = {symbols}", numbers, value)


def _by_parameter(
    made: Pass, name: str, rule: str, parts: tuple[str, str], write: Write
) -> Step:
    """A parameter's gradient: what arrives at its sum, times what it was multiplied by."""
    total, source = parts
    other = 1.0
    if source:
        other = made.values[source] if source in made.values else getattr(made.example, source)
    numbers = f"{bracketed(made.gradients[total], write)} * {bracketed(other, write)}"
    short = Line(f"dL/d{name} = {rule}", numbers, made.gradients[name])
    words = (
        f"The gradient of {name}: what arrives at {total}, times what {name} multiplied."
        if source
        else f"The gradient of the bias {name}: what arrives at {total}, times 1."
    )
    places = dict.fromkeys([*(factor.place for factor in chain(made, name)), name])
    lines = (short, chain_line(made, name, write))
    return Step(f"dL/d{name}", "backward", words, lines, tuple(places))


def _through_unit(made: Pass, j: str, write: Write) -> list[Step]:
    n, v, s, g = made.network, made.values, made.slopes, made.gradients
    weight = getattr(n, f"v{j}")
    back = Line(
        f"dL/dh{j} = dL/dz * v{j}",
        f"{bracketed(g['z'], write)} * {bracketed(weight, write)}",
        g[f"h{j}"],
    )
    slope = _slope(n.hidden, f"h{j}", f"z{j}", v[f"z{j}"], v[f"h{j}"], s[f"dh{j}/dz{j}"], write)
    through = Line(
        f"dL/dz{j} = dL/dh{j} * dh{j}/dz{j}",
        f"{bracketed(g[f'h{j}'], write)} * {bracketed(s[f'dh{j}/dz{j}'], write)}",
        g[f"z{j}"],
    )
    found = [
        Step(
            f"dL/dh{j}", "backward", f"Back along v{j}: times the weight.", (back,),
            ("z", f"v{j}", f"h{j}"),
        ),
        Step(
            f"dL/dz{j}", "backward", f"Through hidden unit {j}: times the slope of {n.hidden}.",
            (slope, through), (f"h{j}", f"z{j}"),
        ),
    ]  # fmt: skip
    for parameter, (source, unit) in UNITS.items():
        if unit == j:
            rule = f"dL/dz{j} * {source or '1'}"
            found.append(_by_parameter(made, parameter, rule, (f"z{j}", source), write))
    return found


def _by_input(made: Pass, i: str, write: Write) -> Step:
    """An input is not trained, and yet it has a gradient: two ways lead to it, and add up."""
    g, n = made.gradients, made.network
    ways = [(g[f"z{j}"], getattr(n, f"w{i}{j}")) for j in "12"]
    numbers = " + ".join(
        f"{bracketed(arriving, write)}*{bracketed(weight, write)}" for arriving, weight in ways
    )
    line = Line(f"dL/dx{i} = dL/dz1*w{i}1 + dL/dz2*w{i}2", numbers, g[f"x{i}"])
    words = f"Two ways lead back to x{i}: their gradients add up. An input is not trained."
    return Step(
        f"dL/dx{i}", "backward", words, (line,), (f"w{i}1", f"w{i}2", "z1", "z2", f"x{i}")
    )


# Update


def _update(made: Pass, learning_rate: float, write: Write) -> Step:
    after = made.updated(learning_rate).parameters
    rate = write(learning_rate)
    lines = []
    for name in PARAMETERS:
        before, gradient = getattr(made.network, name), made.gradients[name]
        numbers = f"{bracketed(before, write)} - {rate}*{bracketed(gradient, write)}"
        lines.append(Line(f"{name} - rate*dL/d{name}", numbers, after[name]))
    words = "One step of gradient descent, weight - rate * gradient, for all nine at once."
    return Step("update", "update", words, tuple(lines), PARAMETERS)
