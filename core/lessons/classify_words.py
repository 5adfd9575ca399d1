"""What the numbers of the page "Classify" say, in sentences."""

from __future__ import annotations

import math

import numpy as np

from core.arithmetic.verdicts import brief
from core.lessons.classify_case import Answered, ClassifyCase, Row
from core.zoo.imagenet import COUNT, names


def remarks(case: ClassifyCase, answered: Answered) -> list[str]:
    """What there is to say about an answer; nothing while it is awaited."""
    if answered.logits is None or answered.probabilities is None:
        return []
    first, second = answered.rows(2)
    texts = [_odds(first, second, case.lesson.class_temperature), _spread(answered)]
    texts.append(_logits(answered))
    if case.lesson.class_temperature != 1:
        texts.append(_temperature(case.lesson.class_temperature))
    if not case.lesson.spec(answered.network).is_right:
        texts.append(
            "The preprocessing is not the one that the network was trained with: it answers "
            "all the same, and says nothing about it. See the view Seen."
        )
    if (kept := answered.kept()) is not None:
        texts.append(_challenge(case, answered, kept))
    texts.append(
        f"It knows {COUNT:,} classes and no other: whatever it is shown, the probabilities add "
        "up to 1. How likely it says something is, is not how often that is right."
    )
    return texts


def _odds(first: Row, second: Row, temperature: float) -> str:
    gap = first.logit - second.logit
    divided = f" / {temperature:g}" if temperature != 1 else ""
    times = math.exp(min(gap / temperature, 700))
    return (
        f"{first.name} and {second.name} are {brief(gap)} apart as logits: e^({brief(gap)}"
        f"{divided}) = {brief(times)} times as likely. Only differences count: adding "
        "one number to all of them changes nothing."
    )


def _spread(answered: Answered) -> str:
    p = np.asarray(answered.probabilities, np.float64)
    entropy = float(-(p[p > 0] * np.log(p[p > 0])).sum())
    return (
        f"Entropy {brief(entropy)}: as unsure as a choice among e^{brief(entropy)} = "
        f"{brief(math.exp(entropy))} equally likely classes. A network that knows nothing "
        f"chooses among {COUNT:,}: log {COUNT} = {brief(math.log(COUNT))}."
    )


def _logits(answered: Answered) -> str:
    logits = np.asarray(answered.logits, np.float64)
    return (
        f"All {COUNT:,} logits lie between {brief(float(logits.min()))} and "
        f"{brief(float(logits.max()))}, their mean is {brief(float(logits.mean()))}. Powers "
        f"add up to {brief(answered.total)}; the largest of them is e^0 = 1."
    )


def _temperature(temperature: float) -> str:
    how = "evens out" if temperature > 1 else "sharpens"
    return (
        f"T = {temperature:g} {how}: every difference of logits is divided by it. The network "
        "has not run again, and the order of the classes is the same."
    )


def _challenge(case: ClassifyCase, answered: Answered, kept: int) -> str:
    challenge, places = case.challenge, len(answered.curve)
    low, high = min(answered.curve), max(answered.curve)
    first = answered.tracked(challenge.neutral)[0]
    return (
        f"{challenge.title} from {low:g} to {high:g} {challenge.unit}: {names()[first]}, the "
        f"first class of the unchanged picture, stays first at {kept} of {places} positions."
    )
