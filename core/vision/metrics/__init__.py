"""How well a network's answer fits the truth: masks and label maps.

    >>> import numpy as np
    >>> truth, predicted = np.eye(2, dtype=bool), np.array([[True, True], [False, False]])
    >>> round(iou(truth, predicted), 3)
    0.333

A share of nothing is 1 throughout, since nothing in it is wrong: two empty masks have IoU 1,
and where nothing is predicted the precision is 1. (Perazzi et al. 2016 score so, too.)
"""

from core.vision.metrics.boundary import (
    BOUNDARY_TOLERANCE,
    BoundaryMatch,
    boundary,
    boundary_f,
    match_boundaries,
)
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

__all__ = [
    "BOUNDARY_TOLERANCE",
    "BoundaryMatch",
    "Comparison",
    "MetricError",
    "boundary",
    "boundary_f",
    "class_ious",
    "compare",
    "confusion",
    "dice",
    "iou",
    "label_accuracy",
    "match_boundaries",
    "mean_iou",
    "pixel_accuracy",
    "precision",
    "recall",
]
