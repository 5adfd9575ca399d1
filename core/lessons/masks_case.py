"""A lesson of the page "Masks" with its picture, its truth and what is painted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from core.data.shapes import CLASSES, scenes
from core.images.decode import digest
from core.lessons.masks import SIDE, MasksLesson, parse_cells
from core.lessons.segment import LEAST_BOX, SegmentLesson
from core.vision.metrics import BoundaryMatch, Comparison, compare, match_boundaries
from core.vision.metrics.formulas import Kind, counts_of

NOISE = 8.0
GROUND, OBJECT = 232, 168
"""Greys of pictures that have nothing but an object."""
MARGIN = 0.06
"""Room between the truth and the box that GrabCut is given, as a share of the picture."""

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is painted on.

    Attributes:
        title: of the picture.
        picture: (H, W, 3) uint8.
        truth: (H, W) bool; None while it is not known.
        missing: why it is not known, as a sentence.
        failed: whether it will not be known without somebody's help.
        parts: shapes in the picture, by name; none of a photo.
    """

    title: str
    picture: Image
    truth: Mask | None
    missing: str = ""
    failed: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class MasksCase:
    """A lesson with its masks.

    Attributes:
        lesson: the settings.
        subject: picture and truth.
        start: (H, W) bool, what the painting starts from; None while it is not known.
        missing: why it is not known.
        failed: whether it will not be known without somebody's help.
        painted: (H, W) bool, as it stands; the start where nobody has painted.
        stroke: number of the last stroke that `painted` has, 0 for none.
    """

    lesson: MasksLesson
    subject: Subject
    start: Mask | None
    missing: str = ""
    failed: bool = False
    painted: Mask | None = None
    stroke: int = 0

    @property
    def mask(self) -> Mask:
        """(H, W) bool: what is painted; nothing while even the start is not known."""
        for known in (self.painted, self.start):
            if known is not None:
                return known
        return np.zeros(self.subject.picture.shape[:2], bool)

    @cached_property
    def canvas(self) -> str:
        """Name of picture and start: with another one, painting begins anew."""
        if self.lesson.cells:
            return "example"
        start = self.start if self.start is not None else np.zeros((1, 1), bool)
        return digest(self.subject.picture) + digest(start.astype(np.uint8))

    @property
    def blind(self) -> bool:
        """Whether the truth is hidden, for somebody to paint without it."""
        return self.lesson.mask_shows == "painted"

    @property
    def waiting(self) -> bool:
        """Whether truth or start will still come by themselves."""
        truth_comes = self.subject.truth is None and not self.subject.failed
        return truth_comes or (self.start is None and not self.failed)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The painted mask against the truth; None while either is not known."""
        if self.subject.truth is None or self.start is None:
            return None
        return compare(self.subject.truth, self.mask)

    @cached_property
    def at_start(self) -> Comparison | None:
        """The mask that was started from against the truth."""
        if self.subject.truth is None or self.start is None:
            return None
        return compare(self.subject.truth, self.start)

    @property
    def counts(self) -> dict[Kind, int]:
        """The counted pixels; all 0 while nothing can be compared."""
        if self.comparison is None:
            return {"TP": 0, "FP": 0, "FN": 0, "TN": 0}
        return counts_of(self.comparison)

    @cached_property
    def outlines(self) -> BoundaryMatch | None:
        """Which pixels of both boundaries match within the tolerance."""
        found = self.comparison
        if found is None:
            return None
        share = tolerance_share(self.lesson.mask_tolerance, found.truth.shape)
        return match_boundaries(found.truth, found.predicted, share)


def tolerance_share(pixels: int, size_hw: tuple[int, ...]) -> float:
    """The share of the diagonal that `match_boundaries` rounds up to so many pixels."""
    return max(pixels - 0.5, 0.0) / math.hypot(*size_hw)


def drawn(lesson: MasksLesson) -> Subject:
    """Picture and truth of what is drawn by rule: a scene, the square, or the example."""
    if lesson.mask_truth == "example":
        truth = parse_cells(lesson.mask_true_cells)
        return Subject("Worked example", _flat(truth), truth)
    if lesson.mask_truth == "square":
        truth = square(lesson.mask_diameter)
        return Subject(f"Square of {lesson.mask_diameter} px", _flat(truth),
                       truth, parts=("square",))  # fmt: skip
    return _scene(lesson)


def square(side: int) -> Mask:
    """(128, 128) bool: a square of that side in the middle."""
    mask = np.zeros((SIDE, SIDE), bool)
    first = (SIDE - side) // 2
    mask[first : first + side, first : first + side] = True
    return mask


def _scene(lesson: MasksLesson) -> Subject:
    classes = CLASSES if lesson.mask_shape == "mixed" else (lesson.mask_shape,)
    scene = scenes(
        1, SIDE, lesson.mask_seed, classes=classes,
        count=(lesson.mask_shapes, lesson.mask_shapes), noise=NOISE,
        min_size=lesson.mask_diameter, max_size=lesson.mask_diameter,
    )  # fmt: skip
    labels = scene.labels[0]
    number = min(lesson.mask_object, len(labels))
    if lesson.mask_target == "one":
        truth = scene.instances[0] == number
    elif lesson.mask_target == "kind":
        truth = scene.masks[0] == labels[number - 1]
    else:
        truth = scene.masks[0] > 0
    parts = tuple(scene.class_names[label] for label in labels)
    return Subject(f"Scene {lesson.mask_seed}", scene.images[0], truth, parts=parts)


def _flat(truth: Mask) -> Image:
    """(H, W, 3) a grey object on grey."""
    levels = np.where(truth, OBJECT, GROUND).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)


def start_of(lesson: MasksLesson, subject: Subject, said: Mask | None = None) -> Mask | None:
    """What the painting starts from; None while that is not known.

    Args:
        lesson: the settings.
        subject: picture and truth.
        said: (H, W) bool, what the method to correct says; None while it is not known.
    """
    size, truth = subject.picture.shape[:2], subject.truth
    if lesson.cells:
        return parse_cells(lesson.mask_said_cells)
    if lesson.mask_start == "method":
        return said
    if lesson.mask_start == "full":
        return np.ones(size, bool)
    if truth is not None and lesson.mask_start == "changed":
        return moved(grown(truth, lesson.mask_grow), lesson.mask_down, lesson.mask_right)
    # A file may never come: until it does, one paints on the bare picture.
    bare = lesson.mask_start == "empty" or lesson.mask_truth == "file"
    return np.zeros(size, bool) if bare else None


def grown(mask: Mask, pixels: int) -> Mask:
    """A mask with so many pixels more on all sides, corners too; below 0 with fewer.

    What lies beyond the picture takes nothing away: a mask of the whole picture stays.

    Args:
        mask: (H, W) bool.
        pixels: of the rim.
    """
    if not pixels:
        return mask
    element = np.ones((2 * abs(pixels) + 1, 2 * abs(pixels) + 1), np.uint8)
    change, beyond = (cv2.dilate, 0) if pixels > 0 else (cv2.erode, 1)
    changed = change(
        mask.astype(np.uint8), element, borderType=cv2.BORDER_CONSTANT, borderValue=(beyond,)
    )
    return np.asarray(changed) > 0


def moved(mask: Mask, down: int, right: int) -> Mask:
    """A mask moved by whole pixels; what leaves the picture is lost, outside comes in."""
    shifted = np.zeros_like(mask)
    (to_rows, from_rows), (to_columns, from_columns) = (
        _spans(length, way) for length, way in zip(mask.shape, (down, right), strict=True)
    )
    shifted[to_rows, to_columns] = mask[from_rows, from_columns]
    return shifted


def _spans(length: int, way: int) -> tuple[slice, slice]:
    """Where what stays in the picture goes to, and where it comes from."""
    kept = max(length - abs(way), 0)
    first, before = max(way, 0), max(-way, 0)
    return slice(first, first + kept), slice(before, before + kept)


def asked_of(by: str, lesson: MasksLesson, truth: Mask | None = None) -> SegmentLesson:
    """How the page "Segment" would be set to ask a method.

    Args:
        by: the method.
        lesson: the settings.
        truth: (H, W) bool, of which GrabCut is given a box; None for its usual one.
    """
    asked = SegmentLesson.nearest({"seg_method": by, "seg_side": lesson.mask_side})[0]
    if by != "grabcut" or truth is None or not truth.any():
        return asked
    left, right = _with_margin(np.asarray(truth.any(axis=0)))
    top, bottom = _with_margin(np.asarray(truth.any(axis=1)))
    sides = {"seg_left": left, "seg_right": right, "seg_top": top, "seg_bottom": bottom}
    return SegmentLesson.nearest(asked.model_dump() | sides)[0]


def _with_margin(span: Mask) -> tuple[int, int]:
    """First and last place of a row of truth values, in percent, with some room around."""
    places = np.flatnonzero(span)
    first = round(100 * max(places[0] / span.size - MARGIN, 0))
    last = round(100 * min((places[-1] + 1) / span.size + MARGIN, 1))
    return min(first, 95), max(last, LEAST_BOX)
