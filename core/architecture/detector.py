"""A small single-scale detector as arithmetic: its layers, its grid, and who answers for what.

The picture is halved until a cell of the grid stands for each `stride` x `stride` pixels; every
cell gives `boxes` times 5 + C numbers, which `core.vision.yolo_head` decodes. That is one
output map of YOLOv3 on a body of a few convolutions.

Source: Redmon & Farhadi 2018, "YOLOv3: An incremental improvement", section 2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from core.architecture.network import ArchitectureError

Stride = Literal[4, 8, 16]
PRIORS: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {1: (0.3,), 2: (0.2, 0.4), 3: (0.15, 0.3, 0.5)}
)
"""Sides of the square anchors by how many a cell has, as shares of the picture's side."""
BOX_NUMBERS = 5
"""Of each box, before its classes: t_x, t_y, t_w, t_h, t_o."""

Floats = npt.NDArray[np.float32]


class Detector(BaseModel):
    """What the network is built from; its defaults show boxes within a minute on two cores.

    Attributes:
        width: maps of the first convolution, doubled with every halving.
        depth: 3 x 3 convolutions at the size of the grid.
        stride: height and width of a cell, in pixels.
        boxes: that a cell gives, each with an anchor of its own.
        norm: batch norm after each 3 x 3 convolution.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(16, ge=4, le=64)
    depth: int = Field(3, ge=1, le=6)
    stride: Stride = 8
    boxes: int = Field(1, ge=1, le=3)
    norm: bool = True

    @property
    def halvings(self) -> int:
        """How often the picture is halved."""
        return int(math.log2(self.stride))


@dataclass(frozen=True, slots=True)
class Convolution:
    """One layer.

    Attributes:
        name: of the layer.
        maps: that come out.
        kernel: height and width of its kernel.
        step: its stride.
        side: height and width of what comes out, in cells.
        parameters: weights, with those of its batch norm.
        sees: height and width of its receptive field, in pixels.
    """

    name: str
    maps: int
    kernel: int
    step: int
    side: int
    parameters: int
    sees: int


def convolutions(
    detector: Detector, side: int, channels: int, classes: int
) -> tuple[Convolution, ...]:
    """Every convolution, from the input to the output.

    Raises:
        ArchitectureError: the side does not divide by the stride.
    """
    check_side(detector, side)
    found: list[Convolution] = []
    state = (side, channels, 1, 1)  # side, maps, pixels of a step, receptive field

    def add(name: str, maps: int, step: int, kernel: int = 3) -> None:
        nonlocal state
        size, before, jump, sees = state
        normed = detector.norm and kernel == 3
        weights = kernel**2 * before * maps + (4 * maps if normed else maps)
        state = (size // step, maps, jump * step, sees + (kernel - 1) * jump)
        found.append(Convolution(name, maps, kernel, step, state[0], weights, state[3]))

    maps = detector.width
    for level in range(1, detector.halvings + 1):
        add(f"down_{level}", maps, 2)
        if level == detector.halvings:
            break
        if level > 1:
            add(f"level_{level}", maps, 1)
        maps *= 2
    for number in range(1, detector.depth + 1):
        add(f"grid_{number}", maps, 1)
    add("output", detector.boxes * (BOX_NUMBERS + classes), 1, kernel=1)
    return tuple(found)


def parameters(detector: Detector, side: int, classes: int, channels: int = 3) -> int:
    """All weights, statistics of batch norm included.

    Example:
        >>> parameters(Detector(), 96, 6)
        145339
    """
    return sum(row.parameters for row in convolutions(detector, side, channels, classes))


def check_side(detector: Detector, side: int) -> None:
    """Refuse a side that leaves a part of a cell.

    Raises:
        ArchitectureError: with what would work.
    """
    if side % detector.stride:
        raise ArchitectureError(
            f"{side} pixels are no whole number of cells of {detector.stride}. Use "
            f"{nearest_side(detector, side)}."
        )


def nearest_side(detector: Detector, side: int) -> int:
    """The nearest side of whole cells, at least two."""
    return max(round(side / detector.stride), 2) * detector.stride


def anchors(detector: Detector, side: int) -> tuple[tuple[float, float], ...]:
    """Width and height of each anchor, in pixels."""
    sides = (round(share * side, 3) for share in PRIORS[detector.boxes])
    return tuple((length, length) for length in sides)


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Which cell and anchor answers for which box.

    Attributes:
        target: (S, S, boxes, 6) float32: xyxy in pixels, 1 where there is an object, its
            class; zeros where there is none.
        lost: boxes for which no anchor of their cell was left.
    """

    target: Floats
    lost: int


def assign(
    detector: Detector, side: int, boxes: npt.ArrayLike, labels: Sequence[int] | npt.ArrayLike
) -> Assigned:
    """The cell that a box's centre lies in answers for it, with the anchor of the best shape.

    Where that anchor is taken, the next best one answers. Larger boxes choose first.

    Args:
        detector: whose grid it is.
        side: of the picture, in pixels.
        boxes: (k, 4) xyxy in pixels.
        labels: (k,) classes from 0.

    Source: Redmon & Farhadi 2017, "YOLO9000", section 2 (the cell), 2018, section 2.1 (the
    anchor).

    Example:
        >>> found = assign(Detector(), 96, [(8, 16, 24, 32)], [2]).target
        >>> found[3, 2, 0].tolist()
        [8.0, 16.0, 24.0, 32.0, 1.0, 2.0]
    """
    cells = side // detector.stride
    target = np.zeros((cells, cells, detector.boxes, 6), np.float32)
    rows = np.asarray(boxes, np.float32).reshape(-1, 4)
    kinds = np.asarray(labels, np.int64).reshape(-1)
    sizes = rows[:, 2:] - rows[:, :2]
    lost = 0
    for place in np.argsort(-sizes.prod(1), kind="stable"):
        centre = (rows[place, :2] + rows[place, 2:]) / 2
        column, row = np.minimum(centre // detector.stride, cells - 1).astype(int)
        best = np.argsort(-shape_ious(sizes[place], anchors(detector, side)), kind="stable")
        free = [anchor for anchor in best if not target[row, column, anchor, 4]]
        if not free:
            lost += 1
            continue
        target[row, column, free[0]] = (*rows[place], 1, kinds[place])
    return Assigned(target, lost)


def shape_ious(size: npt.ArrayLike, others: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """IoU of a box with each of some others that lie upon its centre.

    Args:
        size: width and height.
        others: (k, 2) widths and heights.

    Example:
        >>> shape_ious((2, 2), [(2, 2), (4, 2)]).tolist()
        [1.0, 0.5]
    """
    one, many = np.asarray(size, np.float64), np.asarray(others, np.float64)
    both = np.minimum(one, many).prod(-1)
    return np.asarray(both / (one.prod() + many.prod(-1) - both))
