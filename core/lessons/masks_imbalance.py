"""What becomes of the measures when the object is small: closed forms, curves, a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.curves import Axis, Chart, Curve, Mark
from core.lessons.masks import Says
from core.vision.metrics import Comparison, compare
from core.vision.metrics.formulas import MEASURES, Kind
from core.vision.metrics.labels import ious_of, mean_of

SIDE = 100
"""Side of the picture: a pixel is 0.01 % of it."""
SHOWN = ("pixel_accuracy", "iou", "dice")
SENTENCES: dict[Says, str] = {
    "nothing": "says that there is no object at all",
    "everything": "says that all is the object",
    "half": "finds half of the object and nothing else",
    "coin": "tosses a coin for every pixel",
}

Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ClassIou:
    """A class of a confusion matrix.

    Attributes:
        name: in words.
        hits: pixels of the class that were taken for it.
        missed: pixels of the class that were taken for another.
        extra: pixels of others that were taken for it.
        iou: hits / (hits + missed + extra); nan where all three are 0.
    """

    name: str
    hits: int
    missed: int
    extra: int
    iou: float


def rates(says: Says, share: float) -> tuple[float, float, float, float]:
    """Shares of the picture that are TP, FP, FN and TN, on average.

    Args:
        says: what is predicted.
        share: of the object, 0 to 1.
    """
    found = {"nothing": 0.0, "everything": 1.0, "half": 0.5, "coin": 0.5}[says]
    alarm = {"nothing": 0.0, "everything": 1.0, "half": 0.0, "coin": 0.5}[says]
    hit, false = found * share, alarm * (1 - share)
    return hit, false, share - hit, 1 - share - false


def curves(says: Says, share: float) -> Chart:
    """Pixel accuracy, IoU and Dice over the share of the object, with a mark at this one.

    Args:
        says: what is predicted.
        share: of the object, 0 to 1.
    """
    shares = np.linspace(0.001, 0.999, 500)
    counted = [dict(zip(_KINDS, _whole(rates(says, x)), strict=True)) for x in shares]
    found = [
        Curve(
            MEASURES[slug].title,
            100 * shares,
            np.array([MEASURES[slug].value(counts) for counts in counted]),
            axis="value",
            number=number,
        )
        for number, slug in enumerate(SHOWN)
    ]
    axis = Axis("value", f"Of a prediction that {SENTENCES[says]}", low=0, high=1)
    return Chart(
        (axis,),
        tuple(found),
        marks=(Mark(100 * share, f"{100 * share:g} %"),),
        x_title="Share of the object in percent",
    )


_KINDS: tuple[Kind, ...] = ("TP", "FP", "FN", "TN")
_MANY = 10**9


def _whole(shares: tuple[float, float, float, float]) -> list[int]:
    return [round(_MANY * share) for share in shares]


def example(says: Says, share: float) -> Comparison:
    """Two masks of 100 x 100 pixels: a round object of so many pixels, and what is predicted.

    Args:
        says: what is predicted.
        share: of the object, 0 to 1.
    """
    truth = nearest_middle(round(share * SIDE**2))
    said = {
        "nothing": np.zeros_like(truth),
        "everything": np.ones_like(truth),
        "half": truth & (np.arange(SIDE)[:, None] >= _half_row(truth)),
        "coin": np.random.default_rng(0).random(truth.shape) < 0.5,
    }[says]
    return compare(truth, said)


def nearest_middle(pixels: int) -> Mask:
    """(100, 100) bool: so many pixels, those that lie nearest to the middle."""
    places = np.arange(SIDE) - (SIDE - 1) / 2
    away = np.add.outer(places**2, places**2).ravel()
    mask = np.zeros(SIDE**2, bool)
    mask[np.argsort(away, kind="stable")[:pixels]] = True
    return mask.reshape(SIDE, SIDE)


def _half_row(truth: Mask) -> int:
    """The row below which, itself included, half of the object lies, as near as rows allow."""
    below = truth.sum(1)[::-1].cumsum()[::-1]
    return int(np.abs(below - truth.sum() / 2).argmin())


def classes_of(counts: Counts) -> list[ClassIou]:
    """The classes of a confusion matrix with their IoU.

    Args:
        counts: (n, n), true classes down.
    """
    ious = ious_of(counts)
    names = ["background", *(f"class {number}" for number in range(1, len(counts)))]
    return [
        ClassIou(
            name, int(counts[k, k]), int(counts[k].sum() - counts[k, k]),
            int(counts[:, k].sum() - counts[k, k]), float(ious[k]),
        )
        for k, name in enumerate(names)
    ]  # fmt: skip


def means_of(counts: Counts) -> tuple[float, float, float]:
    """Pixel accuracy, mean IoU, and IoU weighted by the classes' areas.

    Source of the last: Long et al. 2015, "Fully convolutional networks for semantic
    segmentation", section 5 (frequency weighted IU).

    Args:
        counts: (n, n), true classes down.
    """
    ious, total = ious_of(counts), int(counts.sum())
    if not total:
        return 1.0, 1.0, 1.0
    weighted = float(np.nansum(counts.sum(1) / total * ious))
    return float(np.trace(counts) / total), mean_of(ious), weighted
