"""KerasCV's YOLOv8 as arithmetic: its sizes, its points, its weights.

The picture is halved five times. A path goes back up from the coarsest map and down again, so
that each of the three finest (cells of 8, 16 and 32 pixels) knows of the others; a head upon
each gives 4 x 16 numbers for the edges of a box and one for each class. There is no anchor and
no objectness.

Source: KerasCV 0.9, `YOLOV8Detector`; its presets give the numbers of channels and blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.architecture.network import ArchitectureError

STRIDES = (8, 16, 32)
"""Height and width of a cell of each map, in pixels."""
EDGES, BINS = 4, 16
"""Left, top, right, bottom; each is a distribution over so many distances, in cells."""
BOX_CHANNELS = EDGES * BINS
SMALLEST_WIDTH = 32
"""Channels of the first stack of KerasCV's smallest preset, yolo_v8_xs_backbone."""


class Yolov8(BaseModel):
    """What the network is built from; its defaults are KerasCV's smallest preset.

    Attributes:
        kind: tells it from the grid.
        width: channels of the first stack, doubled from stack to stack.
        depth: blocks of the first and the last stack; the two between have twice as many.
        neck_depth: blocks of each stack on the way up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["yolov8"] = "yolov8"
    width: int = Field(SMALLEST_WIDTH, ge=8, le=64, multiple_of=8)
    depth: int = Field(1, ge=1, le=3)
    neck_depth: int = Field(1, ge=1, le=3)

    @property
    def stride(self) -> int:
        """Height and width of a cell of the finest map, in pixels."""
        return STRIDES[0]

    @property
    def channels(self) -> tuple[int, int, int, int]:
        """Of each stack, as KerasCV takes them."""
        width = self.width
        return width, 2 * width, 4 * width, 8 * width

    @property
    def depths(self) -> tuple[int, int, int, int]:
        """Blocks of each stack, as KerasCV takes them."""
        return self.depth, 2 * self.depth, 2 * self.depth, self.depth


@dataclass(frozen=True, slots=True)
class Layer:
    """One convolution, with the batch norm behind it where it has one.

    Attributes:
        name: of the part of the network that it belongs to.
        side: height and width of what comes out, in cells.
        maps: that come out.
        parameters: weights, with the statistics of its batch norm.
    """

    name: str
    side: int
    maps: int
    parameters: int


def layers(network: Yolov8, side: int, classes: int, channels: int = 3) -> Iterator[Layer]:
    """Every convolution, from the input to the outputs.

    Raises:
        ArchitectureError: the side is no whole number of the coarsest cells.
    """
    check_side(side)
    first, *widths = network.channels
    yield _conv("stem_1", side // 2, channels, first // 2, 3)
    yield _conv("stem_2", side // 4, first // 2, first, 3)
    yield from _block("stack1", side // 4, first, first, network.depths[0])
    before, size = first, side // 4
    for number, (width, depth) in enumerate(zip(widths, network.depths[1:], strict=True), 2):
        size //= 2
        yield _conv(f"stack{number}", size, before, width, 3)
        yield from _block(f"stack{number}", size, width, width, depth)
        before = width
    yield _conv("stack4", size, before, before // 2, 1)
    yield _conv("stack4", size, before // 2 * 4, before, 1)
    yield from _neck(network, side)
    yield from _heads(network, side, classes)


def _neck(network: Yolov8, side: int) -> Iterator[Layer]:
    """Up from the coarsest map, and down again; KerasCV goes down with two blocks each."""
    fine, middle, coarse = network.channels[1:]
    sides = [side // stride for stride in STRIDES]
    yield from _block("up_16", sides[1], coarse + middle, middle, network.neck_depth)
    yield from _block("up_8", sides[0], middle + fine, fine, network.neck_depth)
    yield _conv("down_16", sides[1], fine, fine, 3)
    yield from _block("down_16", sides[1], fine + middle, middle, 2)
    yield _conv("down_32", sides[2], middle, middle, 3)
    yield from _block("down_32", sides[2], middle + coarse, coarse, 2)


def _heads(network: Yolov8, side: int, classes: int) -> Iterator[Layer]:
    fine = network.channels[1]
    edges, named = max(BOX_CHANNELS, fine // 4), max(classes, fine)
    for stride, given in zip(STRIDES, network.channels[1:], strict=True):
        name, size = f"head_{stride}", side // stride
        for inner, out in ((edges, BOX_CHANNELS), (named, classes)):
            yield _conv(name, size, given, inner, 3)
            yield _conv(name, size, inner, inner, 3)
            yield Layer(name, size, out, inner * out + out)


def _conv(name: str, side: int, before: int, maps: int, kernel: int) -> Layer:
    """A convolution without bias, and a batch norm."""
    return Layer(name, side, maps, kernel**2 * before * maps + 4 * maps)


def _block(name: str, side: int, before: int, maps: int, depth: int) -> Iterator[Layer]:
    """A cross-stage block: half of the channels go through pairs of 3 x 3 convolutions."""
    hidden = maps // 2
    yield _conv(name, side, before, 2 * hidden, 1)
    for _ in range(2 * depth):
        yield _conv(name, side, hidden, hidden, 3)
    yield _conv(name, side, (depth + 2) * hidden, maps, 1)


def parameters(network: Yolov8, classes: int) -> int:
    """All weights, statistics of batch norm included.

    Example:
        >>> parameters(Yolov8(), 6)
        3433538
    """
    return sum(layer.parameters for layer in layers(network, STRIDES[-1], classes))


def points(side: int) -> int:
    """Places that each give a box: the cells of all three maps.

    Example:
        >>> points(96)
        189
    """
    return sum((side // stride) ** 2 for stride in STRIDES)


def check_side(side: int) -> None:
    """Refuse a side that leaves a part of a cell.

    Raises:
        ArchitectureError: with what would work.
    """
    if side % STRIDES[-1]:
        raise ArchitectureError(
            f"{side} pixels are no whole number of cells of {STRIDES[-1]}, the coarsest of "
            f"YOLOv8. Use {nearest_side(side)}."
        )


def nearest_side(side: int) -> int:
    """The nearest side of whole cells."""
    return max(round(side / STRIDES[-1]), 1) * STRIDES[-1]
