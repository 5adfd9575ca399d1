"""Presets of the page "Masks"."""

from __future__ import annotations

from core.lessons.masks import MasksLesson
from core.presets.registry import PRESETS, Deck, Preset

_COUNTING = "What is counted"
_TRAPS = "What a number hides"
_PAINTING = "Painting"


def _add(
    slug: str, title: str, topic: str, lesson: MasksLesson, look: str, *decks: Deck
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "six-by-six", "The 6 x 6 example", _COUNTING, MasksLesson(mask_truth="example"),
    "Six cells in both masks, three too many, six missed: IoU 6/15. Count by hand, then press "
    "cells in the view example.",
)  # fmt: skip
_add(
    "half-covered", "Half covered: IoU 1/3", _COUNTING,
    MasksLesson(mask_truth="square", mask_diameter=48, mask_right=24, mask_down=0),
    "Two equal squares that overlap by half. Of three halves one is shared: IoU is a third, "
    "Dice a half. Which of the two did you expect?",
)  # fmt: skip
_add(
    "found-at-half", "IoU 0.5 counts as found", _COUNTING,
    MasksLesson(mask_truth="square", mask_diameter=60, mask_right=20, mask_down=0),
    "Area of overlap by area of union: 40 to 80. With the threshold 0.5 this is just found; "
    "one pixel more to the right and it is not.",
    "MLC",
)  # fmt: skip
_add(
    "inside-only", "Inside only: precision 1", _COUNTING,
    MasksLesson(mask_truth="square", mask_diameter=64, mask_grow=-8, mask_right=0, mask_down=0),
    "Nothing that is painted is wrong, and nearly half is missed: recall 0.56. Precision "
    "alone rewards caution.",
)  # fmt: skip
_add(
    "everything-painted", "Everything painted: recall 1", _COUNTING,
    MasksLesson(mask_truth="square", mask_diameter=64, mask_start="full"),
    "Nothing true is missed. Precision, IoU and pixel accuracy are all the object's share: a "
    "quarter.",
)  # fmt: skip
_add(
    "both-empty", "Both empty", _COUNTING,
    MasksLesson(
        mask_truth="example",
        mask_true_cells="000000-000000-000000-000000-000000-000000",
        mask_said_cells="000000-000000-000000-000000-000000-000000",
    ),
    "0 / 0: all measures are 1 by convention, since nothing is wrong. Paint one cell: IoU "
    "falls from 1 to 0.",
)  # fmt: skip
_add(
    "rim-of-a-small-object", "One pixel rim, small object", _TRAPS,
    MasksLesson(mask_truth="square", mask_diameter=16, mask_grow=-1, mask_right=0, mask_down=0),
    "One pixel is missing all around 16 x 16: IoU (14/16)^2 = 0.766. Can you paint "
    "it truer by hand?",
)  # fmt: skip
_add(
    "rim-of-a-large-object", "One pixel rim, large object", _TRAPS,
    MasksLesson(mask_truth="square", mask_diameter=96, mask_grow=-1, mask_right=0, mask_down=0),
    "The same pixel all around 96 x 96: IoU (94/96)^2 = 0.959. A mean over objects of all "
    "sizes mixes both.",
)  # fmt: skip
_add(
    "accuracy-trap", "98 % accuracy, IoU 0", _TRAPS,
    MasksLesson(mask_truth="square", mask_diameter=18, mask_start="empty"),
    "The object has 2 % of the picture, and nothing is painted: 98 % of the pixels are right. "
    "The view imbalance has the curve.",
)  # fmt: skip
_add(
    "good-area-bad-outline", "IoU 0.88, boundary F 0", _TRAPS,
    MasksLesson(
        mask_truth="square", mask_diameter=100, mask_grow=-3, mask_right=0, mask_down=0,
        mask_tolerance=2,
    ),
    "The area is nearly right, the boundary nowhere within 2 pixels. Raise the tolerance to 3 "
    "under Shown.",
)  # fmt: skip
_add(
    "paint-blind", "Paint, then look", _PAINTING,
    MasksLesson(mask_start="empty", mask_shows="painted", mask_shapes=1, mask_diameter=70),
    "The truth is not shown. Paint the shape as well as you can and guess your IoU; then set "
    "Shown to errors. Who gets above 0.95?",
)  # fmt: skip
_add(
    "one-of-its-kind", "An instance, a class", _PAINTING,
    MasksLesson(
        mask_seed=2, mask_shape="circle", mask_shapes=3, mask_diameter=34, mask_target="one",
        mask_start="method",
    ),
    "Otsu's threshold finds all three circles, and the truth is one of them: IoU a third. As a "
    "class (The true mask has: kind) the same mask is right. Erase the other two.",
)  # fmt: skip
_add(
    "correct-a-mask", "Correct a predicted mask", _PAINTING,
    MasksLesson(mask_truth="method", mask_start="method", mask_start_by="grabcut"),
    "GrabCut was given a box; the network's mask stands for the truth. Repair what differs: "
    "where is the network itself wrong?",
)  # fmt: skip
