"""Pictures side by side, each with what there is to say about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from core.ui.components.source import Component
from core.ui.pictures import png_address

Images = npt.NDArray[np.uint8]

MOST_TILES = 200
"""Most pictures of one call."""

MOST_PIXELS = 1_500_000
"""Most pixels that are sent; larger pictures are made smaller first."""

code = Component("tiles", "colour")


@dataclass(frozen=True, slots=True)
class Tile:
    """What stands with one picture.

    Attributes:
        caption: the line below it.
        detail: a second, quieter line.
        right: whether an answer is right or wrong, which gives a sign and a frame; None where
            there is no answer.
        bars: name and probability (0 to 1) of classes, in the order in which they are to stand.
        truth: name of the true class, marked among the bars.
        alt: what a person hears who cannot see the picture; the caption if empty.
    """

    caption: str
    detail: str = ""
    right: bool | None = None
    bars: tuple[tuple[str, float], ...] = ()
    truth: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over the pictures that follow.

    Attributes:
        title: the heading.
        size: how many pictures stand below it.
        text: a number or two beside it.
        share: length of a bar beside it, 0 to 1; None for no bar.
    """

    title: str
    size: int
    text: str = ""
    share: float | None = None


def show(
    images: Images,
    captions: Sequence[Tile | str],
    *,
    key: str,
    alt: str = "Pictures",
    groups: Sequence[Group] = (),
    side_px: int = 96,
    chosen: int | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Show pictures in rows that wrap.

    Small pictures are enlarged by a whole number, every pixel a square.

    Args:
        images: (n, H, W, C) uint8, C = 1 or 3, n at most `MOST_TILES`.
        captions: what stands with each; a text is a caption.
        key: the component's key; `selected(key)` gives the picture that was just clicked.
        alt: what the pictures are, for a person who cannot see them.
        groups: headings; their sizes add up to n. Without any there is none.
        side_px: width of a picture on the screen, about, in CSS pixels.
        chosen: the picture that is marked as chosen.
        on_select: called when a picture is clicked; None lets none be clicked.

    Raises:
        ValueError: there are too many pictures, or their number is not that of the captions.
    """
    data = tiles_data(
        images,
        captions,
        alt=alt,
        groups=groups,
        side_px=side_px,
        chosen=chosen,
        selectable=on_select is not None,
    )
    code.mount(key=key, data=data, on_select_change=on_select or _ignore)


def selected(key: str) -> int | None:
    """Place of the picture that was just clicked, in `on_select` and the run that follows."""
    place = (st.session_state.get(key) or {}).get("select")
    return int(place) if isinstance(place, int | float) else None


def tiles_data(
    images: Images,
    captions: Sequence[Tile | str],
    *,
    alt: str = "Pictures",
    groups: Sequence[Group] = (),
    side_px: int = 96,
    chosen: int | None = None,
    selectable: bool = False,
) -> dict[str, Any]:
    """What the browser is sent: one picture of all pictures, and the words.

    Raises:
        ValueError: as in `show`.
    """
    _check(images, captions, groups)
    tiles = [Tile(each) if isinstance(each, str) else each for each in captions]
    width, height = shown_size(images.shape[2], images.shape[1], side_px)
    small = _reduced(images, 2 * max(width, height))
    across = max(math.ceil(math.sqrt(len(small))), 1)
    return {
        "alt": alt,
        "sheet": _address(sheet(small, across)) if len(small) else "",
        "across": across,
        "tileWidth": small.shape[2],
        "tileHeight": small.shape[1],
        "width": width,
        "height": height,
        "tiles": [_tile(tile) for tile in tiles],
        "groups": [
            {"title": g.title, "size": g.size, "text": g.text, "share": g.share} for g in groups
        ],
        "chosen": -1 if chosen is None else chosen,
        "selectable": selectable,
    }


def shown_size(width: int, height: int, side_px: int) -> tuple[int, int]:
    """Width and height on the screen, in CSS pixels: a whole multiple, or made smaller.

    Example:
        >>> shown_size(28, 28, 96), shown_size(8, 8, 96), shown_size(256, 128, 96)
        ((84, 84), (96, 96), (96, 48))
    """
    longest = max(width, height)
    if longest > side_px:
        return _scaled(width, side_px / longest), _scaled(height, side_px / longest)
    factor = max(round(side_px / longest), 1)
    return width * factor, height * factor


def sheet(images: Images, across: int) -> Images:
    """All pictures in one, row by row; what is left of the last row is black.

    Args:
        images: (n, H, W, C) uint8, n at least 1.
        across: pictures in a row, at least 1.

    Returns:
        (rows * H, across * W, C) uint8.
    """
    n, height, width, channels = images.shape
    rows = math.ceil(n / across)
    laid = np.zeros((rows * across, height, width, channels), np.uint8)
    laid[:n] = images
    together = laid.reshape(rows, across, height, width, channels).swapaxes(1, 2)
    return together.reshape(rows * height, across * width, channels)


def _check(images: Images, captions: Sequence[Tile | str], groups: Sequence[Group]) -> None:
    if not len(images) == len(captions) <= MOST_TILES:
        raise ValueError(
            f"{len(images)} pictures with {len(captions)} captions cannot be shown. Use one "
            f"caption each, and at most {MOST_TILES}."
        )
    together = sum(group.size for group in groups)
    if groups and together != len(images):
        raise ValueError(f"groups of {together} pictures together do not hold {len(images)}.")


def _reduced(images: Images, longest: int) -> Images:
    """No more pixels than a sharp screen shows, and than are to be sent."""
    n, height, width, channels = images.shape
    if not n:
        return images
    scale = min(
        longest / max(height, width), math.sqrt(MOST_PIXELS / (n * height * width)), 1.0
    )
    if scale >= 1:
        return images
    size = (_scaled(width, scale), _scaled(height, scale))
    small = [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in images]
    return np.asarray(small, np.uint8).reshape(n, size[1], size[0], channels)


def _scaled(length: int, scale: float) -> int:
    return max(round(length * scale), 1)


def _address(picture: Images) -> str:
    flat = picture[..., 0] if picture.shape[2] == 1 else picture
    return png_address(flat)


def _tile(tile: Tile) -> dict[str, Any]:
    return {
        "caption": tile.caption,
        "detail": tile.detail,
        "state": {None: "", True: "right", False: "wrong"}[tile.right],
        "alt": tile.alt or ", ".join(text for text in (tile.caption, tile.detail) if text),
        "bars": [
            {
                "name": name,
                "share": round(float(share), 4),
                "text": percent(share),
                "true": name == tile.truth,
            }
            for name, share in tile.bars
        ],
    }


def percent(share: float) -> str:
    """A probability for the screen; never 0 % or 100 % where it is neither.

    Example:
        >>> [percent(p) for p in (0.0, 0.0004, 0.062, 0.5, 0.9996, 1.0)]
        ['0 %', '<1 %', '6 %', '50 %', '>99 %', '100 %']
    """
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1 %"
    if whole == 100 and share < 1:
        return ">99 %"
    return f"{whole} %"


def _ignore() -> None:
    """Nothing can be clicked."""
