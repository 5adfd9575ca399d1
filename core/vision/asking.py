"""Questions to networks, asked in the background, their answers kept: no page waits for one.

All sessions share them: in a lecture a hundred people ask the same of the same picture.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import ClassVar, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from core.assets import AssetError
from core.engine.connection import Engine, EngineError
from core.vision.bringing import HERE, Bringing, Fetched, bring
from core.zoo.entry import ZooError

LOOK_AGAIN_S = 0.4
"""Seconds until a network that is being fetched is looked at again."""
TIMES_KEPT = 15
"""Of each network, for their median."""

Image = npt.NDArray[np.uint8]


class Asked(Protocol):
    """A question; equal ones have equal answers."""

    @property
    def network(self) -> str:
        """Whom it is put to: a slug of the zoo."""

    def __hash__(self) -> int: ...


@dataclass(slots=True)
class Waiting:
    """What belongs to a question that waits.

    Attributes:
        image: (H, W, 3) uint8 RGB, the picture that it is about.
        behind: (H, W, 3) uint8, the photo that may come up behind it.
        urgent: whether it comes before those that are not.
        asked: when it was asked last, by the monotonic clock.
    """

    image: Image
    behind: Image | None = None
    urgent: bool = False
    asked: float = field(default_factory=monotonic)


Q = TypeVar("Q", bound=Asked)
A = TypeVar("A")


class Asking(Generic[Q, A]):
    """Questions that wait, answers that are known, networks that failed.

    Subclasses say which questions go together, and answer them.
    """

    most_kept: ClassVar[int]
    """Answers that are kept."""
    forgotten_after: ClassVar[float]
    """Seconds after which a question that nobody repeats is not answered any more."""
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    """What an answer may raise, besides what fetching and the engine do, with a sentence."""

    def __init__(self, connected: Callable[[], Engine], entries: Mapping[str, Fetched]) -> None:
        """Use `connected` to get the engine; it may take a while the first time.

        Args:
            connected: gives the engine.
            entries: the networks by their slugs.
        """
        self._connected = connected
        self._entries = entries
        self._changed = threading.Condition()
        self._known: OrderedDict[Q, A] = OrderedDict()
        self._waiting: OrderedDict[Q, Waiting] = OrderedDict()
        self._failures: dict[str, str] = {}
        self._coming: dict[str, Bringing] = {}
        self._again: set[str] = set()
        self._held: set[str] = set()
        self._times: dict[str, deque[float]] = {}
        self._thread: threading.Thread | None = None

    # What pages ask

    def wait(self, questions: Sequence[Q], seconds: float) -> None:
        """Give answers that have been asked for a moment to come."""
        with self._changed:
            self._changed.wait_for(
                lambda: not any(question in self._waiting for question in questions), seconds
            )

    def rest(self, seconds: float) -> None:
        """Wait until nothing waits, for as long as that; whoever measures wants that."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)

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
        """Median time of a network for one picture on this machine, once it has answered."""
        times = list(self._times.get(network, ()))
        return median(times) if times else None

    # What subclasses use and say

    def _ask(self, questions: Iterable[Q], waiting: Callable[[], Waiting]) -> dict[Q, A]:
        """The answers that are known; the other questions wait from now on."""
        with self._changed:
            answers = {}
            for question in questions:
                if question in self._known:
                    self._known.move_to_end(question)
                    answers[question] = self._known[question]
                elif question.network not in self._failures:
                    self._enqueue(question, waiting())
            if self._waiting:
                self._begin()
            return answers

    def _together(self, ready: list[tuple[Q, Waiting]]) -> list[tuple[Q, Waiting]]:
        """Those to be asked next, all of one network: the newest alone."""
        return ready[-1:]

    def _answers(self, group: list[tuple[Q, Waiting]]) -> Sequence[A]:
        """Ask; `_took` is told the time."""
        raise NotImplementedError

    def _took(self, network: str, *milliseconds: float) -> None:
        """Note how long a network took for a picture."""
        self._times.setdefault(network, deque(maxlen=TIMES_KEPT)).extend(milliseconds)

    # The thread that asks

    def _enqueue(self, question: Q, new: Waiting) -> None:
        if question in self._waiting:
            waiting = self._waiting[question]
            waiting.asked, waiting.urgent = new.asked, waiting.urgent or new.urgent
        else:
            self._waiting[question] = new

    def _begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            name = type(self).__name__.lower()
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Answer until nothing waits."""
        expected: tuple[type[Exception], ...] = (
            AssetError, ZooError, EngineError, TimeoutError, *self.refusals
        )  # fmt: skip
        while group := self._next():
            network = group[0][0].network
            try:
                if self._here(network):
                    self._keep(group, self._answers(group))
            except expected as error:
                self._fail(network, str(error))
            # Without this the page would wait for ever; the text is all that anybody sees.
            except Exception as error:
                self._fail(network, f"{type(error).__name__}: {error}")
                raise

    def _next(self) -> list[tuple[Q, Waiting]]:
        """Some questions to one network that is not being fetched."""
        with self._changed:
            while True:
                self._drop()
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return []
                ready = [p for p in self._waiting.items() if p[0].network not in self._held]
                if ready:
                    return self._together(ready)
                self._changed.wait(LOOK_AGAIN_S)
                self._held.clear()

    def _drop(self) -> None:
        until = monotonic() - self.forgotten_after
        for question, waiting in list(self._waiting.items()):
            if waiting.asked < until:
                del self._waiting[question]

    def _here(self, network: str) -> bool:
        """Whether a network can be asked; if not, it is held until it is looked at again."""
        if network in self._times:
            return True
        again = network in self._again
        self._again.discard(network)
        found = bring(self._connected(), self._entries[network], again=again)
        if found.state == "failed":
            raise ZooError(found.error)
        with self._changed:
            if found == HERE:
                self._coming.pop(network, None)
                return True
            self._coming[network] = found
            self._held.add(network)
            return False

    def _keep(self, group: list[tuple[Q, Waiting]], answers: Sequence[A]) -> None:
        with self._changed:
            for (question, _), answer in zip(group, answers, strict=True):
                self._known[question] = answer
                self._waiting.pop(question, None)
            while len(self._known) > self.most_kept:
                self._known.popitem(last=False)
            self._changed.notify_all()

    def _fail(self, network: str, sentence: str) -> None:
        with self._changed:
            self._failures[network] = sentence
            self._coming.pop(network, None)
            self._times.pop(network, None)
            for question in [q for q in self._waiting if q.network == network]:
                del self._waiting[question]
            self._changed.notify_all()
