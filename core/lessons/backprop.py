"""Settings of the page "Backpropagation": one tiny network, an example, how often it learns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field
from pydantic.config import JsonDict

from core.arithmetic.backprop_steps import Step, steps
from core.arithmetic.tiny_network import (
    PARAMETERS,
    Activation,
    Example,
    History,
    Loss,
    Network,
    Pass,
    mean_loss,
    run,
    train,
)
from core.lessons.base import Lesson, marks

STEPS = 25
"""What a forward pass, a backward pass and the update consist of."""
_UPDATES = (*range(11), 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000,
            3000, 5000)  # fmt: skip
_HORIZONS = (20, 50, 100, 200, 500, 1000, 2000, 5000)
_CURVE = 240
"""Points of the loss curve that are shown."""


def _tenths(reach: int) -> JsonDict:
    return marks(*(k / 10 for k in range(-10 * reach, 10 * reach + 1)))


GATES: dict[str, tuple[Example, ...]] = {
    gate: tuple(
        Example(float(a), float(b), float(rule)) for (a, b), rule in zip(
            ((0, 0), (0, 1), (1, 0), (1, 1)), answers, strict=True
        )
    )
    for gate, answers in (("and", (0, 0, 0, 1)), ("or", (0, 1, 1, 1)), ("xor", (0, 1, 1, 0)))
}  # fmt: skip
"""Four examples each."""


def _weight(value: float, title: str, words: str) -> float:
    """A weight's field."""
    field: float = Field(
        value, ge=-100, le=100, title=title, description=words, json_schema_extra=_tenths(3)
    )
    return field


class BackpropLesson(Lesson):
    """A 2-2-1 network with every number in the open."""

    page: ClassVar[str] = "backprop"

    x_one: float = _weight(1.0, "Input x1", "What goes into the network first.")
    x_two: float = _weight(0.5, "Input x2", "What goes in second.")
    y_target: float = _weight(1.0, "Target y", "What the prediction should be.")
    gate: Literal["none", "and", "or", "xor"] = Field(
        "none",
        title="Examples",
        description="none: the one example of the sliders; and, or, xor: the four rows of a "
        "truth table in turns, one for each update.",
    )
    w_one_one: float = _weight(0.4, "Weight w11", "Weight from x1 to hidden unit 1.")
    w_two_one: float = _weight(0.3, "Weight w21", "Weight from x2 to hidden unit 1.")
    b_one: float = _weight(0.1, "Bias b1", "Bias of hidden unit 1.")
    w_one_two: float = _weight(-0.2, "Weight w12", "Weight from x1 to hidden unit 2.")
    w_two_two: float = _weight(0.6, "Weight w22", "Weight from x2 to hidden unit 2.")
    b_two: float = _weight(0.2, "Bias b2", "Bias of hidden unit 2.")
    v_one: float = _weight(0.7, "Weight v1", "Weight from hidden unit 1 to the output.")
    v_two: float = _weight(-0.5, "Weight v2", "Weight from hidden unit 2 to the output.")
    c_out: float = _weight(0.2, "Bias c", "Bias of the output.")
    hidden_activation: Activation = Field(
        "sigmoid", title="Hidden units", description="Activation of the two hidden units."
    )
    output_activation: Activation = Field(
        "sigmoid",
        title="Output",
        description="Activation of the output; cross-entropy needs the sigmoid.",
    )
    error: Loss = Field(
        "squared",
        title="Loss",
        description="squared: (p - y)^2, as Keras' MeanSquaredError; half_squared: half of it, "
        "as many textbooks have it; cross_entropy: of a yes-or-no answer.",
    )
    step_rate: float = Field(
        0.5,
        ge=1e-4,
        le=100,
        title="Learning rate",
        description="Length of the update's step.",
        json_schema_extra=marks(
            0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7,
            10, 20, 50, 100,
        ),
    )  # fmt: skip
    updates_done: int = Field(
        0, ge=0, le=5000, title="Updates done", description="How often it has learned before."
    )
    pass_step: int = Field(
        STEPS,
        ge=1,
        le=STEPS,
        title="Step shown",
        description="How far the computation is: forward, back, update.",
    )

    def choices(self, name: str) -> list[int]:
        """The values of a slider; updates go in ever larger strides."""
        if name == "updates_done":
            return sorted({*_UPDATES, self.updates_done})
        return super().choices(name)

    @property
    def output_kind(self) -> Activation:
        """The output's activation: what cross-entropy leaves of the choice."""
        return "sigmoid" if self.error == "cross_entropy" else self.output_activation

    @property
    def examples(self) -> tuple[Example, ...]:
        """What the network learns, in turns."""
        if self.gate != "none":
            return GATES[self.gate]
        return (Example(self.x_one, self.x_two, self.y_target),)

    def network(self) -> Network:
        """The network before the first update."""
        values = {name: getattr(self, field) for name, field in FIELDS.items()}
        return Network(
            **values, hidden=self.hidden_activation, output=self.output_kind, loss=self.error
        )

    def with_network(self, network: Network) -> BackpropLesson:
        """The same lesson with these weights, to four digits, and no update done."""
        values = {
            FIELDS[name]: min(max(float(f"{value:.4g}"), -100.0), 100.0)
            for name, value in network.parameters.items()
        }
        return self.model_copy(update={**values, "updates_done": 0})


FIELDS = dict(
    zip(
        PARAMETERS,
        (
            "w_one_one", "w_two_one", "b_one", "w_one_two", "w_two_two", "b_two", "v_one",
            "v_two", "c_out",
        ),
        strict=True,
    )
)  # fmt: skip
"""The lesson's field of each parameter."""
INPUTS = {"x1": "x_one", "x2": "x_two", "y": "y_target"}
"""The lesson's field of each number that is given."""


@dataclass(frozen=True, slots=True, eq=False)
class BackpropCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        example: what goes in now, of several the one whose turn it is.
        turn: its place among them, counted from 0.
        made: the forward and the backward pass, after the updates done.
        steps: the same, one thing after the other, with the update at the end.
        updates: how many could be done; fewer than asked for where the weights were lost.
        curve: (updates, mean loss) of the whole history that is shown.
        lost: after how many updates the weights leave all bounds; None where they do not.
    """

    lesson: BackpropLesson
    example: Example
    turn: int
    made: Pass
    steps: tuple[Step, ...]
    updates: int
    curve: tuple[tuple[int, float], ...]
    lost: int | None


def build(lesson: BackpropLesson) -> BackpropCase:
    """Learn as often as asked, and once more slowly."""
    examples = lesson.examples
    horizon = next((h for h in _HORIZONS if h >= 1.2 * lesson.updates_done), _HORIZONS[-1])
    history = _history(lesson.network(), examples, lesson.step_rate, horizon)
    updates = min(lesson.updates_done, len(history.networks) - 1)
    turn = updates % len(examples)
    made = run(history.networks[updates], examples[turn])
    return BackpropCase(
        lesson=lesson,
        example=examples[turn],
        turn=turn,
        made=made,
        steps=steps(made, lesson.step_rate),
        updates=updates,
        curve=_curve(history, examples, updates),
        lost=len(history.networks) - 1 if history.lost else None,
    )


@lru_cache(maxsize=32)
def _history(
    network: Network, examples: tuple[Example, ...], learning_rate: float, updates: int
) -> History:
    return train(network, examples, learning_rate, updates)


def _curve(
    history: History, examples: tuple[Example, ...], updates: int
) -> tuple[tuple[int, float], ...]:
    """Losses over the updates: evenly thinned, with the first, the present and the last."""
    last = len(history.networks) - 1
    every = max(1, -(-last // _CURVE))
    places = sorted({*range(0, last + 1, every), updates, last})
    return tuple((place, mean_loss(history.networks[place], examples)) for place in places)
