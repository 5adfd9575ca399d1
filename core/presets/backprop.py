"""Presets of the page "Backpropagation"."""

from __future__ import annotations

from typing import Any

from core.lessons.backprop import FIELDS, BackpropLesson
from core.presets.registry import PRESETS, Deck, Preset


def _weights(*values: float) -> dict[str, Any]:
    """The nine parameters in the order w11, w21, b1, w12, w22, b2, v1, v2, c."""
    return dict(zip(FIELDS.values(), values, strict=True))


def _add(
    slug: str,
    title: str,
    topic: str,
    decks: tuple[Deck, ...],
    lesson: BackpropLesson,
    look: str,
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "forward-pass",
    "The forward pass and the loss",
    "Passes",
    ("Coimbra",),
    BackpropLesson(pass_step=7),
    "Seven numbers, from the inputs to the loss. What comes later is still unknown: step on, "
    "and the gradients come back.",
)
_add(
    "backward-pass",
    "Backpropagation",
    "Passes",
    ("Coimbra",),
    BackpropLesson(pass_step=24),
    "Point at a weight: the circled numbers are the factors of its gradient. Weights further "
    "left have more of them, and smaller gradients.",
)
_add(
    "weight-update",
    "The weight update",
    "Passes",
    ("Coimbra",),
    BackpropLesson(pass_step=25),
    "All nine parameters take one step against their gradients. Press One update, and the "
    "same pass begins with the new weights.",
)
_add(
    "many-updates",
    "A hundred updates",
    "Learning",
    (),
    BackpropLesson(updates_done=100),
    "The same example again and again: the loss falls quickly, then ever more slowly, since "
    "the sigmoid flattens and the gradients shrink with it.",
)
_add(
    "rate-of-hundred",
    "A learning rate that explodes",
    "Learning",
    (),
    BackpropLesson(
        hidden_activation="linear", output_activation="linear", step_rate=1.5, updates_done=3
    ),
    "Without activations nothing holds the numbers: each update overshoots by more than the "
    "last, and after a few the weights are lost.",
)
_add(
    "xor",
    "XOR, learned by two hidden units",
    "Learning",
    (),
    BackpropLesson(gate="xor", error="cross_entropy", step_rate=5.0, updates_done=3000),
    "The problem that made hidden units famous. Step through the four examples with One "
    "update, and read what each hidden unit has come to stand for.",
)
_add(
    "xor-linear",
    "XOR without hidden activations",
    "Learning",
    (),
    BackpropLesson(
        gate="xor", error="cross_entropy", hidden_activation="linear", step_rate=0.1,
        updates_done=3000,
    ),
    "Linear units on linear units are one linear unit. The loss stays at log 2 = 0.693: the "
    "network answers 1/2 to everything.",
)  # fmt: skip
_add(
    "slow-when-wrong",
    "Squared error learns slowly when it is most wrong",
    "What can go wrong",
    (),
    BackpropLesson(y_target=0.0, **_weights(1, 1, 0, 1, 1, 0, 3, 3, 1)),
    "The answer is 0.998 where 0 was wanted, and the gradients are tiny: the sigmoid's slope "
    "is one of their factors. Switch the loss to cross-entropy.",
)
_add(
    "dead-unit",
    "A dead ReLU",
    "What can go wrong",
    (),
    BackpropLesson(
        hidden_activation="relu",
        output_activation="linear",
        step_rate=0.1,
        **_weights(-0.8, -0.6, -0.2, 0.5, 0.4, 0.1, 0.7, 0.6, 0.0),
    ),
    "z1 is below 0, so h1 is 0 and its slope is 0: nothing comes back to w11, w21 and b1. Only "
    "another input can wake this unit.",
)
_add(
    "symmetric-start",
    "All weights alike",
    "What can go wrong",
    (),
    BackpropLesson(
        gate="xor", step_rate=2.0, updates_done=200, **_weights(*[0.5] * 9),
    ),
    "Both hidden units get the same gradients at every update and stay one unit for ever. "
    "Random weights break the tie.",
)  # fmt: skip
_add(
    "saturated",
    "Saturated: the gradient vanishes on its way",
    "What can go wrong",
    (),
    BackpropLesson(
        hidden_activation="tanh", **_weights(2.5, 2, 1, -2.5, -2, -1, 0.7, -0.5, 0.2)
    ),
    "tanh is flat at 4.5: its slope 0.0005 is a factor of everything on the left. The output's "
    "weights learn, the first layer stands still.",
)
