"""How a descent went, in words with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.arithmetic.descent import Trace
from core.arithmetic.optimizers import OptimizerSpec
from core.arithmetic.stability import LINEAR, factor, limit, shrinkage

FloatArray = npt.NDArray[np.float64]
Kind = Literal[
    "overflows", "diverges", "thrown", "arrives", "bounces", "rests", "crawls", "moves"
]

NAMES: dict[Kind, str] = {
    "overflows": "overflows",
    "diverges": "diverges",
    "thrown": "was thrown out",
    "arrives": "arrives",
    "bounces": "bounces",
    "rests": "rests too early",
    "crawls": "crawls",
    "moves": "still on its way",
}
"""What stands beside a racer."""

ARRIVED = 1e-3
"""Share of the initial loss above the lowest that counts as arrived."""
_CRAWLING = 0.5
_RESTING = 1e-3
_SHAKING = 1e-3
_THROWN = 0.3
"""Share of the picture's diagonal that one step has to cross for that."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a descent went.

    Attributes:
        kind: in one word.
        sentence: in words, with the numbers.
        reached: the step that first had 1 % of the initial loss above the lowest; None where
            none had.
    """

    kind: Kind
    sentence: str
    reached: int | None


def brief(value: float) -> str:
    """A number with four significant digits.

    Example:
        >>> brief(0.1), brief(12345.6), brief(-1.2000000000000002)
        ('0.1', '1.235e+04', '-1.2')
    """
    return f"{value:.4g}"


def verdict(trace: Trace) -> Verdict:
    """Judge a descent by its losses."""
    gaps = trace.losses - trace.surface.lowest
    first, last = float(gaps[0]), float(gaps[-1])
    kind = _kind(trace, first, last)
    below = np.flatnonzero(gaps <= 0.01 * first)
    reached = int(below[0]) if below.size and first > 0 else None
    return Verdict(kind, _sentence(trace, kind, first, last), reached)


def _kind(trace: Trace, first: float, last: float) -> Kind:
    if trace.overflowed:
        return "overflows"
    if last <= ARRIVED * first:
        return "arrives"
    gaps = trace.losses - trace.surface.lowest
    if _throw(trace) is not None and last > 2 * float(gaps.min()):
        return "thrown"
    if _bouncing(gaps):
        return "bounces"
    if last > first and last > 0.5 * float(gaps.max()):
        return "diverges"
    x, y = trace.points[-1].tolist()
    slope = float(np.hypot(*trace.surface.gradient((x, y))))
    x, y = trace.points[0].tolist()
    if slope < _RESTING * max(float(np.hypot(*trace.surface.gradient((x, y)))), 1e-12):
        return "rests"
    return "crawls" if last > _CRAWLING * first else "moves"


def _bouncing(gaps: FloatArray) -> bool:
    """Whether the last third of the way has ups and downs, none of them new ones."""
    if len(gaps) < 9:
        return False
    cut = 2 * len(gaps) // 3
    before, after = gaps[:cut], gaps[cut:]
    shakes = (np.diff(after) > 0).any() and np.ptp(after) > _SHAKING * gaps[0]
    within = after.max() <= before.max() and after.min() > 0.9 * before.min()
    return bool(shakes and within)


def _throw(trace: Trace) -> int | None:
    """The step that went far off at once, if it is not just the last of ever longer ones."""
    lengths = np.hypot(*np.diff(trace.points, axis=0).T)
    left, right, bottom, top = trace.surface.window
    worst = int(lengths.argmax()) if len(lengths) else 0
    far = len(lengths) and lengths[worst] > _THROWN * np.hypot(right - left, top - bottom)
    return worst + 1 if far and worst < len(lengths) - 3 else None


def _sentence(trace: Trace, kind: Kind, first: float, last: float) -> str:
    steps = trace.steps
    if kind == "overflows":
        text = f"After step {steps} the loss is larger than a computer can write down."
    elif kind == "diverges":
        times = brief(last / first) if first > 0 else "many"
        text = f"After {steps} steps the loss is {times} times what it was: it moves away."
    elif kind == "thrown":
        text = _throw_sentence(trace)
    elif kind == "arrives":
        text = f"After {steps} steps {brief(100 * last / first)} % of the loss is left."
    elif kind == "bounces":
        text = (
            "The loss goes up and down without getting lower: the steps are too long to settle."
        )
    elif kind == "rests":
        text = (
            "The gradient is nearly 0 here, and the loss is not the lowest: a flat place, a "
            "saddle or a minimum of its own."
        )
    elif kind == "crawls":
        text = f"After {steps} steps {brief(100 * last / first)} % of the loss is still there."
    else:
        text = f"After {steps} steps {brief(100 * last / first)} % of the loss is left."
    return " ".join(part for part in (text, stability_sentence(trace)) if part)


def _throw_sentence(trace: Trace) -> str:
    step = _throw(trace) or 1
    before, after = trace.points[step - 1], trace.points[step]
    slope = float(np.hypot(*trace.columns["gradient"][step - 1]))
    far = float(np.hypot(*(after - before)))
    return (
        f"Step {step} met a gradient of length {brief(slope)} and threw the weights "
        f"{brief(far)} away."
    )


def stability_sentence(trace: Trace) -> str:
    """What each step does to the distance, where the surface is a bowl; else nothing."""
    spec = trace.spec
    if not trace.surface.quadratic or spec.rule not in LINEAR or not _plain(spec):
        return ""
    flattest, steepest = trace.surface.curvatures(trace.surface.start)
    most = limit(spec.rule, steepest, spec.momentum)
    if most is None:
        return ""
    rate, curve = brief(spec.learning_rate), brief(steepest)
    if spec.rule == "sgd":
        times = factor(spec.learning_rate, steepest)
        does = f"each step multiplies the distance by 1 - {rate} * {curve} = {brief(times)}"
        why = f"2 / {curve}"
    else:
        times = shrinkage(spec, steepest)
        does = f"in the long run each step multiplies the distance by {brief(times)}"
        beta = brief(spec.momentum)
        why = f"2 * (1 + {beta}) / {curve}"
        if spec.rule == "nesterov":
            why = f"2 * (1 + {beta}) / ({curve} * (1 + 2 * {beta}))"
    text = (
        f"With learning rate {rate} on curvature {curve} {does}: {_growth(times)}. "
        f"The limit is {why} = {brief(most)}."
    )
    if spec.rule == "sgd" and steepest > 1.001 * flattest:
        slow, flat = factor(spec.learning_rate, flattest), brief(flattest)
        text += f" Along the valley, with curvature {flat}, it is {brief(slow)}."
    return text


def _growth(times: float) -> str:
    """What becomes of a distance that is multiplied by this again and again."""
    if abs(abs(times) - 1) < 1e-6:  # curvatures are differences, so good to 9 digits
        return "it stays"
    return "it grows" if abs(times) > 1 else "it shrinks"


def _plain(spec: OptimizerSpec) -> bool:
    """Whether nothing but gradient, rate and momentum makes the step."""
    return (
        spec.clipping == "off" and spec.weight_decay == 0 and spec.pace.schedule == "constant"
    )
