"""Precision, recall, and every definition of average precision that is in use.

The detections of a label are sorted by score, of equal scores in the order in which they were
given. Precision and recall are read after each of them: a point each. The definitions differ in
what they make of these points.

| method | what is added up | who |
|---|---|---|
| `lecture` | precision at each point times the step of recall to it | MLC; scikit-learn |
| `every-point` | the same, with the best precision from there on | VOC from 2010 on |
| `11-point` | mean of the best precision from recall 0, 0.1, ... 1 on | VOC until 2009 |
| `101-point` | the same at 0, 0.01, ... 1 | COCO |
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np

from core.vision.metrics.boxes import Floats
from core.vision.metrics.masks import MetricError
from core.vision.metrics.matching import Matching, Rule, match
from core.vision.metrics.records import Both, Flags, Indices, Record, as_arrays

Method = Literal["every-point", "11-point", "101-point", "lecture"]
METHODS: tuple[Method, ...] = get_args(Method)
RULE_OF: Mapping[Method, Rule] = MappingProxyType(
    {"every-point": "voc", "11-point": "voc", "101-point": "coco", "lecture": "voc"}
)
"""The rule of matching that each definition comes with."""
_COCO_RECALLS = np.linspace(0.0, 1.0, 101)
"""As pycocotools has them: some lie a rounding error above k / 100."""


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """The curve of one label.

    Attributes:
        hits: (n,) bool, True where the detection at this place is a true positive; those that
            count for nothing are left out.
        positives: objects that are there to be found.
    """

    hits: Flags
    positives: int

    @cached_property
    def true_positives(self) -> Indices:
        """(n,) how many of the first k + 1 are right."""
        return np.cumsum(self.hits, dtype=np.int64)

    @cached_property
    def false_positives(self) -> Indices:
        """(n,) how many of them are wrong."""
        return np.arange(1, len(self.hits) + 1) - self.true_positives

    @cached_property
    def precision(self) -> Floats:
        """(n,) share of the first k + 1 that is right."""
        return self.true_positives / np.arange(1, len(self.hits) + 1)

    @cached_property
    def recall(self) -> Floats:
        """(n,) share of the objects that the first k + 1 find; nan where there is none."""
        if not self.positives:
            return np.full(len(self.hits), np.nan)
        return self.true_positives / self.positives

    @cached_property
    def envelope(self) -> Floats:
        """(n,) the best precision here or at any higher recall."""
        return np.maximum.accumulate(self.precision[::-1])[::-1]

    def samples(self, method: Method) -> tuple[Floats, Floats]:
        """Recalls and precisions of which a definition takes the mean, or the sum by steps.

        Args:
            method: see the module.

        Returns:
            Recalls and precisions: 11 or 101 of each, or one at every point of the curve.
        """
        if method == "lecture":
            return self.recall, self.precision
        if method == "every-point":
            return self.recall, self.envelope
        if method == "11-point":
            # Whole numbers: 0.1 * 3 is more than 0.3 in floating point, and 3 of 10 would
            # not reach it.
            wanted = np.arange(11) * self.positives
            places = np.searchsorted(self.true_positives * 10, wanted, side="left")
            return np.arange(11) / 10, self._from(places)
        places = np.searchsorted(self.recall, _COCO_RECALLS, side="left")
        return _COCO_RECALLS, self._from(places)

    def _from(self, places: Indices) -> Floats:
        """Best precision from these places on, 0 beyond the last one."""
        return np.append(self.envelope, 0.0)[places]

    def steps(self) -> Floats:
        """(n,) by how much recall grows with each detection."""
        return np.diff(self.recall, prepend=0.0)

    def average(self, method: Method) -> float:
        """Average precision, 0 to 1; nan where there is nothing to find.

        Raises:
            MetricError: there is no such method.

        Sources: Everingham et al. 2010, section 4.2 (11 points), and 2015, section 2.2 (every
        point); Lin et al. 2014, "Microsoft COCO", and its evaluation (101 points).
        """
        if method not in METHODS:
            raise MetricError(f"{method!r} is no method. Use one of {', '.join(METHODS)}.")
        if not self.positives:
            return float("nan")
        _, precisions = self.samples(method)
        if method in ("11-point", "101-point"):
            return float(precisions.mean())
        return float((self.steps() * precisions).sum())


def average_precision(
    detections: Sequence[Record],
    ground_truth: Sequence[Record],
    iou_threshold: float,
    method: Method,
    plus_one: bool = False,
    *,
    rule: Rule | None = None,
) -> float:
    """Average precision of one label, or the mean of it over several (mAP), 0 to 1.

    Args:
        detections: mappings with `image`, `box` (xyxy), `score`, `label`.
        ground_truth: the same without `score`, perhaps with `crowd` and `difficult`.
        iou_threshold: from which a detection counts.
        method: `every-point`, `11-point`, `101-point` or `lecture`.
        plus_one: see `box_iou`.
        rule: of matching; None for the one that the method comes with (`RULE_OF`).

    Returns:
        The mean over the labels with an object to be found; nan where there is none.

    Raises:
        MetricError: an entry lacks something, or there is no such method, rule or threshold.

    Example:
        >>> truth = [{"image": 1, "box": (0, 0, 10, 10), "label": "cup"}]
        >>> said = [{"image": 1, "box": (0, 0, 10, 9), "label": "cup", "score": 0.9}]
        >>> average_precision(said, truth, 0.5, "every-point")
        1.0
    """
    if method not in METHODS:
        raise MetricError(f"{method!r} is no method. Use one of {', '.join(METHODS)}.")
    found = average_precisions(
        detections, ground_truth, iou_threshold, method, plus_one, rule=rule
    )
    known = [value for value in found.values() if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def average_precisions(
    detections: Sequence[Record],
    ground_truth: Sequence[Record],
    iou_threshold: float,
    method: Method,
    plus_one: bool = False,
    *,
    rule: Rule | None = None,
) -> dict[Hashable, float]:
    """Average precision of every label; nan for one without an object to be found.

    Args and errors as in `average_precision`.
    """
    both = as_arrays(detections, ground_truth)
    rule = rule or RULE_OF[method]
    return {
        label: curve_of(
            match(both, number, iou_threshold, rule=rule, plus_one=plus_one)
        ).average(method)
        for number, label in enumerate(both.labels)
    }


def curve_of(matching: Matching) -> PrecisionRecall:
    """Precision and recall of matched detections."""
    return PrecisionRecall(matching.found[~matching.ignored], matching.positives)


def matched(
    both: Both, label: Hashable, threshold: float, *, rule: Rule, plus_one: bool = False
) -> Matching:
    """`match` by the label's name.

    Raises:
        MetricError: neither detections nor ground truth have the label.
    """
    if label not in both.labels:
        known = ", ".join(map(str, both.labels[:10]))
        raise MetricError(f"there is no label {label!r}. There are {known or 'none'}.")
    number = both.labels.index(label)
    return match(both, number, threshold, rule=rule, plus_one=plus_one)
