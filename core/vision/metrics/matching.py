"""Which detection found which object: greedy by score, by the rules of VOC and of COCO.

Both go through the detections of an image and label from the surest on. They differ in what a
detection may claim:

- **VOC**: the object with which it has the highest IoU, and no other. Is that one taken, it is
  a double and false, even if it lies well on a second one, too. Difficult objects count for
  nothing.
- **COCO**: the best of the objects that are still free and reach the threshold. What it finds
  in a crowd counts for nothing, and IoU with a crowd is the share of the detection inside.
  Of an image and label at most the 100 surest are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.vision.metrics.boxes import BoxOverlap, Floats, share_covered
from core.vision.metrics.masks import MetricError
from core.vision.metrics.records import Both, Boxes, Flags, Indices

Rule = Literal["voc", "coco"]
RULES: tuple[Rule, ...] = get_args(Rule)
Verdict = Literal["hit", "double", "miss", "low", "ignored"]
"""TP; FP since the object is taken; FP since there is no object of the label in the image; FP
since no IoU reaches the threshold; neither."""
MOST = 100
"""Detections of an image and label that COCO looks at."""
_NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """The detections of one label, the surest first, and what became of each.

    Attributes:
        detections: indices into the list of detections.
        truths: index of the object with the highest IoU, or of the one that was claimed; -1
            where the image has none of the label.
        ious: with that object.
        found: True for a true positive.
        ignored: True where it counts for nothing.
        objects: indices of all objects of the label into the list of the ground truth.
        positives: how many of them count.
    """

    detections: Indices
    truths: Indices
    ious: Floats
    found: Flags
    ignored: Flags
    objects: Indices
    positives: int

    def verdict(self, place: int, threshold: float) -> Verdict:
        """What became of one of them, and why."""
        if self.found[place]:
            return "hit"
        if self.ignored[place]:
            return "ignored"
        if self.truths[place] == _NONE:
            return "miss"
        return "double" if self.ious[place] >= threshold else "low"


def match(
    both: Both, label: int, threshold: float, *, rule: Rule = "voc", plus_one: bool = False
) -> Matching:
    """Match the detections of one label.

    Args:
        both: of `as_arrays`.
        label: number of the label.
        threshold: a detection counts from this IoU on, above 0 and up to 1.
        rule: see the module.
        plus_one: see `box_iou`.

    Raises:
        MetricError: there is no such rule, or the threshold is no share.
    """
    check(rule, threshold)
    parts = []
    detections, truths = both.detections.groups, both.truth.groups
    for image in range(len(both.images)):
        said = detections.get((image, label))
        there = truths.get((image, label), np.zeros(0, np.int64))
        if said is None:
            continue
        group = Group.of(both, said, there, plus_one=plus_one, most=_most(rule))
        claimed = group.voc(threshold) if rule == "voc" else group.coco_at(threshold)
        parts.append(_told(group, claimed))
    objects = np.flatnonzero(both.truth.labels == label)
    positives = int((~both.truth.ignored[objects]).sum())
    if not parts:
        empty = np.zeros(0, np.int64)
        flags = np.zeros(0, np.bool_)
        return Matching(empty, empty, np.zeros(0), flags, flags, objects, positives)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    scores = both.detections.scores[columns[0]]
    # VOC's list is sorted as it is given, COCO's image by image.
    ties = columns[0] if rule == "voc" else np.arange(len(scores))
    order = np.lexsort((ties, -scores))
    said, best, ious, found, ignored = (column[order] for column in columns)
    return Matching(said, best, ious, found, ignored, objects, positives)


def check(rule: str, threshold: float) -> None:
    """Refuse rules and thresholds that do not exist.

    Raises:
        MetricError: with what works.
    """
    if rule not in RULES:
        raise MetricError(f"{rule!r} is no rule of matching. Use one of {', '.join(RULES)}.")
    if not 0 < threshold <= 1:
        raise MetricError(
            f"an IoU threshold of {threshold:g} does not work. Use a number above 0, up to 1."
        )


@dataclass(frozen=True, eq=False)
class Group:
    """The detections and objects of one label in one image.

    Attributes:
        said: indices of the d detections, the surest first.
        there: indices of the g objects.
        ious: (d, g); with a crowd, the share of the detection that lies in it.
        crowd: (g,)
        ignored: (g,) crowds and difficult ones.
    """

    said: Indices
    there: Indices
    ious: Floats
    crowd: Flags
    ignored: Flags

    @classmethod
    def of(
        cls, both: Both, said: Indices, there: Indices, *, plus_one: bool, most: int | None
    ) -> Group:
        """Sort the detections, keep at most the `most` surest, and compare them."""
        order = np.argsort(-both.detections.scores[said], kind="stable")[:most]
        said = said[order]
        crowd = both.truth.crowd[there]
        ious = _compared(both.detections, said, both.truth, there, crowd, plus_one)
        return cls(said, there, ious, crowd, both.truth.ignored[there])

    @cached_property
    def best(self) -> tuple[Indices, Floats]:
        """Place and IoU of the object that fits each detection best; -1 and 0 without one."""
        if not len(self.there):
            return np.full(len(self.said), _NONE), np.zeros(len(self.said))
        places = self.ious.argmax(1)
        return places, self.ious[np.arange(len(places)), places]

    def voc(self, threshold: float) -> tuple[Indices, Flags]:
        """The object that each detection claims, or -1, and whether that counts for nothing.

        Source: Everingham et al. 2010, section 4.2, and the development kit's VOCevaldet.
        """
        places, ious = self.best
        wanted = np.where((ious >= threshold) & (ious > 0), places, _NONE)
        of_no_account = wanted != _NONE
        of_no_account[of_no_account] = self.ignored[wanted[of_no_account]]
        claimed = np.full(len(wanted), _NONE)
        _, first = np.unique(wanted, return_index=True)
        claimed[first] = wanted[first]
        return np.where(of_no_account, wanted, claimed), of_no_account

    def coco_at(self, threshold: float) -> tuple[Indices, Flags]:
        """The same by COCO's rule."""
        claimed = self.coco(np.array([threshold]), self.ignored[None])[0, 0]
        of_no_account = claimed != _NONE
        of_no_account[of_no_account] = self.ignored[claimed[of_no_account]]
        return claimed, of_no_account

    def coco(self, thresholds: Floats, ignored: Flags) -> Indices:
        """The object that each detection claims, for many thresholds and areas at once.

        Args:
            thresholds: (t,)
            ignored: (a, g) which objects count for nothing, for each range of areas.

        Returns:
            (a, t, d) int64 places of the objects, -1 for none.

        Source: Lin et al. 2014 and the evaluation that is published with COCO: an object that
        counts goes before one that does not, of equal IoU the later one is taken, and a crowd
        can be found again and again.
        """
        claimed = np.full((len(ignored), len(thresholds), len(self.said)), _NONE)
        if not len(self.there):
            return claimed
        least = np.minimum(thresholds, 1 - 1e-10)[None, :, None]
        near = np.flatnonzero((self.ious >= least.min()).any(1))
        taken = np.zeros((len(ignored), len(thresholds), len(self.there)), np.bool_)
        last = len(self.there) - 1
        for place in near:
            row = self.ious[place][None, None, :]
            fits = (row >= least) & (~taken | self.crowd)
            counts = fits & ~ignored[:, None, :]
            able = np.where(counts.any(-1, keepdims=True), counts, fits)
            best = last - np.where(able, row, -1.0)[..., ::-1].argmax(-1)
            chosen = np.where(able.any(-1), best, _NONE)
            claimed[..., place] = chosen
            a, t = np.nonzero(chosen != _NONE)
            taken[a, t, chosen[a, t]] = True
        return claimed


def _most(rule: Rule) -> int | None:
    return MOST if rule == "coco" else None


def _compared(
    detections: Boxes,
    said: Indices,
    truth: Boxes,
    there: Indices,
    crowd: Flags,
    plus_one: bool,
) -> Floats:
    boxes, others = detections.boxes[said], truth.boxes[there]
    ious = BoxOverlap(boxes[:, None], others[None], plus_one).iou
    if crowd.any():
        ious[:, crowd] = share_covered(boxes, others[crowd], plus_one)
    return ious


def _told(
    group: Group, matched: tuple[Indices, Flags]
) -> tuple[Indices, Indices, Floats, Flags, Flags]:
    """Columns of a `Matching`."""
    claimed, ignored = matched
    places, ious = group.best
    free = claimed == _NONE
    places = np.where(free, places, claimed)
    if len(group.there):
        ious = np.where(free, ious, group.ious[np.arange(len(claimed)), places])
        truths: npt.NDArray[np.int64] = group.there[places]
    else:
        truths = np.full(len(claimed), _NONE)
    return group.said, truths, ious, ~free & ~ignored, ignored
