"""Suppression step by step: the boxes in the picture, and a list with every IoU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.images import digest
from core.lessons.boxes_lines import say
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import YoloCase
from core.lessons.yolo_examples import Candidates
from core.lessons.yolo_suppression import Mark, Place, Walk
from core.ui.components.source import Component

code = Component("suppressing", "colour", "axes", "player", "overlap", "asking", "settle")


def suppressing(
    case: YoloCase,
    *,
    key: str,
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    on_again: Callable[[], None],
    on_retry: Callable[[], None],
) -> None:
    """Show the boxes; the walk goes forward and back in the browser.

    Args:
        case: settings and numbers.
        key: the component's key.
        conceal: whether the audience still has to predict what stays: only the start is shown.
        large: for a projector; the player then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_retry: called when a network that failed is to be asked again.
        on_again: called when it is time to look for the network's answer.
    """
    data = suppressing_data(case, conceal=conceal) | {"focus": large, "settle": settle}
    code.mount(key=key, data=data, on_again_change=on_again, on_retry_change=on_retry)


def suppressing_data(case: YoloCase, *, conceal: bool = False) -> dict[str, Any]:
    """What the browser is sent."""
    walk = case.walk
    return {
        "says": case.says,
        "poll": case.waiting,
        "stamp": f"{case.answer is not None} {case.says}",
        "walk": None if walk is None else _walk(case.lesson, walk, conceal=conceal),
    }


def _walk(lesson: YoloLesson, walk: Walk, *, conceal: bool) -> dict[str, Any]:
    found = walk.candidates
    places = walk.places[:1] if conceal else walk.places
    return {
        "of": f"{found.title} {lesson.nms_seed} {lesson.nms_crowd} {lesson.nms_off} {conceal}",
        "start": 0,
        "photo": "" if found.pixels is None else digest(found.pixels),
        "size": list(found.size),
        "names": list(found.names),
        "boxes": [
            {"box": list(box), "label": label}
            for box, label in zip(found.boxes, found.labels, strict=True)
        ],
        "places": _places(places),
        "key": _key(found),
        "rule": rule_in_words(lesson),
    }


def _places(places: Sequence[Place]) -> list[dict[str, Any]]:
    """What happens at each place, and the marks that are others than at the one before."""
    before: list[dict[str, Any] | None] = [None] * len(places[0].marks)
    sent = []
    for place in places:
        now = [_mark(mark) for mark in place.marks]
        changed = {n: new for n, new in enumerate(now) if new != before[n]}
        sent.append({"says": place.says, "changed": changed})
        before = [*now]
    return sent


def _mark(mark: Mark) -> dict[str, Any]:
    meets = mark.state == "waits" and bool(mark.iou)
    return {
        "state": "meets" if meets else mark.state,
        "score": say(round(mark.score, 4)),
        "iou": "" if mark.iou is None else say(round(mark.iou, 4)),
        "says": mark.says,
    }


def _key(found: Candidates) -> str:
    parts = [f"{found.title}: {len(found)} boxes."]
    if found.left_out:
        parts.append(f"The surest of {len(found) + found.left_out:,} are shown.")
    if found.below:
        parts.append(f"{found.below:,} are below the confidence threshold.")
    parts.append(
        "Dashed: waits; thick: is kept now; \u2713 kept; dotted and \u2717: gone. The colour "
        "is the class, the number the place in the list. Press a line to go to where it is "
        "decided."
    )
    return " ".join(parts)


def rule_in_words(lesson: YoloLesson) -> str:
    """The rule, exactly."""
    cut = say(lesson.nms_iou)
    whom = "of its own class" if lesson.nms_classwise else "of any class"
    if lesson.nms_rule == "hard":
        return (
            f"Rule: the highest score left is kept; every waiting box {whom} whose IoU with it "
            f"is above {cut} (IoU > {cut}) is suppressed. Exactly {cut} stays. A suppressed "
            "box suppresses nobody. Of equal scores the one given first goes first."
        )
    how = (
        f"with IoU > {cut} gets its score times 1 - IoU"
        if lesson.nms_rule == "linear"
        else f"gets its score times e^(-IoU^2 / {say(lesson.nms_sigma)}), at any threshold"
    )
    return (
        f"Soft-NMS: the highest score left is kept; every waiting box {whom} {how}, and the "
        "list is sorted anew. None is removed before its score is below 0.001."
    )
