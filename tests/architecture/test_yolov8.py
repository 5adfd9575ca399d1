"""KerasCV's YOLOv8 as arithmetic: the numbers of its presets, and of the network itself."""

import pytest

from core.architecture import ArchitectureError
from core.architecture.yolov8 import (
    Yolov8,
    check_side,
    layers,
    nearest_side,
    parameters,
    points,
)

BACKBONES = {32: 1_277_680, 64: 5_089_760}
"""Parameters of KerasCV's yolo_v8_xs_backbone and yolo_v8_s_backbone, by their first width.

Source: `keras_cv.models.YOLOV8Backbone.presets`.
"""


@pytest.mark.parametrize("width", BACKBONES)
def test_the_backbones_have_the_published_parameters(width):
    found = layers(Yolov8(width=width), 96, 20)
    stacks = [layer for layer in found if layer.name.startswith("st")]
    assert sum(layer.parameters for layer in stacks) == BACKBONES[width]


@pytest.mark.tf
@pytest.mark.parametrize(
    ("network", "classes"),
    [
        (Yolov8(width=8), 2),
        (Yolov8(width=16, depth=2, neck_depth=2), 20),
        (Yolov8(neck_depth=3), 90),
    ],
)
def test_the_detector_has_as_many_as_kerascv_counts(network, classes):
    import keras_cv

    backbone = keras_cv.models.YOLOV8Backbone(
        stackwise_channels=list(network.channels), stackwise_depth=list(network.depths),
        include_rescaling=True, input_shape=(64, 64, 3),
    )  # fmt: skip
    detector = keras_cv.models.YOLOV8Detector(
        num_classes=classes, bounding_box_format="xyxy", backbone=backbone,
        fpn_depth=network.neck_depth,
    )  # fmt: skip
    assert parameters(network, classes) == detector.count_params()
    assert points(64) == detector.output_shape[0][1] == 64 + 16 + 4


def test_a_side_is_whole_cells_of_the_coarsest_map():
    check_side(96)
    with pytest.raises(ArchitectureError, match=r"100 pixels are .* cells of 32.*Use 96"):
        check_side(100)
    assert [nearest_side(side) for side in (10, 48, 112, 250)] == [32, 64, 128, 256]
