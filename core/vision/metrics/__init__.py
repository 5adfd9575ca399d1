"""How well a network's answer fits the truth: masks, label maps, and boxes.

    >>> import numpy as np
    >>> truth, predicted = np.eye(2, dtype=bool), np.array([[True, True], [False, False]])
    >>> round(iou(truth, predicted), 3)
    0.333

A share of nothing is 1 throughout, since nothing in it is wrong: two empty masks have IoU 1,
and where nothing is predicted the precision is 1. (Perazzi et al. 2016 score so, too.)
"""

from core.vision.metrics.average_precision import (
    METHODS,
    Method,
    PrecisionRecall,
    average_precision,
    average_precisions,
)
from core.vision.metrics.boundary import (
    BOUNDARY_TOLERANCE,
    BoundaryMatch,
    boundary,
    boundary_f,
    match_boundaries,
)
from core.vision.metrics.box_formats import FORMATS, Format, convert
from core.vision.metrics.boxes import (
    BoxOverlap,
    box_ciou,
    box_diou,
    box_giou,
    box_iou,
    compare_boxes,
)
from core.vision.metrics.coco import CocoSummary, coco_summary
from core.vision.metrics.labels import class_ious, confusion, label_accuracy, mean_iou
from core.vision.metrics.masks import (
    Comparison,
    MetricError,
    compare,
    dice,
    iou,
    pixel_accuracy,
    precision,
    recall,
)
from core.vision.metrics.suppression import Suppression, nms, suppress

__all__ = [
    "BOUNDARY_TOLERANCE",
    "FORMATS",
    "METHODS",
    "BoundaryMatch",
    "BoxOverlap",
    "CocoSummary",
    "Comparison",
    "Format",
    "Method",
    "MetricError",
    "PrecisionRecall",
    "Suppression",
    "average_precision",
    "average_precisions",
    "boundary",
    "boundary_f",
    "box_ciou",
    "box_diou",
    "box_giou",
    "box_iou",
    "class_ious",
    "coco_summary",
    "compare",
    "compare_boxes",
    "confusion",
    "convert",
    "dice",
    "iou",
    "label_accuracy",
    "match_boundaries",
    "mean_iou",
    "nms",
    "pixel_accuracy",
    "precision",
    "recall",
    "suppress",
]
