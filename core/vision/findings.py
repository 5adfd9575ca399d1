"""Candidates of pictures, asked for in the background and kept: see `asking`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from core.engine.connection import Engine, connect
from core.vision.asking import Asking, Image, Waiting
from core.vision.candidates import Candidates
from core.vision.detect import DetectError, candidates
from core.zoo.detectors import DETECTORS, TINY


@dataclass(frozen=True, slots=True)
class DetectQuestion:
    """What a detector considers in a picture.

    Attributes:
        digest: of the picture.
        network: slug of `core.zoo.detectors`.
        side: of the square that the network sees, in pixels; None for the usual one.
    """

    digest: str
    network: str = TINY
    side: int | None = None


class Findings(Asking[DetectQuestion, Candidates]):
    """Candidates of pictures."""

    most_kept: ClassVar[int] = 40  # of 1 to 3 MB
    forgotten_after: ClassVar[float] = 6.0
    refusals: ClassVar[tuple[type[Exception], ...]] = (DetectError,)

    def __init__(self, connected: Callable[[], Engine]) -> None:
        """Use `connected` to get the engine; it may take a while the first time."""
        super().__init__(connected, DETECTORS)

    def want(self, question: DetectQuestion, image: Image) -> Candidates | None:
        """Ask, and get the answer if it is known.

        Who waits asks again every second or so; what nobody asks for any more is dropped.

        Args:
            question: the picture by its digest, and the network.
            image: (H, W, 3) uint8 RGB, the picture itself.
        """
        return self._ask([question], lambda: Waiting(image)).get(question)

    def _answers(self, group: list[tuple[DetectQuestion, Waiting]]) -> list[Candidates]:
        answers = [
            candidates(self._connected(), waiting.image, question.network, question.side)
            for question, waiting in group
        ]
        for (question, _), answer in zip(group, answers, strict=True):
            self._took(question.network, answer.stages.network_ms)
        return answers


FINDINGS = Findings(lambda: connect())
"""Those of this process."""
