"""One step of a pipeline, for a whole batch: pictures, boxes and masks together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.augment.drawing import Drawn
from core.augment.outlines import bent, warped
from core.augment.steps.base import Bend, StepModel, Values, Warp
from core.augment.steps.mixing import Mixing
from core.augment.steps.policies import AugMix, Composite
from core.augment.worker.layers import change, library, matrices, warp
from core.augment.worker.mixes import mix
from core.augment.worker.state import Batch

Part = tuple[StepModel, Values]


def advance(batch: Batch, drawn: Sequence[Drawn]) -> None:
    """Do one step.

    Args:
        batch: is changed.
        drawn: what was drawn for each picture.
    """
    step = drawn[0].step
    values = {place: one.values for place, one in enumerate(drawn) if one.comes}
    if not values:
        return
    if isinstance(step, Mixing):
        mix(batch, step, values)
    elif isinstance(step, AugMix):
        _blend_chains(batch, step, values)
    elif isinstance(step, Composite):
        _do_parts(batch, {i: step.parts(v["ops"], v["amounts"]) for i, v in values.items()})
    else:
        _do(batch, step, values)


def _do(batch: Batch, step: StepModel, values: Mapping[int, Values]) -> None:
    """A step that changes each picture by itself."""
    who, drawn = list(values), list(values.values())
    if isinstance(step, Bend):
        _bend(batch, step, values)
        return
    before = batch.images[who]
    batch.images[who] = change(step, before, drawn)
    if not isinstance(step, Warp):
        return
    height, width = batch.size
    if batch.masks is not None:
        classes = batch.masks[who].astype(np.float32)[..., None]
        moved = warp(step, classes, drawn, classes=True)[..., 0]
        batch.masks[who] = moved.astype(batch.masks.dtype)
    if batch.outlines is not None:
        for place, matrix in zip(who, matrices(step, drawn, height, width), strict=True):
            batch.outlines[place] = [
                warped(outline, matrix, height, width) for outline in batch.outlines[place]
            ]


def _bend(batch: Batch, step: Bend, values: Mapping[int, Values]) -> None:
    """A step that moves every pixel by a way of its own."""
    bend = library("opencv").bend
    height, width = batch.size
    for place, drawn in values.items():
        columns, rows = step.bend(height, width, **drawn)
        batch.images[place] = bend(batch.images[place], columns, rows, *step.outside)
        if batch.masks is not None:
            classes = batch.masks[place].astype(np.float32)[..., None]
            moved = bend(classes, columns, rows, step.fill, 0.0, "nearest")[..., 0]
            batch.masks[place] = moved.astype(batch.masks.dtype)
        if batch.outlines is not None:
            batch.outlines[place] = [
                bent(outline, columns, rows) for outline in batch.outlines[place]
            ]


def _do_parts(batch: Batch, parts: Mapping[int, Sequence[Part]]) -> None:
    """The parts of a composite, in the order of each picture, those of one kind together."""
    longest = max(len(those) for those in parts.values())
    for turn in range(longest):
        groups: dict[type[StepModel], tuple[StepModel, dict[int, Values]]] = {}
        for place, those in parts.items():
            if turn < len(those):
                step, drawn = those[turn]
                if not (step.colour_only and batch.images.shape[3] == 1):
                    groups.setdefault(type(step), (step, {}))[1][place] = drawn
        for step, values in groups.values():
            _do(batch, step, values)


def _blend_chains(batch: Batch, step: AugMix, values: Mapping[int, Values]) -> None:
    """AugMix: copies that went through chains, blended with the picture."""
    who = list(values)
    mixed = np.zeros_like(batch.images[who])
    for chain in range(step.chains):
        copies = replace(batch, images=batch.images.copy(), outlines=None, masks=None)
        parts = {i: step.parts(v["ops"][chain], v["amounts"][chain]) for i, v in values.items()}
        _do_parts(copies, parts)
        weights = np.array([v["weights"][chain] for v in values.values()], np.float32)
        mixed += weights[:, None, None, None] * copies.images[who]
    share = np.array([v["copies"] for v in values.values()], np.float32)[:, None, None, None]
    batch.images[who] = (1 - share) * batch.images[who] + share * mixed
