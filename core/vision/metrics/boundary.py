"""How well the outlines of two masks agree.

IoU hardly notices a ragged outline around a large area. The boundary measure compares the
outlines alone: a pixel of one counts as matched where the other passes nearby.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.vision.metrics.masks import Mask, as_mask, check_sizes, share

BOUNDARY_TOLERANCE = 0.008
"""How far a match may be away, as a share of the picture's diagonal.

Source: Perazzi et al. 2016, whose published evaluation uses 0.8 %; Csurka et al. 2013, section
2.2, propose 0.75 %.
"""


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryMatch:
    """Which pixels of two outlines have one of the other nearby.

    Attributes:
        truth: (H, W) bool, outline of the true mask.
        predicted: (H, W) bool, outline of the predicted one.
        found: (H, W) bool, pixels of the true outline that are matched.
        right: (H, W) bool, pixels of the predicted outline that are matched.
        tolerance_px: how far a match may be away, in pixels.
    """

    truth: Mask
    predicted: Mask
    found: Mask
    right: Mask
    tolerance_px: float

    @property
    def precision(self) -> float:
        """Share of the predicted outline that is matched."""
        return share(int(self.right.sum()), int(self.predicted.sum()))

    @property
    def recall(self) -> float:
        """Share of the true outline that is matched."""
        return share(int(self.found.sum()), int(self.truth.sum()))

    @property
    def f(self) -> float:
        """Harmonic mean of both; 0 where both are 0."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def boundary(mask: npt.ArrayLike) -> Mask:
    """Outline of a mask: its pixels with one outside above, below, left or right of them.

    What lies beyond the picture is not outside: an object that is cut off by the picture's
    edge has no outline there.

    Args:
        mask: (H, W), see `compare`.

    Returns:
        (H, W) bool.
    """
    inside = as_mask(mask)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    eroded = cv2.erode(
        inside.astype(np.uint8), cross, borderType=cv2.BORDER_CONSTANT, borderValue=1
    )
    return np.asarray(inside & (np.asarray(eroded) == 0))


def match_boundaries(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, tolerance: float = BOUNDARY_TOLERANCE
) -> BoundaryMatch:
    """Compare the outlines of two masks.

    Args:
        truth: (H, W), see `compare`.
        predicted: the same size.
        tolerance: share of the diagonal, rounded up to whole pixels; 0 for the very pixel.

    Raises:
        MetricError: the sizes differ, there is no pixel, or a mask holds fractions.
    """
    masks = as_mask(truth), as_mask(predicted)
    check_sizes(*masks)
    outline, said = boundary(masks[0]), boundary(masks[1])
    distance = math.ceil(tolerance * math.hypot(*masks[0].shape))
    found = outline & (_distance_to(said) <= distance)
    right = said & (_distance_to(outline) <= distance)
    return BoundaryMatch(outline, said, found, right, distance)


def boundary_f(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, tolerance: float = BOUNDARY_TOLERANCE
) -> float:
    """F measure of the outlines of two masks, 0 to 1; two masks without outline have 1.

    Precision is the share of the predicted outline that lies within the tolerance of the true
    one, recall the share of the true outline near the predicted one.

    Args and errors as in `match_boundaries`.

    Source: Perazzi et al. 2016, "A benchmark dataset and evaluation methodology for video
    object segmentation", section 3, after Martin et al. 2004. Distances are Euclidean; the
    outline is the mask's inner rim.
    """
    return match_boundaries(truth, predicted, tolerance).f


def _distance_to(outline: Mask) -> npt.NDArray[np.float64]:
    """(H, W) Euclidean distance to the nearest pixel of an outline; infinite without one."""
    if not outline.any():
        return np.full(outline.shape, np.inf)
    away = cv2.distanceTransform(
        (~outline).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return np.asarray(away, np.float64)
