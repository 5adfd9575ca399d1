"""Answers of networks, asked for in the background and kept: a page never waits for one.

All sessions share them: in a lecture a hundred people ask the same of the same picture.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import monotonic

import numpy as np
import numpy.typing as npt

from core.assets import AssetError
from core.engine.connection import Engine, EngineError, connect
from core.vision.bringing import HERE, Bringing, bring
from core.vision.classify import judge
from core.vision.prepare import resized
from core.vision.question import Question
from core.zoo.entry import ZooError
from core.zoo.registry import ZOO

MOST_KEPT = 8_000
"""Answers that are kept, 4 KB each."""
TOGETHER = 6
"""Pictures that go to the network at once; between two such groups others get their turn."""
FORGOTTEN_AFTER = 3.0
"""Seconds after which a question that nobody repeats is not answered any more."""
LOOK_AGAIN_S = 0.4
"""Seconds until a network that is being fetched is looked at again."""

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
GetImage = Callable[[str], Image | None]
"""Gives a photo by its name; of the empty name, nothing."""


@dataclass(slots=True)
class _Waiting:
    image: Image
    behind: Image | None
    urgent: bool
    asked: float = field(default_factory=monotonic)


class Looks:
    """Questions that wait, answers that are known, networks that failed."""

    def __init__(self, connected: Callable[[], Engine]) -> None:
        """Use `connected` to get the engine; it may take a while the first time."""
        self._connected = connected
        self._changed = threading.Condition()
        self._known: OrderedDict[Question, Floats] = OrderedDict()
        self._waiting: OrderedDict[Question, _Waiting] = OrderedDict()
        self._failures: dict[str, str] = {}
        self._coming: dict[str, Bringing] = {}
        self._again: set[str] = set()
        self._held: set[str] = set()
        self._times: dict[str, deque[float]] = {}
        self._thread: threading.Thread | None = None

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
        with self._changed:
            answers = {}
            for question in questions:
                if question in self._known:
                    self._known.move_to_end(question)
                    answers[question] = self._known[question]
                elif question.spec.network not in self._failures:
                    self._enqueue(question, image, behind, urgent=urgent)
            if self._waiting:
                self._begin()
            return answers

    def wait(self, questions: Sequence[Question], seconds: float) -> None:
        """Give answers that have been asked for a moment to come."""
        with self._changed:
            self._changed.wait_for(
                lambda: not any(question in self._waiting for question in questions), seconds
            )

    def failure(self, network: str) -> str:
        """Why a network does not answer, as a sentence; empty where it does."""
        return self._failures.get(network, "")

    def try_again(self, network: str) -> None:
        """Ask a network again that has failed."""
        with self._changed:
            self._failures.pop(network, None)
            self._again.add(network)

    def coming(self, network: str) -> Bringing | None:
        """How far a network is that is being fetched; None where none is."""
        return self._coming.get(network)

    def is_warm(self, network: str) -> bool:
        """Whether a network has answered before."""
        return network in self._times

    def network_ms(self, network: str) -> float | None:
        """Median time of a network for one picture on this machine, once it is warm."""
        times = list(self._times.get(network, ()))
        return median(times) if times else None

    def _enqueue(
        self, question: Question, image: Image, behind: Image | None, *, urgent: bool
    ) -> None:
        if question in self._waiting:
            waiting = self._waiting[question]
            waiting.asked, waiting.urgent = monotonic(), waiting.urgent or urgent
        else:
            self._waiting[question] = _Waiting(image, behind, urgent)

    def _begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="looks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Answer until nothing waits."""
        while group := self._next():
            network = group[0][0].spec.network
            try:
                if not self._here(network):
                    continue
                logits = self._answers(group)
            except (AssetError, ZooError, EngineError, TimeoutError) as error:
                self._fail(network, str(error))
            # Without this the page would wait for ever; the text is all that anybody sees.
            except Exception as error:
                self._fail(network, f"{type(error).__name__}: {error}")
                raise
            else:
                self._keep(group, logits)

    def _next(self) -> list[tuple[Question, _Waiting]]:
        """Some questions that can be asked together: an urgent one, or the newest ones."""
        with self._changed:
            while True:
                self._drop()
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return []
                ready = [
                    p for p in self._waiting.items() if p[0].spec.network not in self._held
                ]
                if ready:
                    return _group(ready)
                self._changed.wait(LOOK_AGAIN_S)
                self._held.clear()

    def _drop(self) -> None:
        until = monotonic() - FORGOTTEN_AFTER
        for question, waiting in list(self._waiting.items()):
            if waiting.asked < until:
                del self._waiting[question]

    def _here(self, network: str) -> bool:
        """Whether a network can be asked; if not, it is held until it is looked at again."""
        if network in self._times:
            return True
        again = network in self._again
        self._again.discard(network)
        found = bring(self._connected(), ZOO[network], again=again)
        if found.state == "failed":
            raise ZooError(found.error)
        with self._changed:
            if found == HERE:
                self._coming.pop(network, None)
                return True
            self._coming[network] = found
            self._held.add(network)
            return False

    def _answers(self, group: list[tuple[Question, _Waiting]]) -> Floats:
        spec = group[0][0].spec
        engine = self._connected()
        pictures = (q.changes.apply(w.image, w.behind) for q, w in group)
        pixels = np.stack([resized(p, spec.entry.side, spec.fit) for p in pictures])
        logits, (_, _, network_ms) = judge(engine, pixels, spec)
        if spec.network not in self._times:
            # Once warm, it is measured: three pictures, one by one.
            rounds = [judge(engine, pixels[:1], spec)[1] for _ in range(3)]
            self._times[spec.network] = deque((r[2] for r in rounds), maxlen=15)
        elif len(group) == 1:
            self._times[spec.network].append(network_ms)
        return logits

    def rest(self, seconds: float) -> None:
        """Wait until nothing waits, for as long as that; whoever measures wants that."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)

    def _keep(self, group: list[tuple[Question, _Waiting]], logits: Floats) -> None:
        with self._changed:
            for (question, _), row in zip(group, logits, strict=True):
                self._known[question] = row
                self._waiting.pop(question, None)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
            self._changed.notify_all()

    def _fail(self, network: str, sentence: str) -> None:
        with self._changed:
            self._failures[network] = sentence
            self._coming.pop(network, None)
            self._times.pop(network, None)
            for question in [q for q in self._waiting if q.spec.network == network]:
                del self._waiting[question]
            self._changed.notify_all()


def _group(ready: list[tuple[Question, _Waiting]]) -> list[tuple[Question, _Waiting]]:
    if urgent := [pair for pair in ready if pair[1].urgent]:
        return urgent[-1:]
    newest = ready[-1][0]
    alike = (newest.digest, newest.spec)
    return [pair for pair in ready if (pair[0].digest, pair[0].spec) == alike][-TOGETHER:]


LOOKS = Looks(lambda: connect())
"""Those of this process."""
