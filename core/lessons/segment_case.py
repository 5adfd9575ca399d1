"""A lesson of the page "Segment" with the answers that are known so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.lessons.classify_case import working
from core.lessons.segment import NETWORKS, Method, SegmentLesson
from core.numbers import NumbersError
from core.palette import OKABE_ITO
from core.vision import cutout
from core.vision.baselines import (
    Clustered,
    Flooded,
    Grabbed,
    GrabCutSpec,
    KMeansSpec,
    SlicSpec,
    Superpixels,
    Thresholded,
    ThresholdSpec,
    WatershedSpec,
    cluster,
    grab_cut,
    superpixels,
    threshold,
    watershed,
)
from core.vision.baselines.picture import BaselineSpec
from core.vision.baselines.watershed import borders
from core.vision.metrics import Comparison, compare
from core.vision.segment import Labelled, Salient
from core.zoo.segmenters import SEGMENTERS, voc_palette

__all__ = ["Part", "SegmentCase", "Segmented", "classical", "segmented", "working"]

TITLES: dict[Method, str] = {
    "saliency": "U2-Net-p",
    "threshold": "Threshold",
    "kmeans": "k-means",
    "watershed": "Watershed",
    "grabcut": "GrabCut",
    "superpixels": "SLIC superpixels",
    "deeplab": "DeepLabV3+",
}
COAT = (0, 114, 178)
LINE = (0, 158, 115)
CHECKS = (205, 235)
"""Greys of the board that stands for transparency."""
SQUARE_PX = 12
SURE = 0.9
"""From where on U2-Net-p counts as sure."""
MOST_PARTS = 12
"""Parts in the list; the others are added up."""

Image = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]
Soft = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Rgb = tuple[int, int, int]
Found = Thresholded | Clustered | Flooded | Grabbed | Superpixels
"""What a classical method gives, with its steps."""
Answer = Found | Salient | Labelled


@dataclass(frozen=True, slots=True)
class Part:
    """One label of an answer.

    Attributes:
        number: in the label map.
        name: in words.
        colour: with which it is painted.
        share: of the picture.
        inside: whether it belongs to the object.
    """

    number: int
    name: str
    colour: Rgb
    share: float
    inside: bool


@dataclass(frozen=True, eq=False)
class Segmented:
    """What a method says, as far as it is known.

    Attributes:
        method: which.
        answer: with its steps; None while it is waited for.
        failure: why there is none; empty where that is not so.
        coming: bytes that have come and bytes in all, while its network is being fetched.
        took_ms: how long the method took; None where that is not known.
    """

    method: Method
    answer: Answer | None
    failure: str = ""
    coming: tuple[int, int] | None = None
    took_ms: float | None = None

    @property
    def title(self) -> str:
        """Its name on the screen."""
        return TITLES[self.method]

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self.answer is None and not self.failure


def classical(picture: Image, spec: BaselineSpec) -> Found:
    """What a classical method gives.

    Args:
        picture: (H, W, 3) uint8 RGB.
        spec: which method, and how.

    Raises:
        BaselineError: the box does not suit the picture.
    """
    if isinstance(spec, ThresholdSpec):
        return threshold(picture, spec)
    if isinstance(spec, KMeansSpec):
        return cluster(picture, spec)
    if isinstance(spec, WatershedSpec):
        return watershed(picture, spec)
    if isinstance(spec, GrabCutSpec):
        return grab_cut(picture, spec)
    if isinstance(spec, SlicSpec):
        return superpixels(picture, spec)
    raise TypeError(f"There is no classical method for a {type(spec).__name__}.")


@dataclass(frozen=True, eq=False)
class SegmentCase:
    """A lesson with its picture and the answers so far.

    Attributes:
        lesson: the settings.
        title: the picture's name.
        picture: (H, W, 3) uint8.
        segmented: of one or two methods.
        behind: (h, w, 3) uint8, the photo that may stand behind the object; None for none.
    """

    lesson: SegmentLesson
    title: str
    picture: Image
    segmented: Sequence[Segmented]
    behind: Image | None = None

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return any(part.waiting for part in self.segmented)

    @cached_property
    def masks(self) -> list[Soft | None]:
        """Of each method (H, W) float32: how much of each pixel is the object; None unknown."""
        return [self._mask(place) for place in range(len(self.segmented))]

    @cached_property
    def parts(self) -> list[list[Part]]:
        """Of each method its parts, the largest first; none while it is waited for."""
        return [self._parts(place) for place in range(len(self.segmented))]

    @cached_property
    def comparison(self) -> Comparison | None:
        """The first method's mask as the truth, the second's as the prediction."""
        if len(self.masks) < 2 or self.masks[0] is None or self.masks[1] is None:
            return None
        return compare(self.masks[0] > 0.5, self.masks[1] > 0.5)

    def shown(self, place: int) -> Image:
        """(H, W, 3) uint8: the picture as the lesson wants it; bare without an answer."""
        mask, lesson = self.masks[place], self.lesson
        if mask is None:
            return self.picture
        if lesson.seg_shows == "paint":
            return self._painted(place, mask)
        if lesson.seg_shows == "outline":
            return cutout.outlined(self.picture, mask > 0.5, LINE)
        if lesson.seg_shows == "mask":
            levels: Image = np.rint(mask * 255).astype(np.uint8)
            return np.repeat(levels[..., None], 3, axis=2)
        if lesson.seg_shows == "cutout":
            return cutout.on_picture(self.picture, mask, checkerboard(self.picture.shape))
        if lesson.seg_shows == "blur" or self.behind is None:
            return cutout.on_blur(self.picture, mask, lesson.seg_blur)
        return cutout.on_picture(self.picture, mask, self.behind)

    def _chosen(self, place: int) -> tuple[int, ...]:
        """What stands in the field; nothing while it cannot be read."""
        try:
            return self.lesson.chosen(place)
        except NumbersError:
            return ()

    def _painted(self, place: int, mask: Soft) -> Image:
        labels, opacity = label_map(self.segmented[place]), self.lesson.seg_opacity / 100
        if labels is None:
            return cutout.painted(self.picture, mask, COAT, opacity)
        colours = np.zeros((int(labels.max()) + 1, 3), np.float32)
        for part in self.parts[place]:
            colours[part.number] = part.colour
        numbers = [part.number for part in self.parts[place] if self._coated(place, part)]
        coat = np.isin(labels, numbers)[..., None] * np.float32(opacity)
        mixed = (1 - coat) * self.picture + coat * colours[labels]
        painted: Image = np.rint(mixed).astype(np.uint8)
        edges = borders(labels)
        painted[edges] = painted[edges] // 2 if opacity else painted[edges]
        return painted

    def _coated(self, place: int, part: Part) -> bool:
        """Groups of colours are all painted, the others where they are the object."""
        return part.inside or self.segmented[place].method in ("kmeans", "superpixels")

    def _mask(self, place: int) -> Soft | None:
        one = self.segmented[place]
        if one.answer is None:
            return None
        if isinstance(one.answer, Salient):
            return (one.answer.mask(self.lesson.seg_cut / 100)).astype(np.float32)
        if isinstance(one.answer, Thresholded | Grabbed):
            return one.answer.mask.astype(np.float32)
        numbers = [part.number for part in self.parts[place] if part.inside]
        return np.isin(one.answer.labels, numbers).astype(np.float32)

    def switched(self, place: int, across: float, down: float) -> list[int]:
        """The parts that are the object once the one at a point has changed sides.

        Args:
            place: of the method.
            across: of the point, as a share of the width.
            down: of the point, as a share of the height.
        """
        labels = label_map(self.segmented[place])
        inside = {part.number for part in self.parts[place] if part.inside}
        if labels is not None:
            height, width = labels.shape
            row, column = (
                min(int(down * height), height - 1),
                min(int(across * width), width - 1),
            )
            inside ^= {int(labels[row, column])}
        return sorted(inside)

    def _parts(self, place: int) -> list[Part]:
        one = self.segmented[place]
        labels = label_map(one)
        if labels is None or one.answer is None:
            return []
        counts = np.bincount(labels.ravel())
        order = [int(n) for n in np.argsort(-counts, kind="stable") if counts[n]]
        chosen = set(self._chosen(place))
        chosen = chosen & set(order) or _by_default(one.answer, labels, order)
        return [
            Part(
                number,
                _name(one.answer, number),
                _colour(one.answer, number),
                float(counts[number] / labels.size),
                number in chosen,
            )
            for number in order
        ]


def details(one: Segmented) -> list[str]:
    """What else there is to say of an answer, a sentence each."""
    answer = one.answer
    if isinstance(answer, Salient):
        low, high = 1 - SURE, SURE
        sure = float((answer.saliency > high).mean())
        undecided = float(((answer.saliency >= low) & (answer.saliency <= high)).mean())
        return [
            f"Above {100 * high:.0f} % it holds {per_cent(sure)} of the picture, between "
            f"{100 * low:.0f} and {100 * high:.0f} % another {per_cent(undecided)}: there the "
            "threshold decides.",
            "It was not asked what the object is, only what stands out.",
        ]
    if isinstance(answer, Thresholded):
        brighter = float((answer.grey > answer.level).mean())
        return [f"Grey level {answer.level}: {per_cent(brighter)} of the pixels are brighter."]
    if isinstance(answer, Grabbed):
        areas = ", ".join(per_cent(float(mask.mean())) for mask in answer.rounds)
        return [f"Round by round it holds {areas}.", "Draw a box in the picture to try again."]
    return []


def per_cent(share: float) -> str:
    """A share with one decimal, such as "47.6 %"."""
    return f"{100 * share:.1f} %"


def label_map(one: Segmented) -> Labels | None:
    """(H, W) int32 of a method that tells several parts; None of one that tells an object."""
    answer = one.answer
    if answer is None or isinstance(answer, Salient | Thresholded | Grabbed):
        return None
    return answer.labels.astype(np.int32, copy=False)


def segmented(
    method: Method, answer: Answer | None, failure: str = "", took_ms: float | None = None
) -> Segmented:
    """A method's answer; of a network the time is its own."""
    if isinstance(answer, Salient | Labelled):
        took_ms = answer.stages.network_ms
    return Segmented(method, answer, failure, None, took_ms)


def checkerboard(shape: tuple[int, ...]) -> Image:
    """(H, W, 3) uint8: what stands for transparency."""
    y, x = np.indices(shape[:2]) // SQUARE_PX
    board = np.where((x + y) % 2, *CHECKS).astype(np.uint8)
    return np.repeat(board[..., None], 3, axis=2)


def network_title(method: Method) -> str:
    """The network behind a method, as the zoo calls it; empty where there is none."""
    return SEGMENTERS[NETWORKS[method]].title if method in NETWORKS else ""


def _by_default(answer: Answer, labels: Labels, order: list[int]) -> set[int]:
    """The parts that are the object where nobody has said which."""
    if isinstance(answer, Superpixels):
        return {int(labels[labels.shape[0] // 2, labels.shape[1] // 2])}
    background = order[0] if isinstance(answer, Clustered) else 0
    return {number for number in order if number != background}


def _name(answer: Answer, number: int) -> str:
    if isinstance(answer, Labelled):
        return answer.class_names[number]
    if isinstance(answer, Clustered):
        return f"group {number}"
    if isinstance(answer, Superpixels):
        return f"patch {number}"
    return f"basin {number}" if number else "not flooded"


def _colour(answer: Answer, number: int) -> Rgb:
    if isinstance(answer, Clustered | Superpixels):
        red, green, blue = (int(level) for level in answer.colours[number])
        return red, green, blue
    if isinstance(answer, Labelled):
        return voc_palette()[number]
    # Basins lie side by side: neighbours seldom share one of seven colours.
    code = OKABE_ITO[number % (len(OKABE_ITO) - 1)]
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
