"""Steps that mix pictures: which is seen where, and what becomes of labels, boxes and masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.augment.outlines import Outline, uncovered, warped
from core.augment.steps.base import Values
from core.augment.steps.mixing import CutMix, FourierMix, Mixing, MixUp, Mosaic
from core.augment.worker.layers import library, stacked
from core.augment.worker.state import Batch, Pictures

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Where in the new picture another one is seen.

    Attributes:
        picture: its place in the batch.
        share: of the new label.
        pixels: (H, W), where it is seen; None where it is seen everywhere.
        down: how far it has moved down, in pixels.
        right: how far it has moved to the right.
    """

    picture: int
    share: float
    pixels: Mask | None
    down: int = 0
    right: int = 0

    def show(self, outline: Outline) -> Outline:
        """What of a box can be seen here."""
        if self.pixels is None:
            return outline
        shift = np.array([[1, 0, -self.right], [0, 1, -self.down], [0, 0, 1]], float)
        return uncovered(warped(outline, shift, *self.pixels.shape), self.pixels)


def mix(batch: Batch, step: Mixing, values: Mapping[int, Values]) -> None:
    """Make one picture of several; all take from the batch as it was before the step.

    Args:
        batch: is changed.
        step: which way.
        values: what was drawn, by place in the batch.
    """
    before = batch.copy()
    others = {place: _others(batch, place, drawn) for place, drawn in values.items()}
    every = {
        place: regions_of(step, drawn, place, others[place], *batch.size)
        for place, drawn in values.items()
    }
    batch.images[list(values)] = (
        _blots(before, every)
        if isinstance(step, FourierMix)
        else _mixed_images(before, step, values, others)
    )
    for place, regions in every.items():
        batch.shares[place] = sum(r.share * before.shares[r.picture] for r in regions)
        if batch.masks is not None and before.masks is not None:
            batch.masks[place] = _mixed_mask(before.masks, regions)
        if batch.outlines is not None and before.outlines is not None:
            batch.outlines[place] = _mixed_outlines(before.outlines, regions)


def regions_of(
    step: Mixing, drawn: Values, place: int, others: Sequence[int], height: int, width: int
) -> list[Region]:
    """Which picture is seen where, the picture itself first.

    Args:
        step: which way.
        drawn: what was drawn for the picture.
        place: of the picture in the batch.
        others: places of the pictures that it takes from.
        height: rows of the pictures.
        width: columns of the pictures.
    """
    who = [place, *others]
    shares = type(step).shares(height, width, **drawn)
    if isinstance(step, Mosaic):
        return _quarters(drawn, who, shares, height, width)
    if isinstance(step, MixUp):
        seen: tuple[Mask | None, ...] = (None, None)
    elif isinstance(step, CutMix):
        cut = _cut(drawn, height, width)
        seen = (~cut, cut)
    else:
        own = _own_shape(drawn, height, width)
        seen = (own, ~own)
    return [Region(*parts) for parts in zip(who, shares, seen, strict=True)]


def _quarters(
    drawn: Values, who: Sequence[int], shares: Sequence[float], height: int, width: int
) -> list[Region]:
    """The four parts of a mosaic, row by row."""
    middle_row = int(np.floor(np.float32(drawn["row"]) * np.float32(height) + 0.5))
    middle_column = int(np.floor(np.float32(drawn["column"]) * np.float32(width) + 0.5))
    below = np.arange(height)[:, None] >= middle_row
    beside = np.arange(width)[None] >= middle_column
    regions = []
    for number, (picture, share) in enumerate(zip(who, shares, strict=True)):
        low, far = divmod(number, 2)
        pixels = (below == bool(low)) & (beside == bool(far))
        down = middle_row - (0 if low else height)
        right = middle_column - (0 if far else width)
        regions.append(Region(picture, share, pixels, down, right))
    return regions


def _cut(drawn: Values, height: int, width: int) -> Mask:
    """(H, W): the pixels whose middle lies in CutMix's rectangle."""
    inside = []
    for middle, side, length in (("row", "height", height), ("column", "width", width)):
        place = (np.arange(length, dtype=np.float32) + np.float32(0.5)) / np.float32(length)
        half = np.float32(drawn[side]) / np.float32(2)
        low, high = np.float32(drawn[middle]) - half, np.float32(drawn[middle]) + half
        inside.append((place >= low) & (place < high))
    rows, columns = inside
    return np.asarray(rows[:, None] & columns[None])


def _own_shape(drawn: Values, height: int, width: int) -> Mask:
    """(H, W): the pixels that FMix leaves."""
    shape = library("opencv").fourier_shape(
        height, width, drawn["weight"], drawn["decay"], drawn["shape_seed"]
    )
    return np.asarray(shape > 0)


def _others(batch: Batch, place: int, drawn: Values) -> list[int]:
    """Places of the other pictures: shares from 0 to 1 of those that may be taken."""
    allowed = [one for one in batch.partners if one != place]
    wanted = np.ravel(drawn["partners"] if "partners" in drawn else drawn["partner"])
    # In single precision, as in a graph of TensorFlow.
    places = (wanted.astype(np.float32) * np.float32(len(allowed))).astype(int)
    return [allowed[min(at, len(allowed) - 1)] for at in places.tolist()]


def _mixed_images(
    before: Batch,
    step: Mixing,
    values: Mapping[int, Values],
    others: Mapping[int, Sequence[int]],
) -> Pictures:
    """(k, H, W, C): the pictures that mix, and only those."""
    who = list(values)
    # All pictures get numbers, so that every place in the batch stays what it is.
    idle = next(iter(values.values()))
    every = stacked([values.get(place, idle) for place in range(len(before.images))])
    name = "partners" if isinstance(step, Mosaic) else "partner"
    whom = [others.get(place, [place] * step.others) for place in range(len(before.images))]
    every[name] = np.array(whom, np.int32).reshape(every[name].shape)
    function = getattr(library("keras"), step.kind)  # type: ignore[attr-defined]
    return np.asarray(function(before.images, **every), np.float32)[who]


def _blots(before: Batch, every: Mapping[int, Sequence[Region]]) -> Pictures:
    """(k, H, W, C): each pixel from the picture that is seen there."""
    pairs = [
        (own.pixels, before.images[own.picture], before.images[other.picture])
        for own, other in every.values()
    ]
    return np.stack([np.where(np.asarray(p)[..., None], one, other) for p, one, other in pairs])


def _mixed_mask(masks: npt.NDArray[Any], regions: Sequence[Region]) -> npt.NDArray[Any]:
    """Class ids of whatever is seen; of two that shine through, of the stronger one."""
    if regions[0].pixels is None:
        stronger = max(regions, key=lambda region: region.share)
        return np.asarray(masks[stronger.picture])
    mixed: npt.NDArray[Any] = np.zeros_like(masks[0])
    for region in regions:
        moved = np.roll(masks[region.picture], (region.down, region.right), axis=(0, 1))
        mixed = np.where(np.asarray(region.pixels), moved, mixed)
    return mixed


def _mixed_outlines(
    outlines: Sequence[Sequence[Outline]], regions: Sequence[Region]
) -> list[Outline]:
    """The boxes of all pictures, as far as they are seen; of the others only those that are."""
    own, *others = regions
    shown = [own.show(outline) for outline in outlines[own.picture]]
    for region in others:
        seen = [region.show(outline) for outline in outlines[region.picture]]
        shown += [outline for outline in seen if len(outline.polygon) >= 3]
    return shown
