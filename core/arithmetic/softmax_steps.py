"""Softmax and cross-entropy as numbered steps: a column of numbers each, in words too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.backprop_steps import bracketed
from core.arithmetic.softmax import Softmax
from core.arithmetic.verdicts import brief

FloatArray = npt.NDArray[np.float64]
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Column:
    """One step: a number for each class, or one for all.

    Attributes:
        key: short name.
        title: what stands above the column; `e^` marks an exponent.
        words: what happens, in a sentence.
        values: (classes,), or a single number.
        formula: in symbols, for class i.
        numbers: the arithmetic of each class, as Python reads it; of a single number once.
    """

    key: str
    title: str
    words: str
    values: tuple[float, ...]
    formula: str
    numbers: tuple[str, ...]

    @property
    def single(self) -> bool:
        """Whether it is one number for all classes."""
        return len(self.values) == 1


def columns(made: Softmax, right: int, write: Write = brief) -> tuple[Column, ...]:
    """All steps in order.

    Args:
        made: of `softmax`.
        right: index of the right class.
        write: how a number is written.
    """
    temperature, largest, total = (
        write(made.temperature),
        write(made.largest),
        write(made.total),
    )

    def each(values: FloatArray) -> tuple[str, ...]:
        return tuple(bracketed(float(value), write) for value in values)

    z, s, d = each(made.logits), each(made.scaled), each(made.shifted)
    e, p, y = each(made.exponentials), each(made.probabilities), each(made.targets)
    surprises = 0.0 - made.log_probabilities  # not -: that would make -0 of 0
    logs = each(surprises)
    return (
        Column("logits", "z", "The network's scores, any numbers: logits.", _all(made.logits),
               "", ("",) * len(z)),
        Column("scaled", "z / T", "Divided by the temperature.", _all(made.scaled),
               "z_i / T", tuple(f"{a}/{temperature}" for a in z)),
        Column("shifted", "- max", "Minus the largest: it changes no probability, and no "
               "exponential can overflow.", _all(made.shifted), "z_i / T - max",
               tuple(f"{a} - {_bracket(largest)}" for a in s)),
        Column("exponentials", "e^", "The exponential of each: positive, and larger for "
               "larger scores.", _all(made.exponentials), "e^(z_i / T - max)",
               tuple(f"exp({a})" for a in d)),
        Column("total", "sum", "Their sum.", (made.total,), "sum of e^",
               (" + ".join(e),)),
        Column("probabilities", "p", "Each exponential's share of the sum: probabilities.",
               _all(made.probabilities), "e^ / sum", tuple(f"{a}/{total}" for a in e)),
        Column("targets", "y", "The label: which class is right, softened where label "
               "smoothing says so.", _all(made.targets), "", ("",) * len(y)),
        Column("surprises", "-log p", "The negative logarithm: 0 for p = 1, ever more as p "
               "falls.", _all(surprises),
               "log(sum) - (z_i / T - max)", tuple(f"log({total}) - {a}" for a in d)),
        Column("loss", "loss", "The cross-entropy: the mean of -log p, weighted by the label.",
               (made.loss,), "sum of -y_i log p_i",
               (" + ".join(f"{a}*{b}" for a, b in zip(y, logs, strict=True) if a != "0"),)),
        Column("gradients", "p - y" if made.temperature == 1 else "(p - y) / T",
               "The gradient of the loss with respect to each logit: probability minus label"
               + ("." if made.temperature == 1 else ", divided by the temperature."),
               _all(made.gradients), "p_i - y_i" if made.temperature == 1 else
               "(p_i - y_i) / T", tuple(
                   f"{a} - {b}" if made.temperature == 1 else f"({a} - {b})/{temperature}"
                   for a, b in zip(p, y, strict=True))),
    )  # fmt: skip


def _all(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _bracket(number: str) -> str:
    return f"({number})" if number.startswith("-") else number
