"""Maps of networks that segment, asked for in the background and kept: see `asking`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from core.engine.connection import Engine, connect
from core.vision.asking import Asking, Image, Waiting
from core.vision.segment import Labelled, Salient, SegmentError, salient, segment
from core.zoo.segmenters import SALIENCY, SEGMENTERS

Map = Salient | Labelled


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """What a network makes of a picture.

    Attributes:
        digest: of the picture.
        network: slug of `core.zoo.segmenters`.
    """

    digest: str
    network: str = SALIENCY


class Maps(Asking[MapQuestion, Map]):
    """Maps of pictures."""

    most_kept: ClassVar[int] = 24  # of 1 to 10 MB
    forgotten_after: ClassVar[float] = 6.0
    refusals: ClassVar[tuple[type[Exception], ...]] = (SegmentError,)

    def __init__(self, connected: Callable[[], Engine]) -> None:
        """Use `connected` to get the engine; it may take a while the first time."""
        super().__init__(connected, SEGMENTERS)

    def want(self, question: MapQuestion, image: Image) -> Map | None:
        """Ask, and get the answer if it is known.

        Who waits asks again every second or so; what nobody asks for any more is dropped.

        Args:
            question: the picture by its digest, and the network.
            image: (H, W, 3) uint8 RGB, the picture itself.
        """
        return self._ask([question], lambda: Waiting(image)).get(question)

    def _answers(self, group: list[tuple[MapQuestion, Waiting]]) -> list[Map]:
        answers = [_answer(self._connected(), w.image, q.network) for q, w in group]
        for (question, _), answer in zip(group, answers, strict=True):
            self._took(question.network, answer.stages.network_ms)
        return answers


def _answer(engine: Engine, image: Image, network: str) -> Map:
    return salient(engine, image) if network == SALIENCY else segment(engine, image, network)


MAPS = Maps(lambda: connect())
"""Those of this process."""
