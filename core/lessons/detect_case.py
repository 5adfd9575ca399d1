"""A lesson of the page "Detect" with the answers that are known so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.lessons.detect import FACES, DetectLesson
from core.vision.candidates import Candidates, Choice, Detections, choose
from core.zoo.detectors import DETECTORS

TITLES: Mapping[str, str] = {
    "yolov3-tiny": "YOLOv3-tiny",
    "yolov8-m-voc": "YOLOv8-m (KerasCV)",
    "retinanet-resnet50-voc": "RetinaNet (KerasCV)",
    FACES: "Face cascade, no network",
}

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Looked:
    """A picture and what a detector says of it, as far as it is known.

    Attributes:
        name: of the picture, as in files.
        title: of the picture, on the screen.
        picture: (H, W, 3) uint8.
        digest: of the picture.
        candidates: None while they are waited for.
        failure: why there are none; empty where that is not so.
        coming: bytes that have come and bytes in all, while the network is being fetched.
    """

    name: str
    title: str
    picture: Image
    digest: str
    candidates: Candidates | None
    failure: str = ""
    coming: tuple[int, int] | None = None

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self.candidates is None and not self.failure

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.picture.shape[1], self.picture.shape[0]


@dataclass(frozen=True, eq=False)
class DetectCase:
    """A lesson with its pictures and the answers so far.

    Attributes:
        lesson: the settings.
        looked: one for each picture, at least one.
    """

    lesson: DetectLesson
    looked: Sequence[Looked]

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return any(one.waiting for one in self.looked)

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the detector knows."""
        return class_names(self.lesson.det_method)

    @cached_property
    def found(self) -> list[Detections | None]:
        """Of each picture what is left; None where it is waited for."""
        return [self._chosen(one, self.lesson.choice) for one in self.looked]

    @cached_property
    def left_out(self) -> list[Detections | None]:
        """The same with what suppression takes away."""
        everything = Choice(
            self.lesson.choice.confidence, 1.0, True, self.lesson.det_every, self.lesson.classes
        )
        return [self._chosen(one, everything) for one in self.looked]

    def records(self) -> list[dict[str, object]]:
        """All boxes of all pictures, for files."""
        return [
            record
            for one, found in zip(self.looked, self.found, strict=True)
            if found is not None
            for record in found.records(one.name)
        ]

    def counts(self) -> dict[str, int]:
        """How many there are of each class in all pictures, the most frequent first."""
        sums: dict[str, int] = {}
        for found in self.found:
            for label, count in found.counts().items() if found else ():
                sums[label] = sums.get(label, 0) + count
        return dict(sorted(sums.items(), key=lambda pair: -pair[1]))

    def _chosen(self, one: Looked, choice: Choice) -> Detections | None:
        return None if one.candidates is None else choose(one.candidates, choice)


def class_names(method: str) -> tuple[str, ...]:
    """What a detector knows."""
    return ("face",) if method == FACES else DETECTORS[method].class_names


def confidences(candidates: Candidates, stops: Sequence[float], choice: Choice) -> list[int]:
    """How many boxes stay at each confidence.

    Args:
        candidates: of a picture.
        stops: the confidences, 0 to 1.
        choice: everything else.
    """
    return [
        len(
            choose(
                candidates,
                Choice(stop, choice.iou, choice.classwise, choice.every_class, choice.classes),
            )
        )
        for stop in stops
    ]
