"""How large a learning rate may be: closed forms on a quadratic bowl."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from core.arithmetic.optimizers import OptimizerSpec

FloatArray = npt.NDArray[np.float64]

LINEAR = ("sgd", "momentum", "nesterov")
"""Rules whose step is a multiple of the gradient, so that a bowl can be solved for them."""


def factor(learning_rate: float, curvature: float) -> float:
    """What one step of plain gradient descent multiplies the distance by, along one axis.

    Example:
        >>> round(factor(1.1, 2.0), 12)
        -1.2

    Source: Goh 2017, "First steps: gradient descent"; Goodfellow, Bengio & Courville 2016,
    equation 4.9.
    """
    return 1 - learning_rate * curvature


def limit(rule: str, curvature: float, momentum: float = 0.0) -> float | None:
    """The learning rate from which on a bowl of this curvature throws the weights out.

    Args:
        rule: slug of the optimiser.
        curvature: the largest one, more than 0.
        momentum: for momentum and Nesterov, 0 to less than 1.

    Returns:
        2 / c for plain descent, 2 (1 + beta) / c with momentum and
        2 (1 + beta) / (c (1 + 2 beta)) with Nesterov's; None for rules that divide by the
        gradient's size, which have no such limit.

    Source: Polyak 1964, section 2; Jury's conditions on `step_matrix`.

    Example:
        >>> limit("sgd", 2.0), limit("momentum", 2.0, 0.9)
        (1.0, 1.9)
    """
    if rule == "sgd":
        return 2 / curvature
    if rule == "momentum":
        return 2 * (1 + momentum) / curvature
    if rule == "nesterov":
        return 2 * (1 + momentum) / (curvature * (1 + 2 * momentum))
    return None


def step_matrix(
    rule: str, learning_rate: float, momentum: float, curvature: float
) -> FloatArray:
    """(2, 2) matrix that one step multiplies (distance, velocity) by, along one axis.

    Raises:
        ValueError: the rule's step is no multiple of the gradient.
    """
    push = learning_rate * curvature
    if rule == "sgd":
        return np.array([[1 - push, 0.0], [-push, 0.0]])
    if rule == "momentum":
        return np.array([[1 - push, momentum], [-push, momentum]])
    if rule == "nesterov":
        return np.array([[1 - push * (1 + momentum), momentum**2], [-push, momentum]])
    raise ValueError(f"a step of {rule} is no multiple of the gradient; use one of {LINEAR}")


def shrinkage(spec: OptimizerSpec, curvature: float) -> float:
    """What each step multiplies the distance by in the long run; more than 1 diverges."""
    matrix = step_matrix(spec.rule, spec.learning_rate, spec.momentum, curvature)
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def best_rate(flattest: float, steepest: float) -> float:
    """The learning rate with which plain descent shrinks both axes alike.

    Source: Goh 2017; Boyd & Vandenberghe 2004, exercise 9.5.

    Example:
        >>> best_rate(0.5, 1.5)
        1.0
    """
    return 2 / (flattest + steepest)


def best_momentum(flattest: float, steepest: float) -> tuple[float, float]:
    """(learning rate, momentum) with which a bowl shrinks fastest.

    Source: Polyak 1964, theorem 9; Goh 2017, "Optimal parameters".

    Example:
        >>> best_momentum(1.0, 1.0)
        (1.0, 0.0)
    """
    low, high = math.sqrt(flattest), math.sqrt(steepest)
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2
