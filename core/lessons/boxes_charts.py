"""What the definitions of average precision add up, in words with numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import numpy as np

from core.lessons.boxes_lines import say
from core.vision.metrics.average_precision import Method, PrecisionRecall

_MOST = 7
"""Terms that are written out."""


def sum_in_words(curve: PrecisionRecall, method: Method) -> str:
    """The sum behind an average precision.

    Example:
        >>> curve = PrecisionRecall(np.array([True, False, True]), 2)
        >>> sum_in_words(curve, "lecture")
        '1/2 * 1 + 1/2 * 2/3 = 0.8333'
        >>> sum_in_words(curve, "11-point")
        '(6 * 1 + 5 * 0.6667) / 11 = 0.8485'
    """
    if not curve.positives:
        return "nothing to find, so no number"
    value = say(curve.average(method))
    if method in ("11-point", "101-point"):
        _, precisions = curve.samples(method)
        runs = [(len(list(run)), level) for level, run in groupby(precisions.tolist())]
        terms = [f"{times} * {say(level)}" for times, level in runs if level]
        return f"({_joined(terms)}) / {len(precisions)} = {value}"
    return f"{_joined(_steps(curve, method))} = {value}"


def _steps(curve: PrecisionRecall, method: Method) -> list[str]:
    """A term for each detection that is right: the step of recall times a precision."""
    precisions = curve.samples(method)[1]
    fractions = [
        Fraction(int(hits), place) for place, hits in enumerate(curve.true_positives, start=1)
    ]
    terms = []
    for place in np.flatnonzero(curve.hits).tolist():
        exact = str(fractions[place])
        shown = exact if precisions[place] == float(fractions[place]) else ""
        terms.append(f"1/{curve.positives} * {shown or say(float(precisions[place]))}")
    return terms


def _joined(terms: list[str]) -> str:
    if not terms:
        return "0"
    if len(terms) <= _MOST:
        return " + ".join(terms)
    return " + ".join([*terms[: _MOST - 1], "...", terms[-1]])
