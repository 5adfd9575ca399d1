"""What every pixel belongs to: asked of the engine, which keeps the networks warm."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import cv2
import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine, connect
from core.vision.classify import ANSWER_WITHIN, Stages
from core.vision.metrics.masks import Mask
from core.vision.prepare import Box, Fit, box_of, resized
from core.zoo.entry import ZooError
from core.zoo.segmenters import SALIENCY, SEGMENTERS, Segmenter

_SALIENCY = "core.vision.worker.segment:saliency"
_LABELS = "core.vision.worker.segment:labels"

Image = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class SegmentError(ValueError):
    """A picture that cannot be segmented; the message says why and what works."""


@dataclass(frozen=True, slots=True, eq=False)
class Salient:
    """What stands out in a picture.

    Attributes:
        saliency: (H, W) float32, 0 to 1, stretched so that both are reached.
        coarse: (320, 320) float32, 0 to 1: what the network gave, not stretched.
        pixels: (320, 320, 3) uint8 RGB: what it saw, the picture out of its proportions.
        stages: how long it took.
    """

    saliency: Floats
    coarse: Floats
    pixels: Image
    stages: Stages

    @property
    def peak(self) -> float:
        """What the network held of the most salient pixel; near 0 where nothing stands out."""
        return float(self.coarse.max())

    def mask(self, threshold: float = 0.5) -> Mask:
        """(H, W) bool: the pixels above a threshold."""
        return self.saliency > threshold


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """The class of every pixel of a picture.

    Attributes:
        labels: (H, W) uint8: places in the class names.
        confidence: (H, W) float32: how likely the network held that class.
        class_names: of the network.
        stages: how long it took.
    """

    labels: Labels
    confidence: Floats
    class_names: tuple[str, ...]
    stages: Stages

    def areas(self) -> list[tuple[int, str, float]]:
        """Number, name and share of the picture of each class in it, the largest first."""
        counts = np.bincount(self.labels.ravel(), minlength=len(self.class_names))
        there = [int(number) for number in np.argsort(-counts, kind="stable") if counts[number]]
        return [(n, self.class_names[n], counts[n] / self.labels.size) for n in there]

    def mask(self, *numbers: int) -> Mask:
        """(H, W) bool: the pixels of these classes."""
        return np.isin(self.labels, numbers)


def saliency(image: Image) -> Floats:
    """How much each pixel belongs to what stands out in a picture.

    Args:
        image: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32, 0 to 1.

    Raises:
        SegmentError: it is no such picture.
        AssetError: the network's file is not on this machine.
        EngineError: the engine does not start.

    Source: Qin et al. 2020, U2-Net (the small one, "U2-Net-p").
    """
    return salient(connect(), image).saliency


def salient(engine: Engine, image: Image) -> Salient:
    """What stands out in a picture, and what the network saw of it.

    The answer depends on nothing but the pixels, so that it can be kept by their digest.

    Args:
        engine: connected.
        image: (H, W, 3) uint8 RGB.

    Raises:
        SegmentError: it is no such picture.
        AssetError: the network's file is not on this machine.
    """
    check_image(image)
    begun = perf_counter()
    pixels = resized(image, SEGMENTERS[SALIENCY].side, "squash")
    sent = perf_counter()
    coarse, *times = engine.call_by_name("inference", _SALIENCY, pixels, timeout=ANSWER_WITHIN)
    travel_ms = (perf_counter() - sent) * 1000 - sum(times)
    stages = Stages((sent - begun) * 1000, travel_ms, times[0], times[1], times[2])
    return Salient(_to_size(stretched(coarse), image), coarse, pixels, stages)


def segment(engine: Engine, image: Image, network: str) -> Labelled:
    """The class of every pixel.

    Args:
        engine: connected.
        image: (H, W, 3) uint8 RGB.
        network: slug of `core.zoo.segmenters`, of one that tells classes.

    Raises:
        SegmentError: it is no such picture.
        ZooError: there is no such network, or its hub cannot be reached.
    """
    check_image(image)
    entry = teller(network)
    fit: Fit = "pad"
    begun = perf_counter()
    pixels = resized(image, entry.side, fit)
    sent = perf_counter()
    labels, confidence, *times = engine.call_by_name(
        "inference", _LABELS, pixels, network, timeout=ANSWER_WITHIN
    )
    travel_ms = (perf_counter() - sent) * 1000 - sum(times)
    stages = Stages((sent - begun) * 1000, travel_ms, times[0], times[1], times[2])
    height, width = image.shape[:2]
    box = inner_box(box_of(height, width, fit), entry.side, height, width)
    x0, y0, x1, y1 = box
    # Numbers of classes have no mean: the nearest one is taken.
    whole = cv2.resize(
        labels[y0:y1, x0:x1], (width, height), interpolation=cv2.INTER_NEAREST_EXACT
    )
    sure = _to_size(confidence[y0:y1, x0:x1], image)
    return Labelled(np.asarray(whole, np.uint8), sure, entry.class_names, stages)


def teller(network: str) -> Segmenter:
    """The entry of a network that tells classes apart.

    Raises:
        ZooError: there is none of that name, or it tells no classes.
    """
    telling = [slug for slug, entry in SEGMENTERS.items() if len(entry.class_names) > 1]
    if network not in telling:
        raise ZooError(f"{network!r} tells no classes of pixels. Try {', '.join(telling)}.")
    return SEGMENTERS[network]


def stretched(coarse: Floats) -> Floats:
    """The map from 0 for its least value to 1 for its greatest; 0 where all are the same."""
    low, high = float(coarse.min()), float(coarse.max())
    if high <= low:
        return np.zeros_like(coarse)
    return np.asarray((coarse - low) / (high - low), np.float32)


def inner_box(box_xyxy: Box, side: int, height: int, width: int) -> Box:
    """Where a picture lies in the square that it was padded and scaled to, in its pixels.

    Args:
        box_xyxy: the square in the picture's pixels, see `core.vision.prepare.box_of`.
        side: of the square that the network saw.
        height: of the picture.
        width: of the picture.
    """
    x0, y0, x1, y1 = box_xyxy
    share_x, share_y = side / (x1 - x0), side / (y1 - y0)
    left, top = round(-x0 * share_x), round(-y0 * share_y)
    right, bottom = round((width - x0) * share_x), round((height - y0) * share_y)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def check_image(image: Image) -> None:
    """Refuse what is no colour picture.

    Raises:
        SegmentError: with what it is.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise SegmentError(
            f"This picture is {image.dtype} of shape {image.shape}. Segmentation takes uint8 "
            "of shape (height, width, 3) in red, green, blue; repeat a grey one three times."
        )


def _to_size(coarse: Floats, image: Image) -> Floats:
    """A map as large as the picture, its values between those that are there."""
    height, width = image.shape[:2]
    smaller = height < coarse.shape[0] and width < coarse.shape[1]
    flag = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=flag), np.float32)
