"""Presets of the page "Descent": learning rates, clipping, optimisers, batches."""

from __future__ import annotations

from typing import Any

from core.arithmetic.stability import best_momentum, best_rate
from core.lessons.descent import DescentLesson
from core.presets.registry import PRESETS, Deck, Preset


def _lesson(*racers: tuple[str, float], **settings: Any) -> DescentLesson:  # noqa: ANN401
    """A lesson with these racers (optimiser, learning rate), A first."""
    lanes: dict[str, Any] = {}
    for lane, (rule, rate) in zip("abcdefg", racers, strict=False):
        lanes |= {f"optimizer_{lane}": rule, f"rate_{lane}": rate}
    return DescentLesson(**lanes | settings)


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: DescentLesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


_add(
    "step-down-the-hill",
    "The learning rate as step down the hill",
    "Learning rate",
    ("Coimbra",),
    _lesson(("sgd", 0.3), condition=1.0, descent_steps=12),
    "On a round bowl the gradient leads straight to the minimum. The step is learning rate * "
    "gradient: it becomes shorter by itself as the slope does.",
)
_add(
    "rate-too-small",
    "Learning rate too small",
    "Learning rate",
    ("MLC",),
    _lesson(("sgd", 0.002), descent_steps=50),
    "Each step takes off 0.4 % across the valley and 0.04 % along it. After 50 steps most of "
    "the way is still to go.",
)
_add(
    "rate-too-big",
    "Learning rate too big",
    "Learning rate",
    ("MLC",),
    _lesson(("sgd", 1.1), descent_steps=20, zoom=0.5),
    "1 - 1.1 * 2 = -1.2: each step lands on the other side of the valley, further out than "
    "before. The limit is 2 / curvature = 1.",
)
_add(
    "three-rates",
    "Too small, good, too large",
    "Learning rate",
    ("MLC",),
    _lesson(("sgd", 0.002), ("sgd", 0.9), ("sgd", 1.1), descent_steps=25),
    "Three learning rates from one start. B overshoots at every step and arrives all the same; "
    "C is only a fifth larger and leaves the picture.",
)
_add(
    "at-the-limit",
    "Exactly at the limit",
    "Learning rate",
    (),
    _lesson(("sgd", 1.0), descent_steps=30),
    "1 - 1 * 2 = -1: across the valley the weight jumps back and forth for ever, and along "
    "it it arrives.",
)
_add(
    "condition-100",
    "A long valley: condition number 100",
    "Learning rate",
    (),
    _lesson(
        ("sgd", _digits(best_rate(0.02, 2.0))),
        ("momentum", _digits(best_momentum(0.02, 2.0)[0])),
        condition=100.0,
        beta_velocity=_digits(best_momentum(0.02, 2.0)[1]),
        descent_steps=80,
    ),
    "The best constant rate of plain descent against Polyak's best momentum: per step 99/101 "
    "of the distance stays, or 9/11.",
)
_add(
    "decaying-rate",
    "A falling learning rate stills the noise",
    "Learning rate",
    (),
    _lesson(
        ("sgd", 0.2), surface="line", mini_batch=1, descent_steps=200, rate_schedule="cosine"
    ),
    "Batches of one example: as the rate falls, the path comes to rest. Switch the schedule to "
    "constant and it shakes to the end.",
)
_add(
    "cliff-without-clipping",
    "At the cliff, without clipping",
    "Gradient clipping",
    ("MLC",),
    _lesson(("sgd", 0.2), surface="cliff", descent_steps=100, zoom=0.5),
    "One step meets the wall, where the gradient is a hundred times as long, and is thrown far "
    "out onto the plateau.",
)
_add(
    "cliff-with-clipping",
    "At the cliff, with clipping by norm",
    "Gradient clipping",
    ("MLC",),
    _lesson(
        ("sgd", 0.2), surface="cliff", descent_steps=100, gradient_clipping="norm",
        clip_bound=0.2,
    ),
    "The same start and rate. No step is longer than 0.2 * 0.2 = 0.04, in the gradient's own "
    "direction, and the valley is reached.",
)  # fmt: skip
_add(
    "cliff-by-value",
    "Clipping by value turns the step",
    "Gradient clipping",
    (),
    _lesson(
        ("sgd", 0.2), surface="cliff", descent_steps=100, gradient_clipping="value",
        clip_bound=0.1,
    ),
    "Each number is cut at 0.1 by itself: where both are cut the step runs along the diagonal, "
    "wherever the gradient points.",
)  # fmt: skip
_add(
    "optimisation-strategies",
    "Optimisation strategies: the race",
    "Optimisers",
    ("MLC",),
    _lesson(
        ("sgd", 0.01), ("momentum", 0.002), ("nesterov", 0.002), ("rmsprop", 0.1),
        ("adam", 0.2), ("adagrad", 0.4), surface="himmelblau", descent_steps=60,
    ),
    "Six optimisers from one start, each with a rate that suits it. Drag the flag over the "
    "hill: they part for different valleys.",
)  # fmt: skip
_add(
    "adam-step-by-step",
    "Adam, step by step",
    "Optimisers",
    ("NTU",),
    _lesson(("adam", 0.3), descent_steps=30),
    "Read the table: two moving means, both biased towards 0 at first, and the correction. The "
    "first step is the learning rate in both weights, however steep it is.",
)
_add(
    "momentum-in-the-valley",
    "Momentum in Rosenbrock's valley",
    "Optimisers",
    (),
    _lesson(
        ("sgd", 0.001), ("momentum", 0.0005), ("adam", 0.05), surface="rosenbrock",
        descent_steps=200,
    ),
    "From Rosenbrock's own start (-1.2, 1). All find the valley in a few steps; along it the "
    "gradient is tiny, and only what remembers its speed gets on.",
)  # fmt: skip
_add(
    "tilted-bowl",
    "A tilted bowl",
    "Optimisers",
    (),
    _lesson(
        ("momentum", 0.1), ("adam", 0.1), ("adagrad", 0.5), tilt=45, condition=50.0,
        descent_steps=60,
    ),
    "Turn the tilt to 0 and back: the start turns along. Momentum's losses stay as they are; "
    "Adam and Adagrad scale each weight by itself and lose that advantage on the diagonal.",
)  # fmt: skip
_add(
    "saddle-ridge",
    "Stuck on a saddle",
    "Surfaces",
    (),
    _lesson(("sgd", 0.2), surface="saddle", start="-1.6,0", descent_steps=60),
    "A start with y = 0 walks into the saddle and rests there, since the gradient is 0. Give "
    "it the least noise and it finds a minimum.",
)
_add(
    "many-minima",
    "The nearest dip is not the deepest",
    "Surfaces",
    (),
    _lesson(
        ("sgd", 0.002), ("sgd", 0.012), surface="rastrigin", descent_steps=150,
        rate_schedule="cosine",
    ),
    "A rests in the dip where it began. B's steps are too long for any dip: as its rate falls "
    "it settles in a much deeper one. Move the flag a little, and it is another one.",
)  # fmt: skip
_add(
    "cross-entropy-by-sgd",
    "Cross-entropy by stochastic gradient descent",
    "Mini-batches",
    ("Penn",),
    _lesson(
        ("sgd", 1.0), surface="logistic", mini_batch=4, descent_steps=60,
    ),
    "A yes-or-no classifier with one weight and one bias. Each step takes the mean gradient of "
    "4 of 24 examples; their numbers stand above the table.",
)  # fmt: skip
_add(
    "batch-of-one",
    "Batch size 1 against all 24",
    "Mini-batches",
    (),
    _lesson(("sgd", 0.05), surface="line", mini_batch=1, descent_steps=100),
    "A path on single examples: downhill on the average only. Raise the batch size to 24 and "
    "it becomes smooth.",
)
_add(
    "adamw-against-l2",
    "AdamW against L2 in Adam",
    "Weight decay",
    (),
    _lesson(
        ("adam", 0.1), ("adamw", 0.1), surface="beale", shrink=0.2, shrink_as="l2",
        descent_steps=150,
    ),
    "The same decay twice. A has it in the gradient, where Adam divides it by the gradient's "
    "size; B shrinks the weights themselves.",
)  # fmt: skip
