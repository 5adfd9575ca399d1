"""Questions of `core.vision.classify`, answered where Keras is."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from core.vision.spec import ClassifySpec
from core.vision.worker.networks import network

Image = npt.NDArray[np.uint8]
T = TypeVar("T")


def classify(pixels: Image, settings: str) -> tuple[Any, ...]:
    """Logits (n, 1000) of images of the network's size, and milliseconds of each step.

    Args:
        pixels: (n, side, side, 3) uint8 RGB.
        settings: a `ClassifySpec` as JSON.

    Returns:
        Logits, and how long it took to read the network, to preprocess, and to compute.
    """
    spec = ClassifySpec.model_validate_json(settings)
    known, load_ms = timed(lambda: network(spec.network))
    given, preprocess_ms = timed(lambda: spec.preprocessing.apply(pixels))
    logits, network_ms = timed(lambda: known.logits(given))
    return logits, load_ms, preprocess_ms, network_ms


def timed(do: Callable[[], T]) -> tuple[T, float]:
    """What a call gives, and the milliseconds that it took."""
    begun = perf_counter()
    done = do()
    return done, (perf_counter() - begun) * 1000
