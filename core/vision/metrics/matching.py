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

from core.vision.metrics.boxes import BoxOverlap, Floats
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
        MetricError: there is no such rule, the threshold is no share, or there are too many
            boxes of the label in one picture.
    """
    check(rule, threshold)
    most = MOST if rule == "coco" else None
    pairs = Pairs.of(both, label=label, plus_one=plus_one, most=most)
    claimed, ignored = pairs.voc(threshold) if rule == "voc" else pairs.coco_at(threshold)
    truths, ious = pairs.told(claimed)
    objects = np.flatnonzero(both.truth.labels == label)
    positives = int((~both.truth.ignored[objects]).sum())
    # VOC's list is sorted as it is given, COCO's image by image.
    ties = pairs.said if rule == "voc" else np.arange(len(pairs.said))
    order = np.lexsort((ties, -both.detections.scores[pairs.said]))
    found = (claimed != _NONE) & ~ignored
    return Matching(
        pairs.said[order], truths[order], ious[order], found[order], ignored[order],
        objects, positives,
    )  # fmt: skip


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
class Pairs:
    """Every detection with every object of its label in its image.

    Detections stand image by image (and label by label), the surest of each first.

    Attributes:
        said: (d,) indices of the detections.
        rank: (d,) place of each in its image and label, from 0.
        count: (d,) objects that it is compared with.
        truths: (p,) index of each pair's object; the pairs of a detection stand together.
        ious: (p,) of each pair; with a crowd, the share of the detection that lies in it.
        truth: all objects.
    """

    said: Indices
    rank: Indices
    count: Indices
    truths: Indices
    ious: Floats
    truth: Boxes

    @classmethod
    def of(
        cls, both: Both, *, label: int | None = None, plus_one: bool, most: int | None
    ) -> Pairs:
        """Pair the boxes of a label, or of all, up to the `most` surest of an image and label.

        Raises:
            MetricError: there are too many pairs.
        """
        keys, truth_keys = (_keys(side, both) for side in (both.detections, both.truth))
        said, there = (_of_label(side, label) for side in (both.detections, both.truth))
        order = np.lexsort((said, -both.detections.scores[said], keys[said]))
        said = said[order]
        rank = _ranks(keys[said])
        if most is not None:
            said, rank = said[rank < most], rank[rank < most]
        there = there[np.argsort(truth_keys[there], kind="stable")]
        begin = np.searchsorted(truth_keys[there], keys[said], side="left")
        count = np.searchsorted(truth_keys[there], keys[said], side="right") - begin
        total = int(count.sum())
        if total > _MOST_PAIRS:
            raise MetricError(
                f"{total:,} pairs of boxes of the same label and picture are too many to "
                f"compare. Use at most {_MOST_PAIRS:,}: fewer boxes in a picture."
            )
        within = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
        truths = there[within + np.repeat(begin, count)]
        ious = _compared(both, np.repeat(said, count), truths, plus_one)
        return cls(said, rank, count, truths, ious, both.truth)

    @cached_property
    def best(self) -> Indices:
        """(d,) the first of each detection's pairs with its highest IoU; -1 without a pair."""
        best = np.full(len(self.said), _NONE)
        paired = self.count > 0
        starts = self._starts[paired]
        if len(starts):
            highest = np.repeat(np.maximum.reduceat(self.ious, starts), self.count[paired])
            numbers = np.arange(len(self.ious))
            first = np.where(self.ious == highest, numbers, len(numbers))
            best[paired] = np.minimum.reduceat(first, starts)
        return best

    @cached_property
    def _starts(self) -> Indices:
        """(d,) number of the first pair of each detection."""
        return np.asarray(np.cumsum(self.count) - self.count)

    def told(self, claimed: Indices) -> tuple[Indices, Floats]:
        """The object that each detection claims, else fits best, and its IoU; -1 and 0."""
        places = self.best.copy()
        has = places != _NONE
        own = np.flatnonzero(self.truths == np.repeat(claimed, self.count))
        places[np.repeat(np.arange(len(places)), self.count)[own]] = own
        truths, ious = np.full(len(places), _NONE), np.zeros(len(places))
        truths[has], ious[has] = self.truths[places[has]], self.ious[places[has]]
        return truths, ious

    def voc(self, threshold: float) -> tuple[Indices, Flags]:
        """The object that each detection claims, or -1, and whether that counts for nothing.

        Source: Everingham et al. 2010, section 4.2, and the development kit's VOCevaldet.
        """
        wanted = np.full(len(self.said), _NONE)
        has = self.best != _NONE
        at = self.best[has]
        fits = (self.ious[at] >= threshold) & (self.ious[at] > 0)
        wanted[has] = np.where(fits, self.truths[at], _NONE)
        of_no_account = self._of_no_account(wanted)
        claimed = np.full(len(wanted), _NONE)
        _, first = np.unique(wanted, return_index=True)
        claimed[first] = wanted[first]
        return np.where(of_no_account, wanted, claimed), of_no_account

    def coco_at(self, threshold: float) -> tuple[Indices, Flags]:
        """The same by COCO's rule."""
        claimed = self.coco(np.array([threshold]), self.truth.ignored[None])[0, 0]
        return claimed, self._of_no_account(claimed)

    def _of_no_account(self, claimed: Indices) -> Flags:
        flags: Flags = np.asarray(claimed != _NONE)
        flags[flags] = self.truth.ignored[claimed[flags]]
        return flags

    def coco(self, thresholds: Floats, ignored: Flags) -> Indices:
        """The object that each detection claims, for many thresholds and areas at once.

        All images and labels go side by side: first the surest detection of each, then the
        second, and so on.

        Args:
            thresholds: (t,)
            ignored: (a, n) which objects count for nothing, for each range of areas.

        Returns:
            (a, t, d) int64 indices of the objects, -1 for none.

        Source: Lin et al. 2014 and the evaluation that is published with COCO: an object that
        counts goes before one that does not, of equal IoU the later one is taken, and a crowd
        can be found again and again.
        """
        least = np.minimum(thresholds, 1 - 1e-10)
        claimed = np.full((len(ignored), len(least), len(self.said)), _NONE)
        taken = np.zeros((len(ignored), len(least), len(self.truth)), np.bool_)
        detections = np.repeat(np.arange(len(self.said)), self.count)
        near = np.flatnonzero(self.ious >= least.min())
        near = near[np.argsort(self.rank[detections[near]], kind="stable")]
        ranks = self.rank[detections[near]]
        for part in np.split(near, np.flatnonzero(np.diff(ranks)) + 1) if len(near) else ():
            self._claim(part, detections[part], least, ignored, taken, claimed)
        return claimed

    def _claim(
        self,
        part: Indices,
        detections: Indices,
        least: Floats,
        ignored: Flags,
        taken: Flags,
        claimed: Indices,
    ) -> None:
        """One detection of each image and label claims: pairs `part`, those of one together."""
        starts = np.flatnonzero(np.diff(detections, prepend=-1))
        lengths = np.diff(np.append(starts, len(part)))
        truths, ious = self.truths[part], self.ious[part]
        free = ~taken[..., truths] | self.truth.crowd[truths]
        fits = (ious >= least[:, None])[None] & free
        counts = fits & ~ignored[:, None, truths]
        some = np.logical_or.reduceat(counts, starts, axis=-1)
        able = np.where(np.repeat(some, lengths, axis=-1), counts, fits)
        value = np.where(able, ious, -1.0)
        highest = np.repeat(np.maximum.reduceat(value, starts, axis=-1), lengths, axis=-1)
        numbers = np.where(able & (value == highest), np.arange(len(part)), _NONE)
        last = np.maximum.reduceat(numbers, starts, axis=-1)
        a, t, d = np.nonzero(last != _NONE)
        chosen = truths[last[a, t, d]]
        claimed[a, t, detections[starts][d]] = chosen
        taken[a, t, chosen] = True


_MOST_PAIRS = 20_000_000


def _keys(side: Boxes, both: Both) -> Indices:
    """A number for each box's image and label; labels in order, then images."""
    return np.asarray(side.labels * max(len(both.images), 1) + side.images)


def _of_label(side: Boxes, label: int | None) -> Indices:
    return np.arange(len(side)) if label is None else np.flatnonzero(side.labels == label)


def _ranks(keys: Indices) -> Indices:
    """(n,) place of each among its equals, of sorted keys."""
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    lengths = np.diff(np.append(starts, len(keys)))
    return np.asarray(np.arange(len(keys)) - np.repeat(starts, lengths))


def _compared(both: Both, said: Indices, truths: Indices, plus_one: bool) -> Floats:
    """(p,) IoU of each pair; with a crowd the share of the detection inside of it."""
    overlap = BoxOverlap(both.detections.boxes[said], both.truth.boxes[truths], plus_one)
    ious = overlap.iou
    crowd = both.truth.crowd[truths]
    if crowd.any():
        inside = np.divide(
            overlap.intersection, overlap.area_a, out=np.zeros_like(ious),
            where=overlap.area_a > 0,
        )  # fmt: skip
        ious = np.where(crowd, inside, ious)
    return ious
