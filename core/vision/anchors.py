"""Anchor boxes: where they stand, which object claims which of them, and what is learnt then.

Boxes are xyxy. Where they stand on a picture they are shares of its sides, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.vision.metrics.boxes import BoxOverlap, Floats, as_boxes
from core.vision.metrics.masks import MetricError

Rule = Literal["ssd", "yolo", "retinanet"]
RULES: tuple[Rule, ...] = get_args(Rule)
BACKGROUND, IGNORED = -1, -2
"""What an anchor belongs to that no object claims; an ignored one is not learnt from."""
IGNORED_FROM = 0.1
"""RetinaNet: so much below the threshold an anchor is neither object nor background."""
VARIANCES = (0.1, 0.1, 0.2, 0.2)
"""SSD's scales of the offsets of x, y, width and height."""
MOST_ANCHORS = 20_000

Ints = npt.NDArray[np.int64]
Reason = Literal["best", "threshold"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An object claims an anchor.

    Attributes:
        anchor: its place among the anchors.
        truth: the object's.
        iou: of the two.
        reason: `best`: no free anchor fits this object better, and no free object fits this
            anchor better. `threshold`: the object is the one that the anchor fits best, and
            IoU is at the threshold or above.
    """

    anchor: int
    truth: int
    iou: float
    reason: Reason


@dataclass(frozen=True, eq=False)
class AnchorMatching:
    """Which anchors belong to which objects.

    Attributes:
        ious: (anchors, objects) float64.
        claims: in the order in which they are made.
        owner: (anchors,) the object of each, or BACKGROUND, or IGNORED.
    """

    ious: Floats
    claims: tuple[Claim, ...]
    owner: Ints

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many anchors are claimed, ignored, background."""
        ignored, background = ((self.owner == what).sum() for what in (IGNORED, BACKGROUND))
        return len(self.owner) - int(ignored + background), int(ignored), int(background)


def anchor_grid(
    rows: int,
    columns: int,
    sizes: Sequence[float],
    ratios: Sequence[float],
    aspect: float = 1.0,
) -> Floats:
    """Anchors round the centre of every cell: all sizes, and the first size in all ratios.

    With n sizes and m ratios a cell has n + m - 1 anchors, those of a pair (size, first ratio)
    first. An anchor of size s and ratio r is s * sqrt(r) of the picture's height wide and
    s / sqrt(r) of it high.

    Args:
        rows: cells down.
        columns: cells across.
        sizes: shares of the picture's height, above 0.
        ratios: width over height, above 0.
        aspect: the picture's width over its height.

    Returns:
        (rows * columns * (n + m - 1), 4) float64, xyxy in shares of the sides, cell by cell;
        some reach beyond the picture.

    Raises:
        MetricError: there is none, or too many, or a number is not above 0.

    Source: Liu et al. 2016, SSD; the choice of n + m - 1: Zhang et al., Dive into Deep
    Learning, section 14.4.
    """
    if min(rows, columns, len(sizes), len(ratios)) < 1:
        raise MetricError("Anchors need a row, a column, a size and a ratio at least.")
    if min(*sizes, *ratios, aspect) <= 0:
        raise MetricError("Sizes and ratios of anchors are above 0.")
    pairs = [(size, ratios[0]) for size in sizes] + [(sizes[0], ratio) for ratio in ratios[1:]]
    if rows * columns * len(pairs) > MOST_ANCHORS:
        raise MetricError(
            f"{rows} x {columns} cells with {len(pairs)} anchors are "
            f"{rows * columns * len(pairs):,}: more than {MOST_ANCHORS:,}. Take fewer cells."
        )
    size, ratio = np.array(pairs, np.float64).T
    half = np.stack([size * np.sqrt(ratio) / aspect, size / np.sqrt(ratio)], -1) / 2
    down, across = np.mgrid[:rows, :columns]
    centres = np.stack([(across + 0.5) / columns, (down + 0.5) / rows], -1).reshape(-1, 1, 2)
    return np.concatenate([centres - half, centres + half], -1).reshape(-1, 4)


def match_anchors(
    anchors: npt.ArrayLike,
    truth: npt.ArrayLike,
    threshold: float = 0.5,
    rule: Rule = "ssd",
) -> AnchorMatching:
    """Give every anchor to an object or to the background.

    `ssd`: the pair with the highest IoU of all is made, its row and column are left out, and
    so on until every object has an anchor; then every anchor at the threshold or above goes to
    the object that it fits best. `yolo`: each object has its one anchor; others at the
    threshold or above are ignored. `retinanet`: as `ssd`, but anchors less than 0.1 below the
    threshold are ignored.

    Args:
        anchors: (n, 4) xyxy.
        truth: (k, 4) xyxy, in the same unit.
        threshold: IoU, above 0, at most 1.
        rule: see above.

    Raises:
        MetricError: the boxes, the threshold or the rule do not work.

    Source: SSD, section 2.2; Redmon & Farhadi 2018, YOLOv3, section 2.1; Lin et al. 2017,
    RetinaNet, section 4 (0.5 and 0.4; its authors made no pairs by force, which we keep, as
    later builds do, so that no object is left without).
    """
    rows, objects = (as_boxes(boxes).reshape(-1, 4) for boxes in (anchors, truth))
    if not 0 < threshold <= 1:
        raise MetricError(f"A threshold of {threshold:g} does not work. Use 0 to 1, not 0.")
    if rule not in RULES:
        raise MetricError(f"{rule!r} is no rule. Use one of {', '.join(RULES)}.")
    ious = BoxOverlap(rows[:, None], objects[None]).iou
    owner = np.full(len(rows), BACKGROUND, np.int64)
    claims = list(_best(ious))
    for claim in claims:
        owner[claim.anchor] = claim.truth
    fits, finest = (ious.max(1), ious.argmax(1)) if ious.size else (np.zeros(len(rows)), owner)
    free = owner == BACKGROUND
    enough = free & (fits >= threshold)
    if rule == "yolo":
        owner[enough] = IGNORED
    else:
        owner[enough] = finest[enough]
        claims += [
            Claim(int(at), int(finest[at]), float(fits[at]), "threshold")
            for at in np.flatnonzero(enough)
        ]
    if rule == "retinanet":
        owner[free & ~enough & (fits >= threshold - IGNORED_FROM - 1e-12)] = IGNORED
    return AnchorMatching(ious, tuple(claims), owner)


def _best(ious: Floats) -> Sequence[Claim]:
    """Pairs, the highest IoU first; no anchor and no object twice. Of ties the first."""
    left = ious.copy()
    claims: list[Claim] = []
    for _ in range(min(left.shape)):
        anchor, truth = np.unravel_index(int(left.argmax()), left.shape)
        claims.append(Claim(int(anchor), int(truth), float(ious[anchor, truth]), "best"))
        left[anchor] = left[:, truth] = -1
    return claims


def offsets(
    anchors: npt.ArrayLike,
    boxes: npt.ArrayLike,
    variances: Sequence[float] = VARIANCES,
) -> Floats:
    """What a network learns to say of anchors so that they become boxes.

    Of centres, widths and heights: (x_b - x_a) / w_a / v_x, (y_b - y_a) / h_a / v_y,
    ln(w_b / w_a) / v_w, ln(h_b / h_a) / v_h.

    Args:
        anchors: (n, 4) xyxy.
        boxes: (n, 4) xyxy, the object of each.
        variances: v; all 1 for the plain ones of Faster R-CNN.

    Returns:
        (n, 4) float64.

    Raises:
        MetricError: a box has no area.
    """
    a, b = (_centred(as_boxes(part)) for part in (anchors, boxes))
    moved = (b[..., :2] - a[..., :2]) / a[..., 2:]
    stretched = np.log(b[..., 2:] / a[..., 2:])
    return np.asarray(np.concatenate([moved, stretched], -1) / np.array(variances))


def boxes_of(
    anchors: npt.ArrayLike,
    said: npt.ArrayLike,
    variances: Sequence[float] = VARIANCES,
) -> Floats:
    """The way back: anchors with offsets are boxes again, (n, 4) xyxy."""
    a = _centred(as_boxes(anchors))
    scaled = np.asarray(said, np.float64) * np.array(variances)
    centre = scaled[..., :2] * a[..., 2:] + a[..., :2]
    half = np.exp(scaled[..., 2:]) * a[..., 2:] / 2
    return np.concatenate([centre - half, centre + half], -1)


def _centred(boxes: Floats) -> Floats:
    """Centre x, centre y, width, height."""
    sides = boxes[..., 2:] - boxes[..., :2]
    if not (sides > 0).all():
        raise MetricError("A box without width or height has no offsets.")
    return np.concatenate([(boxes[..., :2] + boxes[..., 2:]) / 2, sides], -1)
