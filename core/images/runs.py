"""Masks as short text: how many pixels long each run is, row by row.

A mask of a million pixels with one round object is a few thousand numbers so, which travel
between browser and server at every stroke.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.images.decode import ImageError

LONGEST_TEXT = 2_000_000
"""Longest text that is read, in characters: half a million runs of any length."""

Mask = npt.NDArray[np.bool_]


def encode_runs(mask: npt.ArrayLike) -> str:
    """Lengths of the runs of equal pixels, outside and inside in turn, separated by commas.

    The first run is outside; it is 0 long where the first pixel is inside.

    Args:
        mask: (H, W) bool.

    Example:
        >>> encode_runs([[False, True], [True, False]])
        '1,2,1'
    """
    flat = np.asarray(mask, bool).ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    ends = [*changes.tolist(), flat.size]
    starts = [0, *changes.tolist()]
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    return ",".join(map(str, [0, *lengths] if flat.size and flat[0] else lengths))


def decode_runs(text: str, size_hw: tuple[int, int]) -> Mask:
    """The mask of `encode_runs`.

    Args:
        text: lengths of runs, outside first.
        size_hw: height and width of the mask.

    Returns:
        (H, W) bool.

    Raises:
        ImageError: these are no lengths, or they do not fill the mask. Nothing else is raised,
            whatever the text is.
    """
    height, width = size_hw
    words = text.split(",") if len(text) <= LONGEST_TEXT else []
    if not words or not all(word.isascii() and word.isdigit() for word in words):
        raise ImageError(
            f"What was painted arrived damaged ({len(text):,} characters). Paint it again."
        )
    # Longer numbers fill no picture, and Python takes its time to read them.
    lengths = [int(word) if len(word) < 10 else height * width + 1 for word in words]
    if sum(lengths) != height * width:
        raise ImageError(
            f"What was painted has {sum(lengths):,} pixels, the picture {width} x {height} = "
            f"{width * height:,}. Paint on this picture."
        )
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(height, width)
