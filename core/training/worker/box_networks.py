"""The networks that learn boxes, with what the loop has to know of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.architecture.detector import Detector, anchors, assign
from core.data.boxed import BoxedSet
from core.models.box_losses import BOX_LOSSES, costs, mean_overlap
from core.models.detector import build
from core.training.detection import DetectionSpec
from core.training.worker.classification import layers_with_weights, seeded

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class BoxNetwork:
    """A network from pictures to raw numbers of boxes, and how it learns them.

    Attributes:
        model: of Keras, with everything.
        layers: name, and places among the trainable weights, of each layer or part.
        shown: names of the layers whose activations are shown.
        outputs: what these give, as Keras' graph has it.
        targets: what the raw numbers of each picture are compared with.
        mirrored: targets of pictures turned upside down (axis 1) or to the side (axis 2).
        costs: (n, parts) of targets and raw numbers; its mean over the batch is made small.
        overlap: mean IoU of the boxes that answer for an object with that object's.
    """

    model: keras.Model
    layers: list[tuple[str, list[int]]]
    shown: list[str]
    outputs: list[Any]
    targets: Floats
    mirrored: Callable[[tf.Tensor, int], tf.Tensor]
    costs: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    overlap: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def network_of(spec: DetectionSpec, dataset: BoxedSet) -> BoxNetwork:
    """Build it; the same seed gives the same weights."""
    if not isinstance(spec.detector, Detector):
        # KerasCV comes with it, which the grid need not wait for.
        from core.training.worker.box_points import pointed

        return pointed(spec, spec.detector, dataset)
    return gridded(spec, spec.detector, dataset)


def gridded(spec: DetectionSpec, detector: Detector, dataset: BoxedSet) -> BoxNetwork:
    """The grid of cells."""
    with seeded(spec.seed):
        model = build(
            detector, dataset.shape, len(dataset.class_names),
            head_dropout=spec.dropout, dropout_seed=spec.seed,
        )  # fmt: skip
    shown = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.ReLU) or layer.name == "output"
    ]
    side = dataset.shape[0]
    sizes, box_loss = anchors(detector, side), BOX_LOSSES[spec.box_loss]
    return BoxNetwork(
        model,
        layers_with_weights(model),
        [layer.name.removesuffix("_relu") for layer in shown],
        [layer.output for layer in shown],
        targets(detector, dataset),
        lambda target, axis: mirrored(target, axis, side),
        lambda target, raw: costs(target, raw, sizes, side, box_loss, spec.weights),
        lambda target, raw: mean_overlap(target, raw, sizes, side),
    )


def targets(detector: Detector, dataset: BoxedSet) -> Floats:
    """(n, S, S, anchors, 6) of every picture, see `core.architecture.detector.assign`."""
    side = dataset.shape[0]
    return np.stack(
        [
            assign(detector, side, boxes, labels).target
            for boxes, labels in zip(dataset.boxes, dataset.box_labels, strict=True)
        ]
    )


def mirrored(target: tf.Tensor, axis: int, side: int) -> tf.Tensor:
    """Targets of pictures that are turned upside down (axis 1) or to the side (axis 2)."""
    turned = tf.reverse(target, [axis])
    x0, y0, x1, y1, there, label = tf.unstack(turned, axis=-1)
    if axis == 2:
        x0, x1 = (side - x1) * there, (side - x0) * there
    else:
        y0, y1 = (side - y1) * there, (side - y0) * there
    return tf.stack([x0, y0, x1, y1, there, label], axis=-1)
