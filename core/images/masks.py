"""Masks as files: PNG with one number a pixel, with a palette as VOC's are, or plain.

A mask is no photo: its numbers are names. A format that changes them (JPEG), colours in place
of numbers, or another size would make another mask of it, so all that is refused.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import PIL.Image

from core.images.decode import MAX_BYTES, MAX_PIXELS, ImageError

Labels = npt.NDArray[np.uint8]
Palette = tuple[tuple[int, int, int], ...]

_FIRST_BYTES = b"\x89PNG\r\n\x1a\n"
_DEPTH_AT = 24
_IN_WORDS = {
    "RGB": "colours (RGB)",
    "RGBA": "colours with transparency (RGBA)",
    "LA": "grey with transparency",
    "PA": "palette colours with transparency",
    "I": "32-bit numbers",
    "I;16": "16-bit numbers",
}
_WHAT_WORKS = (
    "Save the mask as PNG with 8 bits a pixel, either a palette (as VOC's masks) or grey, in "
    "which the number of a pixel is its class."
)


@dataclass(frozen=True, slots=True, eq=False)
class MaskFile:
    """What a mask file holds.

    Attributes:
        labels: (H, W) uint8: the number of each pixel.
        palette: red, green and blue of each number; empty where the file has none.
    """

    labels: Labels
    palette: Palette = ()

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """(H, W) bool: every pixel that is not 0."""
        return np.asarray(self.labels > 0)


def encode_mask(mask: npt.NDArray[np.generic], palette: Palette = ()) -> bytes:
    """A mask as PNG, 8 bits a pixel.

    Args:
        mask: (H, W) bool, stored as 0 and 255, so that it can be seen; or whole numbers
            0..255, stored as they are.
        palette: colours of the numbers from 0 on, at most 256; the file then shows them and
            still holds the numbers, as VOC's masks do. Truth values are stored as 0 and 1
            with it.

    Raises:
        ImageError: the mask has other numbers, another shape or more numbers than colours.
    """
    if mask.ndim != 2 or mask.size == 0:
        raise ImageError(
            f"A mask of shape {mask.shape} cannot be stored. Use (height, width) with at least "
            "one pixel."
        )
    picture = PIL.Image.fromarray(_as_bytes(mask, 1 if palette else 255))
    if palette:
        most = int(np.max(mask))
        if not most < len(palette) <= 256:
            raise ImageError(
                f"A mask with numbers up to {most} needs {most + 1} to 256 colours; the "
                f"palette has {len(palette)}."
            )
        picture.putpalette([level for colour in palette for level in colour])
    stream = io.BytesIO()
    picture.save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def decode_mask(data: bytes, size_hw: tuple[int, int] | None = None) -> MaskFile:
    """Read a mask that was stored as PNG with a palette, in grey or in black and white.

    Args:
        data: the file's bytes.
        size_hw: height and width of the picture that it belongs to; None for any.

    Raises:
        ImageError: it is no such file, is damaged, or has another size than the picture.
    """
    picture = _opened(data)
    if picture.mode not in ("1", "L", "P"):
        found = _IN_WORDS.get(picture.mode, f"pixels of the kind {picture.mode}")
        raise ImageError(f"This mask holds {found}, not one number a pixel. {_WHAT_WORKS}")
    width, height = picture.size
    if size_hw is not None and (height, width) != tuple(size_hw):
        raise ImageError(
            f"The mask has {width} x {height} pixels, the picture {size_hw[1]} x {size_hw[0]}. "
            "A mask belongs to a picture pixel by pixel: bring it to the picture's size "
            "without averaging (nearest neighbour)."
        )
    try:
        labels = np.array(picture, dtype=np.uint8)
    # A damaged stream raises whatever the decoder met, see `core.images.decode`.
    except Exception as error:
        raise ImageError(
            f"The mask of {width} x {height} pixels is damaged or incomplete ({len(data):,} "
            "bytes arrived). Save it again as PNG and try again."
        ) from error
    if picture.mode == "L":
        # Of 2 and 4 bits a pixel Pillow makes greys from 0 to 255: back to the numbers.
        labels //= {2: 85, 4: 17}.get(data[_DEPTH_AT], 1)
    levels = picture.getpalette() or [] if picture.mode == "P" else []
    colours = zip(levels[::3], levels[1::3], levels[2::3], strict=True)
    return MaskFile(labels, tuple(colours))


def _opened(data: bytes) -> PIL.Image.Image:
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The mask's file has {len(data):,} bytes; at most {MAX_BYTES:,} work. Save it as "
            "PNG, which makes a mask small."
        )
    if not data.startswith(_FIRST_BYTES):
        raise ImageError(
            f"This is no PNG file. Other formats change the numbers in a mask. {_WHAT_WORKS}"
        )
    try:
        picture = PIL.Image.open(io.BytesIO(data), formats=("PNG",))
    except Exception as error:
        raise ImageError(f"The mask's file is damaged. {_WHAT_WORKS}") from error
    width, height = picture.size
    if not 0 < width * height <= MAX_PIXELS:
        raise ImageError(
            f"The mask has {width:,} x {height:,} pixels; at most {MAX_PIXELS:,} work. Make it "
            "smaller, with its picture."
        )
    return picture


def _as_bytes(mask: npt.NDArray[np.generic], true: int) -> Labels:
    """Truth values and numbers as bytes."""
    if mask.dtype == np.bool_:
        return mask.astype(np.uint8) * np.uint8(true)
    if not np.issubdtype(mask.dtype, np.integer):
        raise ImageError(
            f"A mask of {mask.dtype} cannot be stored as PNG with 8 bits. Cut it at a "
            "threshold first, such as mask > 0.5."
        )
    low, high = int(np.min(mask)), int(np.max(mask))
    if low < 0 or high > 255:
        raise ImageError(
            f"A mask with numbers from {low} to {high} does not fit into 8 bits. Use 0 to 255."
        )
    return mask.astype(np.uint8)
