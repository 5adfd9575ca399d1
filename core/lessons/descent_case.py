"""The page "Descent" with its numbers: everybody's way down, and the ground below it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.arithmetic.contours import Ring, rings, simplified
from core.arithmetic.descent import Batch, Trace, descend, gaussian_noise, shuffled_batches
from core.arithmetic.optimizers import RULES
from core.arithmetic.surface import Point, Surface, Window
from core.arithmetic.surfaces import SURFACES, bowl
from core.arithmetic.verdicts import Verdict, verdict
from core.lessons.descent import DescentLesson

GRID = 181
"""Heights a side from which the contours are drawn."""
_TOLERANCE = 0.15
"""Cells of that grid by which a simplified contour may be off."""
_FEWEST_LEVELS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Racer:
    """One optimiser on its way.

    Attributes:
        lane: its letter, a to g.
        title: what it is called, such as "Adam".
        trace: every number of every step.
        verdict: how it went.
    """

    lane: str
    title: str
    trace: Trace
    verdict: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is drawn below the paths.

    Attributes:
        window: which part of the surface.
        levels: losses of the contour lines, rising.
        rings: those lines, as shares (across, up) of the window, 0 to 1.
    """

    window: Window
    levels: tuple[float, ...]
    rings: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class DescentCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        surface: what is walked on.
        start: the first weights.
        racers: those who take part, A first.
        batches: examples of each step, or None where all are taken.
        ground: the contours.
    """

    lesson: DescentLesson
    surface: Surface
    start: Point
    racers: tuple[Racer, ...]
    batches: tuple[Batch, ...] | None
    ground: Ground

    @property
    def shown(self) -> Racer:
        """The racer whose arithmetic is shown, or A where that one does not take part."""
        lane = self.lesson.shown_lane
        return next((r for r in self.racers if r.lane == lane), self.racers[0])


def build(lesson: DescentLesson) -> DescentCase:
    """Send everybody down the surface."""
    surface, start, steps = lesson.landscape(), lesson.start_point(), lesson.descent_steps
    batches = noise = None
    if surface.examples and lesson.mini_batch < surface.examples:
        batches = shuffled_batches(
            surface.examples, lesson.mini_batch, steps, lesson.noise_seed
        )
    if not surface.examples and lesson.gradient_noise:
        noise = gaussian_noise(steps, lesson.gradient_noise, lesson.noise_seed)
    racers = []
    for lane in lesson.lanes:
        spec = lesson.spec(lane)
        trace = descend(surface, start, spec, steps, noise=noise, batches=batches)
        racers.append(Racer(lane, RULES[spec.rule].title, trace, verdict(trace)))
    window = _window(lesson, surface, racers[0].trace)
    shape = (lesson.curvature, lesson.condition, lesson.tilt)
    ground = _ground(lesson.surface, shape if lesson.surface == "bowl" else None, window)
    drawn = tuple(batches) if batches is not None else None
    return DescentCase(lesson, surface, start, tuple(racers), drawn, ground)


def _window(lesson: DescentLesson, surface: Surface, trace: Trace) -> Window:
    left, right, bottom, top = surface.window
    if lesson.zoom == 1:
        return surface.window
    middle = ((left + right) / 2, (bottom + top) / 2)
    if lesson.zoom > 1:
        best = trace.points[int(np.nanargmin(trace.losses))]
        inside = (
            float(min(max(best[0], left), right)),
            float(min(max(best[1], bottom), top)),
        )
        middle = surface.nearest_minimum(inside) or inside
    half = (right - left) / (2 * lesson.zoom), (top - bottom) / (2 * lesson.zoom)
    return middle[0] - half[0], middle[0] + half[0], middle[1] - half[1], middle[1] + half[1]


@lru_cache(maxsize=64)
def _ground(slug: str, shape: tuple[float, float, int] | None, window: Window) -> Ground:
    surface = bowl(*shape) if shape else SURFACES[slug]
    left, right, bottom, top = window
    x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
    with np.errstate(over="ignore"):
        heights = surface.height(x, y)
    low, high = float(heights.min()), float(heights.max())
    levels = [surface.lowest + level for level in surface.levels]
    levels = [level for level in levels if low < level < high]
    if len(levels) < _FEWEST_LEVELS:
        levels = [low + (high - low) * (k / 13) ** 2 for k in range(1, 13)]
    lines = tuple(
        tuple(
            [(x / (GRID - 1), y / (GRID - 1)) for x, y in simplified(ring, _TOLERANCE)]
            for ring in rings(heights, level)
        )
        for level in levels
    )
    return Ground(window, tuple(levels), lines)
