"""Settings of the page "Softmax": scores of up to ten classes, and which one is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.arithmetic.softmax import Naive, Softmax, naive, softmax
from core.arithmetic.softmax_steps import Column, columns
from core.lessons.base import Lesson, marks

MOST = 10
"""Classes."""
STEPS = 10
"""From logits to gradient."""
LETTERS = "abcdefghij"
NAMES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
"""The classes of CIFAR-10 (Krizhevsky 2009)."""
LARGEST = 1000.0
_TENTHS = marks(*(k / 10 for k in range(-100, 101)))


def _logit(value: float, place: int) -> float:
    field: float = Field(
        value,
        ge=-LARGEST,
        le=LARGEST,
        title=f"Logit {place}",
        description=f"Score of class {place}, before softmax.",
        json_schema_extra=_TENTHS,
    )
    return field


class SoftmaxLesson(Lesson):
    """Scores, temperature, label, and how numbers are stored."""

    page: ClassVar[str] = "softmax"

    class_count: int = Field(
        3, ge=2, le=MOST, title="Classes", description="How many there are to choose from."
    )
    logit_a: float = _logit(2.0, 1)
    logit_b: float = _logit(1.0, 2)
    logit_c: float = _logit(0.1, 3)
    logit_d: float = _logit(0.0, 4)
    logit_e: float = _logit(0.0, 5)
    logit_f: float = _logit(0.0, 6)
    logit_g: float = _logit(0.0, 7)
    logit_h: float = _logit(0.0, 8)
    logit_i: float = _logit(0.0, 9)
    logit_j: float = _logit(0.0, 10)
    right_class: int = Field(
        1, ge=1, le=MOST, title="Right class", description="What the label says."
    )
    temperature: float = Field(
        1.0,
        ge=0.01,
        le=100,
        title="Temperature",
        description="What the logits are divided by: below 1 sharper, above 1 flatter.",
        json_schema_extra=marks(
            0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 20, 50, 100,
        ),
    )  # fmt: skip
    smoothing_share: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Label smoothing",
        description="Share of the label that is spread over all classes.",
        json_schema_extra=marks(0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.9, 1),
    )
    shift_all: float = Field(
        0.0,
        ge=-2000,
        le=2000,
        title="Shift all logits",
        description="Added to every logit. No probability changes; the naive form overflows.",
        json_schema_extra=marks(
            -1000, -500, -100, -50, -10, 0, 10, 11, 12, 50, 80, 86, 87, 88, 89, 100, 500, 700,
            708, 709, 710, 1000,
        ),
    )  # fmt: skip
    number_format: Literal["float16", "float32", "float64"] = Field(
        "float32",
        title="Numbers of the naive form",
        description="How many bits a number has: 16, 32 or 64.",
    )
    class_names: str = Field(
        "",
        max_length=200,
        title="Names",
        description="Of the classes, separated by spaces or commas; empty takes those of "
        "CIFAR-10.",
    )
    softmax_step: int = Field(
        STEPS,
        ge=1,
        le=STEPS,
        title="Step shown",
        description="How far the computation is, from the logits to the gradient.",
    )

    def choices(self, name: str) -> list[int]:
        """The values of a slider; only classes that there are can be right."""
        if name == "right_class":
            return list(range(1, self.class_count + 1))
        return super().choices(name)

    @property
    def right(self) -> int:
        """Index of the right class, counted from 0; the last one if it is not there."""
        return min(self.right_class, self.class_count) - 1

    @property
    def names(self) -> tuple[str, ...]:
        """Of the classes, as far as they were given."""
        given = [word for word in re.split(r"[\s,;]+", self.class_names) if word]
        return tuple((given + list(NAMES[len(given) :]))[: self.class_count])

    def logits(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """(classes,) scores, shifted."""
        values = [getattr(self, f"logit_{letter}") for letter in LETTERS[: self.class_count]]
        return np.array(values, dtype=np.float64) + self.shift_all


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        made: the safe form.
        naive: the form without subtracting the largest.
        columns: the steps of the safe form.
    """

    lesson: SoftmaxLesson
    made: Softmax
    naive: Naive
    columns: tuple[Column, ...]


def build(lesson: SoftmaxLesson) -> SoftmaxCase:
    """Compute both forms."""
    logits = lesson.logits()
    made = softmax(
        logits, lesson.right, temperature=lesson.temperature, smoothing=lesson.smoothing_share
    )
    machine = naive(
        logits, lesson.right, temperature=lesson.temperature, precision=lesson.number_format
    )
    return SoftmaxCase(lesson, made, machine, columns(made, lesson.right))
