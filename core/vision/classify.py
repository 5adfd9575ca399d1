"""Which class an image belongs to: asked of the engine, which keeps the networks warm."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine, connect
from core.vision.challenges import CHALLENGES, UNCHANGED, Changes
from core.vision.prepare import Box, box_of, resized
from core.vision.spec import ClassifySpec
from core.zoo.entry import ZooError
from core.zoo.imagenet import names
from core.zoo.preprocessing import Preprocessing
from core.zoo.registry import DEFAULT, ZOO

ANSWER_WITHIN = 180.0
"""Seconds for an answer: the first one loads Keras and the network."""
_QUESTION = "core.vision.worker.classify:classify"

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stages:
    """How long each step took, in milliseconds.

    Attributes:
        resize_ms: from the image to the network's square.
        travel_ms: to the engine and back, a wait for others' answers included; the first time,
            Keras is imported there, which takes seconds.
        load_ms: reading and building the network; next to 0 where it was warm.
        preprocess_ms: from levels to what the first layer is given.
        network_ms: the network itself.
    """

    resize_ms: float
    travel_ms: float
    load_ms: float
    preprocess_ms: float
    network_ms: float

    @property
    def total_ms(self) -> float:
        """All of them."""
        return float(sum(astuple(self)))


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and how likely the network holds it.

    Attributes:
        index: of the class, 0..999.
        name: of the class.
        probability: 0 to 1.
    """

    index: int
    name: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """What a network says of an image, and what it saw.

    Attributes:
        logits: (1000,) float32.
        pixels: (side, side, 3) uint8 RGB: the image resized and cropped.
        preprocessing: what the pixels went through.
        box_xyxy: the part of the image that was looked at, in its pixels.
        stages: how long it took.
        temperature: what logits are divided by.
    """

    logits: Floats
    pixels: Image
    preprocessing: Preprocessing
    box_xyxy: Box
    stages: Stages
    temperature: float

    @property
    def given(self) -> Floats:
        """(side, side, 3) float32: what the first layer was given."""
        return self.preprocessing.apply(self.pixels)

    @property
    def probabilities(self) -> Floats:
        """(1000,) float32, adding up to 1."""
        return softmax(self.logits, self.temperature)

    def top(self, count: int = 5) -> list[Guess]:
        """The likeliest classes, the likeliest first."""
        return top(self.probabilities, count)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Class probabilities over the positions of a slider.

    Attributes:
        positions: of the slider, (n,).
        logits: (n, 1000) float32.
        temperature: what logits are divided by.
    """

    positions: tuple[float, ...]
    logits: Floats
    temperature: float

    @property
    def probabilities(self) -> Floats:
        """(n, 1000) float32."""
        return softmax(self.logits, self.temperature)

    def leading(self, neutral: float, count: int = 4) -> list[int]:
        """Classes worth a curve: the likeliest at `neutral`, then those that win elsewhere."""
        chances = self.probabilities
        start = min(range(len(self.positions)), key=lambda i: abs(self.positions[i] - neutral))
        first = int(chances[start].argmax())
        others = [int(index) for index in np.argsort(-chances.max(0)) if index != first]
        return [first, *others][:count]


def classify(image: Image, model: Any, k: int = 5) -> list[tuple[str, float]]:  # noqa: ANN401
    """Name what is in an image.

    Args:
        image: (H, W, 3) uint8 RGB.
        model: slug of a classifier of `core.zoo`, which the engine then asks; or the Keras
            model itself, as `core.models.zoo.load` gives it, where Keras is loaded anyway.
        k: how many classes.

    Returns:
        Names and probabilities of the likeliest classes, the likeliest first.

    Raises:
        ZooError: there is no such network, or its hub cannot be reached.
        AssetError: its file is not on this machine.
        EngineError: the engine does not start.
    """
    slug = model if isinstance(model, str) else _slug_of(model)
    if slug not in ZOO or not ZOO[slug].classes:
        raise ZooError(f"There is no classifier {slug!r} in the zoo. Try {DEFAULT}.")
    spec = ClassifySpec(network=slug)
    if isinstance(model, str):
        guesses = look(connect(), image, spec).top(k)
    else:
        given = spec.preprocessing.apply(resized(image, spec.entry.side, spec.fit))
        guesses = top(softmax(np.asarray(model(given[None], training=False))[0]), k)
    return [(guess.name, guess.probability) for guess in guesses]


def _slug_of(model: Any) -> str:  # noqa: ANN401 - a Keras model
    """Which network of the zoo a model is; `core.models.zoo.load` writes it down."""
    slug: str = getattr(model, "zoo_slug", "")
    if not slug:
        raise ZooError(
            "This model does not say which network of the zoo it is, so its preprocessing is "
            "not known. Load it with core.models.zoo.load, or give its slug."
        )
    return slug


def look(engine: Engine, image: Image, spec: ClassifySpec) -> Classified:
    """Classify an image and keep what the network saw.

    The answer depends on nothing but the pixels and the settings (and the time it takes on the
    machine), so that it can be kept by (digest, spec).

    Args:
        engine: connected.
        image: (H, W, 3) uint8 RGB.
        spec: the settings.
    """
    begun = perf_counter()
    pixels = resized(image, spec.entry.side, spec.fit)
    sent = perf_counter()
    logits, times = judge(engine, pixels[None], spec)
    travel_ms = (perf_counter() - sent) * 1000 - sum(times)
    stages = Stages((sent - begun) * 1000, travel_ms, *times)
    box = box_of(image.shape[0], image.shape[1], spec.fit)
    return Classified(logits[0], pixels, spec.preprocessing, box, stages, spec.temperature)


def judge(
    engine: Engine, pixels: Image, spec: ClassifySpec
) -> tuple[Floats, tuple[float, float, float]]:
    """Classify images that have the network's size already.

    Args:
        engine: connected.
        pixels: (n, side, side, 3) uint8 RGB. The preprocessing happens on the worker: levels
            are a quarter of the floats to send.
        spec: the settings.

    Returns:
        (n, 1000) float32 logits; milliseconds for reading the network, preprocessing, and the
        network itself.
    """
    settings = spec.model_dump_json()
    logits, *times = engine.call_by_name(
        "inference", _QUESTION, pixels, settings, timeout=ANSWER_WITHIN
    )
    return logits, (times[0], times[1], times[2])


def sweep(
    engine: Engine,
    image: Image,
    spec: ClassifySpec,
    challenge: str,
    changes: Changes = UNCHANGED,
    behind: Image | None = None,
) -> Sweep:
    """Classify an image at every position of a challenge's slider.

    Args:
        engine: connected.
        image: (H, W, 3) uint8 RGB.
        spec: the settings of the network.
        challenge: slug of `core.vision.challenges`.
        changes: where the other challenges' sliders stand.
        behind: (H, W, 3) uint8, the other photo for clutter.
    """
    stops = CHALLENGES[challenge].stops
    pictures = (changes.at(challenge, stop).apply(image, behind) for stop in stops)
    pixels = [resized(picture, spec.entry.side, spec.fit) for picture in pictures]
    logits, _ = judge(engine, np.stack(pixels), spec)
    return Sweep(stops, logits, spec.temperature)


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities along the last axis.

    A temperature above 1 evens them out, below 1 sharpens them; their order stays.

    Source: Hinton et al. 2015, "Distilling the knowledge in a neural network", equation 1.
    """
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def top(probabilities: Floats, count: int) -> list[Guess]:
    """The likeliest classes of (1000,) probabilities."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [Guess(int(i), names()[i], float(probabilities[i])) for i in order]
