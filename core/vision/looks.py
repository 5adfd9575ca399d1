"""What networks say of pictures that a person turns, darkens or covers: see `asking`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine, connect
from core.vision.asking import Asking, Image, Waiting
from core.vision.classify import judge
from core.vision.prepare import resized
from core.vision.question import Question
from core.zoo.registry import ZOO

TOGETHER = 6
"""Pictures that go to the network at once; between two such groups others get their turn."""

Floats = npt.NDArray[np.float32]


class Looks(Asking[Question, Floats]):
    """Logits (1000,) of pictures, each with its changes."""

    most_kept: ClassVar[int] = 8_000  # of 4 KB
    forgotten_after: ClassVar[float] = 3.0

    def __init__(self, connected: Callable[[], Engine]) -> None:
        """Use `connected` to get the engine; it may take a while the first time."""
        super().__init__(connected, ZOO)

    def want(
        self,
        questions: Iterable[Question],
        image: Image,
        behind: Image | None = None,
        *,
        urgent: bool = False,
    ) -> dict[Question, Floats]:
        """Ask, and get the answers that are known: logits (1000,) each.

        Who waits for the others asks again every second or so; what nobody asks for any more
        is dropped.

        Args:
            questions: all of one picture.
            image: (H, W, 3) uint8 RGB, the picture itself.
            behind: (H, W, 3) uint8, the photo that may come up behind it.
            urgent: whether they come before those that are not.
        """
        return self._ask(questions, lambda: Waiting(image, behind, urgent))

    def _together(
        self, ready: list[tuple[Question, Waiting]]
    ) -> list[tuple[Question, Waiting]]:
        """An urgent one, or the newest ones of a picture."""
        if urgent := [pair for pair in ready if pair[1].urgent]:
            return urgent[-1:]
        newest = ready[-1][0]
        alike = (newest.digest, newest.spec)
        return [pair for pair in ready if (pair[0].digest, pair[0].spec) == alike][-TOGETHER:]

    def _answers(self, group: list[tuple[Question, Waiting]]) -> list[Floats]:
        spec = group[0][0].spec
        engine = self._connected()
        pictures = (q.changes.apply(w.image, w.behind) for q, w in group)
        pixels = np.stack([resized(p, spec.entry.side, spec.fit) for p in pictures])
        logits, (_, _, network_ms) = judge(engine, pixels, spec)
        if not self.is_warm(spec.network):
            # Once warm, it is measured: three pictures, one by one.
            rounds = [judge(engine, pixels[:1], spec)[1] for _ in range(3)]
            self._took(spec.network, *(r[2] for r in rounds))
        elif len(group) == 1:
            self._took(spec.network, network_ms)
        return list(logits)


LOOKS = Looks(lambda: connect())
"""Those of this process."""
