"""The page "Augmentation" with its numbers: what to ask for, and words for what came."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.augment.answers import Draws, Request
from core.augment.drawing import Drawn, draw
from core.augment.result import Boxes
from core.lessons.augmentation import AugmentationLesson
from core.lessons.augmentation_subject import (
    Pixels,
    Subject,
    digit_subject,
    partners_of,
    photo_subject,
    scene_subject,
)


@dataclass(frozen=True, slots=True, eq=False)
class AugmentationCase:
    """A lesson with its picture and its draws.

    Attributes:
        lesson: the settings.
        subject: the picture.
        partners: others, that mixing takes from.
        draws: what came out; None while there is nothing, see `waits` and `error`.
        waits: why there are no draws yet, or only those of before; empty where all is here.
        error: why there will be none, and what would work.
    """

    lesson: AugmentationLesson
    subject: Subject
    partners: tuple[Subject, ...]
    draws: Draws | None = None
    waits: str = ""
    error: str = ""

    @property
    def with_boxes(self) -> bool:
        """Whether boxes and masks go along."""
        return self.lesson.augment_mode == "boxes"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the picture and of its partners, for mixed labels."""
        return (self.subject.name, *(other.name for other in self.partners))

    def planned(self) -> tuple[tuple[Drawn, ...], ...]:
        """What is drawn for each picture; known without the engine."""
        lesson, shape = self.lesson, self.subject.pixels.shape
        size = (shape[0], shape[1], shape[2])
        return tuple(
            draw(lesson.pipeline, lesson.augment_seed, number, size)
            for number in range(lesson.augment_draws)
        )

    def request(self) -> Request:
        """What the engine is asked for."""
        lesson, everything = self.lesson, (self.subject, *self.partners)
        return Request(
            np.stack([one.pixels for one in everything]),
            lesson.pipeline,
            lesson.augment_seed,
            lesson.augment_draws,
            None if lesson.augment_mode == "one" else lesson.followed,
            tuple(one.boxes for one in everything) if self.with_boxes else None,
            self._masks() if self.with_boxes else None,
        )

    def _masks(self) -> Pixels:
        """Numbers of boxes over all pictures, so that no two objects share one."""
        masks, before = [], 0
        for one in (self.subject, *self.partners):
            masks.append(np.where(one.mask > 0, one.mask + before, 0).astype(np.uint8))
            before += len(one.boxes)
        return np.stack(masks)

    def number_of(self, picture: int, row: int) -> int:
        """Number of a box over all pictures, from 1, as in the masks.

        Args:
            picture: place in the batch of the draws.
            row: of that picture's boxes.
        """
        place = self._place(picture)
        everything = (self.subject, *self.partners)
        return sum(len(one.boxes) for one in everything[:place]) + row + 1

    def name_of(self, picture: int, row: int) -> str:
        """Name of a box."""
        return (self.subject, *self.partners)[self._place(picture)].names[row]

    def _place(self, picture: int) -> int:
        """0 for the picture itself, then its partners."""
        return max(picture - self.lesson.augment_draws + 1, 0)


def subject_of(
    lesson: AugmentationLesson, pixels: Pixels, title: str, digest: str, sample: str
) -> AugmentationCase:
    """The lesson's picture and partners, still without draws.

    Args:
        lesson: the settings.
        pixels: the current image.
        title: of it.
        digest: fingerprint of its pixels.
        sample: slug of a sample photo, or empty.
    """
    kind, number, side = lesson.augment_picture, lesson.augment_scene, lesson.augment_side
    if kind == "shapes":
        subject = _scene(number, side)
    elif kind == "digit":
        subject = _digit(number)
    else:
        subject = _photo(pixels, digest, title, sample, side, lesson.augment_boxes)
    partners: tuple[Subject, ...] = ()
    if lesson.pipeline.mixes:
        partners = tuple(partners_of(subject, kind, sample, number))
    return AugmentationCase(lesson, subject, _alike(subject, partners))


def _alike(subject: Subject, partners: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Only partners of the same shape can be mixed in."""
    return tuple(one for one in partners if one.pixels.shape == subject.pixels.shape)


def _photo(
    pixels: Pixels, digest: str, title: str, sample: str, side: int, boxes: str
) -> Subject:
    """The photo's subject; objects are cut out once. The photo itself is not kept."""
    key = (digest, title, sample, side, boxes)
    with _lock:
        known = _photos.get(key)
    if known is None:
        frames = AugmentationLesson(augment_boxes=boxes).frames
        known = photo_subject(pixels, title, sample, side, frames)
    with _lock:
        _photos[key] = known
        _photos.move_to_end(key)
        while len(_photos) > _MOST_PHOTOS:
            _photos.popitem(last=False)
    return known


_MOST_PHOTOS = 16
_photos: OrderedDict[tuple[str, str, str, int, str], Subject] = OrderedDict()
_lock = threading.Lock()
_scene = lru_cache(maxsize=32)(scene_subject)
_digit = lru_cache(maxsize=16)(digit_subject)


def in_words(drawn: tuple[Drawn, ...], *, single: bool) -> str:
    """What was drawn for one picture.

    Args:
        drawn: for each step.
        single: whether there is but one step, whose title need not be said.
    """
    came = [one for one in drawn if one.comes]
    if not came:
        return "unchanged"
    return "; ".join(_words(one, single=single) for one in came)


def _words(one: Drawn, *, single: bool) -> str:
    title, words = one.step.title, one.words
    if not words:
        return title.lower()
    return words if single else f"{title}: {words}"


def unchanged_share(lesson: AugmentationLesson) -> float:
    """Share of the pictures that no step changes: the product of 1 - p over all steps."""
    share = 1.0
    for _, step in lesson.pipeline.active:
        share *= 1 - step.probability
    return share


def dropped_words(case: AugmentationCase, boxes: Boxes) -> str:
    """Which boxes of one draw were dropped, in words; empty where none was."""
    names = Counter(case.name_of(picture, row) for picture, row in boxes.dropped.tolist())
    if not names:
        return ""
    said = (f"{name} x {count}" if count > 1 else name for name, count in names.items())
    return f"{names.total()} dropped: {', '.join(said)}"


def count_words(case: AugmentationCase) -> str:
    """How many boxes all draws together have kept, cut and dropped."""
    if case.draws is None or case.draws.boxes is None:
        return ""
    kept = sum(len(one.xyxy) for one in case.draws.boxes)
    cut = sum(int((one.seen < 0.995).sum()) for one in case.draws.boxes)
    gone = sum(len(one.dropped) for one in case.draws.boxes)
    rule = (
        "a box goes only where nothing of it is seen"
        if case.lesson.augment_rule == "clip"
        else f"a box goes where less than {case.lesson.augment_keep} % of it is seen"
    )
    return (
        f"Of {kept + gone} boxes in {len(case.draws.boxes)} draws, **{kept} are kept** "
        f"({cut} of them in part) and **{gone} dropped**: {rule}."
    )
