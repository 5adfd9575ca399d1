"""A box around an object is enough: colours of inside and outside, and a cut between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from core.vision.baselines.picture import (
    BaselineError,
    BaselineSpec,
    Image,
    Labels,
    Mask,
    check,
    enlarged,
    reduced,
)

MIXTURE = 5
"""Colours that each side is modelled with."""
LEAST_SIDE_PX = 3
"""Of the box, on the picture that the method works on."""

Box = tuple[int, int, int, int]


class GrabCutSpec(BaselineSpec):
    """Where the object is.

    Attributes:
        left: of the box around the object, as a share of the width.
        top: the same of the height.
        right: the same of the width.
        bottom: the same of the height.
        rounds: how often colours are learnt and the cut is made anew.
    """

    left: float = Field(0.15, ge=0, le=1)
    top: float = Field(0.15, ge=0, le=1)
    right: float = Field(0.85, ge=0, le=1)
    bottom: float = Field(0.85, ge=0, le=1)
    rounds: int = Field(4, ge=1, le=10)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (self.left < self.right and self.top < self.bottom):
            raise BaselineError(
                f"A box from ({self.left:g}, {self.top:g}) to ({self.right:g}, "
                f"{self.bottom:g}) has no inside. Its right and bottom have to be larger than "
                "its left and top."
            )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Grabbed:
    """What the cut keeps.

    Attributes:
        mask: (H, W) bool.
        rounds: (h, w) bool masks after each round, at the size that was worked on.
        box_xyxy: the box in the picture's pixels.
    """

    mask: Mask
    rounds: tuple[Mask, ...]
    box_xyxy: Box

    @property
    def labels(self) -> Labels:
        """(H, W) int32: 1 for the object."""
        return self.mask.astype(np.int32)


def grab_cut(
    image: Image, spec: GrabCutSpec, hints: npt.NDArray[np.int8] | None = None
) -> Grabbed:
    """Cut out what a box holds.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: the box.
        hints: (H, W) int8 where a person has painted: 1 is the object, -1 is not, 0 is open.

    Raises:
        BaselineError: it is no such picture, the box is too small or leaves nothing outside,
            or the hints have another size.

    Source: Rother, Kolmogorov & Blake 2004, "GrabCut", as OpenCV has it (five colours a side).
    """
    check(image)
    small = reduced(image)
    box = _box(spec, small)
    marks = _marks(small, box, hints, image)
    background, foreground = np.zeros((2, 1, 65))
    mode = cv2.GC_INIT_WITH_MASK
    rounds = []
    # OpenCV draws the first colours from the generator of this thread.
    cv2.setRNGSeed(0)
    for _ in range(spec.rounds):
        cv2.grabCut(small, marks, (0, 0, 0, 0), background, foreground, 1, mode)
        mode = cv2.GC_EVAL
        rounds.append((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD))
    mask = enlarged(rounds[-1], image)
    return Grabbed(mask, tuple(rounds), _box(spec, image))


def _box(spec: GrabCutSpec, image: Image) -> Box:
    """The box in a picture's pixels: x0, y0, x1, y1, the last ones not included."""
    height, width = image.shape[:2]
    return (
        round(spec.left * width), round(spec.top * height),
        round(spec.right * width), round(spec.bottom * height),
    )  # fmt: skip


def _marks(
    image: Image, box: Box, hints: npt.NDArray[np.int8] | None, whole: Image
) -> npt.NDArray[np.uint8]:
    """What the cut begins with: outside of the box is background, inside is open."""
    x0, y0, x1, y1 = box
    height, width = image.shape[:2]
    if min(x1 - x0, y1 - y0) < LEAST_SIDE_PX:
        raise BaselineError(
            f"The box has {x1 - x0} x {y1 - y0} pixels of {width} x {height}. Drag it to at "
            f"least {LEAST_SIDE_PX} x {LEAST_SIDE_PX}."
        )
    marks = np.full((height, width), cv2.GC_BGD, np.uint8)
    marks[y0:y1, x0:x1] = cv2.GC_PR_FGD
    if hints is not None:
        if hints.shape != whole.shape[:2]:
            raise BaselineError(
                f"The hints have {hints.shape[1]} x {hints.shape[0]} pixels, the picture "
                f"{whole.shape[1]} x {whole.shape[0]}. Bring them to the picture's size."
            )
        painted = enlarged(hints, image)
        marks[painted > 0] = cv2.GC_FGD
        marks[painted < 0] = cv2.GC_BGD
    outside = int(np.isin(marks, (cv2.GC_BGD, cv2.GC_PR_BGD)).sum())
    if min(outside, marks.size - outside) < MIXTURE:
        raise BaselineError(
            f"The box leaves {outside} pixels outside and {marks.size - outside} inside. The "
            f"method learns the colours of both, so each side needs at least {MIXTURE}: drag "
            "the box so that some background is around it."
        )
    return marks
