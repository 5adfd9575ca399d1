"""KerasCV's YOLOv8 as a network that learns boxes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.architecture.yolov8 import Yolov8
from core.data.boxed import BoxedSet
from core.models.yolov8 import OUTPUT, build, parts
from core.models.yolov8_losses import costs, mean_overlap
from core.training.detection import DetectionSpec
from core.training.worker.box_networks import BoxNetwork
from core.training.worker.classification import seeded

Floats = npt.NDArray[np.float32]
_NOTHING = -1.0


def pointed(spec: DetectionSpec, detector: Yolov8, dataset: BoxedSet) -> BoxNetwork:
    """All layers of one part of the network are followed together: there are two hundred."""
    with seeded(spec.seed):
        model = build(detector, dataset.shape, len(dataset.class_names))
    side, weights = dataset.shape[0], (spec.box_weight, spec.class_weight)
    places = {id(variable): place for place, variable in enumerate(model.trainable_variables)}
    groups = parts(model)
    shown = {name: group[-1].output for name, group in groups.items() if "head" not in name}
    return BoxNetwork(
        model,
        [
            (name, [places[id(v)] for layer in group for v in layer.trainable_variables])
            for name, group in groups.items()
        ],
        [*shown, "output"],
        [*shown.values(), model.get_layer(OUTPUT).output],
        targets(dataset),
        lambda target, axis: mirrored(target, axis, side),
        lambda target, raw: costs(target, raw, side, weights),
        lambda target, raw: mean_overlap(target, raw, side),
    )


def targets(dataset: BoxedSet) -> Floats:
    """(n, k, 5): box and class of each object, -1 five times where there are fewer."""
    most = max(max(map(len, dataset.boxes)), 1)
    found = np.full((len(dataset), most, 5), _NOTHING, np.float32)
    for row, boxes, labels in zip(found, dataset.boxes, dataset.box_labels, strict=True):
        row[: len(boxes), :4], row[: len(boxes), 4] = boxes, labels
    return found


def mirrored(target: tf.Tensor, axis: int, side: int) -> tf.Tensor:
    """Targets of pictures that are turned upside down (axis 1) or to the side (axis 2)."""
    x0, y0, x1, y1, label = tf.unstack(target, axis=-1)
    there = label >= 0
    low, high = (x0, x1) if axis == 2 else (y0, y1)
    low, high = tf.where(there, side - high, low), tf.where(there, side - low, high)
    edges = [low, y0, high, y1] if axis == 2 else [x0, low, x1, high]
    return tf.stack([*edges, label], axis=-1)
