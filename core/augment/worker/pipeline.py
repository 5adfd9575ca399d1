"""A pipeline for a batch of pictures, with their boxes and masks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from core.augment.drawing import Drawn, draw
from core.augment.outlines import boxes_of, outlines_of
from core.augment.result import Augmented
from core.augment.spec import AugmentError, PipelineSpec
from core.augment.steps.mixing import Mixing
from core.augment.worker.batch import advance
from core.augment.worker.state import Batch


def apply(
    images: npt.ArrayLike,
    spec: PipelineSpec,
    seed: int,
    boxes: Sequence[npt.ArrayLike] | None = None,
    masks: npt.ArrayLike | None = None,
    *,
    first: int = 0,
    partners: Sequence[int] | None = None,
) -> Augmented:
    """Put pictures through a pipeline, their boxes and masks with them.

    Picture i depends on the pipeline, the seed, its number `first` + i and itself alone (and,
    where pictures mix, on the others).

    Args:
        images: (n, H, W, C), C = 1 or 3: uint8, or floats from 0 to 255.
        spec: the pipeline.
        seed: 0 or more.
        boxes: for each picture (k, 4) left, top, right, bottom in pixels, right and bottom
            exclusive.
        masks: (n, H, W) whole numbers, the class of each pixel; 0 is the background, which
            also fills what comes from outside.
        first: number of the first picture.
        partners: places in the batch that mixing may take from; None for all.

    Raises:
        AugmentError: the arrays, or the steps, do not go together.
    """
    batch, drawn = _begun(images, spec, seed, boxes, masks, first, partners)
    for place in range(len(spec.steps)):
        advance(batch, [one[place] for one in drawn])
    return _result(batch, spec, np.asarray(images).dtype, drawn)


def stages(
    images: npt.ArrayLike,
    spec: PipelineSpec,
    seed: int,
    boxes: Sequence[npt.ArrayLike] | None = None,
    masks: npt.ArrayLike | None = None,
    *,
    first: int = 0,
    partners: Sequence[int] | None = None,
) -> Iterator[Augmented]:
    """The batch as it goes in, then after every step; arguments and errors as `apply`."""
    batch, drawn = _begun(images, spec, seed, boxes, masks, first, partners)
    dtype = np.asarray(images).dtype
    yield _result(batch, spec, dtype, [() for _ in drawn])
    for place in range(len(spec.steps)):
        advance(batch, [one[place] for one in drawn])
        yield _result(batch, spec, dtype, [one[: place + 1] for one in drawn])


def _begun(
    images: npt.ArrayLike,
    spec: PipelineSpec,
    seed: int,
    boxes: Sequence[npt.ArrayLike] | None,
    masks: npt.ArrayLike | None,
    first: int,
    partners: Sequence[int] | None,
) -> tuple[Batch, list[tuple[Drawn, ...]]]:
    """The batch before the first step, and what is drawn for each picture."""
    pictures = np.asarray(images)
    _check(pictures, spec, boxes, masks, partners)
    count, height, width, channels = pictures.shape
    shape = (height, width, channels)
    batch = Batch(
        pictures.astype(np.float32),
        None
        if boxes is None
        else [outlines_of(i, own, height, width) for i, own in enumerate(boxes)],
        None if masks is None else np.array(masks),
        np.eye(count, dtype=np.float32),
        range(count) if partners is None else partners,
    )
    return batch, [draw(spec, seed, first + i, shape) for i in range(count)]


def _result(
    batch: Batch,
    spec: PipelineSpec,
    dtype: np.dtype[Any],
    drawn: Sequence[tuple[Drawn, ...]],
) -> Augmented:
    images = batch.images
    levels = np.clip(np.rint(images), 0, 255) if dtype == np.uint8 else images
    boxes = batch.outlines
    return Augmented(
        levels.astype(dtype),
        tuple(drawn),
        None if boxes is None else tuple(boxes_of(own, spec.keep_boxes) for own in boxes),
        None if batch.masks is None else batch.masks.copy(),
        batch.shares.copy(),
    )


def _check(
    images: npt.NDArray[Any],
    spec: PipelineSpec,
    boxes: Sequence[npt.ArrayLike] | None,
    masks: npt.ArrayLike | None,
    partners: Sequence[int] | None,
) -> None:
    if why := spec.problem():
        raise AugmentError(why)
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape:
        raise AugmentError(
            f"pictures of shape {images.shape} cannot be augmented. Use (n, height, width, "
            "channels) with 1 or 3 channels; for one picture images[None]."
        )
    if images.dtype != np.uint8:
        _check_floats(images)
    count, height, width, _ = images.shape
    if boxes is not None:
        _check_boxes(boxes, count)
    if masks is not None and (
        np.shape(masks) != (count, height, width) or np.asarray(masks).dtype.kind not in "iu"
    ):
        raise AugmentError(
            f"masks of shape {np.shape(masks)} and type {np.asarray(masks).dtype} do not fit. "
            f"Use whole numbers of shape {(count, height, width)}."
        )
    _check_partners(spec, count, partners)


def _check_floats(images: npt.NDArray[Any]) -> None:
    if images.dtype.kind != "f" or not (images.min() >= 0 and images.max() <= 255):
        raise AugmentError(
            f"pictures of type {images.dtype} from {images.min():g} to {images.max():g} cannot "
            "be augmented. Use uint8, or floats from 0 to 255."
        )


def _check_boxes(boxes: Sequence[npt.ArrayLike], count: int) -> None:
    if len(boxes) != count:
        raise AugmentError(f"{count} pictures need {count} arrays of boxes, not {len(boxes)}.")
    for number, own in enumerate(boxes):
        found = np.asarray(own, float)
        if found.size and (found.ndim != 2 or found.shape[1] != 4):
            raise AugmentError(
                f"boxes of picture {number} have shape {found.shape}. Use (k, 4): left, top, "
                "right, bottom."
            )
        if found.size and (found[:, :2] >= found[:, 2:]).any():
            raise AugmentError(
                f"a box of picture {number} ends before it begins. Use left, top, right, "
                "bottom, in this order."
            )


def _check_partners(spec: PipelineSpec, count: int, partners: Sequence[int] | None) -> None:
    allowed = range(count) if partners is None else partners
    mixing = [step.title for _, step in spec.active if isinstance(step, Mixing)]
    if mixing and any(set(allowed) <= {place} for place in range(count)):
        raise AugmentError(
            f"{mixing[0]} takes from other pictures, and there is none. Give at least 2."
        )
