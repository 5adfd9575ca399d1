"""An original beside what was drawn from it: pictures, boxes, masks, and words below each.

Boxes and outlines of masks are drawn by the browser, from numbers: sharp at every size, and
never blended as pixels are. In the original boxes can be moved, drawn and taken away by hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component
from core.ui.components.tiles import percent, sheet
from core.ui.pictures import jpeg_address, png_address

Images = npt.NDArray[np.uint8]

MOST_PIXELS = 480_000
"""Pixels of all pictures together that are sent; larger ones are made smaller first."""
LONGEST = 384
"""Longer side of one picture as it is sent, at most."""
LOSSLESS = 70_000
"""Pixels of all pictures together up to which nothing is lost on the way."""
QUALITY = 82
"""Of JPEG, without any saving on colour: errors are below what a screen shows."""
BLOCK = 8
"""JPEG works in squares of so many pixels; no square may hold parts of two pictures."""
OUTLINE_ERROR = 0.8
"""Pixels by which a mask's outline may be off, so that fewer points are sent."""

code = Component("draws", "colour")


@dataclass(frozen=True, slots=True)
class Frame:
    """A box in a picture.

    Attributes:
        xyxy: left, top, right, bottom in pixels of the picture.
        name: of what is in it.
        number: from 1; gives the colour, as for masks.
        partly: whether a part of it is cut off or covered.
    """

    xyxy: tuple[float, float, float, float]
    name: str
    number: int
    partly: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What stands at one picture.

    Attributes:
        caption: what was drawn.
        detail: a second, quieter line.
        quiet: whether nothing has happened to it.
        shares: of the new label: name and share.
        frames: boxes.
        mask: (H, W) numbers of objects, 0 is background; None for none.
    """

    caption: str
    detail: str = ""
    quiet: bool = False
    shares: Sequence[tuple[str, float]] = ()
    frames: Sequence[Frame] = ()
    mask: Images | None = field(default=None)


def draws(
    original: tuple[Images, Cell] | None,
    drawn: tuple[Images, Sequence[Cell]],
    trail: tuple[Images, Sequence[Cell]] | None = None,
    *,
    key: str,
    alt: str,
    trail_title: str = "",
    followed: int | None = None,
    editable: bool = False,
    stale: str = "",
    on_follow: Callable[[], None] | None = None,
    on_frames: Callable[[], None] | None = None,
) -> None:
    """Show them; `told` reads what was clicked or drawn by hand.

    Args:
        original: (H, W, C) uint8 and what stands at it; None where the trail begins with it.
        drawn: (n, H, W, C) uint8 and what stands at each; n may be 0.
        trail: the followed draw after each step, and what stands at each.
        key: the component's key.
        alt: what is to be seen, for a person who cannot.
        trail_title: heading of the trail.
        followed: which draw that is.
        editable: whether the boxes of the original can be changed.
        stale: why there are no draws yet, so that those of before stay; empty where there are.
        on_follow: called when a draw is clicked.
        on_frames: called when boxes were changed.
    """
    data = draws_data(
        original, drawn, trail,
        alt=alt, trail_title=trail_title, followed=followed, editable=editable, stale=stale,
        selectable=on_follow is not None,
    )  # fmt: skip
    code.mount(
        key=key,
        data=data,
        on_follow_change=on_follow or _ignore,
        on_frames_change=on_frames or _ignore,
    )


def draws_data(
    original: tuple[Images, Cell] | None,
    drawn: tuple[Images, Sequence[Cell]],
    trail: tuple[Images, Sequence[Cell]] | None = None,
    *,
    alt: str,
    trail_title: str = "",
    followed: int | None = None,
    editable: bool = False,
    stale: str = "",
    selectable: bool = False,
) -> dict[str, Any]:
    """What the browser is sent: the pictures in one, the boxes and outlines as numbers.

    Raises:
        ValueError: pictures and cells are not as many.
    """
    images, cells = drawn
    steps, step_cells = trail or (images[:0], ())
    if len(images) != len(cells) or len(steps) != len(step_cells):
        raise ValueError(
            f"{len(images)} draws with {len(cells)} cells, {len(steps)} steps with "
            f"{len(step_cells)} cells: use one cell each."
        )
    height, width = (original[0] if original else (images if len(images) else steps)[0]).shape[
        :2
    ]
    small = reduced([*images, *steps])
    return {
        "alt": alt,
        "stale": stale,
        "width": width,
        "height": height,
        "sheet": _sheet(small),
        "original": None
        if original is None
        else {**_cell(original[1], height, width), "src": address(reduced([original[0]])[0])},
        "editable": editable,
        "draws": [_cell(cell, height, width) for cell in cells],
        "trail": [_cell(cell, height, width) for cell in step_cells],
        "trailTitle": trail_title,
        "followed": -1 if followed is None else followed,
        "selectable": selectable,
    }


def reduced(images: Sequence[Images]) -> list[Images]:
    """The pictures, no larger together than is to be sent."""
    if not len(images):
        return []
    height, width = images[0].shape[:2]
    scale = min(
        LONGEST / max(height, width), math.sqrt(MOST_PIXELS / (len(images) * height * width))
    )
    if scale >= 1:
        return list(images)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in images]
    return [np.asarray(one, np.uint8).reshape(size[1], size[0], -1) for one in small]


def address(image: Images) -> str:
    """A picture as an address: PNG where it is small, else JPEG with full colour.

    Args:
        image: (H, W, C) uint8, C = 1 or 3.
    """
    flat = image[..., 0] if image.shape[2] == 1 else image
    if flat.shape[0] * flat.shape[1] <= LOSSLESS:
        return png_address(flat)
    return jpeg_address(flat, QUALITY, fine=True)


def _sheet(images: Sequence[Images]) -> dict[str, Any]:
    """All pictures in one, each in whole blocks of JPEG."""
    if not images:
        return {"src": "", "across": 1, "width": 1, "height": 1, "down": 1, "right": 1}
    height, width = images[0].shape[:2]
    room = ((0, -height % BLOCK), (0, -width % BLOCK), (0, 0))
    padded = np.stack([np.pad(image, room, "edge") for image in images])
    across = math.ceil(math.sqrt(len(images)))
    return {
        "src": address(sheet(padded, across)),
        "across": across,
        "width": width,
        "height": height,
        "down": padded.shape[1],
        "right": padded.shape[2],
    }


def _cell(cell: Cell, height: int, width: int) -> dict[str, Any]:
    return {
        "caption": cell.caption,
        "detail": cell.detail,
        "quiet": cell.quiet,
        "shares": [
            {"name": name, "share": round(float(share), 4), "text": percent(share)}
            for name, share in cell.shares
        ],
        "frames": [_frame(frame, height, width) for frame in cell.frames],
        "outlines": [] if cell.mask is None else outlines(cell.mask),
    }


def _frame(frame: Frame, height: int, width: int) -> dict[str, Any]:
    left, top, right, bottom = frame.xyxy
    return {
        "left": round(left / width, 4),
        "top": round(top / height, 4),
        "right": round(right / width, 4),
        "bottom": round(bottom / height, 4),
        "name": frame.name,
        "number": frame.number,
        "partly": frame.partly,
    }


def outlines(mask: Images) -> list[dict[str, Any]]:
    """The border of every object, as closed lines in shares of the picture's sides.

    Args:
        mask: (H, W) numbers of objects, 0 is background.
    """
    height, width = mask.shape
    found = []
    for number in np.unique(mask[mask > 0]).tolist():
        # Twice as large: a line runs round the pixels, not through their centres.
        twice = (mask == number).astype(np.uint8).repeat(2, 0).repeat(2, 1)
        lines, _ = cv2.findContours(twice, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        rings = [cv2.approxPolyDP(line, 2 * OUTLINE_ERROR, True)[:, 0] for line in lines]
        scaled = [(ring + 0.5) / (2 * width, 2 * height) for ring in rings if len(ring) > 2]
        found.append({"number": number, "rings": [_flat(ring) for ring in scaled]})
    return found


def _flat(ring: npt.NDArray[np.float64]) -> list[float]:
    return [round(value, 4) for value in ring.ravel().tolist()]


def _ignore() -> None:
    """Nothing can be clicked."""
