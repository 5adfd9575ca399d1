"""Presets of the page "Segment"."""

from __future__ import annotations

from core.lessons.segment import SegmentLesson
from core.presets.registry import PRESETS, Deck, Preset

_LEARNT = "Learnt and not learnt"
_CLASSICAL = "Without learning"
_USE = "What a mask is good for"


def _add(
    slug: str,
    title: str,
    topic: str,
    lesson: SegmentLesson,
    look: str,
    decks: tuple[Deck, ...] = (),
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "salient-object", "What stands out", _LEARNT, SegmentLesson(),
    "A network of 1.1 million weights found the object without being told what it is. Move the "
    "threshold: how sure is it along the edge?",
)  # fmt: skip
_add(
    "learnt-against-otsu", "A network against a threshold", _LEARNT,
    SegmentLesson(seg_second="threshold"),
    "Both say object or not. Read the IoU, then the view facts: which pixels does brightness "
    "get wrong?",
)  # fmt: skip
_add(
    "learnt-against-colours", "A network against four colours", _LEARNT,
    SegmentLesson(seg_second="kmeans"),
    "k-means puts together what has the same colour, wherever it lies. Press groups in the "
    "list to get as close to the network as you can.",
)  # fmt: skip
_add(
    "otsu-histogram", "Otsu's level", _CLASSICAL, SegmentLesson(seg_method="threshold"),
    "The view steps has the histogram with the variance between the classes; its top is the "
    "level.",
)  # fmt: skip
_add(
    "colours-and-place", "k-means with position", _CLASSICAL,
    SegmentLesson(seg_method="kmeans", seg_groups=6, seg_place=1.0),
    "With the place as two more coordinates the groups hang together, and cut through objects.",
)  # fmt: skip
_add(
    "count-the-coins", "Watershed parts what touches", _CLASSICAL,
    SegmentLesson(seg_method="watershed", seg_apart=15),
    "Choose the coins as the image. Markers closer together part one coin into several; "
    "farther apart, two become one.",
)  # fmt: skip
_add(
    "box-and-cut", "GrabCut: draw a box", _CLASSICAL, SegmentLesson(seg_method="grabcut"),
    "Draw a box around the object in the picture. The view steps has the cut after each round.",
)  # fmt: skip
_add(
    "patches", "Superpixels", _CLASSICAL,
    SegmentLesson(seg_method="superpixels", seg_opacity=100),
    "Two hundred colours instead of a hundred thousand pixels. Lower the compactness: the "
    "patches leave the grid and follow the edges.",
)  # fmt: skip
_add(
    "cut-it-out", "Cut out", _USE, SegmentLesson(seg_shows="cutout"),
    "Download has it as PNG with a transparent background. Look at the edge: a pixel is wholly "
    "in or wholly out.",
)  # fmt: skip
_add(
    "portrait-blur", "Background out of focus", _USE,
    SegmentLesson(seg_shows="blur", seg_blur=16),
    "As a phone does it. The background is blurred without the object, so that nothing of its "
    "colours shines out around it.",
)  # fmt: skip
_add(
    "segment-instances", "Two that touch: one blob or two objects", "Classes and objects",
    SegmentLesson(seg_method="threshold", inst_kinds=1, inst_shapes=10),
    "The view instances: the class of every pixel says nothing of where one circle ends and "
    "the next begins. With fewer shapes, or without covering, blobs and objects agree.",
    ("Penn",),
)  # fmt: skip
