"""Pictures as points in a plane where neighbours stay neighbours: t-SNE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine
from core.training.answers import ask

_QUESTION = "core.insight.worker.tsne:tsne"
STOPS = (2, 3, 5, 8, 12, 20, 30, 40, 50, 75, 100)
"""Perplexities worth comparing; van der Maaten & Hinton 2008 name 5 to 50 as usual."""
FEWEST = 3 * STOPS[0] + 1
"""Points that the smallest perplexity needs."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Points laid out so that near ones stay near.

    Attributes:
        places: (n, 2) float32; only who is near whom means something.
        divergence: Kullback-Leibler divergence that is left, in nats; less is better, for the
            same perplexity.
    """

    places: Floats
    divergence: float


def perplexities(count: int) -> tuple[int, ...]:
    """What the perplexity can be with so many points: at most a third of the others.

    A perplexity of k looks at 3 k neighbours of each point (van der Maaten 2014, section 4.1).

    Example:
        >>> perplexities(40), perplexities(6)
        ((2, 3, 5, 8, 12), ())
    """
    return tuple(stop for stop in STOPS if 3 * stop < count)


def tsne(engine: Engine, points: Floats, perplexity: int, seed: int = 0) -> Embedding:
    """Lay points out by their directions, by which `space.nearest` compares them too.

    Args:
        engine: connected.
        points: (n, d) float32.
        perplexity: about how many neighbours a point has, one of `perplexities(n)`.
        seed: of what is random in it; the same one gives the same picture.

    Raises:
        AnswerError: the perplexity is too large for so few points, or the process that answers
            has ended.
        EngineError: the connection is lost.

    Source: van der Maaten & Hinton 2008; van der Maaten 2014 (Barnes-Hut).
    """
    places, divergence = ask(engine, _QUESTION, points, perplexity, seed)
    return Embedding(places, divergence)
