"""Presets of the page "Detector"."""

from __future__ import annotations

from core.lessons.detector import DetectorLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(slug: str, title: str, topic: str, decks: Decks, lesson: Lesson, look: str) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "detector-shapes",
    "Six shapes, within two minutes",
    "Watch it learn",
    ("MLC",),
    Lesson(),
    "Press Start. At first no cell dares to say anything; then boxes stand where shapes are, "
    "with wrong names; then the names come right, and at last the boxes become tight.",
)
_add(
    "detector-two-shapes",
    "Two shapes, in half a minute",
    "Watch it learn",
    (),
    Lesson(
        objects_kinds=2, objects_count=1_000, objects_side=64, objects_smallest=25,
        objects_largest=50, objects_background="plain", detector_epochs=12,
    ),
    "Circle against square on 64 pixels: quick enough to try one setting after the other.",
)  # fmt: skip
_add(
    "detector-crowded",
    "Shapes that cover each other",
    "Watch it learn",
    (),
    Lesson(objects_fewest=3, objects_most=6, objects_overlap=True),
    "Two circles that overlap by half: NMS at 0.45 takes one of them away, though the network "
    "has found both. Move NMS: IoU, and look at the dashed boxes.",
)
_add(
    "detector-ciou",
    "Box loss: CIoU",
    "Box losses",
    (),
    Lesson(objects_count=1_000, detector_epochs=12),
    "The loss is what boxes are judged by. Start this one, then the next two, and lay them "
    "over one another in Compare: look at AP@[.5:.95], not at AP50.",
)
_add(
    "detector-giou",
    "Box loss: GIoU",
    "Box losses",
    (),
    Lesson(objects_count=1_000, detector_epochs=12, detector_loss="giou"),
    "Falls as long as boxes come nearer, even where they do not touch; it says nothing of "
    "centres that are apart once one box lies within the other.",
)
_add(
    "detector-squared",
    "Box loss: squared errors, as YOLO began",
    "Box losses",
    (),
    Lesson(
        objects_count=1_000, detector_epochs=12, detector_loss="squared",
        detector_box_weight=5.0,
    ),
    "Errors of centre and of the roots of width and height, times 5: the sum of squares is not "
    "what boxes are judged by, and they stay looser.",
)  # fmt: skip
_add(
    "detector-yolov8",
    "KerasCV's YOLOv8, from its first weights",
    "Watch it learn",
    ("MLC",),
    Lesson(
        detector_network="yolov8", objects_count=1_000, objects_side=64, objects_kinds=2,
        objects_smallest=30, objects_largest=60, objects_most=2, objects_background="plain",
    ),
    "Three maps of cells, no anchors, no objectness: every class is a yes or no of its own. "
    "Wait half a minute for its graph; then it is quick to see boxes. Compare it with the grid "
    "on the same scenes: its boxes become tighter.",
)  # fmt: skip
_add(
    "detector-coarse",
    "A coarse grid: 6 x 6",
    "The grid",
    (),
    Lesson(detector_cell="16", objects_smallest=15, objects_largest=25, objects_most=6),
    "Cells of 16 pixels, shapes of 14 to 24, up to six of them: two centres in one cell, and "
    "only one box to answer. Data says how many objects find nobody.",
)
_add(
    "detector-three-boxes",
    "The same grid with three boxes a cell",
    "The grid",
    (),
    Lesson(
        detector_cell="16", detector_boxes=3, objects_smallest=15, objects_largest=25,
        objects_most=6,
    ),
    "Each with an anchor of its own: now a cell can answer for up to three objects.",
)  # fmt: skip
_add(
    "detector-empty",
    "Empty cells count in full, ten times",
    "Weights",
    (),
    Lesson(objects_count=1_000, detector_epochs=12, detector_empty_weight=10.0),
    "142 of 144 cells are empty. Weighed ten times they drown the few that answer: scores stay "
    "low. Lower the confidence and the boxes are there all the same.",
)
_add(
    "detector-few",
    "Only 80 scenes",
    "Few pictures",
    (),
    Lesson(objects_count=80, detector_epochs=60, detector_batch=8),
    "56 to learn from, mirrored at random. Training loss falls, validation loss turns and "
    "rises: where is sooner learnt than what.",
)
_add(
    "detector-not-mirrored",
    "Without mirroring",
    "Few pictures",
    (),
    Lesson(objects_count=1_000, detector_flip=False),
    "700 scenes seen again and again: the classes are learnt by heart, and AP stands still at "
    "a half. Mirroring is three further scenes for each, free of charge.",
)
