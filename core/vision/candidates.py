"""What a detector says before anything is left out, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np
import numpy.typing as npt

from core.vision.classify import Stages
from core.vision.metrics import nms
from core.vision.yolo_head import YoloHead

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

LEAST = 0.01
"""Lowest confidence that can be asked for; networks with tens of thousands of candidates are
asked for those alone that reach it."""
MOST_FOUND = 300
"""Boxes that are given at most, the surest. Below 5 % nearly all candidates are noise."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Every box that a detector considers in a picture, with its scores.

    Attributes:
        boxes: (n, 4) float32 xyxy in pixels of the picture; they may reach beyond it.
        scores: (n, classes) float32, 0 to 1.
        class_names: of the detector, in the order of the scores.
        size: width and height of the picture, in pixels.
        total: how many there were; more than n where the unlikely ones stayed behind.
        stages: how long the way to the network and back took.
        decode_ms: from the network's numbers to these boxes.
        heads: the decoded maps of YOLOv3-tiny, coarse and fine, in pixels of its square; the
            candidates are their boxes in order. Empty for other detectors.
    """

    boxes: Floats
    scores: Floats
    class_names: tuple[str, ...]
    size: tuple[int, int]
    total: int
    stages: Stages
    decode_ms: float
    heads: tuple[YoloHead, ...] = ()

    def __len__(self) -> int:
        return len(self.boxes)

    @cached_property
    def best(self) -> Indices:
        """(n,) int64: the likeliest class of each."""
        return np.asarray(self.scores.argmax(axis=1), np.int64)

    @cached_property
    def confidence(self) -> Floats:
        """(n,) float32: the score of the likeliest class."""
        return self.scores[np.arange(len(self)), self.best]

    def place(self, index: int) -> tuple[int, int, int, int] | None:
        """Map, row, column and anchor of a candidate; None where there are no maps."""
        for number, head in enumerate(self.heads):
            rows, columns = head.grid
            anchors = len(head.anchors)
            count = rows * columns * anchors
            if index < count:
                cell, anchor = divmod(index, anchors)
                return (number, *divmod(cell, columns), anchor)
            index -= count
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which candidates stay.

    Attributes:
        confidence: a candidate stays if its score is at least that.
        iou: a box is suppressed when its IoU with a surer one is above that.
        classwise: whether only boxes of the same class suppress each other.
        every_class: whether a candidate counts for every class that is likely enough, not for
            the likeliest alone.
        classes: names of those that are wanted; empty for all.
    """

    confidence: float = 0.25
    iou: float = 0.45
    classwise: bool = True
    every_class: bool = False
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What was found in a picture, the surest first.

    Attributes:
        boxes: (k, 4) float64 xyxy, in pixels of the picture and inside of it.
        scores: (k,) float64, 0 to 1.
        labels: k names of classes.
        numbers: (k,) int64: the classes' numbers.
        indices: (k,) int64: their places among the candidates.
        likely: how many there were above the confidence, of all classes.
        wanted: how many of them were of the wanted classes, before suppression.
        suppressed: how many of those a surer box suppressed.
        took_ms: how long choosing took.
    """

    boxes: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]
    labels: tuple[str, ...]
    numbers: Indices
    indices: Indices
    likely: int
    wanted: int
    suppressed: int
    took_ms: float

    def __len__(self) -> int:
        """How many boxes."""
        return len(self.labels)

    def __iter__(self) -> Iterator[npt.NDArray[np.float64] | tuple[str, ...]]:
        """For `boxes, scores, labels = detections`."""
        return iter((self.boxes, self.scores, self.labels))

    def counts(self) -> dict[str, int]:
        """How many there are of each class, the most frequent first."""
        found: dict[str, int] = {}
        for label in self.labels:
            found[label] = found.get(label, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def records(self, image: str) -> list[dict[str, object]]:
        """One mapping for each box, as `core.vision.metrics` and `annotations` take them.

        Args:
            image: the picture's name.
        """
        return [
            {"image": image, "box": tuple(box), "score": score, "label": label}
            for box, score, label in zip(
                self.boxes.tolist(), self.scores.tolist(), self.labels, strict=True
            )
        ]


def choose(candidates: Candidates, choice: Choice) -> Detections:
    """Confidence, classes, non-maximum suppression, in this order; the network does not run.

    Args:
        candidates: of a picture.
        choice: the thresholds.

    Raises:
        MetricError: a threshold is no share.
    """
    begun = perf_counter()
    rows, numbers = _likely(candidates, choice)
    likely = len(rows)
    if choice.classes:
        wanted = [n for n, name in enumerate(candidates.class_names) if name in choice.classes]
        rows, numbers = _of(rows, numbers, np.isin(numbers, wanted))
    # What lies wholly in the part that was filled up is not in the picture.
    clipped = inside(candidates.boxes[rows], candidates.size)
    there = np.all(clipped[:, 2:] > clipped[:, :2], axis=1)
    rows, numbers = _of(rows, numbers, there)
    scores = candidates.scores[rows, numbers].astype(np.float64)
    kept = nms(
        candidates.boxes[rows], scores, choice.iou, numbers if choice.classwise else None
    )
    suppressed, kept = len(rows) - len(kept), kept[:MOST_FOUND]
    return Detections(
        clipped[there][kept],
        scores[kept],
        tuple(candidates.class_names[number] for number in numbers[kept]),
        numbers[kept],
        rows[kept],
        likely,
        len(rows),
        suppressed,
        (perf_counter() - begun) * 1000,
    )


def inside(boxes: npt.NDArray[np.floating], size: Sequence[float]) -> npt.NDArray[np.float64]:
    """The parts of boxes that lie in the picture.

    Args:
        boxes: (n, 4) xyxy.
        size: width and height of the picture.
    """
    width, height = size
    return np.clip(np.asarray(boxes, np.float64), 0, [width, height, width, height])


def _likely(candidates: Candidates, choice: Choice) -> tuple[Indices, Indices]:
    """Rows and classes of what is sure enough."""
    if choice.every_class:
        rows, numbers = np.nonzero(candidates.scores >= np.float32(choice.confidence))
        return rows.astype(np.int64), numbers.astype(np.int64)
    rows = np.flatnonzero(candidates.confidence >= np.float32(choice.confidence))
    return rows.astype(np.int64), candidates.best[rows]


def _of(
    rows: Indices, numbers: Indices, which: npt.NDArray[np.bool_]
) -> tuple[Indices, Indices]:
    return rows[which], numbers[which]
