"""The view "learn" of the page "Kernels": a hidden kernel, its target, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from core.images.filtering import prepared
from core.kernels import KERNELS, Kernel
from core.kernels.blurs import impulse
from core.kernels.learning import Descent, Problem, descend, make_problem
from core.kernels.registry import PILLOW
from core.kernels.weights import Mirror, mirrored, turned
from core.lessons.kernels import KernelLesson

FloatArray = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]

SMALL = 64
"""Long side of the picture that is learned from, in pixels."""
_SIMPLE = 5
"""Surprises have at most that many rows."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnCase:
    """A descent with everything round it.

    Attributes:
        lesson: the settings.
        teacher: the hidden kernel, without offset.
        teacher_name: what it is called.
        picture: (H, W) float64, the input as the descent sees it.
        task: what is looked for.
        descent: every step.
    """

    lesson: KernelLesson
    teacher: Kernel
    teacher_name: str
    picture: FloatArray
    task: Problem
    descent: Descent

    @property
    def limit(self) -> float:
        """The learning rate from which on it comes no closer."""
        return self.task.largest_rate(self.lesson.learn_momentum)


def learn(lesson: KernelLesson, photo: Photo) -> LearnCase:
    """Hide a kernel, filter the picture with it, and descend.

    Args:
        lesson: settings without a problem.
        photo: (H, W, 3) uint8 RGB.

    Raises:
        NumbersError: the kernel above is hidden, and its weights cannot be read.
        ValueError: the picture has no room for the kernels.
    """
    name, teacher = _teacher(lesson)
    picture = _picture(lesson, photo)
    clean = make_problem(picture, teacher, lesson.learn_taps)
    noise = lesson.learn_noise * float(clean.wanted.std())
    task = make_problem(picture, teacher, lesson.learn_taps, noise=noise, seed=lesson.learn_lot)
    descent = descend(
        task,
        _start(lesson),
        lesson.learn_rate,
        lesson.learn_steps,
        momentum=lesson.learn_momentum,
        batch=0 if lesson.learn_batch == "all" else int(lesson.learn_batch),
        seed=lesson.learn_lot,
    )
    return LearnCase(lesson, teacher, name, picture, task, descent)


def _teacher(lesson: KernelLesson) -> tuple[str, Kernel]:
    if lesson.learn_teacher == "stage":
        return lesson.title, Kernel(lesson.kernel().effective)
    return surprise(lesson.learn_lot)


def surprise(lot: int) -> tuple[str, Kernel]:
    """A named kernel drawn by lot, turned or mirrored; without scale and offset.

    Returns:
        What it is called, and the kernel: at most 5 x 5 weights.
    """
    draw = np.random.default_rng(lot)
    # The highest card wins: a kernel that is added later takes few lots from the others.
    named = KERNELS[max(filter(_is_simple, KERNELS), key=lambda slug: _card(lot, slug))]
    weights = named.with_values({}).effective
    height, width = weights.shape
    # Eighths of larger kernels scatter what hangs together.
    turns = [n for n in range(8) if n % 2 == 0 or (height, width) == (3, 3)]
    turn = int(draw.choice(turns))
    mirrors: tuple[Mirror, ...] = ("none", "horizontal", "vertical")
    mirror = mirrors[int(draw.integers(len(mirrors)))]
    name = named.title
    hidden = mirrored(turned(weights, turn), mirror)
    if not np.array_equal(hidden, weights):
        name += ", turned or mirrored"
    return name, Kernel(hidden)


def _card(lot: int, slug: str) -> int:
    return crc32(f"{lot} {slug}".encode())


def _is_simple(slug: str) -> bool:
    """Whether a kernel is small and has a face: Pillow's look like the classics."""
    named = KERNELS[slug]
    if slug == "identity" or named.family == PILLOW:
        return False
    return bool(max(named.with_values({}).weights.shape) <= _SIMPLE)


def _picture(lesson: KernelLesson, photo: Photo) -> FloatArray:
    """(H, W) float64: grey, small, 0 to 1 or standardised."""
    grey = prepared(photo, "grey", SMALL)
    if lesson.learn_picture == "noise":
        draw = np.random.default_rng(lesson.learn_lot)
        grey = draw.integers(0, 256, grey.shape, dtype=np.uint8)
    values = grey / 255
    if lesson.learn_scaling == "plain":
        return values
    return np.asarray((values - values.mean()) / (values.std() or 1.0))


def _start(lesson: KernelLesson) -> FloatArray:
    taps = lesson.learn_taps
    if lesson.learn_start == "zeros":
        return np.zeros((taps, taps))
    if lesson.learn_start == "identity":
        return impulse(taps)
    return np.random.default_rng(lesson.learn_lot).normal(0, 1 / taps, (taps, taps))
