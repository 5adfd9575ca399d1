"""KerasCV's detectors with so few weights that a test can build them, all random."""

import keras
import keras_cv


def small_detector(slug: str) -> keras.Model:
    """The kind of detector that an entry of the zoo is, for VOC's 20 classes."""
    keras.utils.set_random_seed(5)
    options = {"num_classes": 20, "bounding_box_format": "xyxy"}
    if slug == "yolov8-m-voc":
        backbone = keras_cv.models.YOLOV8Backbone(
            stackwise_channels=[8, 8, 16, 16],
            stackwise_depth=[1, 1, 1, 1],
            include_rescaling=True,
        )
        return keras_cv.models.YOLOV8Detector(backbone=backbone, fpn_depth=1, **options)
    backbone = keras_cv.models.ResNetBackbone(
        stackwise_filters=[8, 8, 16, 16],
        stackwise_blocks=[1, 1, 1, 1],
        stackwise_strides=[1, 2, 2, 2],
        include_rescaling=True,
    )
    return keras_cv.models.RetinaNet(backbone=backbone, **options)
