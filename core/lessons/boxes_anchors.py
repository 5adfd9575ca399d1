"""Anchors of the page "Boxes": where they stand, who claims them, and what is learnt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.lessons.boxes import ALL, BoxesLesson
from core.lessons.boxes_hand import Sheet, drawn
from core.lessons.boxes_lines import say
from core.vision.anchors import (
    BACKGROUND,
    IGNORED,
    VARIANCES,
    AnchorMatching,
    Claim,
    anchor_grid,
    match_anchors,
    offsets,
)

Floats = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]
BOOK_SIZE = (728, 561)
"""Width and height of the book's photo, which is not ours to show."""
BOOK_OBJECTS = {"dog": (0.1, 0.08, 0.52, 0.92), "cat": (0.55, 0.2, 0.9, 0.88)}
BOOK_ANCHORS = (
    (0, 0.1, 0.2, 0.3), (0.15, 0.2, 0.4, 0.4), (0.63, 0.05, 0.88, 0.98),
    (0.66, 0.45, 0.8, 0.8), (0.57, 0.3, 0.92, 0.9),
)  # fmt: skip
"""Zhang et al., Dive into Deep Learning, section 14.4.4, in shares of the sides."""


@dataclass(frozen=True, eq=False)
class AnchorsCase:
    """A lesson's anchors with everything that is said of them.

    Attributes:
        lesson: the settings.
        size: width and height of the picture in pixels.
        picture: (H, W, 3) uint8, or None for an empty board.
        names: of the objects, in the order of `truth`.
        truth: (k, 4) xyxy, in shares of the sides.
        anchors: (n, 4), likewise.
        matching: who claims what.
    """

    lesson: BoxesLesson
    size: tuple[int, int]
    picture: Pixels | None
    names: tuple[str, ...]
    truth: Floats
    anchors: Floats
    matching: AnchorMatching

    @property
    def made(self) -> tuple[Claim, ...]:
        """The claims that are drawn."""
        most = self.lesson.anchor_claims
        return self.matching.claims if most == ALL else self.matching.claims[:most]

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """(n,) as in the matching; of claims that are not made yet background."""
        if len(self.made) == len(self.matching.claims):
            return self.matching.owner
        owner = np.full(len(self.anchors), BACKGROUND, np.int64)
        for claim in self.made:
            owner[claim.anchor] = claim.truth
        return owner

    @property
    def shown(self) -> int:
        """The anchor whose numbers are written out."""
        return min(self.lesson.anchor_shown, len(self.anchors) - 1)

    def scaled(self, boxes: Floats) -> Floats:
        """Boxes in pixels."""
        return boxes * np.array(self.size * 2, np.float64)

    def verdict(self, anchor: int) -> str:
        """What has become of an anchor, in a sentence."""
        owner, ious = int(self.owner[anchor]), self.matching.ious[anchor]
        cut = say(self.lesson.match_at)
        if not ious.size:
            return "There is no object: everything is background."
        best = int(ious.argmax())
        most = f"IoU {say(float(ious[best]))} with {self.names[best]}"
        if owner == IGNORED:
            return f"Ignored: {most} is too good for background, and it is not the one claimed."
        if owner == BACKGROUND:
            later = len(self.made) < len(self.matching.claims)
            return f"{'Not claimed yet' if later else 'Background'}: {most}, threshold {cut}."
        claim = next(claim for claim in self.made if claim.anchor == anchor)
        iou, name = say(claim.iou), self.names[owner]
        if claim.reason == "best":
            return f"Belongs to {name}: of all free anchors its best, IoU {iou}."
        return f"Belongs to {name}: IoU {iou} >= {cut}, and no object fits it better."

    def arithmetic(self, anchor: int) -> list[str]:
        """The four offsets that the network is to learn, written out; none of background."""
        owner = int(self.owner[anchor])
        if owner < 0:
            return []
        (xa, ya, wa, ha), (xb, yb, wb, hb) = (
            _centred(self.scaled(box)) for box in (self.anchors[anchor], self.truth[owner])
        )
        values = offsets(self.anchors[anchor], self.truth[owner])
        vx, vy, vw, vh = VARIANCES
        sums = (
            f"x: ({xb} - {xa}) / {wa} / {say(vx)}", f"y: ({yb} - {ya}) / {ha} / {say(vy)}",
            f"w: ln({wb} / {wa}) / {say(vw)}", f"h: ln({hb} / {ha}) / {say(vh)}",
        )  # fmt: skip
        return [
            f"{text} = {say(float(value))}" for text, value in zip(sums, values, strict=True)
        ]

    def listed(self, most: int) -> list[int]:
        """Anchors for a table: the claimed ones first, then those that fit best."""
        claimed = [claim.anchor for claim in self.made]
        best = self.matching.ious.max(1) if self.matching.ious.size else np.zeros(0)
        rest = [int(at) for at in np.argsort(-best, kind="stable") if at not in set(claimed)]
        return [*claimed, *rest][:most]


def anchors_case(lesson: BoxesLesson, photo: Pixels | None = None) -> AnchorsCase:
    """Lay the anchors out and let the objects claim them.

    Args:
        lesson: the settings.
        photo: the current image, where boxes are drawn on that.

    Raises:
        MetricError: more anchors than can be matched.
    """
    size, picture, names, truth = _objects(lesson, photo)
    width, height = size
    if lesson.anchor_set == "book":
        anchors = np.array(BOOK_ANCHORS, np.float64)
    else:
        cells = lesson.anchor_cells
        anchors = anchor_grid(cells, cells, lesson.sizes, lesson.ratios, width / height)
    # IoU of shares is IoU of pixels: both axes are only stretched.
    found = match_anchors(anchors, truth, lesson.match_at, lesson.anchor_rule)
    return AnchorsCase(lesson, size, picture, names, truth, anchors, found)


def _objects(
    lesson: BoxesLesson, photo: Pixels | None
) -> tuple[tuple[int, int], Pixels | None, tuple[str, ...], Floats]:
    if lesson.anchor_on == "book":
        truth = np.array(list(BOOK_OBJECTS.values()))
        return BOOK_SIZE, None, tuple(BOOK_OBJECTS), truth
    if lesson.anchor_on == "scene":
        sheet = drawn(lesson.with_value("hand_on", "scene").with_value("hand_boxes", ""), None)
    else:
        sheet = drawn(lesson, photo)
    there = [one for one in sheet.boxes if one.score is None]
    names = _numbered(sheet, [one.label for one in there])
    boxes = np.array([one.box for one in there], np.float64).reshape(-1, 4)
    return sheet.size, sheet.picture, names, boxes / np.array(sheet.size * 2)


def _numbered(sheet: Sheet, labels: list[int]) -> tuple[str, ...]:
    """Names of the objects; with a number where a class comes more than once."""
    names = [sheet.classes[label] for label in labels]
    return tuple(
        f"{name} {names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    )


def _centred(box: Floats) -> tuple[str, str, str, str]:
    x1, y1, x2, y2 = box.tolist()
    return say((x1 + x2) / 2), say((y1 + y2) / 2), say(x2 - x1), say(y2 - y1)
