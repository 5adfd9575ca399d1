"""A lesson of the page "Classify" with the answers that are known so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from core.lessons.classify import ClassifyLesson
from core.vision.challenges import CHALLENGES, Challenge
from core.vision.classify import Sweep, softmax
from core.vision.prepare import Box, box_of
from core.zoo.entry import Pretrained
from core.zoo.imagenet import names
from core.zoo.registry import ZOO

WORK_SIDE = 640
"""Longest side, in pixels, of the picture that is changed and shown; the network's is 224."""
MOST_CURVES = 5

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """A class in the list of the likeliest, with the arithmetic of its probability.

    Attributes:
        index: of the class, 0..999.
        name: of the class.
        logit: what the network gives.
        power: e^((logit - the largest logit) / T).
        probability: its share of the sum of all powers.
        before: its probability for the unchanged picture; None if not known yet.
    """

    index: int
    name: str
    logit: float
    power: float
    probability: float
    before: float | None


@dataclass(frozen=True, eq=False)
class Answered:
    """What a network says, as far as it is known.

    Attributes:
        network: slug in the zoo.
        temperature: what logits are divided by.
        logits: (1000,) for the picture as it is shown; None while it is waited for.
        base: (1000,) for the unchanged picture; None while it is waited for.
        curve: logits by position of the chosen challenge's slider.
        places: how many positions there will be.
        failure: why it does not answer; empty where it does.
        warm: whether it has answered before.
        coming: bytes that have come and bytes in all, while it is being fetched.
    """

    network: str
    temperature: float
    logits: Floats | None
    base: Floats | None
    curve: Mapping[float, Floats]
    places: int
    failure: str = ""
    warm: bool = True
    coming: tuple[int, int] | None = None

    @property
    def entry(self) -> Pretrained:
        """The network."""
        return ZOO[self.network]

    @cached_property
    def probabilities(self) -> Floats | None:
        """(1000,) for the picture as it is shown."""
        return None if self.logits is None else softmax(self.logits, self.temperature)

    @cached_property
    def total(self) -> float:
        """Sum of e^((logit - the largest logit) / T) over all classes."""
        if self.logits is None:
            return 0.0
        scaled = self.logits.astype(np.float64) / self.temperature
        return float(np.exp(scaled - scaled.max()).sum())

    def rows(self, count: int) -> list[Row]:
        """The likeliest classes, the likeliest first; none while it is waited for."""
        if self.logits is None or self.probabilities is None:
            return []
        base = None if self.base is None else softmax(self.base, self.temperature)
        order = np.argsort(-self.logits, kind="stable")[:count]
        most = float(self.logits.max())
        return [
            Row(
                int(i),
                names()[i],
                float(self.logits[i]),
                float(np.exp((float(self.logits[i]) - most) / self.temperature)),
                float(self.probabilities[i]),
                None if base is None else float(base[i]),
            )
            for i in order
        ]

    @property
    def complete(self) -> bool:
        """Whether the whole curve is known."""
        return len(self.curve) == self.places

    @cached_property
    def swept(self) -> Sweep | None:
        """The known part of the curve; None where there is nothing yet."""
        if not self.curve:
            return None
        places = tuple(sorted(self.curve))
        logits = np.stack([self.curve[place] for place in places])
        return Sweep(places, logits, self.temperature)

    def tracked(self, neutral: float) -> list[int]:
        """Classes worth a curve.

        The likeliest of the unchanged picture and the one that is likeliest now, then those
        that win elsewhere.
        """
        if self.swept is None:
            return []
        first = [] if self.base is None else [int(self.base.argmax())]
        now = [] if self.logits is None else [int(self.logits.argmax())]
        found = dict.fromkeys([*first, *now, *self.swept.leading(neutral, MOST_CURVES)])
        return list(found)[:MOST_CURVES]

    def kept(self) -> int | None:
        """At how many positions the unchanged picture's first class is still first.

        None while the curve is not complete.
        """
        if not self.complete or self.base is None:
            return None
        first = int(self.base.argmax())
        return sum(int(logits.argmax()) == first for logits in self.curve.values())


@dataclass(frozen=True, eq=False)
class ClassifyCase:
    """A lesson with its picture and the answers so far.

    Attributes:
        lesson: the settings.
        title: the picture's name.
        picture: (H, W, 3) uint8, the picture before anything is done to it.
        shown: (H, W, 3) uint8, with the challenges.
        answered: of one or two networks.
    """

    lesson: ClassifyLesson
    title: str
    picture: Image
    shown: Image
    answered: Sequence[Answered]

    @property
    def challenge(self) -> Challenge:
        """The one over which the curve is drawn."""
        return CHALLENGES[self.lesson.challenge]

    @property
    def changed(self) -> bool:
        """Whether anything is done to the picture."""
        return bool(self.lesson.changes.positions)

    @property
    def box_xyxy(self) -> Box:
        """The part of the picture that the networks look at."""
        return box_of(self.shown.shape[0], self.shown.shape[1], self.lesson.seen_fit)

    @cached_property
    def colours(self) -> dict[int, int]:
        """Number of its colour, by class, of those that have a curve.

        A class keeps its colour from one network to the other.
        """
        found: dict[int, int] = {}
        for answered in self.answered:
            for index in answered.tracked(self.challenge.neutral):
                found.setdefault(index, len(found))
        return found

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return any(
            not a.failure and (a.logits is None or not a.complete) for a in self.answered
        )


def working(photo: Image) -> Image:
    """The photo at the size in which it is changed and shown: smaller ones as they are.

    Args:
        photo: (H, W, 3) uint8 RGB.
    """
    height, width = photo.shape[:2]
    longest = max(height, width)
    if longest <= WORK_SIDE:
        return photo
    size = (
        max(round(width * WORK_SIDE / longest), 1),
        max(round(height * WORK_SIDE / longest), 1),
    )
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)


def changes_in_words(lesson: ClassifyLesson) -> str:
    """What is done to the picture, such as "rotation 30 degrees, light -2 stops"."""
    parts = [
        f"{CHALLENGES[slug].title.lower()} {position:g} {CHALLENGES[slug].unit}"
        for slug, position in lesson.changes.positions
    ]
    return ", ".join(parts)
