"""The ways in which boxes are written down, and from each to each.

>>> convert((10, 20, 30, 60), "xyxy", "yolo", (100, 200)).tolist()
[0.1, 0.4, 0.1, 0.4]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.vision.metrics.masks import MetricError

Floats = npt.NDArray[np.float64]
Format = Literal["xyxy", "xywh", "centre", "relative", "yolo", "voc"]
FORMATS: tuple[Format, ...] = get_args(Format)
_FIRST = np.array([1.0, 1.0, 0.0, 0.0])
"""VOC counts pixels from 1, and the last one belongs to the box."""


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """What a format is.

    Attributes:
        title: its name.
        parts: what its four numbers are.
        used: who writes so.
        write: from xyxy in pixels, with width and height of the picture.
        read: the way back.
    """

    title: str
    parts: tuple[str, str, str, str]
    used: str
    write: Callable[[Floats, Floats], Floats]
    read: Callable[[Floats, Floats], Floats]


def _to_xywh(boxes: Floats, _: Floats) -> Floats:
    return np.concatenate([boxes[..., :2], boxes[..., 2:] - boxes[..., :2]], axis=-1)


def _from_xywh(boxes: Floats, _: Floats) -> Floats:
    return np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], axis=-1)


def _to_centre(boxes: Floats, _: Floats) -> Floats:
    first, last = boxes[..., :2], boxes[..., 2:]
    return np.concatenate([(first + last) / 2, last - first], axis=-1)


def _from_centre(boxes: Floats, _: Floats) -> Floats:
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return np.concatenate([centre - half, centre + half], axis=-1)


def _to_relative(boxes: Floats, wh: Floats) -> Floats:
    return np.asarray(np.divide(boxes, np.concatenate([wh, wh])))


def _from_relative(boxes: Floats, wh: Floats) -> Floats:
    return np.asarray(np.multiply(boxes, np.concatenate([wh, wh])))


def _to_yolo(boxes: Floats, wh: Floats) -> Floats:
    return _to_relative(_to_centre(boxes, wh), wh)


def _from_yolo(boxes: Floats, wh: Floats) -> Floats:
    return _from_centre(_from_relative(boxes, wh), wh)


def _to_voc(boxes: Floats, _: Floats) -> Floats:
    return np.asarray(np.add(boxes, _FIRST))


def _from_voc(boxes: Floats, _: Floats) -> Floats:
    return np.asarray(np.subtract(boxes, _FIRST))


def _same(boxes: Floats, _: Floats) -> Floats:
    return boxes.copy()


ENTRIES: Mapping[Format, FormatEntry] = MappingProxyType(
    {
        "xyxy": FormatEntry(
            "xyxy", ("left", "top", "right", "bottom"), "torchvision, Keras", _same, _same
        ),
        "xywh": FormatEntry(
            "xywh", ("left", "top", "width", "height"), "COCO", _to_xywh, _from_xywh
        ),
        "centre": FormatEntry(
            "centre", ("x", "y", "width", "height"), "anchors", _to_centre, _from_centre
        ),
        "relative": FormatEntry(
            "relative xyxy", ("left", "top", "right", "bottom"), "Open Images; "
            "TensorFlow has top first", _to_relative, _from_relative
        ),
        "yolo": FormatEntry(
            "YOLO", ("x", "y", "width", "height"), "YOLO's text files", _to_yolo, _from_yolo
        ),
        "voc": FormatEntry(
            "VOC", ("xmin", "ymin", "xmax", "ymax"), "Pascal VOC: pixels from 1, the last "
            "one counts", _to_voc, _from_voc,
        ),
    }
)  # fmt: skip
"""Every format; `relative` and `yolo` are shares of the picture's sides."""


def convert(
    boxes: npt.ArrayLike, source: Format, target: Format, size_hw: tuple[int, int]
) -> Floats:
    """Boxes of one format in another.

    Args:
        boxes: (4,) or (n, 4) numbers.
        source: their format.
        target: the one wanted.
        size_hw: height and width of the picture, for shares of its sides.

    Returns:
        float64 of the same shape.

    Raises:
        MetricError: there is no such format, they have not four numbers, or a side of the
            picture is not above 0.
    """
    values = np.asarray(boxes, np.float64)
    if values.ndim not in (1, 2) or values.shape[-1] != 4:
        raise MetricError(f"boxes have the shape {values.shape}. Give (4,) or (n, 4) numbers.")
    unknown = next((name for name in (source, target) if name not in ENTRIES), None)
    if unknown is not None:
        raise MetricError(f"{unknown!r} is no format. Use one of {', '.join(FORMATS)}.")
    if min(size_hw) <= 0:
        raise MetricError(
            f"a picture of {size_hw[1]} x {size_hw[0]} has no pixel. Give its height and width."
        )
    wh = np.array([size_hw[1], size_hw[0]], np.float64)
    return ENTRIES[target].write(ENTRIES[source].read(values, wh), wh)
