"""Steps that are made of other steps: colour jitter, and policies that choose at random."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.augment.steps import colour, geometry, noise
from core.augment.steps.base import (
    Effect,
    Filling,
    Group,
    LabelEffect,
    StepModel,
    Values,
)

Branch = tuple[type[StepModel], str, dict[str, float]]
"""A kind of step, which of its values the amount is, and the values that are fixed."""

Floats = npt.NDArray[np.float64]

IDENTITY = -1
"""In place of a branch: nothing is done."""

JITTER: tuple[Branch, ...] = (
    (colour.Brightness, "shift", {}),
    (colour.Contrast, "factor", {}),
    (colour.Saturation, "factor", {}),
    (colour.Hue, "degrees", {}),
)
OPERATIONS: tuple[Branch, ...] = (
    (colour.AutoContrast, "", {}),
    (colour.Equalize, "", {}),
    (colour.Posterize, "bits", {}),
    (colour.Solarize, "threshold", {}),
    (geometry.Rotation, "angle", {}),
    (geometry.Shear, "across", {"down": 0.0}),
    (geometry.Shear, "down", {"across": 0.0}),
    (geometry.Translation, "right", {"down": 0.0}),
    (geometry.Translation, "down", {"right": 0.0}),
    (colour.Exposure, "factor", {}),
    (colour.Contrast, "factor", {}),
    (colour.Fade, "share", {}),
    (noise.Sharpness, "factor", {}),
)
"""The operations of AutoAugment that RandAugment keeps (Cubuk et al. 2020, figure 2). AugMix
draws from the first nine."""

RAND_LIMITS = np.array([
    [0, 0, 0], [0, 0, 0], [8, -4, 0], [256, -256, 0],
    [0, 30, 1], [0, 16.7, 1], [0, 16.7, 1], [0, 0.453, 1], [0, 0.453, 1],
    [1, 0.9, 1], [1, 0.9, 1], [0, 0.9, 1], [1, 0.9, 1],
])  # fmt: skip
"""For each operation its amount at strength 0, the change up to strength 1, and whether it
goes to either side: the ranges of torchvision.transforms.RandAugment (a slant of 0.3 is 16.7
degrees, a shift of 150 out of 331 pixels is 0.453)."""

WIDE_LIMITS = np.array([
    [0, 0, 0], [0, 0, 0], [8, -6, 0], [256, -256, 0],
    [0, 135, 1], [0, 44.7, 1], [0, 44.7, 1], [0, 0.453, 1], [0, 0.453, 1],
    [1, 0.99, 1], [1, 0.99, 1], [0, 0.99, 1], [1, 0.99, 1],
])  # fmt: skip
"""The same for TrivialAugmentWide (Mueller & Hutter 2021, table 9); its shift of 32 pixels,
whatever the size of the picture, is RandAugment's share here."""

MIX_LIMITS = np.array([
    [0, 0, 0], [0, 0, 0], [4, -4, 0], [256, -256, 0],
    [0, 30, 1], [0, 16.7, 1], [0, 16.7, 1], [0, 0.333, 1], [0, 0.333, 1],
])  # fmt: skip
"""The same for AugMix (Hendrycks et al. 2020, its published code)."""


class Composite(StepModel):
    """A step made of others.

    Its values are `ops`, which branch comes at each place (`IDENTITY` for none), and
    `amounts`, the one value that each branch takes.
    """

    branches: ClassVar[tuple[Branch, ...]]

    def beyond(self) -> dict[str, Any]:
        """Settings of the parts that can show what is beyond the border."""
        return {}

    def parts(self, ops: Floats, amounts: Floats) -> list[tuple[StepModel, Values]]:
        """The steps in their order, each with its values; without those that do nothing.

        Args:
            ops: (L,) places in `branches`, or `IDENTITY`.
            amounts: (L,) the values.
        """
        found: list[tuple[StepModel, Values]] = []
        for op, amount in zip(np.ravel(ops).tolist(), np.ravel(amounts).tolist(), strict=True):
            if op == IDENTITY:
                continue
            kind, name, fixed = self.branches[int(op)]
            step = kind(**(self.beyond() if issubclass(kind, Filling) else {}))
            found.append((step, {**fixed, name: _whole(name, amount)} if name else fixed))
        return found

    def words(self, values: Values) -> str:
        """The steps and what each has drawn."""
        parts = self.parts(values["ops"], values["amounts"])
        return "; ".join(_named(step, drawn) for step, drawn in parts) or "nothing"


def _whole(name: str, amount: float) -> float | int:
    return round(amount) if name == "bits" else amount


def _named(step: StepModel, values: Values) -> str:
    words = step.words(values)
    return words if step.title.lower() in words else f"{step.title.lower()}: {words}"


class ColorJitter(Composite):
    """Brightness, contrast, saturation and hue, one after the other."""

    title = "Colour jitter"
    about = "Brightness, contrast, saturation and hue, one after the other."
    group: ClassVar[Group] = "colour"
    source = "Krizhevsky 2014; keras.layers.RandomColorJitter"
    made_by = "the four steps, in the order of keras.layers.RandomColorJitter"
    label: ClassVar[LabelEffect] = "can change"
    neutral: ClassVar[dict[str, float]] = {
        "brightness": 0, "contrast": 0, "saturation": 0, "hue": 0
    }  # fmt: skip
    branches = JITTER

    kind: Literal["color_jitter"] = "color_jitter"
    brightness: int = Field(
        20, ge=0, le=100, title="Brightness (%)", json_schema_extra={"step": 5},
        description="As in the step Brightness.",
    )  # fmt: skip
    contrast: int = Field(
        20, ge=0, le=100, title="Contrast (%)", json_schema_extra={"step": 5},
        description="As in the step Contrast.",
    )  # fmt: skip
    saturation: int = Field(
        30, ge=0, le=100, title="Saturation (%)", json_schema_extra={"step": 5},
        description="As in the step Saturation.",
    )  # fmt: skip
    hue: int = Field(
        10, ge=0, le=180, title="Hue (degrees)", json_schema_extra={"step": 5},
        description="As in the step Hue.",
    )  # fmt: skip

    def risk(self) -> str:
        """As the hue's."""
        return colour.Hue(most=self.hue).risk()

    @staticmethod
    def draw(
        rng: np.random.Generator, brightness: int, contrast: int, saturation: int, hue: int
    ) -> Values:
        """What each of the four steps would draw."""
        amounts = [
            255 * rng.uniform(-brightness, brightness) / 100,
            rng.uniform(1 - contrast / 100, 1 + contrast / 100),
            rng.uniform(1 - saturation / 100, 1 + saturation / 100),
            rng.uniform(-hue, hue),
        ]
        return {"ops": np.arange(4), "amounts": np.array(amounts)}


class Policy(Composite, Filling):
    """A composite whose steps are chosen at random."""

    group: ClassVar[Group] = "policies"
    label: ClassVar[LabelEffect] = "can change"
    branches = OPERATIONS

    def beyond(self) -> dict[str, Any]:
        """Its own."""
        return {"fill": self.fill, "fill_value": self.fill_value}


class RandAugment(Policy):
    """A few operations, chosen at random, all at one strength."""

    title = "RandAugment"
    about = "A few operations out of thirteen, chosen at random, all at one strength."
    source = "Cubuk et al. 2020, RandAugment, figure 2"
    made_by = "the steps, as keras.layers.RandAugment; KerasCV's cannot move boxes"
    neutral: ClassVar[dict[str, float]] = {"operations": 0, "magnitude": 0}

    kind: Literal["rand_augment"] = "rand_augment"
    operations: int = Field(
        2, ge=0, le=5, title="Operations", description="How many follow each other (N)."
    )
    magnitude: int = Field(
        9, ge=0, le=30, title="Magnitude",
        description="How strong each of them is, from 0 to 30 (M).",
    )  # fmt: skip

    def risk(self) -> str:
        """At strengths at which AutoAugment's own ranges end."""
        if self.magnitude <= 20:
            return ""
        return (
            f"At magnitude {self.magnitude} a solarized and posterized picture can be beyond "
            "recognition, also for people."
        )

    @staticmethod
    def draw(rng: np.random.Generator, operations: int, magnitude: int) -> Values:
        """Which operations (-1 is none), and the amount of each."""
        ops = rng.integers(-1, 13, operations)
        rest, change, signed = RAND_LIMITS[ops].T
        sign = np.where(signed, rng.choice([-1, 1], operations), 1)
        amounts = rest + sign * change * magnitude / 30
        return {"ops": ops, "amounts": np.where(ops == 2, np.rint(amounts), amounts)}


class TrivialAugment(Policy):
    """One operation, at a strength of its own for each picture."""

    title = "TrivialAugment"
    about = "One operation out of thirteen, at a random strength: nothing to tune."
    source = "Mueller & Hutter 2021, TrivialAugment, section 3"
    made_by = "the steps"

    kind: Literal["trivial_augment"] = "trivial_augment"
    wide: bool = Field(
        default=True,
        title="Wide ranges",
        description="The larger ranges of TrivialAugmentWide: turns of up to 135 degrees.",
    )

    def risk(self) -> str:
        """The wide range turns things over."""
        if not self.wide:
            return ""
        return "Wide ranges turn by up to 135 degrees: a 6 can become a 9."

    @staticmethod
    def draw(rng: np.random.Generator, wide: bool) -> Values:
        """Which operation (-1 is none), and its amount at one of 31 strengths."""
        ops = rng.integers(-1, 13, 1)
        rest, change, signed = (WIDE_LIMITS if wide else RAND_LIMITS)[ops].T
        sign = np.where(signed, rng.choice([-1, 1]), 1)
        amounts = rest + sign * change * rng.integers(31) / 30
        return {"ops": ops, "amounts": np.where(ops == 2, np.rint(amounts), amounts)}


class AugMix(Policy):
    """Several chains of operations, blended with each other and with the picture."""

    title = "AugMix"
    about = "Blends the picture with copies that went through random chains of operations."
    source = "Hendrycks et al. 2020, AugMix, algorithm 1"
    made_by = "the steps, as keras.layers.AugMix"
    boxes: ClassVar[Effect] = "stay"
    masks: ClassVar[Effect] = "stay"
    label: ClassVar[LabelEffect] = "kept"
    neutral: ClassVar[dict[str, float]] = {"blend": 0}

    kind: Literal["aug_mix"] = "aug_mix"
    chains: int = Field(3, ge=1, le=5, title="Chains", description="Copies that are blended.")
    depth: int = Field(
        3, ge=1, le=4, title="Depth, up to", description="Most operations of a chain."
    )
    severity: int = Field(
        3, ge=1, le=10, title="Severity",
        description="How strong the operations are; the paper uses 3.",
    )  # fmt: skip
    blend: int = Field(
        100, ge=0, le=100, title="Blend, up to (%)", json_schema_extra={"step": 5},
        description="Largest share of the copies; the rest is the picture itself.",
    )  # fmt: skip

    @staticmethod
    def draw(
        rng: np.random.Generator, chains: int, depth: int, severity: int, blend: int
    ) -> Values:
        """(chains, depth) operations and amounts, the chains' weights, the copies' share.

        Shorter chains end in -1, nothing.
        """
        ops = rng.integers(0, 9, (chains, depth))
        rest, change, signed = np.moveaxis(MIX_LIMITS[ops], -1, 0)
        sign = np.where(signed, rng.choice([-1, 1], (chains, depth)), 1)
        amounts = rest + sign * change * rng.uniform(0.1, severity, (chains, depth)) / 10
        lengths = rng.integers(1, depth + 1, (chains, 1))
        return {
            "ops": np.where(np.arange(depth) < lengths, ops, -1),
            "amounts": np.where(ops == 2, np.maximum(np.rint(amounts), 1), amounts),
            "weights": rng.dirichlet(np.ones(chains)),
            "copies": rng.beta(1, 1) * blend / 100,
        }

    def words(self, values: Values) -> str:
        """The share of the copies, and each chain."""
        chains = [
            "; ".join(_named(*part) for part in self.parts(*chain)) or "nothing"
            for chain in zip(values["ops"], values["amounts"], strict=True)
        ]
        shares = zip(values["weights"], chains, strict=True)
        listed = " | ".join(f"{weight:.0%} {chain}" for weight, chain in shares)
        return f"{values['copies']:.0%} copies: {listed}"
