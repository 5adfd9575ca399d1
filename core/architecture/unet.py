"""The U-Net as arithmetic: the size of the maps at every rung, what is cropped, what is learnt.

Source: Ronneberger, Fischer & Brox 2015, "U-Net: Convolutional networks for biomedical image
segmentation", figure 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.architecture.network import ArchitectureError

Up = Literal["transposed", "bilinear", "unpooling"]
Padding = Literal["same", "valid"]
Kind = Literal["input", "convolution", "pool", "up", "skip", "output"]

SMALLEST_SIDE, LARGEST_SIDE = 16, 1024
"""Bounds of a picture's side, in pixels."""


class UNet(BaseModel):
    """What a U-Net is built from; its defaults train within two minutes on two cores.

    Attributes:
        depth: how often the maps are halved; the published network has 4.
        width: maps of the first level, doubled with every halving; published: 64.
        skips: whether the maps of the way down are laid beside those of the way up.
        up: how maps are enlarged: a transposed convolution, bilinear interpolation, or
            unpooling, which puts each value back to where pooling took its maximum from. The
            latter two halve the number of maps by a 1 x 1 convolution first.
        padding: "same" keeps the size in each convolution; "valid" loses a rim of one pixel,
            as published, so that the skips have to be cropped.
        norm: batch norm after each 3 x 3 convolution; the published network has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    depth: int = Field(3, ge=1, le=5)
    width: int = Field(12, ge=2, le=64)
    skips: bool = True
    up: Up = "bilinear"
    padding: Padding = "same"
    norm: bool = True

    @property
    def channels(self) -> tuple[int, ...]:
        """Maps of each level, the topmost first."""
        return tuple(self.width * 2**level for level in range(self.depth + 1))


PUBLISHED = UNet(depth=4, width=64, up="transposed", padding="valid", norm=False)
"""As in the paper: 572 x 572 x 1 in, 388 x 388 x 2 out. (Its up-convolution of 2 x 2 is a
transposed convolution in the authors' code.)"""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the way down and up again.

    Attributes:
        name: of the layer.
        kind: what is done.
        level: 0 at the top.
        side_hw: height and width of what comes out.
        channels: maps that come out.
        parameters: weights of the step, all that `count_params` of Keras counts.
        crop_hw: "skip": rows and columns that the map of the way down loses at each side.
        explanation: the arithmetic as a line.
    """

    name: str
    kind: Kind
    level: int
    side_hw: tuple[int, int]
    channels: int
    parameters: int = 0
    crop_hw: tuple[int, int] = (0, 0)
    explanation: str = ""


def ladder(
    unet: UNet, size_hw: tuple[int, int], channels: int = 3, classes: int = 2
) -> tuple[Rung, ...]:
    """Every step of a U-Net with its sizes, from the input to the output.

    Args:
        unet: the network.
        size_hw: height and width of the pictures.
        channels: of the pictures.
        classes: maps of the output.

    Raises:
        ArchitectureError: the size does not go through; the message names sizes that do.

    Example:
        >>> rungs = ladder(PUBLISHED, (572, 572), channels=1)
        >>> rungs[-1].side_hw, [rung.crop_hw[0] for rung in rungs if rung.kind == "skip"]
        ((388, 388), [4, 16, 40, 88])
    """
    check_size(unet, size_hw)
    rungs = [Rung("input", "input", 0, size_hw, channels)]
    down = []
    for level in range(unet.depth):
        rungs += _convolutions(unet, rungs[-1], level, "down")
        down.append(rungs[-1])
        half = _each(rungs[-1].side_hw, lambda side: side // 2)
        line = f"{_text(rungs[-1].side_hw)}, halved"
        pooled = Rung(
            f"pool_{level}", "pool", level + 1, half, rungs[-1].channels, 0, (0, 0), line
        )
        rungs.append(pooled)
    rungs += _convolutions(unet, rungs[-1], unet.depth, "bottom")
    for level in reversed(range(unet.depth)):
        rungs.append(_up(unet, rungs[-1], level))
        if unet.skips:
            rungs.append(_skip(rungs[-1], down[level]))
        rungs += _convolutions(unet, rungs[-1], level, "up")
    last = rungs[-1]
    weights = (last.channels + 1) * classes
    rungs.append(Rung("output", "output", 0, last.side_hw, classes, weights, (0, 0),
                      f"1 x 1: {last.channels} maps to {classes} classes"))  # fmt: skip
    return tuple(rungs)


def parameters(unet: UNet, channels: int = 3, classes: int = 2) -> int:
    """All weights of the network, statistics of batch norm included."""
    fitting = nearest_sizes(unet, LARGEST_SIDE // 2)[-1]
    return sum(rung.parameters for rung in ladder(unet, (fitting, fitting), channels, classes))


def output_size(unet: UNet, size_hw: tuple[int, int]) -> tuple[int, int]:
    """Height and width of the map of classes.

    Raises:
        ArchitectureError: the size does not go through.
    """
    return ladder(unet, size_hw)[-1].side_hw


def check_size(unet: UNet, size_hw: tuple[int, int]) -> None:
    """Refuse a size that cannot be halved as often as the network does.

    Raises:
        ArchitectureError: the message names sizes that can.
    """
    for side in size_hw:
        problem = _problem(unet, side)
        if problem:
            near = " or ".join(map(str, nearest_sizes(unet, side)))
            raise ArchitectureError(
                f"{_text(size_hw)} pixels do not go through a U-Net of depth {unet.depth} "
                f"with '{unet.padding}' convolutions: {problem}. Use a side of {near}, or "
                "another depth."
            )


def nearest_sizes(unet: UNet, side: int) -> tuple[int, ...]:
    """The next smaller and the next larger side that go through; one where it is the side."""
    fits = [n for n in range(2, 2 * LARGEST_SIDE) if not _problem(unet, n)]
    below = [n for n in fits if n <= side][-1:]
    above = [n for n in fits if n >= side][:1]
    return tuple(sorted({*below, *above}))


def _problem(unet: UNet, side: int) -> str:
    """Why a side does not go through; empty where it does."""
    lost = 4 if unet.padding == "valid" else 0
    for level in range(unet.depth):
        side -= lost
        if side < 2 or side % 2:
            return f"level {level} would have to halve {side}"
        side //= 2
    for level in reversed(range(unet.depth + 1)):
        side -= lost
        if side < 1:
            return f"level {level} would have {max(side, 0)} pixels left"
        side *= 2
    return ""


def _convolutions(unet: UNet, before: Rung, level: int, way: str) -> list[Rung]:
    """Two of 3 x 3."""
    rungs = []
    wide, size = unet.channels[level], before.side_hw
    incoming = before.channels
    for number in (1, 2):
        after = size if unet.padding == "same" else _each(size, lambda side: side - 2)
        weights = 9 * incoming * wide + (4 if unet.norm else 1) * wide
        line = f"3 x 3, {incoming} to {wide} maps"
        line += "" if unet.padding == "same" else f": {_text(size)} less a rim of 1"
        name = f"{way}_{level}_conv_{number}"
        rungs.append(Rung(name, "convolution", level, after, wide, weights, (0, 0), line))
        size, incoming = after, wide
    return rungs


def _up(unet: UNet, before: Rung, level: int) -> Rung:
    wide = unet.channels[level]
    kernel = 4 if unet.up == "transposed" else 1
    weights = (kernel * before.channels + 1) * wide
    how = {
        "transposed": "transposed 2 x 2, stride 2",
        "bilinear": "1 x 1, then bilinear",
        "unpooling": "1 x 1, then unpooled",
    }[unet.up]
    line = f"{how}: {before.channels} to {wide} maps, {_text(before.side_hw)} doubled"
    doubled = _each(before.side_hw, lambda side: side * 2)
    return Rung(f"up_{level}", "up", level, doubled, wide, weights, (0, 0), line)


def _skip(up: Rung, down: Rung) -> Rung:
    crop = (
        (down.side_hw[0] - up.side_hw[0]) // 2,
        (down.side_hw[1] - up.side_hw[1]) // 2,
    )
    line = f"{down.channels} maps of {_text(down.side_hw)} beside {up.channels}"
    if crop != (0, 0):
        line += f", cropped by {crop[0]} at each side"
    return Rung(
        f"skip_{down.level}", "skip", down.level, up.side_hw, down.channels + up.channels, 0,
        crop, line,
    )  # fmt: skip


def _each(size_hw: tuple[int, int], change: Callable[[int], int]) -> tuple[int, int]:
    height, width = size_hw
    return change(height), change(width)


def _text(size_hw: tuple[int, int]) -> str:
    return f"{size_hw[0]} x {size_hw[1]}"
