"""What a detector has found: its raw numbers as boxes, chosen from, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.architecture.detector import anchors
from core.architecture.yolov8 import Yolov8
from core.data.boxed import BoxedSet
from core.training.detection import DetectionSpec
from core.vision import yolo_head, yolo_points
from core.vision.metrics import nms
from core.vision.metrics.coco import CocoEvaluation, coco_evaluation

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

LEAST, OVERLAP, MOST = 0.01, 0.5, 100
"""For AP: the lowest score that counts, the IoU above which a box is suppressed by a better one
of its class, and the most boxes of a picture. Source of the last: COCO's evaluation."""
KEPT = 60
"""Boxes of a picture before suppression that are kept for later thresholds."""
_AP50 = 0
_AP75 = 5


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Boxes of one picture, the surest first.

    Attributes:
        boxes: (k, 4) float32, xyxy in pixels, within the picture.
        scores: (k,) float32, objectness times probability of the class; of YOLOv8 the latter.
        labels: (k,) int64.
    """

    boxes: Floats
    scores: Floats
    labels: Indices

    def __len__(self) -> int:
        return len(self.scores)

    def chosen(self, confidence: float, iou: float) -> Found:
        """Those that are sure enough and not suppressed by a surer one of their class.

        Args:
            confidence: the lowest score that stays.
            iou: a box is suppressed where its IoU with a kept one is above this.
        """
        sure = np.flatnonzero(self.scores >= confidence)
        kept = sure[nms(self.boxes[sure], self.scores[sure], iou, self.labels[sure])]
        return Found(self.boxes[kept], self.scores[kept], self.labels[kept])

    def first(self, count: int) -> Found:
        """The surest so many."""
        return Found(self.boxes[:count], self.scores[:count], self.labels[:count])


def read(spec: DetectionSpec, raw: npt.ArrayLike, side: int, least: float = LEAST) -> Found:
    """The boxes of one picture, before suppression: of each its likeliest class.

    Args:
        spec: of the run.
        raw: (S, S, boxes x (5 + C)) of a grid, (points, 64 + C) of YOLOv8.
        side: of the picture, in pixels.
        least: the lowest score.
    """
    boxes, scores = _decoded(spec, raw, side)
    boxes = np.clip(boxes, 0, side)
    labels = scores.argmax(-1)
    best = scores.max(-1)
    there = (best >= least) & (boxes[:, 2:] > boxes[:, :2]).all(-1)
    order = np.flatnonzero(there)
    order = order[np.argsort(-best[order], kind="stable")]
    return Found(boxes[order], best[order], labels[order].astype(np.int64))


def _decoded(spec: DetectionSpec, raw: npt.ArrayLike, side: int) -> tuple[Floats, Floats]:
    """(k, 4) boxes and (k, C) scores of all cells."""
    if isinstance(spec.detector, Yolov8):
        return yolo_points.decode(raw, side)
    head = yolo_head.decode(raw, anchors(spec.detector, side), side)
    return head.boxes.reshape(-1, 4), head.scores.reshape(-1, head.classes)


def read_all(
    spec: DetectionSpec, raws: npt.ArrayLike, side: int, least: float = LEAST
) -> list[Found]:
    """`read` for several pictures."""
    return [read(spec, raw, side, least) for raw in np.asarray(raws, np.float32)]


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How well boxes were found, 0 to 1; nan for a class that is not there.

    Attributes:
        ap: mean over IoU thresholds 0.50 to 0.95, and over the classes, as COCO has it.
        ap50: at 0.50 alone.
        ap75: at 0.75 alone.
        class_ap: (classes,) float32, over the ten thresholds.
        class_ap50: (classes,) float32.
    """

    ap: float
    ap50: float
    ap75: float
    class_ap: Floats
    class_ap50: Floats


def precision_of(
    found: Sequence[Found], dataset: BoxedSet, indices: npt.NDArray[np.int64]
) -> Precision:
    """Average precision of pictures.

    Args:
        found: of each picture, before or after suppression; `OVERLAP` is applied.
        dataset: with the true boxes.
        indices: where the pictures are in it.
    """
    kept = [each.chosen(LEAST, OVERLAP).first(MOST) for each in found]
    said, truth = records(kept, dataset, indices), dataset.records(indices)
    return _summed(coco_evaluation(said, truth), said, truth, dataset.class_names)


def _summed(
    evaluation: CocoEvaluation,
    said: Sequence[Mapping[str, Any]],
    truth: Sequence[Mapping[str, Any]],
    names: Sequence[str],
) -> Precision:
    """Labels come in their alphabetical order there, and those alone that are met."""
    met = sorted({record["label"] for record in (*said, *truth)})
    by_class = np.full((len(names), evaluation.precisions.shape[2]), np.nan)
    for place, name in enumerate(met):
        by_class[names.index(name)] = evaluation.precisions[place, 0]
    by_threshold = [mean_of(by_class[:, at]) for at in range(by_class.shape[1])]
    return Precision(
        mean_of(by_class),
        by_threshold[_AP50],
        by_threshold[_AP75],
        by_class.mean(1).astype(np.float32),
        by_class[:, _AP50].astype(np.float32),
    )


def mean_of(values: npt.NDArray[np.floating]) -> float:
    """Mean of the numbers; 0 where there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else 0.0


def records(
    found: Sequence[Found], dataset: BoxedSet, indices: npt.NDArray[np.int64]
) -> list[dict[str, Any]]:
    """What was found, as `core.vision.metrics` takes it."""
    return [
        {
            "image": int(place),
            "box": box.tolist(),
            "label": dataset.class_names[label],
            "score": float(score),
        }
        for place, each in zip(indices, found, strict=True)
        for box, score, label in zip(each.boxes, each.scores, each.labels, strict=True)
    ]


def packed(found: Sequence[Found], most: int = KEPT) -> dict[str, npt.NDArray[Any]]:
    """Boxes of several pictures as arrays of one shape; scores of 0 fill them up.

    Returns:
        boxes: (n, most, 4) float32; scores: (n, most) float32; labels: (n, most) uint8.
    """
    boxes = np.zeros((len(found), most, 4), np.float32)
    scores = np.zeros((len(found), most), np.float32)
    labels = np.zeros((len(found), most), np.uint8)
    for place, each in enumerate(found):
        count = min(len(each), most)
        boxes[place, :count] = each.boxes[:count]
        scores[place, :count] = each.scores[:count]
        labels[place, :count] = each.labels[:count]
    return {"boxes": boxes, "scores": scores, "labels": labels}


def unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> list[Found]:
    """What `packed` has packed."""
    return [
        Found(boxes[scores > 0], scores[scores > 0], labels[scores > 0].astype(np.int64))
        for boxes, scores, labels in zip(
            arrays["boxes"], arrays["scores"], arrays["labels"], strict=True
        )
    ]
