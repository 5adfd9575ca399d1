"""What a search for a learning rate has found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SMOOTH = 0.8
"""Weight of the past in the smoothed loss."""
FEWEST = 12
"""Steps that a suggestion needs."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A learning rate that is worth a try.

    Attributes:
        rate: where the smoothed loss falls most steeply over log(rate).
        loss: the smoothed loss there.
        highest: where the smoothed loss is least; above it, steps do harm.
    """

    rate: float
    loss: float
    highest: float


def suggest(
    rates: npt.NDArray[np.float64], losses: npt.NDArray[np.float64]
) -> Suggestion | None:
    """The learning rate at the steepest fall of the loss; None where there is none.

    Args:
        rates: (n,) ascending.
        losses: (n,) of the batch at each of them; what is not finite ends the search.

    Source: the rule of Smith 2017 (section 3.3) with the steepest slope in place of the eye, as
    fast.ai's `lr_find` suggests it.
    """
    bad = np.flatnonzero(~np.isfinite(losses))
    end = int(bad[0]) if bad.size else len(losses)
    if end < FEWEST:
        return None
    smooth = _smoothed(losses[:end])
    least = int(smooth.argmin())
    slopes = np.gradient(smooth, np.log(rates[:end]))[: least + 1]
    if not slopes.size or slopes.min() >= 0:
        return None
    place = int(slopes.argmin())
    return Suggestion(float(rates[place]), float(smooth[place]), float(rates[least]))


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Exponential average, freed of its start (Kingma & Ba 2015, section 3)."""
    average = 0.0
    smooth = np.empty_like(values)
    for place, value in enumerate(values):
        average = SMOOTH * average + (1 - SMOOTH) * value
        smooth[place] = average / (1 - SMOOTH ** (place + 1))
    return smooth
