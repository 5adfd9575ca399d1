"""Maps of networks that segment, asked for in the background and kept: no page waits for one.

All sessions share them: in a lecture a hundred people look at the same picture.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import monotonic

import numpy as np
import numpy.typing as npt

from core.assets import AssetError
from core.engine.connection import Engine, EngineError, connect
from core.vision.bringing import HERE, Bringing, bring
from core.vision.segment import Labelled, Salient, SegmentError, salient, segment
from core.zoo.entry import ZooError
from core.zoo.segmenters import SALIENCY, SEGMENTERS

MOST_KEPT = 24
"""Answers that are kept, 1 to 10 MB each."""
FORGOTTEN_AFTER = 6.0
"""Seconds after which a question that nobody repeats is not asked any more."""
LOOK_AGAIN_S = 0.4
"""Seconds until a network that is being fetched is looked at again."""

Image = npt.NDArray[np.uint8]
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


@dataclass(slots=True)
class _Waiting:
    image: Image
    asked: float = field(default_factory=monotonic)


class Maps:
    """Questions that wait, answers that are known, networks that failed."""

    def __init__(self, connected: Callable[[], Engine]) -> None:
        """Use `connected` to get the engine; it may take a while the first time."""
        self._connected = connected
        self._changed = threading.Condition()
        self._known: OrderedDict[MapQuestion, Map] = OrderedDict()
        self._waiting: OrderedDict[MapQuestion, _Waiting] = OrderedDict()
        self._failures: dict[str, str] = {}
        self._coming: dict[str, Bringing] = {}
        self._again: set[str] = set()
        self._times: dict[str, deque[float]] = {}
        self._thread: threading.Thread | None = None

    def want(self, question: MapQuestion, image: Image) -> Map | None:
        """Ask, and get the answer if it is known.

        Who waits asks again every second or so; what nobody asks for any more is dropped.

        Args:
            question: the picture by its digest, and the network.
            image: (H, W, 3) uint8 RGB, the picture itself.
        """
        with self._changed:
            if question in self._known:
                self._known.move_to_end(question)
                return self._known[question]
            if question.network not in self._failures:
                # The newest comes first: it is what somebody looks at.
                self._waiting[question] = _Waiting(image)
                self._waiting.move_to_end(question)
                self._begin()
            return None

    def wait(self, question: MapQuestion, seconds: float) -> None:
        """Give an answer that has been asked for a moment to come."""
        with self._changed:
            self._changed.wait_for(lambda: question not in self._waiting, seconds)

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

    def network_ms(self, network: str) -> float | None:
        """Median time of a network for one picture on this machine, once it has answered."""
        times = list(self._times.get(network, ()))
        return median(times) if times else None

    def _begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="maps", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Answer until nothing waits."""
        while (found := self._next()) is not None:
            question, image = found
            network = question.network
            try:
                if self._here(network):
                    self._keep(question, _answer(self._connected(), image, network))
            except (AssetError, ZooError, EngineError, SegmentError, TimeoutError) as error:
                self._fail(network, str(error))
            # Without this the page would wait for ever; the text is all that anybody sees.
            except Exception as error:
                self._fail(network, f"{type(error).__name__}: {error}")
                raise

    def _next(self) -> tuple[MapQuestion, Image] | None:
        """The newest question; one whose network is on its way is looked at now and then."""
        with self._changed:
            self._drop()
            if self._waiting and all(q.network in self._coming for q in self._waiting):
                self._changed.wait(LOOK_AGAIN_S)
                self._drop()
            ready = [q for q in self._waiting if q.network not in self._coming]
            for question in reversed(ready or list(self._waiting)):
                return question, self._waiting[question].image
            self._thread = None
            self._changed.notify_all()
            return None

    def _drop(self) -> None:
        until = monotonic() - FORGOTTEN_AFTER
        for question, waiting in list(self._waiting.items()):
            if waiting.asked < until:
                del self._waiting[question]

    def _here(self, network: str) -> bool:
        """Whether a network can be asked; if not, it is on its way."""
        if network in self._times:
            return True
        again = network in self._again
        self._again.discard(network)
        found = bring(self._connected(), SEGMENTERS[network], again=again)
        if found.state == "failed":
            raise ZooError(found.error)
        with self._changed:
            if found == HERE:
                self._coming.pop(network, None)
                return True
            self._coming[network] = found
            return False

    def _keep(self, question: MapQuestion, answer: Map) -> None:
        with self._changed:
            times = self._times.setdefault(question.network, deque(maxlen=15))
            times.append(answer.stages.network_ms)
            self._known[question] = answer
            self._waiting.pop(question, None)
            while len(self._known) > MOST_KEPT:
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


def _answer(engine: Engine, image: Image, network: str) -> Map:
    return salient(engine, image) if network == SALIENCY else segment(engine, image, network)


MAPS = Maps(lambda: connect())
"""Those of this process."""
