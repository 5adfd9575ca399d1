"""Detections and ground truth as lists of mappings, and as the arrays they are compared in."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.vision.metrics.boxes import Floats, as_boxes
from core.vision.metrics.masks import MetricError

Record = Mapping[str, Any]
"""`image` (id), `box` (xyxy), `label`; of a detection `score`; of the truth perhaps `crowd`,
`difficult` and `area`."""
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """One side as arrays, each of n entries in the order of the list.

    Attributes:
        images: number of each box's image in `Both.images`.
        labels: number of its label in `Both.labels`.
        boxes: (n, 4) float64, xyxy.
        scores: float64; of the truth 0.
        areas: float64, as given, else of the box.
        crowd: whether one box stands for many objects.
        difficult: whether it counts neither as found nor as missed.
    """

    images: Indices
    labels: Indices
    boxes: Floats
    scores: Floats
    areas: Floats
    crowd: Flags
    difficult: Flags

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def ignored(self) -> Flags:
        """Who counts neither as found nor as missed."""
        return self.crowd | self.difficult


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """Detections and ground truth of the same images.

    Attributes:
        detections: what was said.
        truth: what is there.
        images: ids in order.
        labels: in order.
    """

    detections: Boxes
    truth: Boxes
    images: tuple[Hashable, ...]
    labels: tuple[Hashable, ...]


def as_arrays(detections: Sequence[Record], ground_truth: Sequence[Record]) -> Both:
    """Check both lists and bring them into arrays.

    Raises:
        MetricError: an entry lacks something, or holds what is no number; it says which one.
    """
    images = _ordered("image", detections, ground_truth)
    labels = _ordered("label", detections, ground_truth)
    return Both(
        _side(detections, "detection", images, labels, scored=True),
        _side(ground_truth, "ground truth", images, labels, scored=False),
        tuple(images),
        tuple(labels),
    )


def _side(
    records: Sequence[Record],
    what: str,
    images: Mapping[Hashable, int],
    labels: Mapping[Hashable, int],
    *,
    scored: bool,
) -> Boxes:
    boxes = _boxes(records, what)
    scores = _numbers(records, "score", what) if scored else np.zeros(len(records))
    sides = boxes[:, 2:] - boxes[:, :2]
    areas = sides[:, 0] * sides[:, 1]
    if not scored and any("area" in record for record in records):
        areas = np.array(
            [record.get("area", area) for record, area in zip(records, areas, strict=True)],
            np.float64,
        )
    flags = {
        name: np.array([bool(record.get(name)) for record in records], np.bool_)
        for name in ("crowd", "difficult")
    }
    return Boxes(
        np.array([images[record["image"]] for record in records], np.int64),
        np.array([labels[record["label"]] for record in records], np.int64),
        boxes,
        scores,
        areas,
        flags["crowd"],
        flags["difficult"],
    )


def _ordered(name: str, *sides: Sequence[Record]) -> dict[Hashable, int]:
    """Every value once, numbers before texts, and its place."""
    found: set[Hashable] = set()
    for what, records in zip(("detection", "ground truth"), sides, strict=True):
        for index, record in enumerate(records):
            if name not in record:
                raise MetricError(f"{what} {index} has no {name!r}.")
            found.add(record[name])
    ordered = sorted(
        found,
        key=lambda v: (0, v, "") if isinstance(v, (int, float)) else (1, 0, str(v)),
    )
    return {value: place for place, value in enumerate(ordered)}


def _boxes(records: Sequence[Record], what: str) -> Floats:
    try:
        return as_boxes([record["box"] for record in records])
    except (KeyError, TypeError, ValueError):
        pass
    for index, record in enumerate(records):
        _one_box(record, f"{what} {index}")
    raise MetricError(f"the boxes of the {what} do not have four numbers each.")


def _one_box(record: Record, where: str) -> None:
    """Say what is wrong with a box, if anything is."""
    if "box" not in record:
        raise MetricError(f"{where} has no 'box'.")
    try:
        box = np.asarray(record["box"], np.float64)
    except (TypeError, ValueError):
        raise MetricError(f"{where}: the box {record['box']!r:.60} holds no numbers.") from None
    if box.shape != (4,):
        raise MetricError(f"{where}: the box {record['box']!r:.60} has not four numbers.")
    try:
        as_boxes(box)
    except MetricError as error:
        raise MetricError(f"{where}: {str(error).removeprefix('box 0 ')}") from None


def _numbers(records: Sequence[Record], name: str, what: str) -> Floats:
    numbers = np.empty(len(records))
    for index, record in enumerate(records):
        if name not in record:
            raise MetricError(f"{what} {index} has no {name!r}.")
        try:
            numbers[index] = record[name]
        except (TypeError, ValueError):
            raise MetricError(
                f"{what} {index}: {name} {record[name]!r:.40} is no number."
            ) from None
    odd = ~np.isfinite(numbers)
    if odd.any():
        raise MetricError(f"{what} {int(odd.argmax())}: {name} is no finite number.")
    return numbers
