"""A loss of two weights: the landscape that optimisers walk on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.errors import ShapeError

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]
Height = Callable[[FloatArray, FloatArray], FloatArray]
Slope = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
Window = tuple[float, float, float, float]
"""What is drawn: lowest and highest x, lowest and highest y."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A loss of two weights, with its height and its slope in closed form.

    Both take arrays of points, so that the same function draws the contours and drives the
    descent.

    Attributes:
        slug: name in links.
        title: name on the screen.
        source: where the formula comes from.
        explanation: one sentence: what it is good for.
        latex: the formula.
        axes: names of the two weights.
        window: what is drawn of it.
        start: where a descent begins.
        minima: points of the lowest loss, as far as they are single points.
        lowest: the lowest loss there is.
        levels: heights of the contour lines above `lowest`.
        rate: learning rate at which plain gradient descent does well from `start`.
        adaptive_rate: the same for rules that divide by the gradient's size.
        height: loss at (x, y), for arrays.
        slope: its two partial derivatives, for arrays.
        at: (loss, dx, dy) at one point, where that is faster than arrays of one number.
        parts: (examples, 2) gradient of each example at one point; None where the loss is no
            mean over examples.
        examples: how many.
        quadratic: whether the curvature is the same everywhere.
    """

    slug: str
    title: str
    source: str
    explanation: str
    latex: str
    axes: tuple[str, str]
    window: Window
    start: Point
    minima: tuple[Point, ...]
    lowest: float
    levels: tuple[float, ...]
    rate: float
    adaptive_rate: float
    height: Height
    slope: Slope
    at: Callable[[float, float], tuple[float, float, float]] | None = None
    parts: Callable[[Point], FloatArray] | None = None
    examples: int = 0
    quadratic: bool = False

    def loss(self, point: Point) -> float:
        """The height at one point."""
        if self.at:
            return self.at(*point)[0]
        return float(self.height(np.asarray(point[0]), np.asarray(point[1])))

    def gradient(self, point: Point) -> FloatArray:
        """(2,) partial derivatives at one point."""
        if self.at:
            return np.array(self.at(*point)[1:])
        across, up = self.slope(np.asarray(point[0]), np.asarray(point[1]))
        return np.array([float(across), float(up)])

    def batch_gradient(self, point: Point, batch: npt.NDArray[np.intp]) -> FloatArray:
        """(2,) mean gradient of some examples.

        Raises:
            ShapeError: the surface is no mean over examples.
        """
        if self.parts is None:
            raise ShapeError(
                f"{self.title} is no mean over examples, so it has no mini-batches. Add noise "
                "to its gradient instead, or use the line or the logistic regression."
            )
        mean: FloatArray = self.parts(point)[batch].mean(axis=0)
        return mean

    def hessian(self, point: Point) -> FloatArray:
        """(2, 2) second derivatives, by central differences of the gradient, symmetric.

        The step of 1e-5 leaves an error of about 1e-9 of the gradient's size.
        """
        step = 1e-5 * max(1.0, abs(point[0]), abs(point[1]))
        x, y = point
        across = (self.gradient((x + step, y)) - self.gradient((x - step, y))) / (2 * step)
        up = (self.gradient((x, y + step)) - self.gradient((x, y - step))) / (2 * step)
        raw = np.stack([across, up], axis=1)
        return (raw + raw.T) / 2

    def curvatures(self, point: Point) -> tuple[float, float]:
        """Smallest and largest curvature at a point: the eigenvalues of the Hessian."""
        low, high = np.linalg.eigvalsh(self.hessian(point)).tolist()
        return low, high

    def rate_for(self, rule: str) -> float:
        """A learning rate at which an optimiser does well here.

        Momentum gets a fifth: with beta 0.9 its velocity comes to hold ten gradients.
        """
        if rule == "sgd":
            return self.rate
        if rule in ("momentum", "nesterov"):
            return float(f"{self.rate / 5:.2g}")
        return self.adaptive_rate

    def nearest_minimum(self, point: Point) -> Point | None:
        """The listed minimum that is closest to a point."""
        if not self.minima:
            return None
        return min(self.minima, key=lambda m: math.hypot(m[0] - point[0], m[1] - point[1]))
