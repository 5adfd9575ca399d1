"""From the raw numbers of YOLOv3's output maps to boxes, with every number on the way.

A map has one cell for each square of the picture (`stride` pixels wide), each cell some
anchors, each anchor 5 + C numbers: t_x, t_y, t_w, t_h, t_o, and one for each class. All arrays
here are (rows, columns, anchors) or have one axis more behind that, so that every number of
one box has the same place in all of them.

Source: Redmon & Farhadi 2018, "YOLOv3: An incremental improvement", figure 2 and section 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float32]
Anchors = tuple[tuple[float, float], ...]

TINY_ANCHORS: Anchors = ((10, 14), (23, 27), (37, 58), (81, 82), (135, 169), (344, 319))
"""Width and height in pixels of a picture of 416, the same for all cells of a map.

Source: Darknet's yolov3-tiny.cfg; k-means over the boxes of COCO's training set.
"""
TINY_MASKS: tuple[tuple[int, ...], ...] = ((3, 4, 5), (1, 2, 3))
"""Which of them the coarse and the fine map have.

The weights were trained with 1, 2, 3 on the fine map. Some copies of the cfg say 0, 1, 2; with
those the boxes of the fine map come out about 1.6 times too small. Anchor 0 is never used.
"""
MOST_EXPONENT = 20.0
"""t_w and t_h are cut off here: e^20 anchors are wider than any picture, and e^89 is no
float32 any more. A trained network stays below 3."""


@dataclass(frozen=True, eq=False)
class YoloHead:
    """One output map, decoded.

    Attributes:
        raw: (rows, columns, anchors, 5 + C) float32: what the network gave.
        anchors: width and height of each anchor, in pixels of the network's input.
        side: width and height of the network's input, in pixels.
    """

    raw: Floats
    anchors: Anchors
    side: int

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.raw.shape[0], self.raw.shape[1]

    @property
    def classes(self) -> int:
        """How many classes are told apart."""
        return int(self.raw.shape[-1] - 5)

    @property
    def stride(self) -> tuple[float, float]:
        """Height and width of a cell, in pixels of the network's input."""
        rows, columns = self.grid
        return self.side / rows, self.side / columns

    # What the network gave

    @property
    def t_x(self) -> Floats:
        """Raw number of the centre's place from left to right in its cell."""
        return self.raw[..., 0]

    @property
    def t_y(self) -> Floats:
        """Raw number of the centre's place from top to bottom in its cell."""
        return self.raw[..., 1]

    @property
    def t_w(self) -> Floats:
        """Raw number of the width: the logarithm of how many anchors it is wide."""
        return self.raw[..., 2]

    @property
    def t_h(self) -> Floats:
        """Raw number of the height: the logarithm of how many anchors it is high."""
        return self.raw[..., 3]

    @property
    def t_o(self) -> Floats:
        """Logit of there being an object."""
        return self.raw[..., 4]

    @property
    def t_classes(self) -> Floats:
        """(rows, columns, anchors, C): logit of each class, given that there is an object."""
        return self.raw[..., 5:]

    # Where the cell is, and how large the anchor

    @cached_property
    def column(self) -> Floats:
        """c_x: the cell's column, from 0."""
        rows, columns = self.grid
        cells = np.arange(columns, dtype=np.float32)[None, :, None]
        return np.broadcast_to(cells, (rows, columns, len(self.anchors)))

    @cached_property
    def row(self) -> Floats:
        """c_y: the cell's row, from 0."""
        rows, columns = self.grid
        cells = np.arange(rows, dtype=np.float32)[:, None, None]
        return np.broadcast_to(cells, (rows, columns, len(self.anchors)))

    @cached_property
    def anchor_width(self) -> Floats:
        """p_w: width of the anchor, in pixels of the network's input."""
        return np.broadcast_to(
            np.array([w for w, _ in self.anchors], np.float32), self.t_w.shape
        )

    @cached_property
    def anchor_height(self) -> Floats:
        """p_h: height of the anchor, in pixels of the network's input."""
        return np.broadcast_to(
            np.array([h for _, h in self.anchors], np.float32), self.t_h.shape
        )

    # The steps of decoding

    @cached_property
    def offset_x(self) -> Floats:
        """sigmoid(t_x): where in its cell the centre is, 0 at its left, 1 at its right."""
        return sigmoid(self.t_x)

    @cached_property
    def offset_y(self) -> Floats:
        """sigmoid(t_y): where in its cell the centre is, 0 at its top, 1 at its bottom."""
        return sigmoid(self.t_y)

    @cached_property
    def centre_x(self) -> Floats:
        """b_x = (sigmoid(t_x) + c_x) stride, in pixels of the network's input."""
        return (self.offset_x + self.column) * np.float32(self.stride[1])

    @cached_property
    def centre_y(self) -> Floats:
        """b_y = (sigmoid(t_y) + c_y) stride, in pixels of the network's input."""
        return (self.offset_y + self.row) * np.float32(self.stride[0])

    @cached_property
    def width(self) -> Floats:
        """b_w = p_w e^t_w, in pixels of the network's input."""
        return self.anchor_width * np.exp(np.minimum(self.t_w, np.float32(MOST_EXPONENT)))

    @cached_property
    def height(self) -> Floats:
        """b_h = p_h e^t_h, in pixels of the network's input."""
        return self.anchor_height * np.exp(np.minimum(self.t_h, np.float32(MOST_EXPONENT)))

    @cached_property
    def objectness(self) -> Floats:
        """sigmoid(t_o): how likely it is that the box holds an object."""
        return sigmoid(self.t_o)

    @cached_property
    def class_probabilities(self) -> Floats:
        """(rows, columns, anchors, C): each class on its own; they need not add up to 1."""
        return sigmoid(self.t_classes)

    # What comes of it

    @cached_property
    def boxes(self) -> Floats:
        """(rows, columns, anchors, 4): xyxy in pixels of the network's input."""
        half_w, half_h = self.width / 2, self.height / 2
        return np.stack(
            [
                self.centre_x - half_w,
                self.centre_y - half_h,
                self.centre_x + half_w,
                self.centre_y + half_h,
            ],
            axis=-1,
        )

    @cached_property
    def scores(self) -> Floats:
        """(rows, columns, anchors, C): objectness times the probability of the class."""
        return self.objectness[..., None] * self.class_probabilities


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + e^-x), without an overflow for large numbers."""
    return np.asarray(expit(values), np.float32)


def decode(raw: npt.ArrayLike, anchors: Sequence[tuple[float, float]], side: int) -> YoloHead:
    """Decode one output map.

    Args:
        raw: (rows, columns, anchors x (5 + C)) numbers, or (rows, columns, anchors, 5 + C).
        anchors: width and height of each, in pixels of the network's input.
        side: width and height of the network's input, in pixels.

    Raises:
        ValueError: the map's depth does not fit the number of anchors.

    Example:
        >>> head = decode(np.zeros((1, 1, 6)), [(10, 14)], 32)
        >>> head.boxes[0, 0, 0].tolist()
        [11.0, 9.0, 21.0, 23.0]
    """
    values = np.asarray(raw, np.float32)
    if values.ndim == 3 and anchors and values.shape[2] % len(anchors) == 0:
        values = values.reshape(*values.shape[:2], len(anchors), -1)
    if values.ndim != 4 or values.shape[2] != len(anchors) or values.shape[3] < 5:
        raise ValueError(
            f"A map of shape {np.shape(raw)} does not hold 5 + C numbers for each of "
            f"{len(anchors)} anchors. Its depth has to be {len(anchors)} x (5 + C)."
        )
    pairs = tuple((float(width), float(height)) for width, height in anchors)
    return YoloHead(values, pairs, side)


def decode_tiny(maps: Sequence[npt.ArrayLike], side: int) -> tuple[YoloHead, ...]:
    """Decode both maps of YOLOv3-tiny.

    Args:
        maps: the coarse and the fine one, each (rows, columns, 3 x (5 + C)).
        side: width and height of the network's input, in pixels.
    """
    return tuple(
        decode(raw, [TINY_ANCHORS[index] for index in mask], side)
        for raw, mask in zip(maps, TINY_MASKS, strict=True)
    )
