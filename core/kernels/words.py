"""What a kernel does, in words: the report on the exercise, and its character."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernels.detector import BLIND, ORIENTATIONS, EdgeReport
from core.kernels.frequency import FrequencyResponse
from core.numbers import format_number


@dataclass(frozen=True, slots=True)
class Check:
    """One measurement of the exercise.

    Attributes:
        title: what is asked.
        passed: whether it speaks for an edge detector; None where it only describes.
        text: what was measured, with the numbers.
    """

    title: str
    passed: bool | None
    text: str


def checks(report: EdgeReport) -> tuple[Check, ...]:
    """What was measured, one sentence each.

    Args:
        report: of `core.kernels.detector.measure`.
    """
    return (_flat(report), _step(report), _directions(report), _lines(report), _noise(report))


def conclusion(report: EdgeReport) -> str:
    """Whether the kernel is an edge detector, and why."""
    if report.verdict == "yes":
        return (
            "An edge detector: silent where nothing changes, an answer where brightness does."
        )
    if report.verdict == "partly":
        if report.balanced:
            return (
                f"Partly: its weights find edges, but {short(report.offset)} is added to every "
                "answer, so flat areas are not 0. Take the offset away."
            )
        return (
            "Partly: edges stand out, but the picture itself stays in the answer, because the "
            f"weights add up to {short(report.total)} and not to 0. Take that away from the "
            "middle weight."
        )
    if report.reach == 0:
        return "Not an edge detector: all weights are 0, so it answers nothing to everything."
    if report.balanced:
        return (
            "Not an edge detector: the weights add up to 0, but no straight edge makes it "
            "answer. It may hear corners or single pixels."
        )
    return (
        "Not an edge detector: the answer at an edge lies between those on its two sides, so "
        "nothing stands out. Weights of both signs are needed that add up to 0."
    )


def _flat(report: EdgeReport) -> Check:
    black, grey, white = (short(value) for value in report.flat)
    total = f"The weights add up to {short(report.total)}"
    offset = f", and {short(report.offset)} is added" if report.offset else ""
    return Check(
        "Flat areas give 0",
        report.quiet,
        f"Black, middle grey and white give {black}, {grey} and {white}. {total}{offset}.",
    )


def _step(report: EdgeReport) -> Check:
    marked = float(report.marks.max())
    if not report.marks_edges:
        return Check(
            "A step edge stands out",
            False,
            "A step from black to white is never answered by more than its bright side, nor by "
            f"less than its dark one: {short(marked)} grey levels stand out.",
        )
    return Check(
        "A step edge stands out",
        True,
        f"A step from black to white stands out by {short(marked)}, {report.strength:.0%} of "
        "the largest answer that these weights could give.",
    )


def _directions(report: EdgeReport) -> Check:
    title = "Directions"
    if not report.marks_edges:
        return Check(title, None, "There is no edge that it answers to.")
    if report.even > _ALIKE:
        return Check(
            title,
            None,
            f"Edges of all directions are answered alike: the weakest by {report.even:.0%} of "
            "the strongest.",
        )
    best = f"Most to edges across which brightness changes {direction(report.best)}"
    if not report.unseen:
        return Check(title, None, f"{best}, least by {report.even:.0%} of that.")
    blind = direction(_middle(report.unseen))
    return Check(
        title,
        None,
        f"{best}. It does not see changes {blind} (less than {BLIND:.0%}): those edges need a "
        "second kernel, this one turned by 90 degrees.",
    )


def _lines(report: EdgeReport) -> Check:
    title = "What an edge becomes"
    if not report.marks_edges:
        return Check(title, None, "A softer or an equal edge, not a line.")
    if not report.balanced:
        return Check(
            title,
            None,
            "An edge with a seam: darker on its dark side or brighter on its bright side, as "
            "when a photo is sharpened.",
        )
    if report.order == 1:
        return Check(
            title,
            None,
            "One line, whose sign says which side is brighter: a first derivative.",
        )
    return Check(
        title,
        None,
        "Two lines of opposite sign; the edge is where the sign changes: a second derivative.",
    )


def _noise(report: EdgeReport) -> Check:
    spread = f"Noise of spread 1 becomes noise of spread {short(report.noise)}."
    if not report.marks_edges:
        return Check("Noise", None, spread)
    return Check(
        "Noise",
        None,
        f"{spread} A step as high as the noise's spread stands out {report.edge_to_noise:.2f} "
        "times as much; larger and smoother kernels raise that.",
    )


def direction(degrees: float) -> str:
    """A direction across an edge, as a person says it.

    Example:
        >>> direction(0), direction(45.0), direction(30)
        ('from left to right', 'along the falling diagonal', 'at 30 degrees')
    """
    named = {
        0.0: "from left to right",
        45.0: "along the falling diagonal",
        90.0: "from top to bottom",
        135.0: "along the rising diagonal",
    }
    return named.get(float(degrees) % 180, f"at {short(degrees)} degrees")


def _middle(angles: tuple[float, ...]) -> float:
    """The one of several neighbouring directions that lies in their middle, across 180 too."""
    step = float(ORIENTATIONS[1])
    start = next((a for a in angles if (a - step) % 180 not in angles), angles[0])
    row = sorted(angles, key=lambda a: (a - start) % 180)
    return row[len(row) // 2]


def band(response: FrequencyResponse) -> str:
    """Which waves a kernel lets through."""
    magnitude = response.magnitude
    strongest = float(magnitude.max())
    if strongest == 0:
        return "Nothing passes: all weights are 0."
    flat = response.constant / strongest
    fine = float(max(response.across[-1], response.down[-1], response.diagonal[-1])) / strongest
    flat_words = f"flat areas are multiplied by {short(response.constant)}"
    if float(magnitude.min()) > _ALL_PASS * strongest:
        return f"All waves pass nearly alike; {flat_words}."
    if flat > _LITTLE and float(magnitude.min()) > _ALL_PASS * response.constant:
        return (
            f"High frequencies are raised, and {flat_words}: the picture stays and becomes "
            "sharper."
        )
    if flat > _MOSTLY and fine < _MOSTLY:
        return f"Low-pass: broad stripes stay, fine ones fade; {flat_words}. That is a blur."
    if flat > _MOSTLY:
        return f"Broad stripes stay and some of the finest do, too; {flat_words}."
    if fine > _MOSTLY:
        return f"High-pass: fine stripes pass, {flat_words}. What does not change is lost."
    return (
        f"Band-pass: stripes of a middle width pass, {flat_words}, and the finest fade as well."
    )


def short(value: float) -> str:
    """A number with at most four significant digits.

    Example:
        >>> short(1.23456), short(-0.0), short(1e-17)
        ('1.235', '0', '0')
    """
    rounded = float(f"{value:.4g}")
    return "0" if abs(rounded) < _TINY else format_number(rounded)


_ALIKE = 0.65
_MOSTLY = 0.5
_LITTLE = 0.02
_ALL_PASS = 0.95
_TINY = 1e-9
