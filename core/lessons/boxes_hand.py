"""Boxes drawn by hand: as text that a link can carry, and as an example to be judged.

The text lists boxes with ";" between them, each as "class:left,top,right,bottom" in whole
pixels, with "@score" in percent behind the class where it is a detection: an object and what
was said of it are "0:20,25,70,85;0@95:22,27,72,87". Nothing stands for the boxes to begin with,
"none" for none.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.data.shapes import scenes
from core.lessons.boxes import MOST_BOXES, BoxesLesson
from core.lessons.boxes_examples import CLASSES, SIDE, Example, small
from core.vision.metrics.records import Record

Pixels = npt.NDArray[np.uint8]
NONE = "none"
PAPER = (160, 120)
"""Width and height of the squared paper, as the small example's pictures have."""
__all__ = ["MOST_BOXES", "HandBox", "Sheet", "drawn", "hand_example", "read", "written"]


@dataclass(frozen=True, slots=True)
class HandBox:
    """One box.

    Attributes:
        label: place of its class among the names.
        box: left, top, right, bottom in pixels.
        score: percent; None where it is an object that is there.
    """

    label: int
    box: tuple[int, int, int, int]
    score: int | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is drawn on, with the boxes.

    Attributes:
        name: another one for another picture.
        size: width, height.
        picture: (H, W, 3) uint8, or None for squared paper.
        classes: names.
        boxes: within the picture.
    """

    name: str
    size: tuple[int, int]
    picture: Pixels | None
    classes: tuple[str, ...]
    boxes: tuple[HandBox, ...]


def read(text: str) -> tuple[HandBox, ...]:
    """The boxes of a text that the lesson's field has taken; empty for none."""
    if text in ("", NONE):
        return ()
    boxes = []
    for part in text.split(";"):
        head, _, corners = part.partition(":")
        label, _, score = head.partition("@")
        x1, y1, x2, y2 = map(int, corners.split(","))
        boxes.append(HandBox(int(label), (x1, y1, x2, y2), int(score) if score else None))
    return tuple(boxes)


def written(boxes: Sequence[HandBox]) -> str:
    """The way back."""
    parts = []
    for one in boxes:
        score = "" if one.score is None else f"@{one.score}"
        parts.append(f"{one.label}{score}:{','.join(map(str, one.box))}")
    return ";".join(parts) or NONE


def drawn(lesson: BoxesLesson, photo: Pixels | None) -> Sheet:
    """What the lesson draws on, with its boxes.

    Args:
        lesson: the settings.
        photo: the current image; needed where that is drawn on.
    """
    start: tuple[HandBox, ...] = ()
    if lesson.hand_on == "image" and photo is not None:
        size, picture, name = (photo.shape[1], photo.shape[0]), photo, "photo"
        classes = lesson.hand_names
    elif lesson.hand_on == "scene":
        picture, start = _scene(lesson.ap_seed)
        size, name, classes = (SIDE, SIDE), f"scene {lesson.ap_seed}", CLASSES
    else:
        size, picture, name, classes = PAPER, None, "paper", lesson.hand_names
        start = _of_the_small_example()
    boxes = read(lesson.hand_boxes) if lesson.hand_boxes else start
    within = (_within(one, size, len(classes)) for one in boxes)
    return Sheet(name, size, picture, classes, tuple(one for one in within if one))


def hand_example(sheet: Sheet) -> Example:
    """The same to be judged, as one picture."""
    truth, said = [], []
    for one in sheet.boxes:
        record: Record = {
            "image": 1, "box": tuple(map(float, one.box)), "label": sheet.classes[one.label],
        }  # fmt: skip
        if one.score is None:
            truth.append(record)
        else:
            said.append({**record, "score": one.score / 100})
    width, height = sheet.size
    sizes: dict[Hashable, tuple[float, float]] = {1: (width, height)}
    pictures: dict[Hashable, Pixels] = {} if sheet.picture is None else {1: sheet.picture}
    return Example(tuple(truth), tuple(said), sizes, pictures, "Drawn by hand.")


def _within(one: HandBox, size: tuple[int, int], classes: int) -> HandBox | None:
    """The box as far as it lies in the picture; None where nothing of it does."""
    (width, height), (x1, y1, x2, y2) = size, one.box
    left, right = (min(max(x, 0), width) for x in sorted((x1, x2)))
    top, bottom = (min(max(y, 0), height) for y in sorted((y1, y2)))
    if right <= left or bottom <= top:
        return None
    score = None if one.score is None else min(max(one.score, 1), 100)
    return HandBox(min(one.label, classes - 1), (left, top, right, bottom), score)


@lru_cache(maxsize=4)
def _scene(seed: int) -> tuple[Pixels, tuple[HandBox, ...]]:
    one = scenes(1, SIDE, seed, classes=CLASSES, count=(3, 5), min_size=30, max_size=90)
    there = zip(one.boxes[0].tolist(), one.labels[0].tolist(), strict=True)
    boxes = tuple(
        HandBox(label - 1, (round(x1), round(y1), round(x2), round(y2)))
        for (x1, y1, x2, y2), label in there
    )
    return np.asarray(one.images[0]), boxes


def _of_the_small_example() -> tuple[HandBox, ...]:
    """Its first picture: two cups, and three detections of them."""
    records = [r for r in (*small().truth, *small().detections) if r["image"] == 1]
    return tuple(_rounded(record) for record in records)


def _rounded(record: Record) -> HandBox:
    left, top, right, bottom = map(round, record["box"])
    score = round(record["score"] * 100) if "score" in record else None
    return HandBox(0, (left, top, right, bottom), score)
