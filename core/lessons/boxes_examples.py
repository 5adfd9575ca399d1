"""Ground truth and detections to be judged: by hand, of a paper, or drawn and disturbed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.data.shapes import scenes
from core.lessons.boxes import BoxesLesson
from core.vision.metrics.average_precision import matched
from core.vision.metrics.coco import CocoEvaluation, coco_evaluation
from core.vision.metrics.matching import Matching, Rule
from core.vision.metrics.records import Both, Record, as_arrays

Pixels = npt.NDArray[np.uint8]
SIDE = 192
"""Pixels of a drawn scene's side."""
CLASSES = ("circle", "square", "triangle")
PUBLISHED = (
    (95, True), (95, False), (91, True), (88, False), (84, False), (80, False), (78, False),
    (74, False), (71, False), (70, True), (67, False), (62, True), (54, True), (48, True),
    (45, False), (45, False), (44, False), (44, False), (43, False), (38, False), (35, False),
    (23, False), (18, True), (14, False),
)  # fmt: skip
"""Score in percent, and whether it is a true positive: Padilla et al. 2020, table II."""
_OBJECTS, _PICTURES = 15, 7


@dataclass(frozen=True, eq=False)
class Example:
    """What is there, and what was said; what is computed of it is kept with it.

    Attributes:
        truth: see `core.vision.metrics.records`.
        detections: likewise.
        sizes: (width, height) of the pictures.
        pictures: (H, W, 3) uint8 of those that can be shown.
        source: where it comes from.
    """

    truth: tuple[Record, ...]
    detections: tuple[Record, ...]
    sizes: Mapping[Hashable, tuple[float, float]]
    pictures: Mapping[Hashable, Pixels] = field(default_factory=dict)
    source: str = ""
    _matchings: dict[tuple[Hashable, float, Rule, bool], Matching] = field(
        default_factory=dict, repr=False
    )

    @cached_property
    def both(self) -> Both:
        """Both lists as arrays."""
        return as_arrays(self.detections, self.truth)

    @cached_property
    def evaluation(self) -> CocoEvaluation:
        """COCO's numbers."""
        return coco_evaluation(self.detections, self.truth)

    def matched(
        self, label: Hashable, threshold: float, rule: Rule, *, plus_one: bool
    ) -> Matching:
        """What became of the detections of a class."""
        key = (label, threshold, rule, plus_one)
        if key not in self._matchings:
            if len(self._matchings) >= _MOST_KEPT:
                self._matchings.clear()
            self._matchings[key] = matched(
                self.both, label, threshold, rule=rule, plus_one=plus_one
            )
        return self._matchings[key]


_MOST_KEPT = 200
"""Matchings: of 80 classes at two thresholds, and a few more."""


EMPTY = Example((), (), {})


def example_of(lesson: BoxesLesson, own: Example = EMPTY) -> Example:
    """The example that is chosen; `own` where the person brings it or draws it."""
    if lesson.ap_example in ("files", "hand"):
        return own
    if lesson.ap_example == "small":
        return small()
    return published() if lesson.ap_example == "published" else shapes(lesson)


@lru_cache(maxsize=1)
def small() -> Example:
    """Three cups and five detections: right, low, double, right, right.

    Precision is 1, 1/2, 1/3, 1/2, 3/5 at recall 1/3, 1/3, 1/3, 2/3, 1.
    """
    truth = [
        {"image": 1, "box": (20, 25, 70, 85), "label": "cup"},
        {"image": 1, "box": (90, 30, 140, 90), "label": "cup"},
        {"image": 2, "box": (40, 30, 110, 90), "label": "cup"},
    ]
    said = [
        (1, (22, 27, 72, 87), 0.95),
        (2, (80, 55, 135, 100), 0.90),
        (1, (15, 20, 66, 82), 0.80),
        (2, (45, 28, 112, 92), 0.70),
        (1, (94, 36, 146, 95), 0.60),
    ]
    detections = [
        {"image": image, "box": box, "label": "cup", "score": score}
        for image, box, score in said
    ]
    sizes: dict[Hashable, tuple[float, float]] = {1: (160, 120), 2: (160, 120)}
    return Example(tuple(truth), tuple(detections), sizes, source="Five detections by hand.")


@lru_cache(maxsize=1)
def published() -> Example:
    """The published list of 24 detections of 15 objects; its boxes are laid out anew."""
    truth, places = [], {}
    for number in range(_OBJECTS):
        image, place = number % _PICTURES + 1, number // _PICTURES
        left = 12.0 + 52 * place
        box = (left, 20.0, left + 40, 100.0)
        truth.append({"image": image, "box": box, "label": "object"})
        places[number] = image, box
    detections = []
    hits = 0
    for rank, (percent, right) in enumerate(PUBLISHED):
        image, box = places[(hits * 2 + 1) % _OBJECTS if right else rank % _OBJECTS]
        move = (4.0, 5.0) if right else (22.0, -12.0)  # IoU 0.73, and 0.24
        moved = (box[0] + move[0], box[1] + move[1], box[2] + move[0], box[3] + move[1])
        hits += right
        detections.append(
            {"image": image, "box": moved, "label": "object", "score": percent / 100}
        )
    pictures: list[Hashable] = list(range(1, _PICTURES + 1))
    return Example(
        tuple(truth), tuple(detections), dict.fromkeys(pictures, (160.0, 120.0)),
        source="Scores and verdicts: Padilla et al. 2020, table II. The boxes are ours.",
    )  # fmt: skip


def shapes(lesson: BoxesLesson) -> Example:
    """Scenes of shapes, their boxes disturbed as the lesson says."""
    return _shapes(
        lesson.ap_scenes, lesson.ap_seed, lesson.ap_shift, lesson.ap_missed,
        lesson.ap_doubled, lesson.ap_invented, lesson.ap_sure,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _shapes(
    count: int, seed: int, shift: int, missed: int, doubled: int, invented: int, sure: int
) -> Example:
    """Every shape has its own random numbers, so that a slider moves what it names alone."""
    drawn = scenes(count, SIDE, seed, classes=CLASSES, count=(2, 6), min_size=22, max_size=110)
    truth: list[Record] = []
    detections: list[Record] = []
    for image in range(count):
        for number, (box, label) in enumerate(
            zip(drawn.boxes[image].tolist(), drawn.labels[image].tolist(), strict=True)
        ):
            there = {"image": image + 1, "box": tuple(box), "label": CLASSES[label - 1]}
            truth.append(there)
            generator = np.random.default_rng([seed, image, number])
            fate = generator.random(2) * 100
            times = 0 if fate[0] < missed else 2 if fate[1] < doubled else 1
            for again in range(2):  # the second is drawn whether it is needed or not
                said = _disturbed(generator, box, shift / 100 * (1 + again), sure / 100)
                if again < times:
                    detections.append(there | said)
    detections += _invented(np.random.default_rng([seed, 10_000]), count, invented, sure / 100)
    sizes: dict[Hashable, tuple[float, float]] = {n + 1: (SIDE, SIDE) for n in range(count)}
    pictures: dict[Hashable, Pixels] = {n + 1: drawn.images[n] for n in range(count)}
    return Example(tuple(truth), tuple(detections), sizes, pictures, "Shapes, drawn by rule.")


def _disturbed(
    generator: np.random.Generator, box: list[float], shift: float, sure: float
) -> dict[str, Any]:
    """A detection of a box, with a score that falls with how far it is off."""
    left, top, right, bottom = box
    sides = np.array([right - left, bottom - top] * 2)
    off = generator.standard_normal(4) * shift
    edges = np.clip(np.array(box) + off * sides, 0, SIDE)
    for axis in (0, 1):
        if edges[axis + 2] - edges[axis] < 4:
            edges[[axis, axis + 2]] = box[axis], box[axis + 2]
    good = 1 - min(float(np.abs(off).mean()) * 1.6, 0.9)
    score = _score(generator, good, sure)
    return {"box": tuple(np.round(edges, 1).tolist()), "score": score}


def _invented(
    generator: np.random.Generator, count: int, wanted: int, sure: float
) -> list[Record]:
    """Boxes where nothing was drawn; they may lie on a shape all the same."""
    made: list[Record] = []
    for _ in range(wanted):
        width, height = generator.uniform(22, 90, 2)
        left, top = generator.uniform(0, SIDE - width), generator.uniform(0, SIDE - height)
        box = np.round([left, top, left + width, top + height], 1)
        made.append(
            {
                "image": int(generator.integers(1, count + 1)),
                "box": tuple(box.tolist()),
                "label": CLASSES[int(generator.integers(len(CLASSES)))],
                "score": _score(generator, 0.15, sure),
            }
        )
    return made


def _score(generator: np.random.Generator, good: float, sure: float) -> float:
    """Between chance and how good the box is, two decimals."""
    chance = generator.uniform(0.05, 0.99)
    return round(float(np.clip(sure * good + (1 - sure) * chance, 0.01, 0.99)), 2)
