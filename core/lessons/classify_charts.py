"""Charts of the page "Classify": probabilities over a challenge's slider."""

from __future__ import annotations

import numpy as np

from core.curves import Axis, Chart, Curve, Mark
from core.lessons.classify_case import Answered, ClassifyCase
from core.zoo.imagenet import names


def challenge_chart(case: ClassifyCase) -> Chart:
    """Probability of the leading classes at every known position, a panel for each network."""
    axes, curves = [], []
    together = len(case.answered) > 1
    for answered in case.answered:
        about = f", {answered.entry.title}" if together else ""
        axes.append(Axis(answered.network, f"Probability{about}", low=0.0, high=1.0))
        curves += _curves(case, answered)
    challenge = case.challenge
    here = Mark(case.lesson.position, f"here: {case.lesson.position:g}")
    return Chart(
        tuple(axes),
        tuple(curves),
        marks=(here,),
        x_title=f"{challenge.title} ({challenge.unit})",
    )


def _curves(case: ClassifyCase, answered: Answered) -> list[Curve]:
    swept = answered.swept
    if swept is None:
        return []
    chances = swept.probabilities.astype(np.float64)
    x = np.array(swept.positions, np.float64)
    found = []
    for index in answered.tracked(case.challenge.neutral):
        y = chances[:, index]
        found.append(
            Curve(names()[index], x, y, axis=answered.network, number=case.colours[index])
        )
    return found
