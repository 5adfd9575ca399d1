"""What a run tells, and how it travels: plain values on the wire, arrays on both ends.

Kinds of events and their data:

preparing   what ("network", "features", "head"), done and of (how far it is); of "head" also
            loss, accuracy and validation_accuracy; before "started", of a transfer alone
started     steps_per_epoch, steps, parameters, trainable (parameters that are learnt), layers
            (with weights), shown (with maps), sample (indices), probed (indices), process (id)
batches     loss, accuracy, learning_rate: (n,) float32 of the steps that end at `step`;
            gradient_norm, weight_norm, update_norm: (layers,) float32 of the last of them;
            images_per_second, memory (bytes), elapsed (seconds of training); of boxes also
            parts: (n, k + 1) float32: the parts of the loss, as `DetectionSpec.parts` names
            them (boxes, objectness, classes; YOLOv8 has no objectness), and the mean IoU of
            the boxes that answer for an object; accuracy is no number then
epoch       epoch (from 1), loss, accuracy (means over its pictures), validation_loss,
            validation_accuracy, elapsed; predicted: (validation pictures,) uint16, losses: the
            same, float32; best: bool; of masks also class_ious: (classes,) float32, nan for
            a class that is not there, and pixel_accuracy; accuracies are then mean IoUs; of
            boxes ap, ap75, class_ap and class_ap50: (classes,) float32, validation_parts: (k,)
            float32; validation_accuracy is then AP50, and predicted is empty
snapshot    see `core.training.snapshots`
changed     setting, value
paused, resumed
ended       state ("finished", "stopped", "failed"), reason, best (epoch that the weights went
            back to, or 0)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_DTYPES = ("float32", "float16", "uint8", "int8", "uint16", "int32", "int64", "bool")


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One thing that a run told.

    Attributes:
        number: its place among the run's events, from 0.
        time: seconds since 1970, on the worker's clock.
        kind: what it is about; the module lists all kinds.
        step: the optimiser's steps done.
        data: numbers, texts and arrays by name.
    """

    number: int
    time: float
    kind: str
    step: int
    data: Mapping[str, Any]


def pack(event: Event) -> dict[str, Any]:
    """The event as values that every wire takes; arrays become type, shape and bytes."""
    data = {name: _packed(value) for name, value in event.data.items()}
    return {
        "number": event.number,
        "time": event.time,
        "kind": event.kind,
        "step": event.step,
        "data": data,
    }


def unpack(message: Mapping[str, Any]) -> Event:
    """The event that `pack` packed, its arrays read-only.

    Raises:
        ValueError: an array of a type that no event has.
    """
    data = {name: _unpacked(value) for name, value in message["data"].items()}
    return Event(message["number"], message["time"], message["kind"], message["step"], data)


def _packed(value: Any) -> Any:  # noqa: ANN401 - a number, a text, a list, an array
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "shape": list(value.shape), "bytes": value.tobytes()}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {"values": {name: _packed(inner) for name, inner in value.items()}}
    return value


def _unpacked(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, Mapping):
        return list(value) if isinstance(value, tuple) else value
    if "values" in value:
        return {name: _unpacked(inner) for name, inner in value["values"].items()}
    if value["dtype"] not in _DTYPES:
        raise ValueError(f"an event holds an array of {value['dtype']!r}.")
    return np.frombuffer(value["bytes"], value["dtype"]).reshape(tuple(value["shape"]))
