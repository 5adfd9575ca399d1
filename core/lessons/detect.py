"""Settings of the page "Detect": a detector, thresholds, and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.lessons.base import Lesson
from core.numbers import NumbersError
from core.vision.candidates import Choice
from core.zoo.detectors import COCO_CLASSES, DETECTORS, TINY, VOC_OBJECTS

Method = Literal["yolov3-tiny", "yolov8-m-voc", "retinanet-resnet50-voc", "faces"]
Pictures = Literal["current", "samples", "own"]

if TYPE_CHECKING:
    Side = str
else:
    # Written nowhere else: the zoo has the list.
    Side = Literal[tuple(str(side) for side in DETECTORS[TINY].sides)]

FACES = "faces"
SAMPLE_SLUGS = ("astronaut", "coffee", "chelsea", "camera", "coins", "rocket")
"""What stands beside the current image when samples are asked for."""
KNOWN = tuple(dict.fromkeys((*COCO_CLASSES, *VOC_OBJECTS, "face")))
"""Every class that one of the detectors knows."""


def parse_classes(text: str) -> tuple[str, ...]:
    """The classes in "person, cup", as the detectors call them.

    Raises:
        NumbersError: one of them is unknown to all.
    """
    names = [" ".join(name.split()) for name in text.split(",")]
    known = {name.casefold(): name for name in KNOWN}
    for name in filter(None, names):
        if name.casefold() not in known:
            near = _nearest(name)
            hint = f" Do you mean {near}?" if near else ""
            raise NumbersError(
                f"No detector here knows the class {name[:30]!r}.{hint} The view facts lists "
                "all; write them with commas, such as person, cup."
            )
    return tuple(known[name.casefold()] for name in names if name)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name.casefold(), KNOWN, 1, 0.6)), "")


class DetectLesson(Lesson):
    """Pictures before a detector."""

    page: ClassVar[str] = "detect"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {"det_classes": parse_classes}

    det_method: Method = Field(
        "yolov3-tiny", title="Detector",
        description="YOLOv3-tiny knows COCO's 80 classes. The two of KerasCV know VOC's 20 and "
        "come from a hub. The face detector is no network: it tests every window for patterns "
        "of light and dark.",
    )  # fmt: skip
    det_confidence: int = Field(
        25, ge=1, le=99, title="Confidence (%)",
        description="Boxes below it are left out. The network does not run again.",
    )  # fmt: skip
    det_iou: int = Field(
        45, ge=0, le=100, title="IoU threshold (%)",
        description="Non-maximum suppression: a box goes when its IoU with a surer one is above"
        " this. At 100 none goes.",
    )  # fmt: skip
    det_classwise: bool = Field(
        True, title="Class by class",
        description="Only boxes of the same class suppress each other.",
    )  # fmt: skip
    det_every: bool = Field(
        False, title="Every likely class",
        description="YOLOv3's classes do not exclude each other. On: a box counts once for each"
        " class above the confidence, as in Darknet. Off: for its likeliest class alone.",
    )  # fmt: skip
    det_classes: str = Field(
        "", max_length=200, title="Only these classes",
        description="Names with commas, such as person, cup. Empty: all.",
    )  # fmt: skip
    det_side: Side = Field(
        "320", title="Side of the input (px)",
        description="YOLOv3-tiny takes any multiple of 32: the picture is scaled to it. Small "
        "sides show large objects whole, large sides show small ones at all. The network runs "
        "again.",
    )  # fmt: skip
    det_left_out: bool = Field(
        False, title="Show suppressed boxes",
        description="What was sure enough and had to give way to a surer box, drawn thin.",
    )  # fmt: skip
    det_grid: bool = Field(
        False, title="Show the grid",
        description="YOLOv3-tiny's coarse cells; the box of an object belongs to the cell that "
        "its centre lies in.",
    )  # fmt: skip
    det_pictures: Pictures = Field(
        "current", title="Pictures",
        description="The current image; with it six photos; or several files of yours.",
    )  # fmt: skip

    @property
    def side(self) -> int | None:
        """Of the network's square; None where there is no choice."""
        return int(self.det_side) if self.det_method == TINY else None

    @property
    def classes(self) -> tuple[str, ...]:
        """The wanted classes; none while they cannot be read."""
        try:
            return parse_classes(self.det_classes)
        except NumbersError:
            return ()

    @property
    def choice(self) -> Choice:
        """Which candidates stay."""
        return Choice(
            confidence=self.det_confidence / 100,
            iou=self.det_iou / 100,
            classwise=self.det_classwise,
            every_class=self.det_every,
            classes=self.classes,
        )
