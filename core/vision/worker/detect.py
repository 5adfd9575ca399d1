"""Questions of `core.vision.detect`, answered where Keras is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.vision.worker.classify import timed
from core.vision.worker.networks import Floats, network
from core.zoo.detectors import DETECTORS, TINY

Image = npt.NDArray[np.uint8]


def maps(pixels: Image, slug: str, least: float) -> tuple[Any, ...]:
    """What a detector gives of one picture of its size, and milliseconds of each step.

    Args:
        pixels: (side, side, 3) uint8 RGB.
        slug: of `core.zoo.detectors`.
        least: decoded candidates of which no class scores that much stay here: RetinaNet has
            76,725 of them, and sending them would take longer than finding them.

    Returns:
        The outputs as a list (of YOLOv3-tiny its raw maps, of the others boxes and scores), how
        many candidates there were, and how long it took to read the network, to preprocess,
        and to compute.
    """
    known, load_ms = timed(lambda: network(slug))
    given, preprocess_ms = timed(lambda: DETECTORS[slug].preprocessing.apply(pixels))
    outputs, network_ms = timed(lambda: [part[0] for part in known.maps(given[None])])
    count = sum(part.shape[0] * part.shape[1] * 3 for part in outputs)
    if slug != TINY:
        count = len(outputs[0])
        outputs = _likely(outputs[0], outputs[1], least)
    return outputs, count, load_ms, preprocess_ms, network_ms


def _likely(boxes: Floats, scores: Floats, least: float) -> list[Floats]:
    kept = scores.max(axis=1, initial=0.0) >= least
    return [boxes[kept], scores[kept]]
