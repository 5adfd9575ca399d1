"""The measures as quotients of counted pixels, with the numbers put in.

A page shows each in one line, `TP / (TP + FP + FN) = 812 / (812 + 40 + 95) = 0.857`, and the
browser fills the same quotients in while somebody paints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.vision.metrics.masks import Comparison, share

Kind = Literal["TP", "FP", "FN", "TN"]
Term = tuple[int, Kind]
"""How often the pixels of a kind are counted."""

KINDS: Mapping[Kind, str] = {
    "TP": "in both masks",
    "FP": "painted, not true",
    "FN": "true, not painted",
    "TN": "in neither",
}
"""What the pixels of each kind are."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A quotient of counted pixels.

    Attributes:
        slug: name of `Comparison`'s property.
        title: on the screen.
        top: what is counted above the line.
        bottom: what is counted below it; where that is nothing, the measure is 1.
        says: what it is the share of.
    """

    slug: str
    title: str
    top: tuple[Term, ...]
    bottom: tuple[Term, ...]
    says: str

    @property
    def formula(self) -> str:
        """In letters, such as `TP / (TP + FP)`."""
        return f"{_sum(self.top, {})} / {_sum(self.bottom, {})}"

    def filled(self, counts: Mapping[Kind, int]) -> str:
        """With the numbers put in, such as `6 / (6 + 3)`."""
        return f"{_sum(self.top, counts)} / {_sum(self.bottom, counts)}"

    def value(self, counts: Mapping[Kind, int]) -> float:
        """The number, 0 to 1."""
        above = sum(factor * counts[kind] for factor, kind in self.top)
        return share(above, sum(factor * counts[kind] for factor, kind in self.bottom))

    def is_of_nothing(self, counts: Mapping[Kind, int]) -> bool:
        """Whether nothing stands below the line, so that 1 is a convention."""
        return not any(counts[kind] for _, kind in self.bottom)

    def line(self, counts: Mapping[Kind, int]) -> str:
        """Letters, numbers and result.

        Example:
            >>> MEASURES["iou"].line({"TP": 6, "FP": 3, "FN": 6, "TN": 21})
            'IoU = TP / (TP + FP + FN) = 6 / (6 + 3 + 6) = 0.400'
        """
        return (
            f"{self.title} = {self.formula} = {self.filled(counts)} = {self.value(counts):.3f}"
        )


def counts_of(found: Comparison) -> dict[Kind, int]:
    """The counted pixels by kind."""
    return dict(zip(KINDS, found.counts, strict=True))


def _sum(terms: tuple[Term, ...], counts: Mapping[Kind, int]) -> str:
    words = []
    for factor, kind in terms:
        word = str(counts[kind]) if counts else kind
        words.append(word if factor == 1 else f"{factor}*{word}")
    return words[0] if len(words) == 1 else f"({' + '.join(words)})"


_ALL = (
    Measure(
        "iou", "IoU", ((1, "TP"),), ((1, "TP"), (1, "FP"), (1, "FN")),
        "of what either mask has, how much both have",
    ),
    Measure(
        "dice", "Dice", ((2, "TP"),), ((2, "TP"), (1, "FP"), (1, "FN")),
        "of both areas added up, how much is shared",
    ),
    Measure(
        "pixel_accuracy", "Pixel accuracy", ((1, "TP"), (1, "TN")),
        ((1, "TP"), (1, "FP"), (1, "FN"), (1, "TN")),
        "of all pixels, how many are right; background counts as much as object",
    ),
    Measure(
        "precision", "Precision", ((1, "TP"),), ((1, "TP"), (1, "FP")),
        "of what is painted, how much is true",
    ),
    Measure(
        "recall", "Recall", ((1, "TP"),), ((1, "TP"), (1, "FN")),
        "of what is true, how much is painted",
    ),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.slug: measure for measure in _ALL}
"""Measures by slug, in the order in which they are shown."""
