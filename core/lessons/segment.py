"""Settings of the page "Segment": methods, what they are told, and how the answer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.images.samples import SAMPLES
from core.lessons.base import Lesson, marks
from core.numbers import NumbersError
from core.vision.baselines import (
    GrabCutSpec,
    KMeansSpec,
    SlicSpec,
    ThresholdSpec,
    WatershedSpec,
)
from core.vision.baselines.picture import BaselineSpec
from core.zoo.segmenters import SALIENCY

Method = Literal[
    "saliency", "threshold", "kmeans", "watershed", "grabcut", "superpixels", "deeplab"
]
Shows = Literal["paint", "outline", "mask", "cutout", "blur", "photo"]

NETWORKS: Mapping[str, str] = {
    "saliency": SALIENCY,
    "deeplab": "deeplab-v3-plus-resnet50-voc",
}
"""Slugs of `core.zoo.segmenters` by method; the other methods need no network."""
NONE = "none"
LEAST_BOX = 5
"""Percent of the picture's sides that the box has at least."""
MOST_BOX = 96
"""Percent of the picture's area that it has at most: the rest is known to be background."""

if TYPE_CHECKING:
    Behind = str
else:
    Behind = Literal[tuple(SAMPLES)]


def parse_parts(text: str) -> tuple[int, ...]:
    """The numbers in "0, 3 5".

    Raises:
        NumbersError: something else stands there.
    """
    words = text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() for word in words):
        raise NumbersError(
            f"{text[:40]!r} are no numbers of parts. Write whole numbers with spaces or "
            "commas, such as 0, 3."
        )
    return tuple(int(word) for word in words)


class SegmentLesson(Lesson):
    """A picture and one or two methods that say which pixels are the object."""

    page: ClassVar[str] = "segment"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {
        "seg_object": parse_parts, "seg_other": parse_parts,
    }  # fmt: skip
    repair_order: ClassVar[tuple[str, ...]] = (
        "seg_right", "seg_bottom", "seg_left", "seg_top",
    )  # fmt: skip

    seg_method: Method = Field(
        "saliency", title="Method",
        description="U2-Net-p is a network and here; DeepLabV3+ knows VOC's 20 classes and has "
        "to be fetched. All others are arithmetic on this one picture and have learnt nothing.",
    )  # fmt: skip
    seg_second: Literal[
        "none", "saliency", "threshold", "kmeans", "watershed", "grabcut", "superpixels",
        "deeplab",
    ] = Field(
        "none", title="Second method",
        description="Stands beside the first, with IoU and Dice between the two.",
    )  # fmt: skip
    seg_shows: Shows = Field(
        "paint", title="Shown as",
        description="paint: a coat of colour; outline: lines around the object; mask: white on "
        "black; cutout: without its background; blur and photo: before another background.",
    )  # fmt: skip
    seg_opacity: int = Field(
        55, ge=0, le=100, title="Opacity (%)",
        description="Of the coat of colour: 0 shows the picture alone.",
    )  # fmt: skip
    seg_cut: int = Field(
        50, ge=1, le=99, title="Threshold (%)",
        description="U2-Net-p says from 0 to 100 % how much each pixel stands out; what is "
        "above the threshold is the object. The network does not run again.",
    )  # fmt: skip
    seg_rule: Literal["otsu", "fixed"] = Field(
        "otsu", title="Level",
        description="otsu finds the grey level that divides the histogram best; fixed takes "
        "yours.",
    )  # fmt: skip
    seg_level: int = Field(
        127, ge=0, le=255, title="Grey level",
        description="Pixels above it are bright, the others dark.",
    )  # fmt: skip
    seg_side: Literal["bright", "dark"] = Field(
        "bright", title="The object is",
        description="Which side of the level is the object; watershed heeds it, too.",
    )  # fmt: skip
    seg_groups: int = Field(
        4, ge=2, le=12, title="Groups (k)",
        description="How many colours k-means looks for.",
    )  # fmt: skip
    seg_place: float = Field(
        0.0, ge=0, le=4, title="Weight of the place",
        json_schema_extra=marks(0, 0.25, 0.5, 1, 2, 4),
        description="At 0 only colour counts; at 1 the picture's long side counts as much as "
        "from black to white.",
    )  # fmt: skip
    seg_relief: Literal["distance", "gradient"] = Field(
        "distance", title="What is flooded",
        description="distance: Otsu's mask, deepest where its edge is farthest, which parts "
        "objects that touch; gradient: how steep the picture is.",
    )  # fmt: skip
    seg_apart: int = Field(
        15, ge=1, le=80, title="Markers apart (px)",
        description="Least distance between two places that water rises from.",
    )  # fmt: skip
    seg_left: int = Field(
        12, ge=0, le=95, title="Box left (%)",
        description="Left edge of the box around the object. Dragging it is easier.",
    )  # fmt: skip
    seg_top: int = Field(
        4, ge=0, le=95, title="Box top (%)", description="Upper edge of the box.",
    )  # fmt: skip
    seg_right: int = Field(
        82, ge=5, le=100, title="Box right (%)", description="Right edge of the box.",
    )  # fmt: skip
    seg_bottom: int = Field(
        98, ge=5, le=100, title="Box bottom (%)", description="Lower edge of the box.",
    )  # fmt: skip
    seg_rounds: int = Field(
        4, ge=1, le=10, title="Rounds",
        description="How often GrabCut learns the colours of both sides and cuts anew.",
    )  # fmt: skip
    seg_patches: int = Field(
        200, ge=10, le=600, title="Patches",
        description="About how many superpixels the picture is divided into.",
    )  # fmt: skip
    seg_compact: float = Field(
        10.0, ge=0.5, le=80, title="Compactness",
        json_schema_extra=marks(0.5, 1, 2, 5, 10, 20, 40, 80),
        description="How much place counts against colour: large gives squares, small follows "
        "the edges.",
    )  # fmt: skip
    seg_object: str = Field(
        "", max_length=120, title="Parts that are the object",
        description="Numbers of the list, such as 1, 2; pressing them in the picture is "
        "easier. Empty: all but the largest group or the background; of superpixels the one in "
        "the middle.",
    )  # fmt: skip
    seg_other: str = Field(
        "", max_length=120, title="Parts of the second method",
        description="The same for the second method.",
    )  # fmt: skip
    seg_blur: int = Field(
        12, ge=1, le=40, title="Blur (px)",
        description="Standard deviation of the Gaussian on the background.",
    )  # fmt: skip
    seg_behind: Behind = Field(
        "grass", title="Photo behind",
        description="The background in place of the picture's own.",
    )  # fmt: skip
    inst_shapes: int = Field(
        6, ge=2, le=12, title="Shapes in the scene",
        description="At most so many are drawn, where there is room.",
    )  # fmt: skip
    inst_kinds: int = Field(
        2, ge=1, le=6, title="Kinds of shapes",
        description="The fewer there are, the sooner two of one class touch.",
    )  # fmt: skip
    inst_overlap: bool = Field(
        True, title="May cover each other",
        description="Whether shapes may lie partly behind others.",
    )  # fmt: skip
    inst_seed: int = Field(3, ge=0, le=99, title="Scene", description="Which scene is drawn.")

    def problem(self) -> str | None:
        """Why the box has no inside or no outside."""
        wide, high = self.seg_right - self.seg_left, self.seg_bottom - self.seg_top
        if wide < LEAST_BOX or high < LEAST_BOX:
            return (
                f"a box of {wide} x {high} % of the picture is too small. Use at least "
                f"{LEAST_BOX} x {LEAST_BOX} %."
            )
        if wide * high > 100 * MOST_BOX:
            return (
                f"a box of {wide} x {high} % leaves too little background around it. Leave at "
                f"least {100 - MOST_BOX} % of the picture outside."
            )
        return None

    @property
    def methods(self) -> tuple[Method, ...]:
        """The one or two methods that are asked."""
        second = self.seg_second
        if second in (NONE, self.seg_method):
            return (self.seg_method,)
        return (self.seg_method, second)  # type: ignore[return-value]

    def chosen(self, place: int) -> tuple[int, ...]:
        """Numbers of the parts that somebody chose of the first or second method.

        Raises:
            NumbersError: they cannot be read.
        """
        return parse_parts(self.seg_other if place else self.seg_object)

    def spec(self, method: Method) -> BaselineSpec | None:
        """How a classical method is asked; None for a network."""
        if method == "threshold":
            return ThresholdSpec(rule=self.seg_rule, level=self.seg_level, side=self.seg_side)
        if method == "kmeans":
            return KMeansSpec(clusters=self.seg_groups, position=self.seg_place)
        if method == "watershed":
            return WatershedSpec(
                relief=self.seg_relief, side=self.seg_side, apart_px=self.seg_apart
            )
        if method == "superpixels":
            return SlicSpec(patches=self.seg_patches, compactness=self.seg_compact)
        if method == "grabcut":
            sides = (self.seg_left, self.seg_top, self.seg_right, self.seg_bottom)
            left, top, right, bottom = (side / 100 for side in sides)
            return GrabCutSpec(
                left=left, top=top, right=right, bottom=bottom, rounds=self.seg_rounds
            )
        return None
