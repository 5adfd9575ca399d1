"""A picture as a landscape that is flooded from its valleys: where waters meet is a border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.vision.baselines.picture import (
    BaselineSpec,
    Image,
    Labels,
    Mask,
    check,
    enlarged,
    grey,
    reduced,
)
from core.vision.baselines.threshold import ThresholdSpec, threshold

Floats = npt.NDArray[np.float32]


class WatershedSpec(BaselineSpec):
    """What is flooded, and from where.

    Attributes:
        relief: "distance" takes Otsu's mask and digs at the places farthest from its edge,
            which parts objects that touch; "gradient" floods the steepness of the picture.
        side: "distance": whether the objects are "bright" or "dark".
        apart_px: least distance of two markers, in pixels.
        smoothing_px: standard deviation of a Gaussian over the relief first, in pixels.
    """

    relief: Literal["distance", "gradient"] = "distance"
    side: Literal["bright", "dark"] = "bright"
    apart_px: int = Field(10, ge=1, le=100)
    smoothing_px: float = Field(1.0, ge=0, le=10)


@dataclass(frozen=True, slots=True, eq=False)
class Flooded:
    """Basins, and the landscape that they lie in.

    Attributes:
        labels: (H, W) int32: basins from 1; 0 is outside of the mask.
        count: basins.
        mask: (h, w) bool: what is flooded.
        relief: (h, w) float32: the landscape; water rises from low to high.
        markers: (h, w) int32: where each basin begins, 0 elsewhere.
        lines: (H, W) bool: pixels with another basin to the right or below.
    """

    labels: Labels
    count: int
    mask: Mask
    relief: Floats
    markers: Labels
    lines: Mask


def watershed(image: Image, spec: WatershedSpec) -> Flooded:
    """Flood a picture.

    Args:
        image: (H, W, 3) uint8 RGB; steps come at the size that it is reduced to.
        spec: how.

    Raises:
        BaselineError: it is no such picture.

    Source: Beucher & Lantuejoul 1979; Meyer 1994, the flooding that scikit-image uses.
    """
    from skimage.segmentation import watershed as flood

    check(image)
    small = reduced(image)
    mask, relief = _landscape(small, spec)
    markers = _markers(relief, mask, spec.apart_px)
    basins = flood(relief, markers, mask=mask)  # type: ignore[no-untyped-call]
    basins = np.asarray(basins, np.int32)
    labels = enlarged(basins, image)
    return Flooded(labels, int(markers.max()), mask, relief, markers, borders(labels))


def borders(labels: Labels) -> Mask:
    """(H, W) bool: pixels with another label to the right or below."""
    found = np.zeros(labels.shape, bool)
    found[:, :-1] |= labels[:, :-1] != labels[:, 1:]
    found[:-1] |= labels[:-1] != labels[1:]
    return found


def _landscape(image: Image, spec: WatershedSpec) -> tuple[Mask, Floats]:
    if spec.relief == "gradient":
        levels = _smooth(grey(image).astype(np.float32), spec.smoothing_px)
        slope = np.hypot(*(cv2.Sobel(levels, cv2.CV_32F, *d) for d in ((1, 0), (0, 1))))
        return np.ones(slope.shape, bool), np.asarray(slope, np.float32)
    mask = threshold(image, ThresholdSpec(side=spec.side)).mask
    # Specks and pinholes would be basins and peaks of their own.
    cross = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, cross)
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, cross)
    deep = cv2.distanceTransform(closed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(closed > 0), -_smooth(np.asarray(deep, np.float32), spec.smoothing_px)


def _smooth(values: Floats, sigma: float) -> Floats:
    if sigma == 0:
        return values
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)


def _markers(relief: Floats, mask: Mask, apart: int) -> Labels:
    """The lowest points, so far apart, numbered from 1."""
    from skimage.feature import peak_local_max

    labels = mask.astype(np.int32)
    places = peak_local_max(  # type: ignore[no-untyped-call]
        -relief, min_distance=apart, labels=labels, exclude_border=False
    )
    markers = np.zeros(relief.shape, np.int32)
    markers[tuple(places.T)] = np.arange(1, len(places) + 1)
    if not markers.any() and mask.any():
        low = np.where(mask, relief, np.inf).argmin()
        markers.flat[low] = 1
    return markers
