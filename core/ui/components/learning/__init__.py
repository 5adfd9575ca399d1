"""A descent towards a hidden kernel, step by step, with its pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.images.filtering import MIDDLE
from core.lessons.kernels_learning import LearnCase
from core.ui.components.source import Component
from core.ui.pictures import png_address

FloatArray = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

code = Component("learning", "colour", "numbers", "axes", "planes", "player", "tables")

FRAMES = 40
"""Steps whose answer is shown as a picture; the others keep the one before."""
MOST_SLOPES = 6000
"""Up to that many numbers the slopes are sent, too."""
_FLOOR = 1e-9
"""Share of the first error below which the curve is drawn flat: there is only rounding."""


def learning(case: LearnCase, *, known: bool, key: str, large: bool = False) -> None:
    """Show a descent; playing, stepping and scrubbing happen in the browser.

    Args:
        case: settings, problem and steps.
        known: whether the hidden kernel may be shown at once.
        key: the component's key.
        large: for a projector.
    """
    code.mount(key=key, data=learning_data(case, known=known) | {"large": large})


def learning_data(case: LearnCase, *, known: bool) -> dict[str, Any]:
    """What the browser is sent: all kernels and errors, and a sheet of pictures."""
    task, descent, lesson = case.task, case.descent, case.lesson
    frames = frame_steps(descent.steps)
    slopes = descent.gradients if descent.gradients.size <= MOST_SLOPES else None
    hidden = case.teacher.weights
    whole = lesson.learn_batch == "all"
    return {
        "task": f"{case.teacher_name} {hidden.tolist()} {task.shape} {lesson.learn_picture}",
        "known": known,
        "taps": task.shape[0],
        "places": list(task.places),
        "kernels": _texts(descent.kernels),
        "slopes": [] if slopes is None else _texts(slopes),
        "errors": _texts(descent.errors),
        "floor": max(float(descent.errors[0]) * _FLOOR, 1e-300),
        "least": _least(case),
        "best": _texts(task.solution),
        "rate": lesson.learn_rate,
        "plain": whole and lesson.learn_momentum == 0,
        "ended": _ended(case),
        "hidden": {
            "name": case.teacher_name,
            "rows": hidden.shape[0],
            "columns": hidden.shape[1],
            "values": _texts(hidden),
        },
        "frames": frames,
        "sprite": _sprite(case, frames),
    }


def frame_steps(steps: int) -> list[int]:
    """Steps that get a picture: all of few, else more of the first, where most changes."""
    if steps < FRAMES:
        return list(range(steps + 1))
    places = np.geomspace(1, steps + 1, FRAMES) - 1
    return sorted({0, steps, *(round(place) for place in places.tolist())})


def _least(case: LearnCase) -> float:
    """The least error possible; what is only rounding is 0."""
    least, first = case.task.error(case.task.solution), float(case.descent.errors[0])
    return _short(least) if least > first * _FLOOR else 0.0


def _ended(case: LearnCase) -> str:
    if case.descent.blown_up is None:
        return ""
    return f"Ended at step {case.descent.blown_up}: the weights have run away."


def _texts(values: FloatArray) -> list[float]:
    return [_short(value) for value in values.ravel()]


def _short(value: float) -> float:
    """Six significant digits: what the eye reads, at half the length."""
    return float(f"{value:.6g}")


def _sprite(case: LearnCase, frames: list[int]) -> str:
    """One PNG: input and target, then answer and difference of every frame below."""
    task = case.task
    rows, columns = task.places
    wanted = task.wanted.reshape(task.places)
    reach = float(np.abs(wanted).max()) or 1.0
    tiles = [_grey(_inner(case)), _signed(wanted, reach)]
    for step in frames:
        answer = task.answers(case.descent.kernels[step])
        tiles += [_signed(answer, reach), _signed(answer - wanted, reach)]
    sheet = np.zeros((len(tiles) // 2 * rows, 2 * columns), dtype=np.uint8)
    for n, tile in enumerate(tiles):
        top, left = n // 2 * rows, n % 2 * columns
        sheet[top : top + rows, left : left + columns] = tile
    return png_address(sheet)


def _inner(case: LearnCase) -> FloatArray:
    """The part of the input that has answers: without the border that only feeds them."""
    height, width = case.picture.shape
    rows, columns = case.task.places
    top, left = (height - rows) // 2, (width - columns) // 2
    return case.picture[top : top + rows, left : left + columns]


def _grey(values: FloatArray) -> Pixels:
    low, high = float(values.min()), float(values.max())
    shown: Pixels = np.rint((values - low) * (255 / ((high - low) or 1.0))).astype(np.uint8)
    return shown


def _signed(values: FloatArray, reach: float) -> Pixels:
    """0 to 254 with `MIDDLE` for 0; what lies beyond the target's range is cut."""
    levels = np.rint(values * (MIDDLE / reach)).clip(-MIDDLE, MIDDLE) + MIDDLE
    shown: Pixels = levels.astype(np.uint8)
    return shown
