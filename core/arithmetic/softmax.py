"""Softmax and cross-entropy with every number in between, safe and naive side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.errors import ShapeError

FloatArray = npt.NDArray[np.float64]
Precision = Literal["float16", "float32", "float64"]


@dataclass(frozen=True, slots=True, eq=False)
class Softmax:
    """From logits to the gradient; all arrays are (classes,) float64.

    Attributes:
        logits: the scores z.
        temperature: T.
        scaled: z / T.
        largest: the largest of them.
        shifted: z / T - largest: 0 for the largest, below 0 for all others.
        exponentials: exp(shifted), 0 to 1.
        total: their sum, 1 to the number of classes.
        probabilities: p = exponentials / total.
        log_probabilities: log p = shifted - log(total), never minus infinity.
        targets: y, after label smoothing.
        terms: -y log p of each class.
        loss: their sum.
        gradients: of the loss with respect to the logits, (p - y) / T.
    """

    logits: FloatArray
    temperature: float
    scaled: FloatArray
    largest: float
    shifted: FloatArray
    exponentials: FloatArray
    total: float
    probabilities: FloatArray
    log_probabilities: FloatArray
    targets: FloatArray
    terms: FloatArray
    loss: float
    gradients: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Naive:
    """Softmax without subtracting the largest, in the numbers of a machine.

    Attributes:
        precision: how the numbers are stored.
        exponentials: exp(z / T), infinite where it is larger than `highest`.
        total: their sum.
        probabilities: exponentials / total; not a number where both are infinite, or 0.
        loss: of the right class, -log p.
        highest: the largest number of that precision.
        limit: the largest exponent whose exponential it still holds.
    """

    precision: Precision
    exponentials: FloatArray
    total: float
    probabilities: FloatArray
    loss: float
    highest: float
    limit: float

    @property
    def broken(self) -> bool:
        """Whether something is infinite or not a number."""
        finite = np.isfinite([*self.probabilities, self.total, self.loss])
        return not bool(finite.all())


def smoothed(classes: int, right: int, smoothing: float) -> FloatArray:
    """(classes,) targets: 1 for the right class, softened.

    Each class gets smoothing / classes, the right one 1 - smoothing besides.

    Args:
        classes: at least 2.
        right: index of the right class.
        smoothing: 0 to 1.

    Raises:
        ShapeError: there is no such class.

    Source: Szegedy et al. 2016, equation 3 with a uniform distribution;
    keras.losses.CategoricalCrossentropy(label_smoothing).

    Example:
        >>> smoothed(4, 1, 0.2).round(6).tolist()
        [0.05, 0.85, 0.05, 0.05]
    """
    if not 0 <= right < classes:
        raise ShapeError(
            f"class {right + 1} is not among {classes}. Choose one from 1 to {classes}."
        )
    targets = np.full(classes, smoothing / classes)
    targets[right] += 1 - smoothing
    return targets


def softmax(
    logits: FloatArray, right: int, *, temperature: float = 1.0, smoothing: float = 0.0
) -> Softmax:
    """Probabilities, cross-entropy and gradient, the numerically safe way.

    Args:
        logits: (classes,) scores.
        right: index of the right class.
        temperature: what the logits are divided by, more than 0.
        smoothing: of the label, 0 to 1.

    Raises:
        ShapeError: a temperature that is not above 0, or no such class.

    Source: Bridle 1990; Goodfellow, Bengio & Courville 2016, section 6.2.2.3, equation 6.33
    (subtracting the largest); Hinton, Vinyals & Dean 2015, equation 1 (temperature).
    """
    if temperature <= 0:
        raise ShapeError(f"temperature {temperature:g} divides by nothing. Use one above 0.")
    z = np.asarray(logits, dtype=np.float64)
    targets = smoothed(len(z), right, smoothing)
    scaled = z / temperature
    largest = float(scaled.max())
    shifted = scaled - largest
    exponentials = np.exp(shifted)
    total = float(exponentials.sum())
    probabilities = exponentials / total
    log_probabilities = shifted - np.log(total)
    terms = -targets * log_probabilities
    return Softmax(
        logits=z,
        temperature=temperature,
        scaled=scaled,
        largest=largest,
        shifted=shifted,
        exponentials=exponentials,
        total=total,
        probabilities=probabilities,
        log_probabilities=log_probabilities,
        targets=targets,
        terms=terms,
        loss=float(terms.sum()),
        gradients=(probabilities - targets) / temperature,
    )


def naive(logits: FloatArray, right: int, *, temperature: float, precision: Precision) -> Naive:
    """Softmax as the formula has it, with numbers as a machine stores them.

    Args:
        logits: (classes,) scores.
        right: index of the right class.
        temperature: what they are divided by.
        precision: of every number on the way.
    """
    kind = np.dtype(precision)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        exponentials = np.exp((logits / temperature).astype(kind))
        total = exponentials.sum(dtype=kind)
        probabilities = exponentials / total
        loss = -np.log(probabilities[right])
    highest = float(np.finfo(kind).max)
    return Naive(
        precision=precision,
        exponentials=exponentials.astype(np.float64),
        total=float(total),
        probabilities=probabilities.astype(np.float64),
        loss=float(loss),
        highest=highest,
        limit=float(np.log(highest)),
    )


def entropy(probabilities: FloatArray) -> float:
    """-sum p log p, in nats; 0 log 0 is 0.

    Example:
        >>> round(entropy(np.array([0.5, 0.5])), 6)
        0.693147
    """
    inside = probabilities[probabilities > 0]
    return float(-(inside * np.log(inside)).sum())
