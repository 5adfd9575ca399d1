"""Non-maximum suppression: of boxes that say the same thing the surest one stays.

The box with the highest score is kept, and every other box (of the same class, where classes
are told apart) whose IoU with it is **above** the threshold is suppressed; a box exactly at the
threshold stays. Then comes the highest of those that are left. Of equal scores the box that was
given first goes first. Soft-NMS lowers scores instead of removing boxes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.vision.metrics.boxes import BoxOverlap, Floats, as_boxes
from core.vision.metrics.masks import MetricError

Rule = Literal["hard", "linear", "gaussian"]
RULES: tuple[Rule, ...] = get_args(Rule)
Indices = npt.NDArray[np.int64]
SIGMA = 0.5
"""Width of soft-NMS' Gaussian, as Bodla et al. 2017 have it."""
LEAST = 0.001
"""Score below which soft-NMS drops a box."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A box that is still there meets the one that has just been kept.

    Attributes:
        index: of the box.
        iou: with the kept one.
        before: its score until now.
        after: its score from now on.
        suppressed: whether it is gone.
    """

    index: int
    iou: float
    before: float
    after: float
    suppressed: bool


@dataclass(frozen=True, slots=True)
class SuppressionStep:
    """One box is kept.

    Attributes:
        kept: index of the box.
        score: with which it is kept.
        meetings: with all boxes of its class that were left, in the order of the boxes.
    """

    kept: int
    score: float
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Suppression:
    """All steps.

    Attributes:
        steps: in order; each keeps one box.
        dropped: indices of the boxes whose score was too low at the end (soft-NMS).
    """

    steps: tuple[SuppressionStep, ...]
    dropped: tuple[int, ...] = ()

    @property
    def kept(self) -> tuple[int, ...]:
        """Indices of the kept boxes, the surest first."""
        return tuple(step.kept for step in self.steps)

    @property
    def scores(self) -> tuple[float, ...]:
        """Scores of the kept boxes; soft-NMS has lowered some."""
        return tuple(step.score for step in self.steps)

    def suppressor(self, index: int) -> int | None:
        """Which kept box suppressed this one, or None."""
        for step in self.steps:
            if any(m.index == index and m.suppressed for m in step.meetings):
                return step.kept
        return None


def nms(
    boxes: npt.ArrayLike,
    scores: npt.ArrayLike,
    iou_threshold: float,
    classes: npt.ArrayLike | None = None,
) -> Indices:
    """Which boxes stay.

    Args:
        boxes: (n, 4) numbers, xyxy.
        scores: (n,).
        iou_threshold: 0 to 1; a box is suppressed when its IoU with a kept one is above it.
        classes: (n,); boxes of different classes leave each other alone. None: all are of one.

    Returns:
        (k,) int64, indices of the kept boxes, the highest score first; of equal scores the
        one that was given first.

    Raises:
        MetricError: numbers are missing, or not finite, or the threshold is no share.

    Example:
        >>> nms([(0, 0, 10, 10), (1, 0, 11, 10), (20, 0, 30, 10)], [0.8, 0.9, 0.7], 0.5)
        array([1, 2])
    """
    rows, values, kinds = _checked(boxes, scores, iou_threshold, classes)
    # From left to right: what a box can overlap lies in one stretch of that order.
    across = np.argsort(rows[:, 0], kind="stable")
    left, top, right, bottom = rows[across].T.copy()
    area, kinds = (right - left) * (bottom - top), kinds[across]
    widest = float((right - left).max(initial=0.0))
    begin = np.searchsorted(left, left - widest, side="left").tolist()
    end = np.searchsorted(left, right, side="left").tolist()
    there = np.ones(len(rows), np.bool_)
    place = np.argsort(across)
    kept: list[int] = []
    for index in np.argsort(-values, kind="stable").tolist():
        at = int(place[index])
        if not there[at]:
            continue
        kept.append(index)
        near = slice(begin[at], end[at])
        width = np.minimum(right[near], right[at]) - np.maximum(left[near], left[at])
        height = np.minimum(bottom[near], bottom[at]) - np.maximum(top[near], top[at])
        meet = near.start + np.flatnonzero(
            (width > 0) & (height > 0) & there[near] & (kinds[near] == kinds[at])
        )
        shared = (width * height)[meet - near.start]
        there[meet[shared / (area[meet] + area[at] - shared) > iou_threshold]] = False
    return np.array(kept, np.int64)


def suppress(
    boxes: npt.ArrayLike,
    scores: npt.ArrayLike,
    iou_threshold: float,
    classes: npt.ArrayLike | None = None,
    *,
    rule: Rule = "hard",
    sigma: float = SIGMA,
    least: float = LEAST,
    plus_one: bool = False,
) -> Suppression:
    """The same step by step, with who suppresses whom at which IoU.

    Args:
        boxes: as in `nms`.
        scores: as in `nms`.
        iou_threshold: as in `nms`; linear soft-NMS lowers scores above it, Gaussian soft-NMS
            lowers all and does not use it.
        classes: as in `nms`.
        rule: `hard` takes boxes away; `linear` multiplies their score by 1 - IoU; `gaussian`
            by e^(-IoU^2 / sigma).
        sigma: of the Gaussian, above 0.
        least: soft-NMS drops boxes below this score.
        plus_one: see `box_iou`.

    Raises:
        MetricError: as in `nms`, or there is no such rule, or sigma is not above 0.

    Source: Bodla et al. 2017, "Soft-NMS: improving object detection with one line of code",
    equations 1 to 3 (the linear one here above the threshold, as NMS, not from it on).
    """
    rows, values, kinds = _checked(boxes, scores, iou_threshold, classes)
    if rule not in RULES:
        raise MetricError(f"{rule!r} is no rule. Use one of {', '.join(RULES)}.")
    if not sigma > 0:
        raise MetricError(f"sigma {sigma:g} does not work. Use a number above 0.")
    now = values.copy()
    left = list(range(len(rows)))
    steps: list[SuppressionStep] = []
    while left:
        first = max(left, key=lambda index: (now[index], -index))
        if rule != "hard" and now[first] < least:
            break
        left.remove(first)
        met = [index for index in left if kinds[index] == kinds[first]]
        ious = BoxOverlap(rows[met], rows[first], plus_one).iou.tolist()
        meetings = tuple(
            _meet(index, iou, float(now[index]), rule, iou_threshold, sigma)
            for index, iou in zip(met, ious, strict=True)
        )
        steps.append(SuppressionStep(first, float(now[first]), meetings))
        for meeting in meetings:
            now[meeting.index] = meeting.after
        gone = {meeting.index for meeting in meetings if meeting.suppressed}
        left = [index for index in left if index not in gone]
    return Suppression(tuple(steps), tuple(left))


def _meet(
    index: int, iou: float, score: float, rule: Rule, threshold: float, sigma: float
) -> Meeting:
    if rule == "gaussian":
        return Meeting(index, iou, score, score * math.exp(-(iou**2) / sigma), False)
    if iou <= threshold:
        return Meeting(index, iou, score, score, False)
    if rule == "linear":
        return Meeting(index, iou, score, score * (1 - iou), False)
    return Meeting(index, iou, score, score, True)


def _checked(
    boxes: npt.ArrayLike,
    scores: npt.ArrayLike,
    threshold: float,
    classes: npt.ArrayLike | None,
) -> tuple[Floats, Floats, npt.NDArray[np.generic]]:
    rows, values = as_boxes(boxes), np.asarray(scores, np.float64)
    kinds = np.zeros(len(rows), np.int64) if classes is None else np.asarray(classes)
    if rows.ndim != 2:
        raise MetricError("one box is no list of boxes. Give (n, 4) numbers.")
    _check_length(values, len(rows), "scores")
    _check_length(kinds, len(rows), "classes")
    if not np.isfinite(values).all():
        raise MetricError("a score is no finite number.")
    if not 0 <= threshold <= 1:
        raise MetricError(f"an IoU threshold of {threshold:g} does not work. Use 0 to 1.")
    return rows, values, kinds


def _check_length(values: npt.NDArray[np.generic], wanted: int, what: str) -> None:
    if values.shape != (wanted,):
        lengths: Sequence[int] = values.shape
        raise MetricError(f"{wanted} boxes come with {what} of shape {tuple(lengths)}.")
