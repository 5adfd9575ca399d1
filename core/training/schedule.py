"""Learning-rate schedules: what the learning rate is multiplied by at each step."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from core.training.spec import FINDER_RANGE, FINDER_STEPS, TrainingSpec


def factor(spec: TrainingSpec, step: int, steps_per_epoch: int) -> float:
    """What the learning rate is multiplied by.

    Warm-up rises linearly and is at its full height with the first step after it (Goyal et al.
    2017, section 2.2); the schedule behind it counts from there. Cosine: Loshchilov & Hutter
    2017, equation 5, without restarts, down to 0.

    Args:
        spec: the run.
        step: steps done before this one.
        steps_per_epoch: batches an epoch.
    """
    if spec.finds:
        return finder_rate(step) / spec.begins_at
    warmup = spec.warmup_epochs * steps_per_epoch
    if step < warmup:
        return (step + 1) / (warmup + 1)
    since = step - warmup
    period = spec.decay_epochs * steps_per_epoch
    if spec.schedule == "step":
        return float(spec.decay ** (since // period))
    if spec.schedule == "exponential":
        return float(spec.decay ** (since / period))
    if spec.schedule == "cosine":
        rest = max(spec.epochs * steps_per_epoch - warmup, 1)
        return 0.5 * (1 + math.cos(math.pi * min(since / rest, 1)))
    return 1.0


def factors(
    spec: TrainingSpec, first: int, count: int, steps_per_epoch: int
) -> npt.NDArray[np.float32]:
    """The factors of `count` steps from step `first`: (count,) float32."""
    values = [factor(spec, first + i, steps_per_epoch) for i in range(count)]
    return np.array(values, np.float32)


def finder_rate(step: int) -> float:
    """The learning rate that a search tries at a step: evenly spaced in its logarithm.

    Source: Smith 2017 (cyclical learning rates), section 3.3, with the geometric spacing that
    later tools use.
    """
    low, high = FINDER_RANGE
    return float(low * (high / low) ** (step / (FINDER_STEPS - 1)))
