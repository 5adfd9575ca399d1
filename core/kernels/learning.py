"""Finding a kernel from a picture and its filtered copy: gradient descent and least squares.

The error of a kernel is a parabola in its weights: with the picture's windows as the rows of a
matrix A and the wanted answers as y, mean((A w - y)^2) = w G w - 2 b w + c. So the gradient is
exact, the best kernel has a closed form, and how large a step may be is known beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.kernels.weights import Kernel, resized

FloatArray = npt.NDArray[np.float64]

BLOWN_UP = 1e6
"""A descent ends when a weight leaves +-this."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A kernel to be found.

    Attributes:
        windows: (N, kh * kw) float64, every window of the picture as a row.
        wanted: (N,) float64, the answer to each.
        shape: (kh, kw) of the kernel that is looked for.
        places: (rows, columns) of the answers as a picture; rows * columns is N.
    """

    windows: FloatArray
    wanted: FloatArray
    shape: tuple[int, int]
    places: tuple[int, int]

    @cached_property
    def gram(self) -> FloatArray:
        """(K, K) how alike the taps' pixels are: A' A / N."""
        product: FloatArray = self.windows.T @ self.windows / len(self.wanted)
        return product

    @cached_property
    def cross(self) -> FloatArray:
        """(K,) how alike each tap's pixels are to the wanted answers: A' y / N."""
        product: FloatArray = self.windows.T @ self.wanted / len(self.wanted)
        return product

    @cached_property
    def curvatures(self) -> FloatArray:
        """(K,) eigenvalues of `gram`, the largest first; half the error's curvatures."""
        falling: FloatArray = np.maximum(np.linalg.eigvalsh(self.gram)[::-1], 0.0)
        return falling

    def error(self, weights: FloatArray) -> float:
        """Mean squared difference between the kernel's answers and the wanted ones."""
        return float(np.mean((self.windows @ weights.ravel() - self.wanted) ** 2))

    def gradient(self, weights: FloatArray) -> FloatArray:
        """(kh, kw) of the error: 2 A' (A w - y) / N.

        This is the picture correlated with the errors, one number for each tap.
        """
        slope: FloatArray = 2 * (self.gram @ weights.ravel() - self.cross)
        return slope.reshape(self.shape)

    @cached_property
    def solution(self) -> FloatArray:
        """(kh, kw) the kernel of least error; of several, the one of least size.

        Source: Golub & Van Loan 2013, "Matrix computations", section 5.5.
        """
        best, *_ = np.linalg.lstsq(self.windows, self.wanted, rcond=None)
        return np.asarray(best, dtype=np.float64).reshape(self.shape)

    def largest_rate(self, momentum: float = 0.0) -> float:
        """From this learning rate on it comes no closer: (1 + momentum) / largest curvature.

        Source: Polyak 1964, "Some methods of speeding up the convergence of iteration methods".
        """
        steepest = float(self.curvatures[0])
        return (1 + momentum) / steepest if steepest > 0 else float("inf")

    @property
    def condition(self) -> float:
        """Largest over smallest curvature: how much slower the slowest direction is."""
        smallest = float(self.curvatures[-1])
        steepest = float(self.curvatures[0])
        return steepest / smallest if smallest > 1e-15 * steepest else float("inf")

    def answers(self, weights: FloatArray) -> FloatArray:
        """(rows, columns) the picture that a kernel makes."""
        picture: FloatArray = (self.windows @ weights.ravel()).reshape(self.places)
        return picture


def make_problem(
    picture: FloatArray,
    teacher: Kernel,
    taps: int,
    *,
    noise: float = 0.0,
    seed: int = 0,
) -> Problem:
    """Make the target with a hidden kernel, and ask for it back.

    Args:
        picture: (H, W) float64.
        teacher: the hidden kernel; its offset is left out.
        taps: rows and columns of the kernel that is looked for, odd. Fewer than the hidden
            one's cannot find it; more find zeros around it.
        noise: standard deviation of what is added to the target.
        seed: of the noise.

    Raises:
        ValueError: the picture has no room for the kernels.
    """
    hidden = teacher.effective
    # Both kernels are centred on the same pixels, wherever both fit.
    side = max(taps, _odd(max(hidden.shape)))
    height, width = picture.shape
    rows, columns = height - side + 1, width - side + 1
    if rows < 1 or columns < 1:
        raise ValueError(
            f"A picture of {height} x {width} has no room for a kernel of {side} x {side}. "
            f"Use one of at least {side} x {side}."
        )
    wanted = _windows(picture, side) @ resized(hidden, side, side).ravel()
    wanted += noise * np.random.default_rng(seed).standard_normal(wanted.shape)
    margin = (side - taps) // 2
    inner = picture[margin : height - margin, margin : width - margin]
    return Problem(_windows(inner, taps), wanted, (taps, taps), (rows, columns))


def _odd(taps: int) -> int:
    return taps + 1 - taps % 2


def _windows(picture: FloatArray, taps: int) -> FloatArray:
    """(N, taps * taps) every window, row by row."""
    view = np.lib.stride_tricks.sliding_window_view(picture, (taps, taps))
    return np.ascontiguousarray(view.reshape(-1, taps * taps))


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """The steps of a gradient descent.

    Attributes:
        kernels: (S + 1, kh, kw) float64; the first is the start.
        errors: (S + 1,) float64, mean squared error over all windows.
        gradients: (S + 1, kh, kw) float64, the slope at each kernel over all windows.
        blown_up: the step at which a weight became too large to go on, or None.
    """

    kernels: FloatArray
    errors: FloatArray
    gradients: FloatArray
    blown_up: int | None

    @property
    def steps(self) -> int:
        """Steps that were taken."""
        return len(self.errors) - 1


def descend(
    task: Problem,
    start: FloatArray,
    rate: float,
    steps: int,
    *,
    momentum: float = 0.0,
    batch: int = 0,
    seed: int = 0,
) -> Descent:
    """Gradient descent from a start, every step kept.

    v <- momentum * v - rate * gradient, w <- w + v: Keras' `SGD`.

    Args:
        task: what is looked for.
        start: (kh, kw).
        rate: learning rate, more than 0.
        steps: how many at most; fewer where the weights run away.
        momentum: share of the last step that is taken again, 0 to less than 1.
        batch: windows drawn for each step's gradient; 0 takes all of them.
        seed: of the draws.

    Source: Goodfellow, Bengio & Courville 2016, "Deep learning", sections 4.3 and 8.3.
    """
    draw = np.random.default_rng(seed)
    weights, velocity = start.astype(np.float64).ravel(), np.zeros(start.size)
    kernels, blown_up = [weights], None
    for step in range(1, steps + 1):
        velocity = momentum * velocity - rate * _slope(task, weights, batch, draw)
        weights = weights + velocity
        if not np.abs(weights).max() <= BLOWN_UP:
            blown_up = step
            break
        kernels.append(weights)
    path = np.stack(kernels)
    differences = path @ task.windows.T - task.wanted
    return Descent(
        path.reshape(-1, *task.shape),
        np.mean(differences**2, axis=1),
        2 * (path @ task.gram - task.cross).reshape(-1, *task.shape),
        blown_up,
    )


def _slope(
    task: Problem, weights: FloatArray, batch: int, draw: np.random.Generator
) -> FloatArray:
    """(K,) the gradient over all windows, or over some of them."""
    if not batch or batch >= len(task.wanted):
        return task.gradient(weights).ravel()
    chosen = draw.choice(len(task.wanted), batch, replace=False)
    windows = task.windows[chosen]
    slope: FloatArray = 2 * windows.T @ (windows @ weights - task.wanted[chosen]) / batch
    return slope
