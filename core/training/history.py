"""What a run told, as JSON and back; what comes from outside is checked value by value."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from core.training.events import Event, pack, unpack
from core.training.run import ANSWERS, ENDED
from core.training.snapshots import BINS, LARGEST_MAP, MOST_MAPS
from core.training.spec import BOUNDS, Live

MOST_EVENTS = 200_000
MOST_LETTERS = 4_000
MOST_NUMBERS = 5_000_000
"""Of one array."""


class HistoryError(ValueError):
    """A history that no run has told; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long the arrays of a run are.

    Attributes:
        pictures: of the data set.
        validation: pictures of that part.
        classes: that it tells apart.
    """

    pictures: int
    validation: int
    classes: int


def as_json(events: Iterable[Event]) -> str:
    """The events as text."""
    return json.dumps([_encoded(pack(event)) for event in events])


def _encoded(value: Any) -> Any:  # noqa: ANN401 - what `pack` has packed
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Mapping):
        return {name: _encoded(inner) for name, inner in value.items()}
    return value


def from_json(text: str | bytes, sizes: Sizes) -> tuple[Event, ...]:
    """The events of a run that has ended.

    Args:
        text: of `as_json`.
        sizes: of that run.

    Raises:
        HistoryError: something in it is not what a run tells.
    """
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HistoryError("The history is no JSON.") from error
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_EVENTS:
        raise HistoryError("The history is no list of events.")
    events = []
    check = _Check(sizes)
    for place, row in enumerate(rows):
        try:
            event = _event(row)
            check(event)
        except (HistoryError, ValueError, TypeError, KeyError, OverflowError) as error:
            raise HistoryError(f"Event {place} of the history is damaged: {error}") from error
        events.append(event)
    if events[-1].kind != "ended":
        raise HistoryError("The history does not end: its last event is no end of a run.")
    return tuple(events)


_ROW = {"number", "time", "kind", "step", "data"}


def _event(row: Any) -> Event:  # noqa: ANN401 - out of a file
    if not isinstance(row, dict) or set(row) != _ROW or not isinstance(row["data"], dict):
        raise HistoryError("it has other fields than an event.")
    _whole(row["number"]), _number(row["time"]), _whole(row["step"])
    if not isinstance(row["kind"], str):
        raise HistoryError("its kind is no word.")
    return unpack(row | {"data": {name: _decoded(v) for name, v in row["data"].items()}})


def _decoded(value: Any) -> Any:  # noqa: ANN401
    """Base64 back to bytes, where an array or values in values are expected."""
    if not isinstance(value, dict):
        return value
    if set(value) == {"values"} and isinstance(value["values"], dict):
        return {"values": {name: _decoded(inner) for name, inner in value["values"].items()}}
    if set(value) != {"dtype", "shape", "bytes"}:
        raise HistoryError("it holds something that is neither numbers nor text.")
    shape = value["shape"]
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise HistoryError("an array has no shape.")
    if math.prod(shape) > MOST_NUMBERS:
        raise HistoryError("an array is too large.")
    try:
        return value | {"bytes": base64.b64decode(value["bytes"], validate=True)}
    except (binascii.Error, TypeError) as error:
        raise HistoryError("an array's numbers are damaged.") from error


_OF_A_HEAD = {"loss", "accuracy", "validation_loss", "validation_accuracy"}


class _Check:
    """Refuses what no run tells; remembers what the first event says of the others."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._layers = self._samples = self._probed = -1
        self._last = -1
        self._answered = True
        self._ended = False

    def __call__(self, event: Event) -> None:
        """Check the next event."""
        if event.number <= self._last or self._ended:
            raise HistoryError("it is out of order.")
        self._last = event.number
        known = {
            "preparing": self._preparing,
            "started": self._started,
            "batches": self._batches,
            "epoch": self._epoch,
            "snapshot": self._snapshot,
            "changed": self._changed,
            "paused": _nothing,
            "resumed": _nothing,
            "ended": self._end,
        }
        if event.kind not in known:
            raise HistoryError(f"a run tells nothing of the kind {event.kind[:30]!r}.")
        if event.kind in ("batches", "epoch", "snapshot") and self._layers < 0:
            raise HistoryError("it comes before the start.")
        known[event.kind](event.data)

    def _preparing(self, data: Mapping[str, Any]) -> None:
        if data["what"] not in ("network", "features", "head"):
            raise HistoryError("it prepares something else.")
        _whole(data["done"]), _whole(data["of"])
        further = data.keys() - {"what", "done", "of"}
        if further and further != _OF_A_HEAD:
            raise HistoryError("it says more than it should.")
        for name in further:
            _number(data[name])

    def _started(self, data: Mapping[str, Any]) -> None:
        for name in ("steps_per_epoch", "steps", "parameters", "trainable", "process"):
            _whole(data[name])
        if min(data["steps_per_epoch"], data["steps"]) < 1 or self._layers >= 0:
            raise HistoryError("it starts without a step, or twice.")
        _texts(data["layers"])
        _texts(data["shown"])
        self._layers = len(data["layers"])
        self._samples = self._places(data["sample"], "sample")
        self._probed = self._places(data["probed"], "probed")

    def _places(self, indices: Any, name: str) -> int:  # noqa: ANN401
        _array(indices, name, "i", (None,))
        if indices.size and not 0 <= indices.min() <= indices.max() < self._sizes.pictures:
            raise HistoryError(f"{name} names pictures that there are not.")
        return int(indices.size)

    def _batches(self, data: Mapping[str, Any]) -> None:
        _array(data["loss"], "loss", "f", (None,))
        for name in ("accuracy", "learning_rate"):
            _array(data[name], name, "f", data["loss"].shape)
        for name in ("gradient_norm", "weight_norm", "update_norm"):
            _array(data[name], name, "f", (self._layers,))
        for name in ("images_per_second", "memory", "elapsed"):
            _number(data[name])

    def _epoch(self, data: Mapping[str, Any]) -> None:
        _whole(data["epoch"])
        for name in ("loss", "accuracy", "validation_loss", "validation_accuracy", "elapsed"):
            _number(data[name])
        # Older runs keep them of their last epoch alone: see `Run.thin`.
        self._answered = not ANSWERS.isdisjoint(data)
        if self._answered:
            self._answers(data, self._sizes.validation)
        if not isinstance(data["best"], bool):
            raise HistoryError("best is neither true nor false.")

    def _answers(self, data: Mapping[str, Any], count: int) -> None:
        _array(data["predicted"], "predicted", "u", (count,))
        _array(data["losses"], "losses", "f", (count,))
        if count and data["predicted"].max() >= self._sizes.classes:
            raise HistoryError("predicted names classes that there are not.")

    def _snapshot(self, data: Mapping[str, Any]) -> None:
        shape = (self._samples, self._sizes.classes)
        _array(data["probabilities"], "probabilities", "f", shape)
        _array(data["sample_losses"], "sample_losses", "f", (self._samples,))
        _number(data["validation_loss"]), _number(data["validation_accuracy"])
        self._answers(data, self._probed)
        if not 0 <= _whole(data["watched"]) < self._sizes.pictures:
            raise HistoryError("watched names a picture that there is not.")
        for name in ("maps", "filters"):
            for planes in _named(data[name]):
                _squeezed(planes, 3 if name == "maps" else 4)
        for counts in _named(data["histograms"]):
            _array(counts, "histograms", "i", (BINS,))
        for span in _named(data["ranges"]):
            low, high = span
            _number(low), _number(high)
        for share in _named(data["silent"]):
            _number(share)
        _same(data["maps"], data["silent"], data["histograms"], data["ranges"])
        _array(data["dropout_mask"], "dropout_mask", "b", (None,))

    def _changed(self, data: Mapping[str, Any]) -> None:
        if data["setting"] not in get_args(Live):
            raise HistoryError("it changes something else.")
        low, high = BOUNDS[data["setting"]]
        if not low <= _number(data["value"]) <= high:
            raise HistoryError(f"{data['setting']} cannot be {data['value']}.")

    def _end(self, data: Mapping[str, Any]) -> None:
        if data["state"] not in ENDED:
            raise HistoryError("a run does not end so.")
        _text(data["reason"])
        _whole(data["best"])
        if not self._answered:
            raise HistoryError("its last epoch says nothing of the validation pictures.")
        self._ended = True


def _nothing(data: Mapping[str, Any]) -> None:
    if data:
        raise HistoryError("it says more than it should.")


def _number(value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise HistoryError(f"{str(value)[:30]!r} is no number.")
    return float(value)


def _whole(value: Any) -> int:  # noqa: ANN401
    if type(value) is not int or not 0 <= value < 2**53:
        raise HistoryError(f"{str(value)[:30]!r} is no whole number.")
    return value


def _text(value: Any) -> None:  # noqa: ANN401
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise HistoryError("a text is none, or too long.")


def _texts(values: Any) -> None:  # noqa: ANN401
    if not isinstance(values, list) or len(values) > 1_000:
        raise HistoryError("a list of names is none, or too long.")
    for value in values:
        _text(value)


def _named(values: Any) -> Iterable[Any]:  # noqa: ANN401
    if not isinstance(values, Mapping) or len(values) > 1_000:
        raise HistoryError("what should be told layer by layer is not.")
    return values.values()


def _same(*named: Mapping[str, Any]) -> None:
    if any(other.keys() != named[0].keys() for other in named):
        raise HistoryError("not all is told of the same layers.")


def _squeezed(planes: Any, dimensions: int) -> None:  # noqa: ANN401
    if not isinstance(planes, Mapping) or set(planes) != {"bytes", "peak"}:
        raise HistoryError("feature maps are damaged.")
    _number(planes["peak"])
    _array(planes["bytes"], "maps", "i", (None,) * dimensions)
    if max(planes["bytes"].shape) > max(LARGEST_MAP, MOST_MAPS, 4_096):
        raise HistoryError("feature maps are too large.")


def _array(value: Any, name: str, kind: str, shape: Sequence[int | None]) -> None:  # noqa: ANN401
    """Refuse what is no array of that kind ("f", "i", "u", "b") and shape; None is any size."""
    if not isinstance(value, np.ndarray) or value.dtype.kind != kind:
        raise HistoryError(f"{name} is no array of its kind.")
    fits = len(value.shape) == len(shape) and all(
        wanted is None or have == wanted
        for have, wanted in zip(value.shape, shape, strict=True)
    )
    if not fits:
        raise HistoryError(f"{name} has the shape {value.shape}.")
