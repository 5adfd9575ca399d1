"""The draw: which steps come for a picture, and with which numbers.

Each step of each picture has a generator of its own, made of seed, picture and step. So a
picture does not depend on the others of its batch, nor a step on those before it: who changes
a setting sees that setting change, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.augment.spec import PipelineSpec
from core.augment.steps.base import StepModel, Values


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn for one step of one picture.

    Attributes:
        step: the step.
        comes: whether it changes the picture.
        values: the numbers; drawn also where it does not come.
    """

    step: StepModel
    comes: bool
    values: Values

    @property
    def words(self) -> str:
        """The numbers for a person; empty where it does not come."""
        return self.step.words(self.values) if self.comes else ""


def draw_step(
    step: StepModel, seed: int, picture: int, place: int, shape: tuple[int, int, int]
) -> Drawn:
    """Draw for one step of one picture; a step whose settings do not fit never comes.

    Args:
        step: the step.
        seed: of all pictures, 0 or more.
        picture: its number, from 0.
        place: the step's number in the pipeline, from 0, counting those that are off.
        shape: height, width and channels of the picture.
    """
    height, width, channels = shape
    if step.problem():
        return Drawn(step, False, {})
    generator = np.random.default_rng([seed, picture, place])
    comes = bool(generator.random() < step.probability)
    comes &= step.on and not (step.colour_only and channels == 1)
    return Drawn(step, comes, step.drawn(generator, height, width))


def draw(
    pipeline: PipelineSpec, seed: int, picture: int, shape: tuple[int, int, int]
) -> tuple[Drawn, ...]:
    """Draw for all steps of one picture.

    Args:
        pipeline: the steps.
        seed: of all pictures, 0 or more.
        picture: its number, from 0.
        shape: height, width and channels of the picture.
    """
    return tuple(
        draw_step(step, seed, picture, place, shape)
        for place, step in enumerate(pipeline.steps)
    )
