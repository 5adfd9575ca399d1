"""Suppression as a walk: each box that is kept, and then whom it meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.lessons.boxes_lines import say
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_examples import Candidates
from core.vision.metrics import box_iou, suppress
from core.vision.metrics.suppression import LEAST, Suppression, SuppressionStep

State = Literal["waits", "now", "meets", "kept", "gone", "dropped"]
FOUND_AT = 0.5
"""IoU from which a shape counts as found."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One box at one place of the walk.

    Attributes:
        state: what has become of it.
        score: as it now is; soft-NMS lowers it.
        iou: with the box that has just been kept; None where they do not meet.
        says: the verdict.
    """

    state: State
    score: float
    iou: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the walk.

    Attributes:
        says: what happens here.
        marks: of every box.
    """

    says: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, eq=False)
class Walk:
    """Suppression of candidates.

    Attributes:
        candidates: the boxes.
        suppression: all steps.
        places: where one can stand, from nothing done to all done.
        threshold: IoU above which a box is suppressed.
    """

    candidates: Candidates
    suppression: Suppression
    places: tuple[Place, ...]
    threshold: float

    @property
    def kept(self) -> tuple[int, ...]:
        """The boxes that stay."""
        return self.suppression.kept

    @property
    def lost(self) -> tuple[int, ...]:
        """Objects that a box had found and that none has any more, by their number."""
        found = self.candidates
        return tuple(
            number
            for number in range(len(found.truth))
            if _finds(found, number, range(len(found))) and not _finds(found, number, self.kept)
        )


def _finds(found: Candidates, number: int, boxes: range | tuple[int, ...]) -> bool:
    truth, label = found.truth[number]
    mine = [found.boxes[n] for n in boxes if found.labels[n] == label]
    return bool(mine) and float(np.max(box_iou(np.array(mine), np.array(truth)))) >= FOUND_AT


def walk(lesson: YoloLesson, found: Candidates) -> Walk:
    """All places, from the boxes as they come to those that stay."""
    result = suppress(
        np.array(found.boxes).reshape(-1, 4),
        found.scores,
        lesson.nms_iou,
        np.array(found.labels) if lesson.nms_classwise else None,
        rule=lesson.nms_rule,
        sigma=lesson.nms_sigma,
    )
    marks = [Mark("waits", score, None, "waits") for score in found.scores]
    count = len(found)
    places = [Place(_begin(found, lesson), tuple(marks))]
    for step in result.steps:
        places += _kept(step, marks, found)
        places += _met(step, marks, found, lesson)
    if result.dropped:
        for index in result.dropped:
            score = marks[index].score
            marks[index] = Mark("dropped", score, None, f"dropped: below {LEAST:g}")
        text = f"{len(result.dropped)} boxes are left with scores below {LEAST:g}: dropped."
        places.append(Place(text, tuple(marks)))
    if count:
        text = f"Done: {len(result.steps)} of {count} boxes stay."
        places.append(Place(text, tuple(_rested(mark) for mark in marks)))
    return Walk(found, result, tuple(places), lesson.nms_iou)


def _begin(found: Candidates, lesson: YoloLesson) -> str:
    if len(found):
        boxes = "1 box waits." if len(found) == 1 else f"{len(found)} boxes wait"
        return boxes if len(found) == 1 else f"{boxes}, the surest first."
    return (
        f"None of {found.below:,} boxes reaches the confidence {say(lesson.nms_score)}: lower "
        "it, or take another picture or another size of the input."
    )


def _rested(mark: Mark) -> Mark:
    return Mark(mark.state, mark.score, None, mark.says)


def _kept(step: SuppressionStep, marks: list[Mark], found: Candidates) -> list[Place]:
    """The surest of those that wait is kept."""
    rivals = [m.index for m in step.meetings] + [step.kept]
    waiting = [n for n, mark in enumerate(marks) if mark.state == "waits"]
    tied = [n for n in waiting if n != step.kept and marks[n].score == step.score]
    for number, mark in enumerate(marks):
        marks[number] = _rested(mark)
        if mark.state == "now":
            marks[number] = Mark("kept", mark.score, None, mark.says)
    marks[step.kept] = Mark("now", step.score, None, "kept")
    text = f"#{step.kept + 1} {_name(found, step.kept)}, score {say(step.score)}, is kept: "
    text += "the highest score that is left."
    if tied:
        others = ", ".join(f"#{n + 1}" for n in tied)
        text += f" {others} has the same: of a tie the one given first goes first."
    if len(rivals) == 1:
        text += " There is nothing left for it to meet."
    return [Place(text, tuple(marks))]


def _met(
    step: SuppressionStep, marks: list[Mark], found: Candidates, lesson: YoloLesson
) -> list[Place]:
    """It meets all that still wait."""
    if not step.meetings:
        return []
    gone, lowered = [], []
    for meeting in step.meetings:
        said = _verdict(step.kept, meeting.iou, meeting.before, meeting.after, lesson)
        if meeting.suppressed:
            gone.append(f"#{meeting.index + 1} (IoU {say(meeting.iou)})")
        elif meeting.after < meeting.before:
            lowered.append(f"#{meeting.index + 1} to {say(meeting.after)}")
        state: State = "gone" if meeting.suppressed else "waits"
        marks[meeting.index] = Mark(state, meeting.after, meeting.iou, said)
    for number, mark in enumerate(marks):
        if mark.state == "waits" and mark.iou is None and number != step.kept:
            marks[number] = Mark("waits", mark.score, None, "another class")
    who = f"#{step.kept + 1}"
    count = len(step.meetings)
    met = "1 box" if count == 1 else f"{count} boxes"
    if gone:
        text = f"{who} meets {met} and suppresses {_listed(gone)}: above {say(lesson.nms_iou)}."
    elif lowered:
        text = f"{who} meets {met} and lowers {_listed(lowered)}."
    elif lesson.nms_rule == "gaussian":
        text = f"{who} meets {met} and shares nothing with any."
    else:
        text = f"{who} meets {met}; no IoU is above {say(lesson.nms_iou)}, so all stay."
    return [Place(text, tuple(marks))]


def _listed(parts: list[str], most: int = 6) -> str:
    rest = len(parts) - most
    return ", ".join(parts[:most]) + (f" and {rest} more" if rest > 0 else "")


def _verdict(kept: int, iou: float, before: float, after: float, lesson: YoloLesson) -> str:
    by, at, cut = f"#{kept + 1}", say(iou), say(lesson.nms_iou)
    if not iou:
        return "stays: shares nothing"
    if lesson.nms_rule == "gaussian":
        return f"{say(before)} * e^(-{at}^2 / {say(lesson.nms_sigma)}) = {say(after)}"
    if iou <= lesson.nms_iou:
        return f"stays: {at} is not above {cut}"
    if lesson.nms_rule == "linear":
        return f"{say(before)} * (1 - {at}) = {say(after)}"
    return f"suppressed by {by}: {at} > {cut}"


def _name(found: Candidates, index: int) -> str:
    return found.names[found.labels[index]]
