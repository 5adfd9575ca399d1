"""A run as the app sees it: what it told, how it is, and what can be asked of it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Generic, Literal, overload

from core.data.dataset import Dataset, Split
from core.training.errors import RunError
from core.training.events import Event
from core.training.series import Gatherer, Series
from core.training.spec import BOUNDS, Change, Spec

State = Literal["queued", "starting", "running", "paused", "finished", "stopped", "failed"]
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")
MOST_SNAPSHOTS = 32
"""Snapshots of a run that are kept: from then on every second one is let go."""

ANSWERS = frozenset({"predicted", "losses"})
"""What an epoch says of each validation picture."""

Send = Callable[[dict[str, Any]], None]


class Run(Generic[Spec]):
    """One training.

    Attributes:
        id: its name on the wire.
        session: whose run it is.
        spec: what it was started with.
        own: the pictures where they were uploaded.
        began: seconds since 1970.
    """

    def __init__(self, spec: Spec, session: str, own: Dataset | None = None) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.spec = spec
        self.session = session
        self.own = own
        self.name = spec.name
        self.began = time.time()
        self._state: State = "queued"
        self._place = 0
        self._reason = ""
        self._model: bytes | None = None
        self._events: list[Event] = []
        self._snapshots: list[Event] = []
        self._looks = 0
        self._spacing = 1
        self._gatherer = Gatherer()
        self._split: Split | None = None
        self._count = 0
        self._number = -1
        self._look_number = -1
        self._sender = uuid.uuid4().hex[:8]
        self._orders = 0
        self._ordering = threading.Lock()
        self._goes_on = False
        self._settled = False
        self._told = threading.Condition()
        self._send: Send | None = None
        self._unsent: list[dict[str, Any]] = []

    # How it is

    @property
    def state(self) -> State:
        """queued, starting, running, paused, finished, stopped or failed."""
        return self._state

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self._state in ENDED

    @property
    def at_rest(self) -> bool:
        """Whether it has ended and all that it leaves behind is here."""
        return self._settled

    @property
    def place(self) -> int:
        """Place in the queue, from 1; 0 once it has a slot."""
        return self._place if self._state == "queued" else 0

    @property
    def reason(self) -> str:
        """Why it ended, in a sentence; empty where it simply came to its end."""
        return self._reason

    @property
    def model(self) -> bytes | None:
        """The trained model as a `.keras` file, once the run has ended."""
        return self._model

    @property
    def step(self) -> int:
        """The optimiser's steps done."""
        with self._told:
            return self._events[-1].step if self._events else 0

    @property
    def version(self) -> int:
        """Changes whenever the run has told something or its state is another."""
        return self._count

    def events(self) -> Events:
        """Everything that it told, from the first event on; see `Events`."""
        return Events(self)

    def history(self) -> list[Event]:
        """What it told so far, without its snapshots."""
        with self._told:
            return list(self._events)

    def snapshots(self) -> list[Event]:
        """The snapshots that are kept: first and last, and some between them."""
        with self._told:
            return list(self._snapshots)

    def thin(self, most: int) -> None:
        """Keep so many snapshots at most: the first, the last, and some between them.

        What was said of each validation picture is kept of the last epoch alone.
        """
        with self._told:
            while len(self._snapshots) > max(most, 2):
                self._spacing *= 2
                self._snapshots[:-1] = self._snapshots[:-1:2]
            last = self.latest("epoch")
            self._events = [
                event if event is last else _without_answers(event) for event in self._events
            ]

    def pictures(self) -> Dataset:
        """The data set that it learns from."""
        return self.spec.data.pictures(self.own)

    def split(self) -> Split:
        """Which of them are for training, validation and test."""
        if self._split is None:
            self._split = self.spec.data.divide(self.pictures())
        return self._split

    def series(self) -> Series:
        """Its curves so far."""
        with self._told:
            return self._gatherer.series()

    def latest(self, kind: str) -> Event | None:
        """The last event of a kind; None where there is none yet."""
        with self._told:
            told = self._snapshots if kind == "snapshot" else self._events
            return next((event for event in reversed(told) if event.kind == kind), None)

    def changes(self) -> tuple[Change, ...]:
        """Settings that were changed on the way."""
        return tuple(
            Change(step=event.step, **event.data)
            for event in self.history()
            if event.kind == "changed"
        )

    def repeatable(self) -> Spec:
        """The spec that gives this very curve again: with the changes made on the way."""
        return self.spec.model_copy(update={"name": self.name, "changes": self.changes()})

    @property
    def _waits(self) -> bool:
        """Whether it is paused and nobody has asked it to go on."""
        return self._state == "paused" and not self._goes_on

    # What can be asked of it

    def pause(self) -> None:
        """Stop after the batch that is being computed."""
        self._order("pause")

    def resume(self) -> None:
        """Go on."""
        self._order("resume")

    def one_batch(self) -> None:
        """Do one step, then pause."""
        self._order("batch")

    def one_epoch(self) -> None:
        """Go on to the end of the epoch, then pause."""
        self._order("epoch")

    def stop(self) -> None:
        """End after the batch that is being computed; a run that waits ends at once."""
        with self._told:
            if self._state == "queued":
                self.end("stopped", "Stopped before it began.")
        with suppress(RunError):  # it has ended by itself
            self._order("stop")

    def set(self, **settings: float) -> None:
        """Change settings while it goes, from the next batch on.

        Args:
            settings: learning_rate, momentum, dropout, augmentation_strength.

        Raises:
            RunError: a setting that this run does not heed, or a value out of bounds.
        """
        for name, value in settings.items():
            self.spec.check_live(name)
            check_value(name, value)
        for name, value in settings.items():
            self._order("set", setting=name, value=float(value))

    def watch(self, picture: int) -> None:
        """Have the feature maps of another picture in the snapshots.

        Args:
            picture: its index in the data set.
        """
        self._order("watch", picture=int(picture))

    def _order(self, word: str, **more: Any) -> None:  # noqa: ANN401 - numbers and texts
        with self._told:
            if self.ended:
                raise RunError(f"This run has {self._state}; start a new one.")
            if word in ("resume", "batch", "epoch") and self._state == "paused":
                self._goes_on = True
        # Not under the lock that events take: sending waits for the thread that brings them.
        with self._ordering:
            command = {"sender": self._sender, "number": self._orders, "word": word, **more}
            self._orders += 1
            if self._send is None:
                self._unsent.append(command)
            else:
                self._send(command)

    # What the desk and the wire do with it

    def connect(self, send: Send) -> None:
        """From now on commands go this way; those that were given before go first."""
        with self._ordering:
            for command in self._unsent:
                send(command)
            self._unsent.clear()
            self._send = send

    def wait_at(self, place: int) -> None:
        """Stand at this place in the queue; at 0 the run starts."""
        with self._told:
            if self._state == "queued":
                self._place = place
                if place == 0:
                    self._state = "starting"
                self._changed()

    def take(self, event: Event) -> None:
        """Take what the run told; what came before is passed over."""
        with self._told:
            looked = event.kind == "snapshot"
            if self.ended or event.number <= (self._look_number if looked else self._number):
                return
            if looked:
                self._look_number = event.number
                self._keep_snapshot(event)
            else:
                self._number = event.number
                self._events.append(event)
                self._follow(event)
            self._gatherer.take(event)
            self._changed()

    def end(self, state: State, reason: str) -> None:
        """End it from here: it never began, or its worker is gone."""
        with self._told:
            if self.ended:
                return
            step = self._events[-1].step if self._events else 0
            data = {"state": state, "reason": reason, "best": 0}
            number = max(self._number, self._look_number) + 1
            self._events.append(Event(number, time.time(), "ended", step, data))
            self._state, self._reason = state, reason
            self._changed()

    def keep_model(self, model: bytes | None) -> None:
        """Take the trained model."""
        with self._told:
            self._model = model
            self._changed()

    def wait_for_news(self, version: int, seconds: float) -> None:
        """Until it has told something since that version, or time is up."""
        until = time.monotonic() + seconds
        with self._told:
            while self._count == version and (left := until - time.monotonic()) > 0:
                self._told.wait(left)

    def wait(self, seconds: float | None = None) -> bool:
        """Until it has ended and its model is here; whether it has."""
        with self._told:
            self._told.wait_for(lambda: self._settled, seconds)
            return self.ended

    def settle(self) -> None:
        """Nothing more will come: no event, no model."""
        with self._told:
            if not self._settled:
                self._settled = True
                self._changed()

    def _follow(self, event: Event) -> None:
        if event.kind in ("started", "resumed"):
            self._state, self._goes_on = "running", False
        elif event.kind == "paused":
            self._state = "paused"
        elif event.kind == "ended":
            self._state, self._reason = event.data["state"], event.data["reason"]

    def _keep_snapshot(self, event: Event) -> None:
        """The newest is always there; before it, evenly spaced ones."""
        newest = self._looks - 1
        if self._snapshots and newest % self._spacing:
            self._snapshots.pop()
        self._snapshots.append(event)
        if len(self._snapshots) > MOST_SNAPSHOTS:
            self._spacing *= 2
            self._snapshots[:-1] = self._snapshots[:-1:2]
        self._looks += 1

    def _changed(self) -> None:
        self._count += 1
        self._told.notify_all()


class Events(Sequence[Event]):
    """What a run tells.

    As a sequence it is what has been told so far. A loop over it goes on with what is told
    later, until the run rests: it has ended, or it is paused.
    """

    def __init__(self, run: Run[Any]) -> None:
        self._run = run

    def __len__(self) -> int:
        return len(self._so_far())

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...

    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self._so_far()[place]

    def __iter__(self) -> Iterator[Event]:
        last = -1
        while True:
            with self._run._told:
                while not (fresh := [e for e in self._so_far() if e.number > last]):
                    if self._run.ended or self._run._waits:
                        return
                    self._run._told.wait()
            last = fresh[-1].number
            yield from fresh

    def _so_far(self) -> list[Event]:
        both = self._run.history() + self._run.snapshots()
        return sorted(both, key=lambda event: event.number)


def _without_answers(event: Event) -> Event:
    """The event; of an epoch without its two numbers for each validation picture."""
    if event.kind != "epoch" or not ANSWERS & event.data.keys():
        return event
    return replace(event, data={k: v for k, v in event.data.items() if k not in ANSWERS})


def check_value(name: str, value: float) -> None:
    """Refuse a value that the setting cannot have.

    Raises:
        RunError: it is out of bounds.
    """
    low, high = BOUNDS[name]
    if not low <= value <= high:
        raise RunError(f"{name} cannot be {value:g}. Use {low:g} to {high:g}.")
