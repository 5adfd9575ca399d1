"""Pretrained networks that find objects and put boxes around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.zoo.entry import DenseEntry
from core.zoo.segmenters import VOC_CLASSES

TINY = "yolov3-tiny"
"""The network whose weights come from the package index."""

COCO_CLASSES = (
    "person", "bicycle", "car", "motorbike", "aeroplane", "bus", "train", "truck", "boat",
    "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat",
    "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack",
    "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball",
    "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket",
    "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
    "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair",
    "sofa", "potted plant", "bed", "dining table", "toilet", "TV or monitor", "laptop",
    "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink",
    "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier",
    "toothbrush",
)  # fmt: skip
"""The 80 classes that have boxes, in the order of the weights.

Source: Lin et al. 2014, "Microsoft COCO"; the order of Darknet's coco.names. What VOC knows,
too, has VOC's name.
"""
VOC_OBJECTS = VOC_CLASSES[1:]
"""VOC's 20 classes without the background."""

Corner = Literal["middle", "top-left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector(DenseEntry):
    """A network with learned weights that gives boxes.

    Attributes:
        sides: at which it can be asked, in pixels.
        corner: where the picture lies in the square that is filled up.
        fill: the level that it is filled up with, 0..255.
    """

    sides: tuple[int, ...]
    corner: Corner
    fill: int


DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Detector(
                slug=TINY,
                title="YOLOv3-tiny, COCO",
                source="package",
                call="yolov3-tiny",
                # The smallest of the paper's sizes: at 416 what fills a photo is too large
                # for the network to see as one (the astronaut is a person with 9 %).
                side=320,
                sides=(224, 256, 288, 320, 352, 384, 416, 512, 608),
                takes="unit",
                parameters=8_858_734,
                class_names=COCO_CLASSES,
                score="AP at IoU 0.5: 0.331 on COCO",
                paper="Redmon & Farhadi 2018",
                licence="public domain",
                numbers="Darknet's page of YOLOv3",
                corner="middle",
                fill=127,
            ),
            Detector(
                slug="yolov8-m-voc",
                title="YOLOv8-m, VOC (KerasCV)",
                source="keras-cv",
                call="yolo_v8_m_pascalvoc",
                side=640,
                sides=(640,),
                takes="none",
                parameters=25_901_004,
                class_names=VOC_OBJECTS,
                score="mean AP 0.45 on VOC 2012",
                paper="Jocher et al. 2023",
                licence="Apache-2.0",
                numbers="KerasCV 0.9, description of the preset",
                corner="top-left",
                fill=0,
            ),
            Detector(
                slug="retinanet-resnet50-voc",
                title="RetinaNet on ResNet50, VOC (KerasCV)",
                source="keras-cv",
                call="retinanet_resnet50_pascalvoc",
                side=640,
                sides=(640,),
                takes="none",
                parameters=35_596_952,
                class_names=VOC_OBJECTS,
                score="mean AP 0.33 on VOC 2012",
                paper="Lin et al. 2017",
                licence="Apache-2.0",
                numbers="KerasCV 0.9, description of the preset",
                corner="top-left",
                fill=0,
            ),
        )
    }
)
"""By slug; the one that needs no hub comes first."""
