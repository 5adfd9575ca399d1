"""How long each step takes from a file to the names of its classes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from statistics import median
from time import perf_counter

from core.engine.connection import Engine
from core.images import decode_image
from core.vision.classify import judge, softmax, top
from core.vision.prepare import resized
from core.vision.spec import ClassifySpec

REPEATS = 12
"""Measurements whose medians are taken."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in milliseconds.

    Attributes:
        decode_ms: from the bytes of the file to pixels.
        resize_ms: to the network's square.
        travel_ms: to the engine's process and back.
        normalise_ms: from levels to what the first layer is given.
        network_ms: the network itself.
        top_ms: softmax, sorting, names.
    """

    decode_ms: float
    resize_ms: float
    travel_ms: float
    normalise_ms: float
    network_ms: float
    top_ms: float

    @property
    def total_ms(self) -> float:
        """All of them."""
        return float(sum(getattr(self, field.name) for field in fields(self)))


def measure(
    engine: Engine, file: bytes, spec: ClassifySpec, k: int, repeats: int = REPEATS
) -> Timing:
    """Classify a file several times, and take the median of each step.

    Args:
        engine: connected.
        file: an image file.
        spec: the settings; the network should be warm.
        k: how many classes are looked for.
        repeats: how often.
    """
    rounds = [_once(engine, file, spec, k) for _ in range(repeats)]
    return Timing(*(median(column) for column in zip(*rounds, strict=True)))


def _once(engine: Engine, file: bytes, spec: ClassifySpec, k: int) -> tuple[float, ...]:
    begun = perf_counter()
    image = decode_image(file)
    decoded = perf_counter()
    pixels = resized(image, spec.entry.side, spec.fit)
    sent = perf_counter()
    logits, (load, normalise, network) = judge(engine, pixels[None], spec)
    answered = perf_counter()
    top(softmax(logits[0], spec.temperature), k)
    done = perf_counter()
    whole = (answered - sent) * 1000
    steps = (
        (decoded - begun) * 1000,
        (sent - decoded) * 1000,
        whole - load - normalise - network,
    )
    return (*steps, normalise, network, (done - answered) * 1000)
