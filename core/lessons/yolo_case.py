"""The page "Inside YOLO" with its numbers: one cell, or boxes that are suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.arithmetic.box_decoding import (
    Cell,
    Decoded,
    decode_anchor,
    decode_dfl,
    decode_distances,
    decode_v1,
    encode_anchor,
    hump,
)
from core.arithmetic.detection_heads import KNOWN, HeadError, HeadShape, head
from core.lessons.boxes_examples import CLASSES
from core.lessons.yolo import BOXES, SIDE, YoloLesson
from core.lessons.yolo_examples import (
    ANCHORS,
    Answer,
    Box,
    Candidates,
    Scene,
    candidates,
    scene,
)
from core.lessons.yolo_suppression import Walk, walk
from core.vision.metrics import box_iou
from core.vision.yolo_head import YoloHead

SCALE = 1.5
"""s of FCOS in the example by hand."""
_IDLE = {"v1": (0.5, 0.5, 0.4, 0.4), "v3": (0.0, 0.0, 0.0, 0.0)}
"""Numbers of the boxes that the sliders do not set."""
_IDLE_OBJECT = {"v1": 0.1, "v3": -3.0}


@dataclass(frozen=True, slots=True)
class Object:
    """The shape that the box is measured with.

    Attributes:
        name: its class.
        box: xyxy in pixels.
        iou: with the decoded box.
        here: whether its centre is in the cell, which makes the cell responsible for it.
        target: t that would give its box exactly; None where there is none, or for other heads.
    """

    name: str
    box: Box
    iou: float
    here: bool
    target: tuple[float, float, float, float] | None


@dataclass(frozen=True, eq=False)
class CellCase:
    """One cell.

    Attributes:
        cell: where.
        shape: of the head.
        vector: all numbers of the cell, in the order of the shape's parts.
        boxes: of the cell, decoded.
        chosen: which of them, from 0.
        class_names: of the head.
        pixels: (side, side, 3) uint8, the input.
        title: of the picture.
        confidence: (S, S) the highest objectness of each cell's boxes; None by hand.
        bins: (4, 16) shares of YOLOv8's bins; None for other heads.
        anchors: (width, height) of each box's anchor; empty without.
        object: what the box is measured with; None where nobody knows what is there.
    """

    cell: Cell
    shape: HeadShape
    vector: npt.NDArray[np.float64]
    boxes: tuple[Decoded, ...]
    chosen: int
    class_names: tuple[str, ...]
    pixels: npt.NDArray[np.uint8]
    title: str
    confidence: npt.NDArray[np.float64] | None = None
    bins: npt.NDArray[np.float64] | None = None
    anchors: tuple[tuple[float, float], ...] = ()
    object: Object | None = None

    @property
    def decoded(self) -> Decoded:
        """The chosen box."""
        return self.boxes[self.chosen]

    def ranked(self, most: int) -> list[tuple[str, float, float]]:
        """Name, probability and score of the likeliest classes, the likeliest first."""
        now = self.decoded
        order = np.argsort(-np.array(now.classes), kind="stable")[:most]
        return [(self.class_names[n], now.classes[n], now.scores[n]) for n in order.tolist()]


@dataclass(frozen=True, eq=False)
class YoloCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        answer: of the network; None before it came, and where nobody asked.
        says: why there is no answer yet; empty where there is one or none is needed.
        waiting: whether it will come.
    """

    lesson: YoloLesson
    answer: Answer | None = None
    says: str = ""
    waiting: bool = False

    @cached_property
    def cell(self) -> CellCase | None:
        """The cell with its boxes; None while the network has not answered."""
        lesson = self.lesson
        if lesson.yolo_subject == "hand":
            return by_hand(lesson)
        return None if self.answer is None else by_network(lesson, self.answer)

    @cached_property
    def candidates(self) -> Candidates | None:
        """The boxes before suppression."""
        return candidates(self.lesson, self.answer)

    @cached_property
    def walk(self) -> Walk | None:
        """Suppression step by step."""
        found = self.candidates
        return None if found is None else walk(self.lesson, found)

    @cached_property
    def own(self) -> HeadShape:
        """The head of the sliders S, B and C, as YOLO v1 lays it out."""
        lesson = self.lesson
        return head("v1", [lesson.out_cells], lesson.out_boxes, lesson.out_classes)

    @cached_property
    def published(self) -> dict[str, HeadShape]:
        """The published heads at the lesson's input."""
        side = int(self.lesson.out_side)
        return {slug: known.at(side) for slug, known in KNOWN.items()}


def needs_network(lesson: YoloLesson) -> bool:
    """Whether what the stage shows comes from the network."""
    subject = lesson.yolo_subject if lesson.yolo_shows == "cell" else lesson.nms_subject
    return subject == "photo"


def build(
    lesson: YoloLesson, answer: Answer | None = None, says: str = "", *, waiting: bool = False
) -> YoloCase:
    """The numbers are computed when they are asked for."""
    return YoloCase(lesson, answer, says, waiting)


def by_hand(lesson: YoloLesson) -> CellCase:
    """The cell whose numbers the sliders set; its other boxes stay as they are."""
    kind, drawn = lesson.yolo_head, scene(lesson.yolo_scene)
    cell = Cell(lesson.row, lesson.column, lesson.yolo_cells, SIDE)
    shape = head(kind, [lesson.yolo_cells], BOXES[kind], len(CLASSES))
    classes = (lesson.yolo_circle, lesson.yolo_square, lesson.yolo_triangle)
    chosen = lesson.box
    bins = None
    anchors = ANCHORS if kind == "v3" else ()
    if kind == "v8":
        peaks = (lesson.yolo_left, lesson.yolo_top, lesson.yolo_right, lesson.yolo_bottom)
        logits = np.array([hump(peak, lesson.yolo_spread) for peak in peaks])
        decoded, bins = decode_dfl(logits, classes, cell)
        boxes: tuple[Decoded, ...] = (decoded,)
        vector = np.concatenate([logits.ravel(), classes])
    elif kind == "fcos":
        raw = _raw(lesson)
        boxes = (decode_distances(raw, lesson.yolo_to, classes, cell, SCALE),)
        vector = np.array([*raw, lesson.yolo_to, *classes])
    else:
        boxes, vector = _with_own_boxes(lesson, cell, classes)
    return CellCase(
        cell, shape, vector, boxes, chosen, CLASSES, drawn.pixels, "Shapes, drawn by rule",
        bins=bins, anchors=anchors, object=_object(drawn, cell, boxes[chosen]),
    )  # fmt: skip


def _raw(lesson: YoloLesson) -> tuple[float, float, float, float]:
    return lesson.yolo_tx, lesson.yolo_ty, lesson.yolo_tw, lesson.yolo_th


def _with_own_boxes(
    lesson: YoloLesson, cell: Cell, classes: tuple[float, ...]
) -> tuple[tuple[Decoded, ...], npt.NDArray[np.float64]]:
    """The boxes of v1 or v3, and all numbers of the cell."""
    kind = lesson.yolo_head
    boxes, numbers = [], []
    for number in range(BOXES[kind]):
        mine = number == lesson.box
        raw = _raw(lesson) if mine else _IDLE[kind]
        there = lesson.yolo_to if mine else _IDLE_OBJECT[kind]
        numbers += [*raw, there]
        if kind == "v1":
            boxes.append(decode_v1(raw, there, classes, cell))
        else:
            boxes.append(decode_anchor(raw, there, classes, cell, ANCHORS[number]))
            numbers += [*classes]
    if kind == "v1":
        numbers += [*classes]
    return tuple(boxes), np.array(numbers)


def _object(drawn: Scene, cell: Cell, decoded: Decoded) -> Object:
    """The shape whose centre is in the cell, else the one that the box fits best."""
    ious = np.asarray(box_iou(np.array(decoded.box)[None], np.array(drawn.boxes))).ravel()
    inside = [n for n, box in enumerate(drawn.boxes) if _in(cell, box)]
    best = max(inside or range(len(drawn.boxes)), key=lambda n: ious[n])
    box = drawn.boxes[best]
    target = None
    if decoded.prior is not None and best in inside:
        try:
            target = encode_anchor(box, cell, decoded.prior)
        except HeadError:  # on the cell's edge
            target = None
    name = CLASSES[drawn.labels[best]]
    return Object(name, box, float(ious[best]), best in inside, target)


def _in(cell: Cell, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    left, top, right, bottom = cell.box
    return left <= x < right and top <= y < bottom


def by_network(lesson: YoloLesson, answer: Answer) -> CellCase:
    """The cell as the network gave it."""
    given: YoloHead = answer.head(lesson.grid)
    cell = Cell(lesson.row, lesson.column, lesson.grid, answer.side)
    raw = np.asarray(given.raw[lesson.row, lesson.column], np.float64)
    boxes = tuple(
        decode_anchor(numbers[:4], numbers[4], numbers[5:], cell, anchor)
        for numbers, anchor in zip(raw.tolist(), given.anchors, strict=True)
    )
    shape = head("v3", [lesson.grid], len(given.anchors), given.classes)
    confidence = np.asarray(given.objectness.max(2), np.float64)
    return CellCase(
        cell, shape, raw.ravel(), boxes, lesson.box, answer.class_names,
        answer.pixels, answer.title, confidence=confidence, anchors=given.anchors,
    )  # fmt: skip
