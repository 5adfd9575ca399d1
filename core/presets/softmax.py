"""Presets of the page "Softmax"."""

from __future__ import annotations

from typing import Any

from core.lessons.softmax import LETTERS, SoftmaxLesson
from core.presets.registry import PRESETS, Deck, Preset


def _logits(*values: float) -> dict[str, Any]:
    """As many classes as numbers."""
    named = {f"logit_{letter}": value for letter, value in zip(LETTERS, values, strict=False)}
    return {"class_count": len(values), **named}


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: SoftmaxLesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "ntu-softmax",
    "Softmax",
    "From scores to loss",
    ("NTU",),
    SoftmaxLesson(softmax_step=6),
    "Three scores, three exponentials, their sum, three shares of it. Drag a score: the "
    "others give way.",
)
_add(
    "ntu-log-likelihood",
    "The log-likelihood",
    "From scores to loss",
    ("NTU",),
    SoftmaxLesson(softmax_step=9),
    "The negative logarithm of the right class' probability is the loss. All other classes "
    "count only through the sum.",
)
_add(
    "softmax-gradient",
    "The gradient is p - y",
    "From scores to loss",
    (),
    SoftmaxLesson(**_logits(1.0, 3.0, 0.5, -1.0), right_class=1),
    "The right class is pulled up by 1 - p, every other one is pushed down by its own p. The "
    "gradients add up to 0.",
)
_add(
    "cs-notes",
    "The example of the CS231n notes",
    "Worked examples",
    (),
    SoftmaxLesson(**_logits(-2.85, 0.86, 0.28), right_class=3, class_names="cat dog ship"),
    "Scores -2.85, 0.86 and 0.28, the third class is right: its probability is 0.353 and the "
    "loss 1.04.",
)
_add(
    "cs-slides",
    "Cat, car, frog",
    "Worked examples",
    (),
    SoftmaxLesson(**_logits(3.2, 5.1, -1.7), right_class=1, class_names="cat car frog"),
    "The CS231n slides: 0.13, 0.87 and 0.00, loss 2.04. The car wins, and the picture shows a "
    "cat.",
)
_add(
    "knows-nothing",
    "Ten classes, and the network knows nothing",
    "Worked examples",
    (),
    SoftmaxLesson(**_logits(*[0.0] * 10), right_class=4),
    "Equal scores give 1/10 each and the loss log 10 = 2.303. A training on ten classes that "
    "begins with another loss has a fault.",
)
_add(
    "overflow",
    "123, 456, 789: the naive form overflows",
    "Numbers of a machine",
    (),
    SoftmaxLesson(**_logits(123.0, 456.0, 789.0), right_class=3, number_format="float64"),
    "e^789 is more than the largest number of 64 bits. With 789 subtracted from all three the "
    "exponents are -666, -333 and 0.",
)
_add(
    "half-precision",
    "Half precision breaks at 12",
    "Numbers of a machine",
    (),
    SoftmaxLesson(shift_all=12.0, number_format="float16"),
    "float16, which graphics cards compute with, ends at 65,504. Logits of 14 are nothing "
    "unusual, and e^14 is a million.",
)
_add(
    "confident-and-wrong",
    "Confident and wrong",
    "What it does to training",
    (),
    SoftmaxLesson(**_logits(-6.0, 8.0, 0.0), right_class=1),
    "The loss is 14, and the gradient of the right logit is hardly more than -1: it can not "
    "be steeper.",
)
_add(
    "hot",
    "Temperature 5",
    "Temperature and smoothing",
    (),
    SoftmaxLesson(**_logits(6.0, 4.0, 1.0, -2.0), temperature=5.0),
    "Divided by 5 the scores draw level, and what the network thinks of the wrong classes can "
    "be read: the soft targets of distillation.",
)
_add(
    "cold",
    "Temperature 0.1",
    "Temperature and smoothing",
    (),
    SoftmaxLesson(**_logits(2.0, 1.8, 0.5), temperature=0.1),
    "A lead of 0.2 becomes a lead of 2: nearly all of the probability goes to the largest.",
)
_add(
    "smoothing",
    "Label smoothing 0.1",
    "Temperature and smoothing",
    (),
    SoftmaxLesson(**_logits(9.0, 0.0, 0.0, 0.0, 0.0), smoothing_share=0.1),
    "The network is sure and right, and yet the gradient pulls its logit down again: at 92 % "
    "it would be enough.",
)
