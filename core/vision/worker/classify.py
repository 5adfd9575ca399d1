"""Questions of `core.vision.classify`, answered where Keras is."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from core.vision.challenges import CHALLENGES, Scene
from core.vision.prepare import resized
from core.vision.spec import ClassifySpec, SweepSpec
from core.vision.worker.networks import network

Image = npt.NDArray[np.uint8]
T = TypeVar("T")


def classify(pixels: Image, settings: str) -> tuple[Any, ...]:
    """Logits (1000,) of an image of the network's size, and milliseconds of each step."""
    spec = ClassifySpec.model_validate_json(settings)
    known, load_ms = _timed(lambda: network(spec.network))
    given, preprocess_ms = _timed(lambda: spec.preprocessing.apply(pixels))
    logits, network_ms = _timed(lambda: known.logits(given[None])[0])
    return logits, load_ms, preprocess_ms, network_ms


def sweep(
    image: Image, settings: str, challenge: str, behind: Image | None = None
) -> npt.NDArray[np.float32]:
    """Logits (n, 1000) over the positions of a challenge's slider."""
    spec = ClassifySpec.model_validate_json(settings)
    over = SweepSpec.model_validate_json(challenge)
    known = network(spec.network)
    entry = CHALLENGES[over.challenge]
    scene = Scene((over.patch_x, over.patch_y), behind, over.seed)
    pictures = (entry.apply(image, position, scene) for position in entry.stops)
    given = [
        spec.preprocessing.apply(resized(picture, spec.entry.side, spec.fit))
        for picture in pictures
    ]
    return known.logits(np.stack(given))


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    begun = perf_counter()
    done = do()
    return done, (perf_counter() - begun) * 1000
