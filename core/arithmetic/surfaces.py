"""Every surface that can be walked on: one entry adds one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from core.arithmetic import landscapes
from core.arithmetic.errors import ShapeError
from core.arithmetic.surface import Point, Surface

FloatArray = npt.NDArray[np.float64]

# The quadratic bowl


def bowl(curvature: float = 2.0, condition: float = 10.0, tilt: float = 0.0) -> Surface:
    """The bowl (c1 u^2 + c2 v^2) / 2, with the steep axis v turned by `tilt` from the y axis.

    The start turns along, so that only optimisers that know the axes notice.

    Args:
        curvature: c2, the second derivative across the valley.
        condition: c2 / c1, how many times steeper across than along.
        tilt: angle between the valley and the x axis, in degrees.

    Raises:
        ShapeError: a curvature or condition number that makes no bowl.

    Source: Goh 2017, "Why momentum really works"; Boyd & Vandenberghe 2004, section 9.3.2.
    """
    if curvature <= 0 or condition < 1:
        raise ShapeError(
            f"curvature {curvature:g} with condition number {condition:g} makes no bowl. Use a "
            "curvature above 0 and a condition number of at least 1."
        )
    matrix = bowl_matrix(curvature, condition, tilt)
    (a, b), (_, c) = matrix.tolist()

    def height(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.asarray(0.5 * (a * x * x + 2 * b * x * y + c * y * y))

    def slope(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        return a * x + b * y, b * x + c * y

    largest = curvature * (2.2**2 + (2.8**2 - 2.2**2) / condition) / 2
    return Surface(
        slug="bowl",
        title="Quadratic bowl",
        source="Goh 2017, Why momentum really works; Boyd & Vandenberghe 2004, section 9.3.2",
        explanation="The one surface on which everything is known: each step multiplies the "
        "distance along an axis by 1 - learning rate * curvature.",
        latex=_bowl_latex(curvature, condition, tilt),
        axes=("x", "y"),
        window=(-2.8, 2.8, -2.4, 2.4),
        start=_turned((-2.2, 1.6), tilt),
        minima=((0.0, 0.0),),
        lowest=0.0,
        levels=tuple(largest * (k / 14) ** 2 for k in range(1, 15)),
        rate=_shortened(0.8 / curvature),
        adaptive_rate=0.3,
        height=height,
        slope=slope,
        quadratic=True,
    )


def bowl_matrix(curvature: float, condition: float, tilt: float) -> FloatArray:
    """(2, 2) Hessian of `bowl`.

    Example:
        >>> bowl_matrix(2.0, 4.0, 0.0).tolist()
        [[0.5, 0.0], [0.0, 2.0]]
    """
    angle = math.radians(tilt)
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-math.sin(angle), math.cos(angle)])
    return curvature / condition * np.outer(along, along) + curvature * np.outer(across, across)


def _bowl_latex(curvature: float, condition: float, tilt: float) -> str:
    flat, steep = f"{curvature / condition:.4g}", f"{curvature:.4g}"
    if tilt == 0:
        return rf"f(x, y) = \tfrac12 ({flat}\,x^2 + {steep}\,y^2)"
    turned = rf"u, v = (x, y)\ \text{{turned by}}\ {-tilt:g}^\circ"
    return rf"f = \tfrac12 ({flat}\,u^2 + {steep}\,v^2),\quad {turned}"


def _turned(point: Point, tilt: float) -> Point:
    """A point turned round the origin, to four decimals."""
    angle, (x, y) = math.radians(tilt), point
    return (
        round(x * math.cos(angle) - y * math.sin(angle), 4),
        round(x * math.sin(angle) + y * math.cos(angle), 4),
    )


def _shortened(value: float) -> float:
    """To two digits, downwards, so that what holds below a limit goes on holding."""
    power: float = 10 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.floor(value / power * (1 + 1e-12)) * power:.3g}")


def _steps(*bases: float, powers: range) -> tuple[float, ...]:
    """1, 2, 5, 10, 20...: evenly spaced to the eye on a logarithmic scale."""
    return tuple(base * 10.0**power for power in powers for base in bases)


def _line_surface() -> Surface:
    best = landscapes.best_line()
    return Surface(
        slug="line",
        title="A line through 24 points",
        source="Legendre 1805; the mean squared error as keras.losses.MeanSquaredError has it",
        explanation="Mean squared error of w * x + b: a bowl again, but a mean over "
        "examples, so that a mini-batch sees only a part of it.",
        latex=r"L(w, b) = \frac1{24} \sum_i (w x_i + b - y_i)^2",
        axes=("w", "b"),
        window=(-2.0, 4.0, -3.0, 2.5),
        start=(-1.2, 1.7),
        minima=(best,),
        lowest=float(landscapes.line(*map(np.asarray, best))),
        levels=_steps(1, 2, 5, powers=range(-2, 2)),
        rate=0.1,
        adaptive_rate=0.3,
        height=landscapes.line,
        slope=landscapes.line_slope,
        parts=landscapes.line_parts,
        examples=len(landscapes.INPUTS),
        quadratic=True,
    )


def _logistic_surface() -> Surface:
    best = landscapes.best_logistic()
    return Surface(
        slug="logistic",
        title="Logistic regression",
        source="Bishop 2006, section 4.3.2, equations 4.90 and 4.91",
        explanation="Cross-entropy of a classifier with one input: yes or no for 24 examples. "
        "Far out the sigmoid is flat, and so is the way back.",
        latex=r"L(w, b) = -\frac1{24} \sum_i y_i \log p_i + (1 - y_i) \log(1 - p_i),"
        r"\quad p_i = \sigma(w x_i + b)",
        axes=("w", "b"),
        window=(-4.0, 8.0, -5.0, 5.0),
        start=(-2.5, 3.5),
        minima=(best,),
        lowest=float(landscapes.logistic(*map(np.asarray, best))),
        levels=(0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.1, 1.6, 2.2, 3.0, 4.0, 5.0, 6.0),
        rate=1.0,
        adaptive_rate=0.3,
        height=landscapes.logistic,
        slope=landscapes.logistic_slope,
        parts=landscapes.logistic_parts,
        examples=len(landscapes.INPUTS),
    )


_ALL = (
    bowl(),
    _line_surface(),
    _logistic_surface(),
    Surface(
        slug="rosenbrock",
        title="Rosenbrock's valley",
        source="Rosenbrock 1960, The Computer Journal 3(3), page 175",
        explanation="A curved, flat valley between steep walls: into it is easy, along "
        "it slow.",
        latex=r"f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2",
        axes=("x", "y"),
        window=(-2.0, 2.0, -1.0, 3.0),
        start=(-1.2, 1.0),
        minima=((1.0, 1.0),),
        lowest=0.0,
        levels=(*_steps(1, 2, 5, powers=range(-1, 3)), 1000.0, 2000.0),
        rate=0.001,
        adaptive_rate=0.05,
        height=landscapes.rosenbrock,
        slope=landscapes.rosenbrock_slope,
    ),
    Surface(
        slug="himmelblau",
        title="Himmelblau's four valleys",
        source="Himmelblau 1972, Applied Nonlinear Programming",
        explanation="Four minima of the same depth: the start and the optimiser decide which.",
        latex=r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        axes=("x", "y"),
        window=(-5.5, 5.5, -5.0, 5.0),
        start=(-0.5, -1.0),
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
        lowest=0.0,
        levels=(1.0, 5.0, 10.0, 20.0, 40.0, 70.0, 100.0, 130.0, 160.0, 180.0, 220.0, 300.0,
                400.0, 600.0),
        rate=0.01,
        adaptive_rate=0.2,
        height=landscapes.himmelblau,
        slope=landscapes.himmelblau_slope,
    ),
    Surface(
        slug="saddle",
        title="Saddle between two minima",
        source="Nesterov 2004, Introductory Lectures on Convex Optimization, example 1.2.2",
        explanation="At (0, 0) the gradient is 0 and it is no minimum. A start with y = 0 "
        "never leaves the ridge; the least noise does it.",
        latex=r"f(x, y) = \tfrac12 x^2 - \tfrac12 y^2 + \tfrac14 y^4",
        axes=("x", "y"),
        window=(-2.0, 2.0, -1.8, 1.8),
        start=(-1.6, 0.001),
        minima=((0.0, 1.0), (0.0, -1.0)),
        lowest=-0.25,
        levels=(0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6, 0.8, 1.1, 1.5, 2.0),
        rate=0.2,
        adaptive_rate=0.05,
        height=landscapes.saddle,
        slope=landscapes.saddle_slope,
    ),
    Surface(
        slug="cliff",
        title="The cliff of a recurrent unit",
        source="Pascanu, Mikolov & Bengio 2013, equation 8 and figure 6; Goodfellow, Bengio & "
        "Courville 2016, figure 10.17",
        explanation="One recurrent unit, 50 steps, one weight and one bias. Where its state "
        "flips, the gradient of 50 factors explodes: a wall.",
        latex=r"x_t = w\,\sigma(x_{t-1}) + b,\quad x_0 = 0.5,\quad "
        r"f(w, b) = (\sigma(x_{50}) - 0.7)^2",
        axes=("w", "b"),
        window=(3.2, 6.6, -4.0, -1.0),
        start=(5.0, -2.2),
        minima=(),
        lowest=0.0,
        levels=(0.002, 0.01, 0.025, 0.05, 0.07, 0.08, 0.085, 0.12, 0.2, 0.3, 0.4, 0.45),
        rate=0.2,
        adaptive_rate=0.02,
        height=landscapes.cliff,
        slope=landscapes.cliff_slope,
        at=landscapes.cliff_at,
    ),
    Surface(
        slug="beale",
        title="Beale's plateau",
        source="Beale 1958; number 5 of More, Garbow & Hillstrom 1981",
        explanation="A wide plateau with sharp corners: on the plateau hardly a gradient, in "
        "the corners far too much.",
        latex=r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
        axes=("x", "y"),
        window=(-1.0, 4.5, -2.0, 2.0),
        start=(1.0, 1.5),
        minima=((3.0, 0.5),),
        lowest=0.0,
        levels=_steps(1, 3, powers=range(-2, 4)),
        rate=0.01,
        adaptive_rate=0.1,
        height=landscapes.beale,
        slope=landscapes.beale_slope,
    ),
    Surface(
        slug="rastrigin",
        title="Rastrigin's many minima",
        source="Rastrigin 1974; Muehlenbein, Schomisch & Born 1991",
        explanation="A bowl with a ripple: a small step stays in the first dip, a large one or "
        "a noisy one crosses over.",
        latex=r"f(x, y) = 20 + x^2 - 10\cos 2\pi x + y^2 - 10\cos 2\pi y",
        axes=("x", "y"),
        window=(-3.2, 3.2, -3.2, 3.2),
        start=(-2.3, 1.8),
        minima=((0.0, 0.0),),
        lowest=0.0,
        levels=(2.0, 5.0, 10.0, 16.0, 23.0, 31.0, 40.0),
        rate=0.002,
        adaptive_rate=0.1,
        height=landscapes.rastrigin,
        slope=landscapes.rastrigin_slope,
    ),
)  # fmt: skip

SURFACES: Mapping[str, Surface] = {surface.slug: surface for surface in _ALL}
"""Every surface by its slug; the bowl in its usual shape."""
