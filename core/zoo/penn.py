"""The table of networks that Penn's lecture shows, with what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

REMARK = (
    "The size is in megabytes, not in millions of parameters. ResNet-152's 3.57 % is the top-5 "
    "error of an ensemble on the test set, not of one network."
)


@dataclass(frozen=True, slots=True)
class LectureRow:
    """One line of the table.

    Attributes:
        title: the network.
        size_mb: megabytes.
        top1_error: in percent.
        top5_error: in percent.
        layers: layers with weights.
        convolutions: how many of them are convolutions.
        dense: how many are fully connected.
        slug: the same network in the zoo; empty where there is none.
    """

    title: str
    size_mb: int
    top1_error: float
    top5_error: float
    layers: int
    convolutions: int
    dense: int
    slug: str = ""


PENN = (
    LectureRow("AlexNet", 238, 41.00, 18.00, 8, 5, 3),
    LectureRow("VGG-16", 540, 28.07, 9.33, 16, 13, 3, "keras-vgg16"),
    LectureRow("VGG-19", 560, 27.30, 9.00, 19, 16, 3, "keras-vgg19"),
    LectureRow("GoogLeNet", 40, 29.81, 10.04, 22, 21, 1),
    LectureRow("ResNet-50", 100, 22.85, 6.71, 50, 49, 1, "keras-resnet50"),
    LectureRow("ResNet-152", 235, 21.43, 3.57, 152, 151, 1, "keras-resnet152"),
)
"""Source: Penn, STAT 4710 (2022), the slide on popular architectures."""
