"""KerasCV's YOLOv8 as one plain Keras model; its sizes are in `core.architecture.yolov8`."""

from __future__ import annotations

import math

import keras
import keras_cv

# `YOLOV8Detector` keeps its backbone as a model within the model, whose layers could not be
# looked into; with the two functions that it is made of itself all layers are on one level.
from keras_cv.src.models.object_detection.yolo_v8.yolo_v8_detector import (
    apply_path_aggregation_fpn,
    apply_yolo_v8_head,
)

from core.architecture.yolov8 import STRIDES, Yolov8, check_side
from core.models.detector import RARE

OUTPUT = "box_outputs"
"""KerasCV's name of the layer that gives all numbers of all points."""
_HEAD = "yolo_v8_head_{}_class_3_conv"


def build(network: Yolov8, input_shape: tuple[int, int, int], classes: int) -> keras.Model:
    """Build the network; the caller seeds.

    Args:
        network: what it is built from.
        input_shape: (height, width, channels) of a picture, as high as wide.
        classes: that are told apart.

    Returns:
        A model from (n, H, W, C) pictures in 0..255 to (n, points, 64 + classes): 4 x 16 raw
        numbers of the edges, and probabilities, see `core.vision.yolo_points`. Weights begin
        as those of KerasCV's `YOLOV8Detector`, except that each class begins with a
        probability of `RARE`: KerasCV's one half takes many steps to be unlearnt.

    Raises:
        ArchitectureError: the side is no whole number of cells.
    """
    check_side(input_shape[0])
    backbone = keras_cv.models.YOLOV8Backbone(
        stackwise_channels=list(network.channels),
        stackwise_depth=list(network.depths),
        include_rescaling=True,
        input_shape=input_shape,
    )
    levels = [backbone.pyramid_level_inputs[name] for name in ("P3", "P4", "P5")]
    features = [backbone.get_layer(name).output for name in levels]
    neck = apply_path_aggregation_fpn(features, depth=network.neck_depth, name="pa_fpn")
    raw = apply_yolo_v8_head(neck, classes)
    whole = keras.Model(backbone.input, [raw["boxes"], raw["classes"]])
    model = keras.Model(backbone.input, whole.get_layer(OUTPUT).output, name="yolov8")
    for place in range(len(STRIDES)):
        bias = model.get_layer(_HEAD.format(place + 1)).bias
        bias.assign([math.log(RARE / (1 - RARE))] * classes)
    return model


def parts(model: keras.Model) -> dict[str, list[keras.layers.Layer]]:
    """Layers by the part of the network that they belong to, in their order.

    Source of the names: `core.architecture.yolov8.layers`.
    """
    found: dict[str, list[keras.layers.Layer]] = {}
    for layer in model.layers:
        if name := part_of(layer.name):
            found.setdefault(name, []).append(layer)
    return found


_PARTS = {
    "stem_1": "stem_1", "stem_2": "stem_2",
    "pa_fpn_p4p5_": "up_16", "pa_fpn_p3p4p5_downsample1": "down_16",
    "pa_fpn_p3p4p5_downsample2": "down_32", "pa_fpn_p3p4p5_": "up_8",
    **{f"stack{number}_": f"stack{number}" for number in range(1, 5)},
    **{f"yolo_v8_head_{place}_": f"head_{stride}" for place, stride in enumerate(STRIDES, 1)},
}  # fmt: skip


def part_of(layer: str) -> str:
    """The part that a layer belongs to; empty for those that only hand on."""
    return next((part for start, part in _PARTS.items() if layer.startswith(start)), "")
