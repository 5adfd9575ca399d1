"""What differs between semantic and instance segmentation, on a scene whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from core.data.shapes import CLASSES, scenes
from core.lessons.segment import SegmentLesson

SIDE = 128
SMALLEST, LARGEST = 26, 44
"""Diameters of the shapes, in pixels."""

Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Counted:
    """One class of a scene.

    Attributes:
        name: of the class.
        objects: how many there are.
        blobs: connected parts of its mask (a neighbour across a corner counts).
        parted: objects that are seen in more than one part, as others lie before them.
    """

    name: str
    objects: int
    blobs: int
    parted: int


@dataclass(frozen=True, slots=True, eq=False)
class InstanceCase:
    """A scene in three readings.

    Attributes:
        image: (H, W, 3) uint8.
        classes: (H, W) class of each pixel: semantic segmentation.
        blobs: (H, W) connected part of one class, from 1: all that semantic segmentation gives.
        objects: (H, W) number of the object, from 1: instance segmentation.
        boxes: (n, 4) xyxy of the objects.
        labels: (n,) their classes.
        names: of the classes, the background first.
        counted: every class that is there.
    """

    image: npt.NDArray[np.uint8]
    classes: Labels
    blobs: Labels
    objects: Labels
    boxes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    names: tuple[str, ...]
    counted: tuple[Counted, ...]

    @property
    def touching(self) -> tuple[Counted, ...]:
        """Classes of which one counts another number of blobs than there are objects."""
        return tuple(each for each in self.counted if each.blobs != each.objects)


def instances(lesson: SegmentLesson) -> InstanceCase:
    """The scene that the lesson sets."""
    return _scene(
        lesson.inst_shapes, lesson.inst_kinds, lesson.inst_seed, overlap=lesson.inst_overlap
    )


@lru_cache(maxsize=32)
def _scene(most: int, kinds: int, seed: int, *, overlap: bool) -> InstanceCase:
    drawn = scenes(
        1, SIDE, seed, classes=CLASSES[:kinds], count=(most, most), noise=6,
        min_size=SMALLEST, max_size=LARGEST, overlap=overlap,
    )  # fmt: skip
    classes, objects = drawn.masks[0], drawn.instances[0]
    blobs = np.zeros_like(classes)
    counted = []
    for label, name in enumerate(drawn.class_names):
        mask = (classes == label).astype(np.uint8)
        if not label or not mask.any():
            continue
        count, parts = cv2.connectedComponents(mask, connectivity=8)
        blobs[parts > 0] = parts[parts > 0] + blobs.max()
        numbers = np.unique(objects[classes == label])
        parted = sum(
            cv2.connectedComponents((objects == n).astype(np.uint8), connectivity=8)[0] > 2
            for n in numbers
        )
        counted.append(Counted(name, len(numbers), count - 1, parted))
    return InstanceCase(
        drawn.images[0], classes, blobs, objects, drawn.boxes[0], drawn.labels[0],
        drawn.class_names, tuple(counted),
    )  # fmt: skip
