"""The formulas of the surfaces: height and slope of each, for arrays of points."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from core.arithmetic.surface import Point

FloatArray = npt.NDArray[np.float64]
Slope = tuple[FloatArray, FloatArray]

UNROLLED = 50
"""Steps of Pascanu's recurrent unit."""

# Test functions of optimisation


def rosenbrock(x: FloatArray, y: FloatArray) -> FloatArray:
    """(1 - x)^2 + 100 (y - x^2)^2."""
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def rosenbrock_slope(x: FloatArray, y: FloatArray) -> Slope:
    """Partial derivatives of `rosenbrock`."""
    off = y - x * x
    return -2 * (1 - x) - 400 * x * off, 200 * off


def himmelblau(x: FloatArray, y: FloatArray) -> FloatArray:
    """(x^2 + y - 11)^2 + (x + y^2 - 7)^2."""
    return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2


def himmelblau_slope(x: FloatArray, y: FloatArray) -> Slope:
    """Partial derivatives of `himmelblau`."""
    first, second = x * x + y - 11, x + y * y - 7
    return 4 * x * first + 2 * second, 2 * first + 4 * y * second


def beale(x: FloatArray, y: FloatArray) -> FloatArray:
    """Three squares that are 0 at (3, 0.5) together."""
    one, two, three = _beale_parts(x, y)
    return one**2 + two**2 + three**2


def _beale_parts(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3


def beale_slope(x: FloatArray, y: FloatArray) -> Slope:
    """Partial derivatives of `beale`."""
    one, two, three = _beale_parts(x, y)
    across = 2 * one * (y - 1) + 2 * two * (y**2 - 1) + 2 * three * (y**3 - 1)
    return across, 2 * one * x + 4 * two * x * y + 6 * three * x * y**2


def rastrigin(x: FloatArray, y: FloatArray) -> FloatArray:
    """A bowl of x^2 + y^2 with a ripple of period 1."""
    turn = 2 * np.pi
    ripple: FloatArray = 10 * np.cos(turn * x) + 10 * np.cos(turn * y)
    return 20 + x * x + y * y - ripple


def rastrigin_slope(x: FloatArray, y: FloatArray) -> Slope:
    """Partial derivatives of `rastrigin`."""
    turn = 2 * np.pi
    return 2 * x + 10 * turn * np.sin(turn * x), 2 * y + 10 * turn * np.sin(turn * y)


def saddle(x: FloatArray, y: FloatArray) -> FloatArray:
    """x^2 / 2 - y^2 / 2 + y^4 / 4."""
    return 0.5 * x * x - 0.5 * y * y + 0.25 * y**4


def saddle_slope(x: FloatArray, y: FloatArray) -> Slope:
    """Partial derivatives of `saddle`."""
    return x + 0 * y, y**3 - y + 0 * x


# The cliff: a recurrent unit, unrolled


def sigmoid(z: FloatArray) -> FloatArray:
    """1 / (1 + exp(-z)), without overflow for any z."""
    small = np.exp(-np.abs(z))
    share: FloatArray = np.where(z >= 0, 1.0, small) / (1 + small)
    return share


def cliff(w: FloatArray, b: FloatArray) -> FloatArray:
    """Squared error of Pascanu's recurrent unit after all its steps."""
    state = np.full(np.broadcast(w, b).shape, 0.5)
    for _ in range(UNROLLED):
        state = w * sigmoid(state) + b
    return np.square(sigmoid(state) - 0.7)


def cliff_slope(w: FloatArray, b: FloatArray) -> Slope:
    """The chain rule through all 50 steps, carried along with the state."""
    state = np.full(np.broadcast(w, b).shape, 0.5)
    by_w, by_b = np.zeros_like(state), np.zeros_like(state)
    for _ in range(UNROLLED):
        active = sigmoid(state)
        through = w * active * (1 - active)
        state, by_w, by_b = w * active + b, active + through * by_w, 1 + through * by_b
    active = sigmoid(state)
    outer = 2 * (active - 0.7) * active * (1 - active)
    return outer * by_w, outer * by_b


def cliff_at(w: float, b: float) -> tuple[float, float, float]:
    """Loss and slope at one point: 20 times as fast as arrays of one number."""
    state, by_w, by_b = 0.5, 0.0, 0.0
    for _ in range(UNROLLED):
        active = _sigmoid_at(state)
        through = w * active * (1 - active)
        state, by_w, by_b = w * active + b, active + through * by_w, 1 + through * by_b
    active = _sigmoid_at(state)
    outer = 2 * (active - 0.7) * active * (1 - active)
    return (active - 0.7) ** 2, outer * by_w, outer * by_b


def _sigmoid_at(z: float) -> float:
    small = math.exp(-abs(z))
    return (1.0 if z >= 0 else small) / (1 + small)


# Losses over examples

INPUTS = np.array([
    -2.4, -2.1, -1.9, -1.6, -1.5, -1.2, -1.0, -0.9, -0.7, -0.5, -0.3, -0.1,
    0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.1, 1.3, 1.6, 1.8, 2.0, 2.3,
])  # fmt: skip
"""(24,) inputs of the examples."""
TARGETS = np.array([
    -4.0, -3.9, -3.0, -3.2, -2.3, -2.6, -1.7, -2.2, -1.2, -1.6, -0.7, -0.9,
    0.1, -0.4, 0.5, 0.2, 1.1, 0.8, 1.5, 1.2, 2.2, 1.9, 2.9, 2.7,
])  # fmt: skip
"""(24,) numbers that the line has to meet: about 1.5 x - 0.5."""
LABELS = np.array([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1.0])
"""(24,) classes of the same inputs; no threshold parts them."""


def line(w: FloatArray, b: FloatArray) -> FloatArray:
    """Mean squared error of w * x + b."""
    miss = w[..., None] * INPUTS + b[..., None] - TARGETS
    mean: FloatArray = np.mean(miss**2, axis=-1)
    return mean


def line_slope(w: FloatArray, b: FloatArray) -> Slope:
    """Partial derivatives of `line`."""
    miss = w[..., None] * INPUTS + b[..., None] - TARGETS
    return 2 * np.mean(miss * INPUTS, axis=-1), 2 * np.mean(miss, axis=-1)


def line_parts(point: Point) -> FloatArray:
    """(24, 2) gradient of each example; their mean is the slope."""
    miss = point[0] * INPUTS + point[1] - TARGETS
    return np.stack([2 * miss * INPUTS, 2 * miss], axis=1)


def logistic(w: FloatArray, b: FloatArray) -> FloatArray:
    """Mean cross-entropy of sigmoid(w * x + b)."""
    logits = w[..., None] * INPUTS + b[..., None]
    # log(1 + exp(z)) - y z, the cross-entropy of sigmoid(z), without overflow
    mean: FloatArray = np.mean(np.logaddexp(0, logits) - LABELS * logits, axis=-1)
    return mean


def logistic_slope(w: FloatArray, b: FloatArray) -> Slope:
    """Partial derivatives of `logistic`."""
    miss = sigmoid(w[..., None] * INPUTS + b[..., None]) - LABELS
    return np.mean(miss * INPUTS, axis=-1), np.mean(miss, axis=-1)


def logistic_parts(point: Point) -> FloatArray:
    """(24, 2) gradient of each example; their mean is the slope."""
    miss = sigmoid(point[0] * INPUTS + point[1]) - LABELS
    return np.stack([miss * INPUTS, miss], axis=1)


def best_line() -> Point:
    """The normal equations."""
    design = np.stack([INPUTS, np.ones_like(INPUTS)], axis=1)
    w, b = np.linalg.solve(design.T @ design, design.T @ TARGETS).tolist()
    return w, b


def best_logistic() -> Point:
    """Newton's method; the loss is convex and the classes overlap, so there is one minimum."""
    w, b = 1.0, 0.0
    for _ in range(25):
        share = sigmoid(w * INPUTS + b)
        weight = share * (1 - share)
        miss = share - LABELS
        curvature = np.array([
            [np.sum(weight * INPUTS**2), np.sum(weight * INPUTS)],
            [np.sum(weight * INPUTS), np.sum(weight)],
        ])  # fmt: skip
        step = np.linalg.solve(curvature, np.array([np.sum(miss * INPUTS), np.sum(miss)]))
        w, b = w - float(step[0]), b - float(step[1])
    return w, b
