"""What the page "Inside YOLO" works on: scenes, boxes by hand, and a network's answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from core.data.shapes import scenes
from core.lessons.boxes_examples import CLASSES
from core.lessons.yolo import SIDE, YoloLesson
from core.vision.yolo_head import YoloHead

Pixels = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
ANCHORS: tuple[tuple[float, float], ...] = ((120.0, 120.0), (60.0, 60.0), (170.0, 90.0))
"""Of the example by hand, in pixels of the input."""
MOST_CANDIDATES = 60
"""Boxes that suppression shows; the surest ones."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a network gave for a picture.

    Attributes:
        title: of the picture.
        pixels: (side, side, 3) uint8: what the network saw, with bars beside the picture.
        heads: the coarse and the fine one, decoded.
        class_names: of the network.
    """

    title: str
    pixels: Pixels
    heads: tuple[YoloHead, ...]
    class_names: tuple[str, ...]

    @property
    def side(self) -> int:
        """Of the network's input, in pixels."""
        return self.heads[0].side

    def head(self, grid: int) -> YoloHead:
        """The one with so many cells along a side."""
        return next(head for head in self.heads if head.grid[0] == grid)

    def surest(self, grid: int) -> tuple[int, int, int]:
        """Row, column and box (from 0) with the highest score of an output."""
        best = self.head(grid).scores.max(3)
        row, column, box = np.unravel_index(int(best.argmax()), best.shape)
        return int(row), int(column), int(box)

    @cached_property
    def ranked(self) -> tuple[npt.NDArray[np.float64], ...]:
        """Boxes (n, 4), scores and classes of both heads, the surest first.

        Each box counts once, with its likeliest class.
        """
        boxes = np.concatenate([head.boxes.reshape(-1, 4) for head in self.heads])
        every = np.concatenate([h.scores.reshape(-1, h.classes) for h in self.heads])
        scores = every.max(1)
        order = np.argsort(-scores, kind="stable")
        parts = (boxes[order], scores[order], every.argmax(1)[order])
        return tuple(np.asarray(part, np.float64) for part in parts)


@dataclass(frozen=True, eq=False)
class Scene:
    """A drawn picture with what is in it.

    Attributes:
        pixels: (416, 416, 3) uint8.
        boxes: xyxy of every shape.
        labels: place of its class in `CLASSES`.
    """

    pixels: Pixels
    boxes: tuple[Box, ...]
    labels: tuple[int, ...]


@lru_cache(maxsize=8)
def scene(seed: int, *, crowded: bool = False) -> Scene:
    """Shapes at the size of the input; crowded ones cover each other."""
    drawn = scenes(
        1, SIDE, seed, classes=CLASSES, count=(4, 6) if crowded else (2, 4), min_size=70,
        max_size=170, overlap=crowded, background="gradient",
    )  # fmt: skip
    boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in drawn.boxes[0])
    return Scene(drawn.images[0], boxes, tuple(int(label) - 1 for label in drawn.labels[0]))


@dataclass(frozen=True, eq=False)
class Candidates:
    """Boxes before suppression, the surest first.

    Attributes:
        title: where they come from.
        size: (width, height) of the picture.
        pixels: the picture; None where there is none.
        boxes: xyxy.
        scores: 0 to 1.
        labels: places in `names`.
        names: of the classes.
        left_out: how many further ones are above the threshold and not shown.
        truth: the boxes that are really there, with their classes; empty where nobody knows.
        below: how many are below the confidence threshold.
    """

    title: str
    size: tuple[int, int]
    pixels: Pixels | None
    boxes: tuple[Box, ...]
    scores: tuple[float, ...]
    labels: tuple[int, ...]
    names: tuple[str, ...]
    left_out: int = 0
    below: int = 0
    truth: tuple[tuple[Box, int], ...] = ()

    def __len__(self) -> int:
        return len(self.boxes)


_HAND: tuple[tuple[Box, float, int], ...] = (
    ((40, 60, 140, 180), 0.90, 0),
    ((50, 66, 150, 186), 0.80, 0),
    ((180, 70, 280, 170), 0.75, 1),
    ((190, 70, 290, 170), 0.75, 1),
    ((70, 78, 170, 198), 0.70, 0),
    ((184, 74, 284, 174), 0.60, 0),
    ((40, 60, 140, 120), 0.55, 0),
    ((214, 186, 304, 232), 0.30, 1),
)
"""Box, score, class. The third and fourth are a tie; the seventh has IoU 0.5 with the first;
the fifth overlaps the second, not the first; the sixth lies on the third, of another class."""


def candidates(lesson: YoloLesson, answer: Answer | None = None) -> Candidates | None:
    """The boxes that go into suppression.

    Args:
        lesson: which, and from which confidence on.
        answer: of the network, for the subject "photo".

    Returns:
        None where the network has not answered yet.
    """
    if lesson.nms_subject == "photo":
        return None if answer is None else _of_network(lesson, answer)
    if lesson.nms_subject == "hand":
        boxes, scores, labels = zip(*_HAND, strict=True)
        found = Candidates(
            "Eight boxes by hand", (320, 240), None, boxes, scores, labels, ("dog", "cat")
        )
    else:
        found = _crowd(lesson.nms_seed, lesson.nms_crowd, lesson.nms_off)
    return _sure(found, lesson.nms_score)


def _sure(found: Candidates, least: float) -> Candidates:
    keep = [n for n, score in enumerate(found.scores) if score >= least]
    shown = keep[:MOST_CANDIDATES]
    return Candidates(
        found.title, found.size, found.pixels,
        tuple(found.boxes[n] for n in shown),
        tuple(found.scores[n] for n in shown),
        tuple(found.labels[n] for n in shown),
        found.names, len(keep) - len(shown), len(found) - len(keep), found.truth,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _crowd(seed: int, times: int, off: int) -> Candidates:
    """Every shape found several times, its edges off and its score the surer the better."""
    drawn = scene(seed, crowded=True)
    listed: list[tuple[float, Box, int]] = []
    for number, (box, label) in enumerate(zip(drawn.boxes, drawn.labels, strict=True)):
        generator = np.random.default_rng([seed, number])
        for _ in range(times):
            error = generator.standard_normal(4) * off / 100
            sides = np.array([box[2] - box[0], box[3] - box[1]] * 2)
            edges = np.clip(np.array(box) + error * sides, 0, SIDE)
            if edges[2] - edges[0] < 8 or edges[3] - edges[1] < 8:
                edges = np.array(box)
            sure = 0.98 - 1.8 * float(np.abs(error).mean()) - generator.uniform(0, 0.25)
            left, top, right, bottom = np.round(edges, 1).tolist()
            score = round(min(max(sure, 0.05), 0.99), 2)
            listed.append((score, (left, top, right, bottom), label))
    listed.sort(key=lambda one: -one[0])
    scores, boxes, labels = zip(*listed, strict=True)
    truth = tuple(zip(drawn.boxes, drawn.labels, strict=True))
    return Candidates(
        "Shapes, drawn by rule", (SIDE, SIDE), drawn.pixels, boxes, scores, labels, CLASSES,
        truth=truth,
    )  # fmt: skip


def _of_network(lesson: YoloLesson, answer: Answer) -> Candidates:
    boxes, scores, labels = answer.ranked
    above = int(np.searchsorted(-scores, -lesson.nms_score, side="right"))
    shown = min(above, MOST_CANDIDATES)
    corners = tuple((a, b, c, d) for a, b, c, d in boxes[:shown].tolist())
    return Candidates(
        f"{answer.title}, YOLOv3-tiny", (answer.side, answer.side), answer.pixels, corners,
        tuple(scores[:shown].tolist()), tuple(int(n) for n in labels[:shown]),
        answer.class_names, above - shown, len(scores) - above,
    )  # fmt: skip
