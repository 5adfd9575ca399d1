"""Presets of the page "Detect"."""

from __future__ import annotations

from core.lessons.detect import DetectLesson
from core.presets.registry import PRESETS, Deck, Preset

_FINDS = "What is found, and what is not"
_THRESHOLDS = "Two thresholds"
_SIZES = "Sizes"
_OTHER = "Other detectors"


def _add(
    slug: str,
    title: str,
    topic: str,
    lesson: DetectLesson,
    look: str,
    decks: tuple[Deck, ...] = (),
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "detect-objects", "What is where", _FINDS, DetectLesson(),
    "A network of 8.9 million weights, one pass over the picture: class, box and score. "
    "Point at a box for its numbers.",
    ("MLC",),
)  # fmt: skip
_add(
    "several-pictures", "Several pictures at once", _FINDS,
    DetectLesson(det_pictures="samples"),
    "A person, a cup, a cat, coins that are taken for bowls, and a rocket that is nothing: "
    "COCO has no rocket.",
)  # fmt: skip
_add(
    "persons-alone", "Persons alone", _FINDS,
    DetectLesson(det_pictures="samples", det_classes="person"),
    "The class filter comes before suppression. The other boxes are not found again, they are "
    "only let through.",
)  # fmt: skip
_add(
    "all-candidates", "With hardly a threshold", _THRESHOLDS,
    DetectLesson(det_confidence=2, det_iou=100),
    "What the network considers before anything is left out. Raise the confidence, then lower "
    "the IoU threshold: two different ways to have fewer boxes.",
)  # fmt: skip
_add(
    "who-gives-way", "Who has to give way", _THRESHOLDS,
    DetectLesson(det_confidence=5, det_left_out=True),
    "Thin boxes were sure enough and overlap a surer one. Move the IoU threshold: at 100 none "
    "gives way.",
)  # fmt: skip
_add(
    "classes-apart", "Boxes of different classes", _THRESHOLDS,
    DetectLesson(det_confidence=5, det_classwise=False, det_left_out=True),
    "Switch class by class on: a box then survives a surer one of another class, and one "
    "object may have two names.",
)  # fmt: skip
_add(
    "large-objects-small-input", "The input's side decides", _SIZES,
    DetectLesson(det_side="416", det_confidence=5),
    "At 416 pixels the astronaut is a person with 9 %: what fills the picture is larger than "
    "what a cell sees. Lower the side step by step to 224.",
)  # fmt: skip
_add(
    "coarse-grid", "The grid on the picture", _SIZES, DetectLesson(det_grid=True),
    "Each cell has three anchors here and three on a grid twice as fine. Point at the box: the "
    "cell that it names holds its centre.",
)  # fmt: skip
_add(
    "faces-without-network", "Faces without a network", _OTHER,
    DetectLesson(det_method="faces", det_iou=30),
    "Windows of all sizes pass thousands of simple tests. The score is how many windows agree. "
    "It finds frontal faces, and at a low confidence much else.",
)  # fmt: skip
_add(
    "yolov8-voc", "YOLOv8 of KerasCV", _OTHER, DetectLesson(det_method="yolov8-m-voc"),
    "26 million weights, fetched from Kaggle at first use: 104 MB. It has no anchors.",
)  # fmt: skip
