"""The algorithm of normalisation line by line, with the numbers of one cell filled in."""

from __future__ import annotations

from dataclasses import dataclass

from core.arithmetic.normalization import NormResult
from core.arithmetic.terms import bracketed, shown

Place = tuple[int, int, int, int]
_MOST = 16
"""Numbers of a sum that are written out; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the algorithm.

    Attributes:
        slug: mean, variance, normalize or scale.
        title: what is done.
        latex: the formula.
        text: the formula with numbers, and its result.
        value: the result.
    """

    slug: str
    title: str
    latex: str
    text: str
    value: float


def steps(result: NormResult, place: Place) -> tuple[Step, ...]:
    """The lines of the algorithm for one cell, in order.

    Args:
        result: of `normalize`.
        place: (sample, row, column, channel) of the cell.

    Source: Ioffe & Szegedy 2015, algorithm 1, as MLC shows it.
    """
    number = int(result.sets[place])
    mean, variance = float(result.means[number]), float(result.variances[number])
    first: tuple[Step, ...]
    if result.inference:
        first = _kept(mean, variance)
    elif result.kind == "rms":
        first = (_square(result, number, variance),)
    else:
        first = (_mean(result, number, mean), _variance(result, number, mean, variance))
    return *first, _normalize(result, place, mean, variance), _scale(result, place)


def _members(result: NormResult, number: int) -> list[float]:
    values: list[float] = result.x[result.sets == number].tolist()
    return values


def _sum(words: list[str]) -> str:
    kept = words[:_MOST]
    if len(words) > _MOST:
        kept.append(f"... ({len(words) - _MOST} more)")
    return " + ".join(kept)


def _mean(result: NormResult, number: int, mean: float) -> Step:
    values = _members(result, number)
    total = _sum([bracketed(value) for value in values])
    return Step(
        "mean",
        "Mean",
        r"\mu = \frac{1}{m} \sum_{i=1}^{m} x_i",
        f"({total}) / {len(values)} = {shown(mean)}",
        mean,
    )


def _variance(result: NormResult, number: int, mean: float, variance: float) -> Step:
    values = _members(result, number)
    total = _sum([f"({shown(value)} - {bracketed(mean)})^2" for value in values])
    return Step(
        "variance",
        "Variance",
        r"\sigma^2 = \frac{1}{m} \sum_{i=1}^{m} (x_i - \mu)^2",
        f"({total}) / {len(values)} = {shown(variance)}",
        variance,
    )


def _square(result: NormResult, number: int, square: float) -> Step:
    values = _members(result, number)
    total = _sum([f"{bracketed(value)}^2" for value in values])
    return Step(
        "variance",
        "Mean square",
        r"r = \frac{1}{m} \sum_{i=1}^{m} x_i^2",
        f"({total}) / {len(values)} = {shown(square)}",
        square,
    )


def _kept(mean: float, variance: float) -> tuple[Step, Step]:
    return (
        Step("mean", "Running mean", r"\mu", f"kept from training: {shown(mean)}", mean),
        Step(
            "variance",
            "Running variance",
            r"\sigma^2",
            f"kept from training: {shown(variance)}",
            variance,
        ),
    )


def _normalize(result: NormResult, place: Place, mean: float, variance: float) -> Step:
    value, x = float(result.normalized[place]), float(result.x[place])
    top = shown(x) if result.kind == "rms" else f"({shown(x)} - {bracketed(mean)})"
    latex = (
        r"\hat{x} = \frac{x}{\sqrt{r + \epsilon}}"
        if result.kind == "rms"
        else r"\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}"
    )
    root = f"sqrt({shown(variance)} + {result.epsilon:g})"
    return Step("normalize", "Normalise", latex, f"{top} / {root} = {shown(value)}", value)


def _scale(result: NormResult, place: Place) -> Step:
    gamma, beta = float(result.gamma[place[3]]), float(result.beta[place[3]])
    hat, value = float(result.normalized[place]), float(result.output[place])
    text = f"{bracketed(gamma)} * {bracketed(hat)}"
    if result.kind == "rms":
        return Step("scale", "Scale", r"y = \gamma \hat{x}", f"{text} = {shown(value)}", value)
    return Step(
        "scale",
        "Scale and shift",
        r"y = \gamma \hat{x} + \beta",
        f"{text} + {bracketed(beta)} = {shown(value)}",
        value,
    )
