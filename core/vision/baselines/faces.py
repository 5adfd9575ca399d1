"""Faces without a network: a cascade of simple tests on every window of the picture.

OpenCV 5 has left its own cascade detector out; scikit-image has one of the same kind, with a
cascade that OpenCV trained.
"""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from core.vision.candidates import Candidates
from core.vision.classify import Stages
from core.vision.metrics import box_iou

Image = npt.NDArray[np.uint8]

WORK_SIDE = 640
"""Longest side at which windows are tried, in pixels."""
LEAST_PX = 36
"""Smallest window, in pixels of that size."""
STEP = 1.1
"""How much larger the windows of the next round are."""
AGREE = 0.5
"""IoU from which two windows speak of the same face."""
ENOUGH = 20
"""Windows that agree from which on the score is 1."""
NO_MERGING = 2.0
"""An overlap that no two windows have, so that scikit-image gives each of them."""


def faces(picture: Image) -> Candidates:
    """Every window that passes the cascade, as a candidate.

    A window passes or does not, there is no probability. Where a face is, many windows pass
    that lie close together; so the score is the number of windows that agree with this one
    (IoU of at least 0.5, itself included), 20 or more being 1.

    Args:
        picture: (H, W, 3) uint8 RGB.

    Source: Viola & Jones 2001, "Rapid object detection using a boosted cascade of simple
    features"; Zhang et al. 2007 for local binary patterns in place of Haar's rectangles.
    """
    begun = perf_counter()
    height, width = picture.shape[:2]
    scale = min(WORK_SIDE / max(height, width), 1.0)
    small = picture
    if scale < 1:
        small = np.asarray(
            cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA),
            np.uint8,
        )
    scaled = perf_counter()
    found = _windows(small)
    passed = perf_counter()
    windows = np.array(
        [(w["c"], w["r"], w["c"] + w["width"], w["r"] + w["height"]) for w in found], np.float32
    ).reshape(-1, 4)
    agreeing = np.sum(np.asarray(box_iou(windows, windows)) >= AGREE, axis=1)
    scores = np.minimum(agreeing / ENOUGH, 1.0).astype(np.float32)[:, None]
    across, down = width / small.shape[1], height / small.shape[0]
    boxes = windows * np.array([across, down, across, down], np.float32)
    done = perf_counter()
    stages = Stages((scaled - begun) * 1000, 0.0, 0.0, 0.0, (passed - scaled) * 1000)
    return Candidates(
        boxes,
        scores,
        ("face",),
        (width, height),
        len(windows),
        stages,
        (done - passed) * 1000,
    )


def _windows(picture: Image) -> list[dict[str, int]]:
    most = min(picture.shape[:2])
    if most < LEAST_PX:
        return []
    found: list[dict[str, int]] = _cascade().detect_multi_scale(
        img=picture,
        scale_factor=STEP,
        step_ratio=1,
        min_size=(LEAST_PX, LEAST_PX),
        max_size=(most, most),
        min_neighbor_number=1,
        intersection_score_threshold=NO_MERGING,
    )
    return found


@cache
def _cascade() -> Any:  # noqa: ANN401 - scikit-image has no types
    """Read at first need; it is not changed by being used."""
    from skimage import data
    from skimage.feature import Cascade

    return Cascade(data.lbp_frontal_face_cascade_filename())  # type: ignore[no-untyped-call]
