"""The page "Boxes" with its numbers: two boxes compared, detections judged."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from core.arithmetic.verdicts import brief
from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_examples import EMPTY, Example, example_of
from core.lessons.boxes_hand import drawn, hand_example
from core.lessons.boxes_lines import values_of
from core.vision.metrics import METHODS, BoxOverlap, compare_boxes
from core.vision.metrics.average_precision import Method, PrecisionRecall, curve_of
from core.vision.metrics.matching import Matching
from core.vision.metrics.records import Both

METHOD_TITLES: dict[Method, str] = {
    "lecture": "MLC's sum",
    "every-point": "Every point (VOC 2010 on)",
    "11-point": "11 points (VOC 2007)",
    "101-point": "101 points (COCO)",
}
Kind = Literal["hit", "double", "miss", "low", "ignored"]
WORDS: dict[Kind, str] = {
    "hit": "TP",
    "double": "FP, double",
    "miss": "FP, nothing there",
    "low": "FP, IoU too low",
    "ignored": "left out",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One detection of the sorted list.

    Attributes:
        rank: from 1.
        index: in the example's detections.
        image: its picture.
        score: of the detection.
        iou: with the object that it fits best, or claims.
        truth: index of that object in the example's ground truth, or None.
        kind: what became of it.
        why: the same in a sentence.
        hits: true positives up to here.
        wrong: false positives up to here.
        precision: up to here; None while nothing counts.
        recall: up to here; None where there is nothing to find.
    """

    rank: int
    index: int
    image: Hashable
    score: float
    iou: float
    truth: int | None
    kind: Kind
    why: str
    hits: int
    wrong: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, eq=False)
class Judged:
    """The detections of one class.

    Attributes:
        label: the class.
        labels: all there are.
        matching: what became of each.
        threshold: IoU from which a detection counts.
        example: the lists.
    """

    label: Hashable
    labels: tuple[Hashable, ...]
    matching: Matching
    threshold: float
    example: Example

    @cached_property
    def curve(self) -> PrecisionRecall:
        """Precision and recall."""
        return curve_of(self.matching)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The sorted list."""
        rows = []
        hits = wrong = 0
        for place, index in enumerate(self.matching.detections.tolist()):
            kind = self.matching.verdict(place, self.threshold)
            hits += kind == "hit"
            wrong += kind in ("double", "miss", "low")
            rows.append(self._row(place, index, kind, hits, wrong))
        return tuple(rows)

    def _row(self, place: int, index: int, kind: Kind, hits: int, wrong: int) -> Row:
        said, truth = self.example.detections[index], int(self.matching.truths[place])
        iou, positives = float(self.matching.ious[place]), self.matching.positives
        return Row(
            place + 1,
            index,
            said["image"],
            float(said["score"]),
            iou,
            truth if truth >= 0 else None,
            kind,
            _why(kind, self.label, iou, self.threshold),
            hits,
            wrong,
            hits / (hits + wrong) if hits + wrong else None,
            hits / positives if positives else None,
        )

    def averages(self, drawn: int) -> dict[Method, float]:
        """Every definition of AP, had the detector stopped after so many of the list."""
        counted = ~self.matching.ignored[:drawn]
        part = PrecisionRecall(self.matching.found[:drawn][counted], self.matching.positives)
        return {method: part.average(method) for method in METHODS}

    @property
    def missed(self) -> tuple[int, ...]:
        """Objects that count and nobody claimed, by their index in the ground truth."""
        taken = set(self.matching.truths[self.matching.found].tolist())
        counted = ~self.example.both.truth.ignored
        return tuple(n for n in self.matching.objects.tolist() if n not in taken and counted[n])


@dataclass(frozen=True, eq=False)
class BoxesCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        overlap: of the two boxes.
        own: the person's files, or what was drawn on the current image.
    """

    lesson: BoxesLesson
    overlap: BoxOverlap
    own: Example = EMPTY

    @cached_property
    def values(self) -> dict[str, float]:
        """Every number of the two boxes by its name."""
        return values_of(self.overlap)

    @property
    def hit(self) -> bool:
        """Whether one box would have found the other."""
        return bool(self.overlap.iou >= self.lesson.match_at)

    @cached_property
    def example(self) -> Example:
        """What is judged."""
        if self.lesson.ap_example == "hand" and self.own is EMPTY:
            return hand_example(drawn(self.lesson, None))
        return example_of(self.lesson, self.own)

    @property
    def both(self) -> Both:
        """The example as arrays."""
        return self.example.both

    @cached_property
    def judged(self) -> Judged | None:
        """The detections of the class that is listed; None where there is no class."""
        labels = self.both.labels
        if not labels:
            return None
        named = [label for label in labels if str(label) == self.lesson.ap_label]
        return self.judge((named or self._usual())[0])

    def _usual(self) -> list[Hashable]:
        """The classes that have objects, else all."""
        there = sorted(set(self.both.truth.labels.tolist()))
        return [self.both.labels[number] for number in there] or list(self.both.labels)

    def judge(self, label: Hashable, threshold: float | None = None) -> Judged:
        """The detections of a class, at the lesson's threshold or another."""
        at = threshold or self.lesson.match_at
        lesson = self.lesson
        matching = self.example.matched(label, at, lesson.ap_rule, plus_one=lesson.plus_pixel)
        return Judged(label, self.both.labels, matching, at, self.example)

    def each(self, method: Method) -> dict[Hashable, float]:
        """Average precision of every class that has an object to be found."""
        curves = {label: self.judge(label).curve for label in self.both.labels}
        return {
            label: curve.average(method) for label, curve in curves.items() if curve.positives
        }

    @cached_property
    def means(self) -> dict[Method, float]:
        """Mean over the classes of each definition (mAP); nan where nothing is to be found."""
        found = {method: list(self.each(method).values()) for method in METHODS}
        return {
            method: float(np.mean(values)) if values else float("nan")
            for method, values in found.items()
        }

    @property
    def drawn(self) -> int:
        """How many detections are on the curve."""
        return min(self.lesson.ap_drawn, len(self.judged.rows)) if self.judged else 0


def build(lesson: BoxesLesson, own: Example = EMPTY) -> BoxesCase:
    """Compare the two boxes; the detections are judged when they are asked for."""
    a, b = lesson.boxes
    return BoxesCase(lesson, compare_boxes(a, b, lesson.plus_pixel), own)


def _why(kind: Kind, label: Hashable, iou: float, threshold: float) -> str:
    at, cut = brief(iou), brief(threshold)
    return {
        "hit": f"IoU {at} >= {cut}, and nothing surer has claimed this {label}.",
        "double": f"IoU {at} >= {cut}, but a surer detection has this {label} already.",
        "miss": f"There is no {label} in this picture.",
        "low": f"The best IoU with any {label} that it may claim is {at} < {cut}.",
        "ignored": "It found a crowd or a difficult object: neither right nor wrong.",
    }[kind]
