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
from core.vision.metrics.matching import MOST, Pairs
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
class CocoEvaluation:
    """What the twelve numbers are means of; nan where there is nothing to measure.

    Attributes:
        precisions: (labels, areas, thresholds) average precision.
        recalls: (labels, areas, thresholds, mosts) recall with at most so many detections.
    """

    precisions: Floats
    recalls: Floats

    @property
    def summary(self) -> CocoSummary:
        """The twelve numbers."""
        return _summary(self.precisions, self.recalls)

    @property
    def by_threshold(self) -> tuple[float, ...]:
        """AP of all labels and sizes at each of the ten thresholds; -1 where there is none."""
        return tuple(_mean(self.precisions[:, 0, at]) for at in range(len(THRESHOLDS)))


def coco_summary(detections: Sequence[Record], ground_truth: Sequence[Record]) -> CocoSummary:
    """COCO's twelve numbers.

    Args:
        detections: mappings with `image`, `box` (xyxy), `score`, `label`.
        ground_truth: the same without `score`, perhaps with `crowd` and with `area` (of the
            object's outline; else that of the box counts).

    Raises:
        MetricError: an entry lacks something, or holds what is no number.
    """
    return coco_evaluation(detections, ground_truth).summary


def coco_evaluation(
    detections: Sequence[Record], ground_truth: Sequence[Record]
) -> CocoEvaluation:
    """The numbers of every label, size and threshold.

    Args and errors as in `coco_summary`.
    """
    both = as_arrays(detections, ground_truth)
    counted = _counted(both)
    pairs = Pairs.of(both, plus_one=False, most=MOST)
    claimed = pairs.coco(THRESHOLDS, ~counted)
    left_out = _left_out(both, pairs, claimed, counted)
    precisions = np.full((len(both.labels), len(RANGES), len(THRESHOLDS)), np.nan)
    recalls = np.full((*precisions.shape, len(MOSTS)), np.nan)
    labels = both.detections.labels[pairs.said]
    for label in range(len(both.labels)):
        own = np.flatnonzero(labels == label)
        order = own[np.argsort(-both.detections.scores[pairs.said[own]], kind="stable")]
        positives = counted[:, both.truth.labels == label].sum(1)
        for area, total in enumerate(positives.tolist()):
            if not total:
                continue
            for threshold in range(len(THRESHOLDS)):
                counts = order[~left_out[area, threshold, order]]
                hits = claimed[area, threshold, counts] >= 0
                curve = PrecisionRecall(hits, total)
                precisions[label, area, threshold] = curve.average("101-point")
                recalls[label, area, threshold] = [
                    hits[pairs.rank[counts] < most].sum() / total for most in MOSTS
                ]
    return CocoEvaluation(precisions, recalls)


def _counted(both: Both) -> Flags:
    """(areas, n) which objects are of that size and no crowd."""
    areas = both.truth.areas
    return np.array(
        [(areas >= low) & (areas <= high) & ~both.truth.ignored for low, high in RANGES]
    ).reshape(len(RANGES), len(areas))


def _left_out(both: Both, pairs: Pairs, claimed: Indices, counted: Flags) -> Flags:
    """(areas, thresholds, d) which detections count for nothing.

    Those that claim an object of another size or a crowd, and those of another size that claim
    nothing.
    """
    areas = both.detections.areas[pairs.said]
    other = np.array([(areas < low) | (areas > high) for low, high in RANGES])
    left_out: Flags = (claimed < 0) & other[:, None, :]
    for area in range(len(RANGES)):
        found = claimed[area] >= 0
        left_out[area][found] = ~counted[area][claimed[area][found]]
    return left_out


def _summary(precisions: Floats, recalls: Floats) -> CocoSummary:
    at = [int(np.argmin(abs(THRESHOLDS - wanted))) for wanted in (0.5, 0.75)]
    return CocoSummary(
        _mean(precisions[:, 0]),
        *(_mean(precisions[:, 0, threshold]) for threshold in at),
        *(_mean(precisions[:, area]) for area in (1, 2, 3)),
        *(_mean(recalls[:, 0, :, most]) for most in range(len(MOSTS))),
        *(_mean(recalls[:, area, :, -1]) for area in (1, 2, 3)),
    )


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else _NOTHING
