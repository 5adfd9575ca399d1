"""How a method came to its answer: pictures and curves of its steps."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.curves import Axis, Chart, Curve, Mark
from core.lessons.segment_case import Image, Segmented, per_cent
from core.vision.baselines import Clustered, Flooded, Grabbed, Superpixels, Thresholded
from core.vision.cutout import on_colour
from core.vision.segment import Labelled, Salient

SIDE = 260
"""Longest side of a step's picture, in pixels."""
GROUND = (40, 40, 40)
MARKER = (213, 94, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A picture on the way.

    Attributes:
        picture: (h, w, 3) uint8; all of one answer have one size.
        title: what it shows.
        detail: a number or two.
    """

    picture: Image
    title: str
    detail: str = ""


def steps(picture: Image, one: Segmented) -> list[Step]:
    """The pictures on the way to an answer; none while it is waited for.

    Args:
        picture: (H, W, 3) uint8, the picture itself.
        one: a method's answer.
    """
    answer = one.answer
    if isinstance(answer, Salient):
        return [
            Step(_small(answer.pixels), "What it sees", "320 x 320, out of its proportions"),
            Step(_small(_as_grey(answer.coarse)), "What it says", f"up to {answer.peak:.3f}"),
        ]
    if isinstance(answer, Labelled):
        return [
            Step(_small(picture), "Picture"),
            Step(_small(_as_grey(answer.confidence)), "How sure it is", "white is 1"),
        ]
    if isinstance(answer, Thresholded):
        return [
            Step(_small(_grey(answer.grey)), "Grey levels", "0.299 R + 0.587 G + 0.114 B"),
            Step(_small(_as_grey(answer.mask)), "The object", f"level {answer.level}"),
        ]
    if isinstance(answer, Clustered):
        return [
            Step(_small(picture), "Picture"),
            Step(
                _small(answer.colours[answer.labels]),
                "Mean colours",
                f"{len(answer.colours)} groups, {answer.rounds} rounds",
            ),
        ]
    if isinstance(answer, Flooded):
        return _flooded(picture, answer)
    if isinstance(answer, Grabbed):
        return [
            Step(_small(_cut(picture, mask)), f"Round {number}", per_cent(float(mask.mean())))
            for number, mask in enumerate(answer.rounds, start=1)
        ]
    if isinstance(answer, Superpixels):
        lined = picture.copy()
        lined[answer.lines] = MARKER
        return [
            Step(_small(lined), "Patches", f"{answer.count}"),
            Step(_small(answer.flat), "Mean colours"),
        ]
    return []


def chart(one: Segmented) -> Chart | None:
    """The curve behind an answer: Otsu's variance, or the error of k-means; else None."""
    answer = one.answer
    if isinstance(answer, Thresholded):
        levels = np.arange(256, dtype=np.float64)
        best = answer.between.max() or 1.0
        most = answer.histogram.max()
        return Chart(
            (Axis("share", "Share of its greatest"),),
            (
                Curve("Pixels of this level", levels, answer.histogram / most, axis="share"),
                Curve(
                    "Variance between the classes", levels, answer.between / best,
                    style="validation", axis="share",
                ),
            ),
            marks=(Mark(float(answer.level), "level"),),
            x_title="Grey level",
        )  # fmt: skip
    if isinstance(answer, Clustered):
        rounds = np.arange(len(answer.inertia), dtype=np.float64)
        return Chart(
            (Axis("error", "Mean squared distance in Lab"),),
            (
                Curve(
                    "To the nearest centre", rounds, answer.inertia, axis="error", points=True
                ),
            ),
            x_title="Round",
        )
    return None


def _flooded(picture: Image, answer: Flooded) -> list[Step]:
    low, high = float(answer.relief.min()), float(answer.relief.max())
    relief = (answer.relief - low) / (high - low) if high > low else answer.relief * 0
    height, width = answer.relief.shape
    dots = _as_grey(relief)
    for y, x in np.argwhere(answer.markers > 0):
        cv2.circle(dots, (int(x), int(y)), max(max(height, width) // 110, 2), MARKER, -1)
    lined = picture.copy()
    lined[answer.lines] = MARKER
    return [
        Step(
            _small(_as_grey(answer.mask)),
            "What is flooded",
            per_cent(float(answer.mask.mean())),
        ),
        Step(_small(_as_grey(relief)), "The landscape", "dark is deep"),
        Step(_small(dots), "Where water rises", f"{answer.count} markers"),
        Step(_small(lined), "Where waters meet", f"{answer.count} basins"),
    ]


def _cut(picture: Image, mask: npt.NDArray[np.bool_]) -> Image:
    height, width = mask.shape
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return on_colour(np.asarray(small, np.uint8), mask, GROUND)


def _as_grey(shares: npt.NDArray[np.generic]) -> Image:
    """(H, W) of 0 to 1, or truth values, as an RGB picture."""
    levels = np.rint(np.clip(shares.astype(np.float32), 0, 1) * 255).astype(np.uint8)
    return _grey(levels)


def _grey(levels: Image) -> Image:
    return np.repeat(levels[..., None], 3, axis=2)


def _small(picture: Image) -> Image:
    height, width = picture.shape[:2]
    share = min(SIDE / max(height, width), 1.0)
    size = max(round(width * share), 1), max(round(height * share), 1)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
