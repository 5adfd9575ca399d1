"""What can go wrong with a picture's label, and for which pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Shown = Literal["digits", "text", "scenes", "shapes"]
SHOWN: tuple[Shown, ...] = get_args(Shown)
"""What pictures show. Scenes are photos of things that stand upright; shapes and textures have
no upper side."""

SHOWN_TITLES: Mapping[Shown, str] = MappingProxyType(
    {
        "digits": "digits",
        "text": "text and signs",
        "scenes": "photos of things and scenes",
        "shapes": "shapes and textures",
    }
)

Harm = Literal["changes", "loses", "mixes", "unlikely"]
HARMS: Mapping[Harm, str] = MappingProxyType(
    {
        "changes": "A picture can become one of another class, and keeps its label.",
        "loses": "What the label says may no longer be seen.",
        "mixes": "The label becomes shares of several classes.",
        "unlikely": "Nobody will ever show such pictures; the network learns them in vain.",
    }
)
"""What can happen, the worst first."""

Change = Literal["mirrored", "upside_down", "half_turn"]
"""Exact changes of a picture that make lookalikes."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An example that can be measured, see `core.augment.lookalikes.measured`.

    Attributes:
        sign: a digit, or a small letter.
        change: what is done to it.
    """

    sign: str
    change: Change


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing that can go wrong.

    Attributes:
        step: number of the step, from 1; of several together, the last.
        title: name of the step, or of the steps.
        parameter: the field that matters.
        parameter_title: its name for the screen.
        value: where it stands.
        harm: which kind.
        shown: the pictures for which it holds.
        sentence: what can happen, with the number.
        instead: what would be safe.
        example: a lookalike; None where there is none.
    """

    step: int
    title: str
    parameter: str
    parameter_title: str
    value: float | int | str
    harm: Harm
    shown: tuple[Shown, ...]
    sentence: str
    instead: str
    example: Lookalike | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A risk as a rule says it, which knows of one step alone; attributes as of `Risk`."""

    parameter: str
    harm: Harm
    shown: tuple[Shown, ...]
    sentence: str
    instead: str
    example: Lookalike | None = None
