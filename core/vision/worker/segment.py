"""Questions of `core.vision.segment`, answered where Keras is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.vision.worker.classify import timed
from core.vision.worker.networks import Floats, network
from core.zoo.segmenters import SALIENCY, SEGMENTERS

Image = npt.NDArray[np.uint8]


def saliency(pixels: Image) -> tuple[Any, ...]:
    """What the network gives of one picture of its size, and milliseconds of each step.

    Args:
        pixels: (320, 320, 3) uint8 RGB.

    Returns:
        (320, 320) float32, and how long it took to read the network, to preprocess, and to
        compute.
    """
    known, load_ms = timed(lambda: network(SALIENCY))
    given, preprocess_ms = timed(lambda: as_trained(pixels))
    maps, network_ms = timed(lambda: known.logits(given[None]))
    return maps[0, :, :, 0], load_ms, preprocess_ms, network_ms


def as_trained(pixels: Image) -> Floats:
    """Levels as U2-Net was trained on them: the brightest is 1, then ImageNet's mean.

    Source: the authors' data loader (U-2-Net, data_loader.py), which divides by the picture's
    own maximum instead of 255.
    """
    brightest = max(int(pixels.max()), 1)
    wanted = SEGMENTERS[SALIENCY].preprocessing
    scaled = pixels.astype(np.float32) * np.float32(255 / brightest)
    scaled -= np.array(wanted.mean, np.float32)
    scaled /= np.array(wanted.deviation, np.float32)
    return scaled


def labels(pixels: Image, slug: str) -> tuple[Any, ...]:
    """The likeliest class of each pixel, and milliseconds of each step.

    Args:
        pixels: (side, side, 3) uint8 RGB.
        slug: of `core.zoo.segmenters`.

    Returns:
        (side, side) uint8 classes, (side, side) float32 how likely each is (all classes would
        be twenty times as much to send), and the times as above.
    """
    known, load_ms = timed(lambda: network(slug))
    given, preprocess_ms = timed(lambda: SEGMENTERS[slug].preprocessing.apply(pixels))
    maps, network_ms = timed(lambda: known.logits(given[None])[0])
    return maps.argmax(-1).astype(np.uint8), maps.max(-1), load_ms, preprocess_ms, network_ms
