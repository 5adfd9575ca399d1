"""COCO's twelve numbers.

Mean over ten IoU thresholds, 0.50 to 0.95, and over the labels; for objects of all sizes and
for small, medium and large ones; and the recall with at most 1, 10 and 100 detections.

Source: Lin et al. 2014, "Microsoft COCO: common objects in context", and the evaluation that is
published with it. Numbers are those of pycocotools.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.vision.metrics.average_precision import PrecisionRecall
from core.vision.metrics.boxes import Floats
from core.vision.metrics.matching import MOST, Group
from core.vision.metrics.records import Both, Flags, Indices, Record, as_arrays

THRESHOLDS = np.linspace(0.5, 0.95, 10)
"""0.50, 0.55, ... 0.95."""
SMALL, MEDIUM, HUGE = 32.0**2, 96.0**2, 1e10
RANGES = ((0.0, HUGE), (0.0, SMALL), (SMALL, MEDIUM), (MEDIUM, HUGE))
"""Areas in pixels, both ends included: all, small, medium, large."""
MOSTS = (1, 10, MOST)
_NOTHING = -1.0


class CocoSummary(NamedTuple):
    """The twelve numbers in their order, 0 to 1; -1 where there is nothing to measure."""

    ap: float
    ap_50: float
    ap_75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    ar_1: float
    ar_10: float
    ar_100: float
    ar_small: float
    ar_medium: float
    ar_large: float


TITLES = (
    "AP@[.50:.95]", "AP50", "AP75", "AP small", "AP medium", "AP large",
    "AR@1", "AR@10", "AR@100", "AR small", "AR medium", "AR large",
)  # fmt: skip
"""What each is called."""


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """The detections of one label in one image.

    Attributes:
        scores: (d,) descending.
        found: (areas, thresholds, d) True where an object is claimed.
        ignored: the same, True where that counts for nothing.
    """

    scores: Floats
    found: Flags
    ignored: Flags


def coco_summary(detections: Sequence[Record], ground_truth: Sequence[Record]) -> CocoSummary:
    """COCO's twelve numbers.

    Args:
        detections: mappings with `image`, `box` (xyxy), `score`, `label`.
        ground_truth: the same without `score`, perhaps with `crowd` and with `area` (of the
            object's outline; else that of the box counts).

    Raises:
        MetricError: an entry lacks something, or holds what is no number.
    """
    both = as_arrays(detections, ground_truth)
    said, there = both.detections.groups, both.truth.groups
    precisions = np.full((len(both.labels), len(RANGES), len(THRESHOLDS)), np.nan)
    recalls = np.full((len(both.labels), len(RANGES), len(THRESHOLDS), len(MOSTS)), np.nan)
    counted = _counted(both)
    for label in range(len(both.labels)):
        judged = [
            _judge(both, said[image, label], there.get((image, label), _EMPTY), counted)
            for image in range(len(both.images))
            if (image, label) in said
        ]
        positives = counted[:, both.truth.labels == label].sum(1)
        _add_up(judged, positives, precisions[label], recalls[label])
    return _summary(precisions, recalls)


_EMPTY: Indices = np.zeros(0, np.int64)


def _counted(both: Both) -> Flags:
    """(areas, n) which objects are of that size and no crowd."""
    areas = both.truth.areas
    return np.array(
        [(areas >= low) & (areas <= high) & ~both.truth.ignored for low, high in RANGES]
    ).reshape(len(RANGES), len(areas))


def _judge(both: Both, said: Indices, there: Indices, counted: Flags) -> _Judged:
    group = Group.of(both, said, there, plus_one=False, most=MOST)
    ignored = ~counted[:, there]
    claimed = group.coco(THRESHOLDS, ignored)
    found = claimed >= 0
    areas = both.detections.areas[group.said]
    odd = np.array([(areas < low) | (areas > high) for low, high in RANGES])
    of_no_account = ~found & odd[:, None, :]
    for area in range(len(RANGES)) if len(there) else ():
        of_no_account[area] |= found[area] & ignored[area][claimed[area]]
    return _Judged(both.detections.scores[group.said], found, of_no_account)


def _add_up(
    judged: Sequence[_Judged], positives: Indices, precisions: Floats, recalls: Floats
) -> None:
    """Fill in (areas, thresholds) precisions and (areas, thresholds, mosts) recalls."""
    for place, most in enumerate(MOSTS):
        scores = np.concatenate([j.scores[:most] for j in judged] or [np.zeros(0)])
        order = np.argsort(-scores, kind="stable")
        shape = (len(RANGES), len(THRESHOLDS), 0)
        empty = [np.zeros(shape, np.bool_)]
        found = np.concatenate([j.found[..., :most] for j in judged] or empty, -1)[..., order]
        left_out = np.concatenate([j.ignored[..., :most] for j in judged] or empty, -1)
        counts = ~left_out[..., order]
        for area, threshold in np.ndindex(found.shape[:2]):
            total = int(positives[area])
            if not total:
                continue
            hits = found[area, threshold][counts[area, threshold]]
            recalls[area, threshold, place] = hits.sum() / total
            if most == MOST:
                curve = PrecisionRecall(hits, total)
                precisions[area, threshold] = curve.average("101-point")


def _summary(precisions: Floats, recalls: Floats) -> CocoSummary:
    def mean(values: Floats) -> float:
        known = values[~np.isnan(values)]
        return float(known.mean()) if known.size else _NOTHING

    at = [int(np.argmin(abs(THRESHOLDS - wanted))) for wanted in (0.5, 0.75)]
    return CocoSummary(
        mean(precisions[:, 0]),
        *(mean(precisions[:, 0, threshold]) for threshold in at),
        *(mean(precisions[:, area]) for area in (1, 2, 3)),
        *(mean(recalls[:, 0, :, most]) for most in range(len(MOSTS))),
        *(mean(recalls[:, area, :, -1]) for area in (1, 2, 3)),
    )
