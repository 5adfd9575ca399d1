"""Failures in words: what happened, with the numbers, and what would work."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from core.training.spec import TrainingSpec

WORSE = 1.1
"""Times the loss of guessing, from which on a run has not learnt."""


def why_not_a_number(
    spec: TrainingSpec, step: int, rate: float, finite: npt.NDArray[np.float32]
) -> str:
    """Why the loss is not a number any more, most probably.

    Args:
        spec: the run.
        step: steps done, the bad one among them.
        rate: the learning rate of that step.
        finite: the losses just before it that were numbers, oldest first.
    """
    path = " -> ".join(f"{loss:.3g}" for loss in finite[-4:])
    what = f"The loss is no longer a number at step {step:,}"
    before = f" (before it: {path})." if path else "."
    if spec.initializer in ("zeros", "ones", "normal_large") and step <= 2:
        cause = f" The weights begin with {spec.initializer!r}. Try 'glorot_uniform'."
    else:
        lower = _rounder(rate / 10)
        cause = (
            f" With learning rate {rate:g} each step goes so far beyond the minimum that the "
            f"next gradient is larger still. Try {lower:g}"
        )
        cause += "." if spec.clipping == "norm" else ", or clip the norm of the gradient at 1."
    return what + before + cause


def why_not_learnt(spec: TrainingSpec, loss: float, classes: int) -> str:
    """What to say at the end where guessing would have done better; empty where it would not.

    Equal probabilities for all classes have the cross-entropy log(classes), whatever the labels
    and their smoothing are.

    Args:
        spec: the run.
        loss: mean of the last epoch.
        classes: how many there are.
    """
    guessing = math.log(classes)
    if not spec.guesses or spec.loss != "crossentropy" or loss <= WORSE * guessing:
        return ""
    return (
        f"It has not learnt: the loss of the last epoch is {loss:.3g}, and guessing has "
        f"{guessing:.2f} (the logarithm of {classes} classes). Most often the learning rate, "
        f"here {spec.begins_at:g}, is too large. Try {_rounder(spec.begins_at / 10):g}."
    )


def why_worker_died(
    spec: TrainingSpec, memory_limit: int, largest: tuple[str, int] | None
) -> str:
    """What to say when the process that trained is gone.

    Args:
        spec: the run.
        memory_limit: of the worker, in bytes.
        largest: name and bytes of the layer that takes the most, where that is known.
    """
    text = (
        "The process that trained has ended: it was killed, or it took more memory than its "
        f"{memory_limit / 2**30:.1f} GiB."
    )
    if largest and largest[1] > memory_limit / 8:
        text += (
            f" The largest layer is {largest[0]}: {largest[1] / 2**20:,.0f} MiB for a batch of "
            f"{spec.batch_size}. A smaller batch takes less."
        )
    if largest is None:
        text += (
            f" A smaller batch than {spec.batch_size} takes less, and so do smaller pictures."
        )
    return text + " A new process is started; start the run again."


def why_no_memory(spec: TrainingSpec, largest: tuple[str, int] | None) -> str:
    """What to say when TensorFlow finds no room for an array.

    Args:
        spec: the run.
        largest: name and bytes of the layer that takes the most, where that is known.
    """
    if largest is None:
        return (
            f"Out of memory with a batch of {spec.batch_size}. Use a smaller batch, or train "
            "fewer blocks."
        )
    return (
        f"Out of memory: the largest layer is {largest[0]}, {largest[1] / 2**20:,.0f} MiB for "
        f"a batch of {spec.batch_size}. Use a smaller batch, smaller pictures, or fewer "
        "filters there."
    )


def _rounder(rate: float) -> float:
    """The rate with one digit."""
    return float(f"{rate:.0e}")
