"""Settings of the page "Descent": a surface, the racers on it, and what happens on the way."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from core.arithmetic.optimizers import OptimizerSpec, Pace
from core.arithmetic.surface import Point, Surface
from core.arithmetic.surfaces import SURFACES, bowl
from core.lessons.base import Lesson, marks

LANES = "abcdefg"
"""Letters of the racers."""
MOST_STEPS = 300
_STEPS = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300)
_BATCHES = (1, 2, 3, 4, 6, 8, 12, 24)

Optimizer = Literal["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"]
Entrant = Literal["off", "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"]

RATES = marks(
    *(
        float(f"{digits}e{power}")
        for power in range(-4, 1)
        for digits in (1, 1.1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 9)
    ),
    10.0,
)
"""Learning rates that a slider stands at, evenly spaced in their logarithm."""
BETAS = marks(0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)


class DescentLesson(Lesson):
    """One surface, up to seven optimisers from the same start."""

    page: ClassVar[str] = "descent"

    surface: Literal[
        "bowl", "line", "logistic", "rosenbrock", "himmelblau", "saddle", "cliff", "beale",
        "rastrigin",
    ] = Field(
        "bowl", title="Surface", description="The loss of two weights. A new surface brings "
        "its own start and learning rates that suit it."
    )  # fmt: skip
    curvature: float = Field(
        2.0,
        ge=0.1,
        le=20,
        title="Curvature",
        description="Second derivative across the bowl's valley, the largest there is.",
        json_schema_extra=marks(0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 8, 10, 20),
    )
    condition: float = Field(
        10.0,
        ge=1,
        le=1000,
        title="Condition number",
        description="How many times more the bowl curves across the valley than along it.",
        json_schema_extra=marks(1, 1.5, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000),
    )
    tilt: int = Field(
        0,
        ge=0,
        le=90,
        title="Tilt",
        description="Degrees between the bowl's valley and the x axis. Optimisers that treat "
        "each weight by itself feel it.",
    )
    optimizer_a: Optimizer = Field(
        "sgd", title="Optimiser A", description="The update rule, as keras.optimizers has it."
    )
    rate_a: float = Field(
        0.4, ge=1e-5, le=10, title="Learning rate A", description="Length of A's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_b: Entrant = Field(
        "off", title="Optimiser B", description="A second one from the same start; off: none."
    )
    rate_b: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate B", description="Length of B's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_c: Entrant = Field(
        "off", title="Optimiser C", description="A third one from the same start; off: none."
    )
    rate_c: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate C", description="Length of C's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_d: Entrant = Field(
        "off", title="Optimiser D", description="A fourth one from the same start; off: none."
    )
    rate_d: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate D", description="Length of D's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_e: Entrant = Field(
        "off", title="Optimiser E", description="A fifth one from the same start; off: none."
    )
    rate_e: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate E", description="Length of E's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_f: Entrant = Field(
        "off", title="Optimiser F", description="A sixth one from the same start; off: none."
    )
    rate_f: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate F", description="Length of F's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    optimizer_g: Entrant = Field(
        "off", title="Optimiser G", description="A seventh one from the same start; off: none."
    )
    rate_g: float = Field(
        0.1, ge=1e-5, le=10, title="Learning rate G", description="Length of G's steps.",
        json_schema_extra=RATES,
    )  # fmt: skip
    beta_velocity: float = Field(
        0.9,
        ge=0,
        le=0.999,
        title="Momentum",
        description="Share of the velocity that each step keeps, for momentum and Nesterov.",
        json_schema_extra=BETAS,
    )
    beta_mean: float = Field(
        0.9,
        ge=0,
        le=0.999,
        title="Beta 1",
        description="Share of the mean gradient that Adam and AdamW keep.",
        json_schema_extra=BETAS,
    )
    beta_square: float = Field(
        0.999,
        ge=0,
        le=0.9999,
        title="Beta 2",
        description="Share of the mean squared gradient that Adam and AdamW keep.",
        json_schema_extra=BETAS,
    )
    rho_square: float = Field(
        0.9,
        ge=0,
        le=0.999,
        title="Rho",
        description="Share of the mean squared gradient that RMSprop keeps.",
        json_schema_extra=BETAS,
    )
    descent_steps: int = Field(
        50, ge=1, le=MOST_STEPS, title="Steps", description="How many steps each one makes."
    )
    start: str = Field(
        "",
        max_length=20,
        pattern=r"^(-?\d{1,2}(\.\d{1,4})?,-?\d{1,2}(\.\d{1,4})?)?$",
        title="Start",
        description="The first weights, for example -2.2,1.6. Click the surface or drag the "
        "flag; empty takes the surface's own.",
    )
    gradient_clipping: Literal["off", "norm", "value"] = Field(
        "off",
        title="Gradient clipping",
        description="norm: a gradient longer than the bound is scaled down to it and keeps its "
        "direction; value: each of its numbers is cut at the bound.",
    )
    clip_bound: float = Field(
        1.0,
        ge=1e-3,
        le=100,
        title="Clip at",
        description="The bound: Keras' clipnorm or clipvalue.",
        json_schema_extra=marks(
            0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
        ),
    )  # fmt: skip
    shrink: float = Field(
        0.0,
        ge=0,
        le=2,
        title="Decay of weights",
        description="Keras' weight_decay: share of each weight taken away per step, times the "
        "learning rate.",
        json_schema_extra=marks(0, 0.001, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
    )
    shrink_as: Literal["decoupled", "l2"] = Field(
        "decoupled",
        title="Decay comes as",
        description="decoupled: the weight itself shrinks, as Keras' weight_decay does it; l2: "
        "decay * weight is added to the gradient, as a regulariser does it. AdamW is always "
        "decoupled.",
    )
    mini_batch: int = Field(
        24,
        ge=1,
        le=24,
        title="Batch size",
        description="Examples whose mean gradient makes a step, of 24.",
    )
    gradient_noise: float = Field(
        0.0,
        ge=0,
        le=50,
        title="Noise",
        description="Standard deviation of what is added to each number of the gradient, as a "
        "mini-batch would.",
        json_schema_extra=marks(0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
    )
    noise_seed: int = Field(
        0, ge=0, le=99, title="Seed of the noise", description="Of the noise and the batches."
    )
    rate_schedule: Literal["constant", "step", "exponential", "cosine", "warmup"] = Field(
        "constant",
        title="Schedule",
        description="How the learning rates change on the way; warmup rises from 0 first and "
        "then falls as cosine does.",
    )
    rate_drop: float = Field(
        0.5,
        ge=0.01,
        le=1,
        title="Drop",
        description="What step and exponential multiply the learning rate by.",
        json_schema_extra=marks(0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1),
    )
    rate_every: int = Field(
        10, ge=1, le=100, title="Steps per drop", description="From one drop to the next."
    )
    rate_warmup: int = Field(
        10, ge=1, le=100, title="Steps of warm-up", description="Until the rate is at its full."
    )
    zoom: float = Field(
        1.0,
        ge=0.1,
        le=64,
        title="Zoom",
        description="Above 1 towards the minimum that A comes closest to, below 1 outwards.",
        json_schema_extra=marks(0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64),
    )
    shown_step: int = Field(
        1,
        ge=1,
        le=MOST_STEPS,
        title="Step shown",
        description="Whose arithmetic stands below the surface.",
    )
    shown_lane: Literal["a", "b", "c", "d", "e", "f", "g"] = Field(
        "a", title="Racer shown", description="Whose arithmetic stands below the surface."
    )

    def choices(self, name: str) -> list[int]:
        """The values of a slider, in steps that a hall can tell apart."""
        offered = {"tilt": range(0, 91, 15), "descent_steps": _STEPS, "mini_batch": _BATCHES}
        if name in offered:
            return sorted({*offered[name], getattr(self, name)})
        if name == "shown_step":
            return list(range(1, self.descent_steps + 1))
        return super().choices(name)

    @property
    def lanes(self) -> tuple[str, ...]:
        """Letters of those who take part."""
        return tuple(lane for lane in LANES if self.rule(lane) != "off")

    def rule(self, lane: str) -> str:
        """Slug of a racer's optimiser, or off."""
        rule: str = getattr(self, f"optimizer_{lane}")
        return rule

    def rate(self, lane: str) -> float:
        """A racer's learning rate."""
        rate: float = getattr(self, f"rate_{lane}")
        return rate

    def spec(self, lane: str) -> OptimizerSpec:
        """A racer's optimiser with all its settings."""
        return OptimizerSpec(
            rule=self.rule(lane),
            learning_rate=self.rate(lane),
            momentum=self.beta_velocity,
            rho=self.rho_square,
            beta_1=self.beta_mean,
            beta_2=self.beta_square,
            weight_decay=self.shrink,
            decay=self.shrink_as,
            clipping=self.gradient_clipping,
            clip=self.clip_bound,
            pace=Pace(
                self.rate_schedule,
                self.rate_drop,
                self.rate_every,
                self.rate_warmup,
                self.descent_steps,
            ),
        )

    def landscape(self) -> Surface:
        """The surface, the bowl in the shape that is set."""
        if self.surface == "bowl":
            return bowl(self.curvature, self.condition, float(self.tilt))
        return SURFACES[self.surface]

    def start_point(self) -> Point:
        """The first weights."""
        if not self.start:
            return self.landscape().start
        x, y = (float(part) for part in self.start.split(","))
        return x, y

    def suited_rates(self) -> DescentLesson:
        """The same racers with learning rates that suit the surface."""
        surface = self.landscape()
        rates = {f"rate_{lane}": surface.rate_for(self.rule(lane)) for lane in self.lanes}
        return self.model_copy(update=rates)

    def suited(self) -> DescentLesson:
        """The same racers with the surface's own start and learning rates that suit it."""
        return self.suited_rates().model_copy(update={"start": "", "zoom": 1.0})
