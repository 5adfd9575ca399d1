"""Every pixel format of Pillow brought to 8-bit L, RGB or CMYK without transparency."""

import numpy as np
import numpy.typing as npt
import PIL.Image

_WIDE_MODES = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
_PLAIN_MODES = ("L", "RGB", "CMYK")
_GREY_MODES = ("1", "LA", "La")
_PREMULTIPLIED = {"La": "LA", "RGBa": "RGBA"}
_STRIP_PIXELS = 4_000_000


def flatten(
    picture: PIL.Image.Image,
    limits: tuple[float, float],
    box: tuple[int, int, int, int] | None = None,
) -> PIL.Image.Image:
    """Bring a picture, or a part of it, to 8 bits a channel, laid over white.

    Args:
        picture: a loaded picture of any mode.
        limits: what `value_range` gives for the whole picture.
        box: left, top, right and bottom of the part, in pixels; all of it without one.

    Returns:
        Mode L (from grey), CMYK (from CMYK) or RGB (from everything else).
    """
    part = picture if box is None else picture.crop(box)
    if picture.mode in _WIDE_MODES:
        return _narrow(part, picture, limits)
    if "transparency" in part.info and picture.mode in ("1", "L", "P", "RGB"):
        part = part.convert("LA" if picture.mode in ("1", "L") else "RGBA")
    elif picture.mode in ("PA", *_PREMULTIPLIED):
        part = part.convert(_PREMULTIPLIED.get(picture.mode, "RGBA"))
    if part.mode in ("LA", "RGBA"):
        return _over_white(part)
    if part.mode in _PLAIN_MODES:
        return part
    return part.convert("L" if part.mode in _GREY_MODES else "RGB")


def value_range(picture: PIL.Image.Image) -> tuple[float, float]:
    """The values that become black and white.

    Grey of 32 bits says nowhere what white is. Numbers that fit a customary scale are read
    on it (0..1 for fractions, 0..255, 0..65535); others are stretched from the smallest to
    the largest. Without a finite number the range is 0..1.

    Args:
        picture: a loaded picture of any mode.

    Returns:
        The two values; 0 and 255, which nobody asks for, in modes of fewer bits.
    """
    if picture.mode not in ("I", "F"):
        return 0.0, 255.0
    extremes = _extremes(picture)
    if not extremes:
        return 0.0, 1.0
    low = min(extreme[0] for extreme in extremes)
    high = max(extreme[1] for extreme in extremes)
    scales = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
    if low >= 0:
        for white in scales:
            if high <= white:
                return 0.0, white
    return low, high


def repair_colour_key(picture: PIL.Image.Image, data: bytes) -> None:
    """Scale a PNG's transparent colour to 8 bits, as its samples are.

    Pillow widens 2- and 4-bit grey to 0..255 and keeps the high byte of 16-bit colour, but
    leaves the colour in the tRNS chunk as the file states it (seen in Pillow 13.0), so that
    it matches nothing or the wrong grey. The bit depth is byte 24 of every PNG
    (PNG specification, 11.2.1 IHDR).

    Args:
        picture: an open picture; changed in place, and only its `info`.
        data: the file's bytes.
    """
    key = picture.info.get("transparency")
    if picture.format != "PNG" or key is None:
        return
    depth = data[24]
    if picture.mode == "L" and isinstance(key, int) and depth in (2, 4):
        picture.info["transparency"] = key * 255 // (2**depth - 1)
    elif picture.mode == "RGB" and isinstance(key, tuple) and depth == 16:
        picture.info["transparency"] = tuple(value >> 8 for value in key)


def _over_white(part: PIL.Image.Image) -> PIL.Image.Image:
    """The colour over white: a * colour + (1 - a) * white, rounded (Porter & Duff 1984)."""
    opaque = part.convert("L" if part.mode == "LA" else "RGB")
    white = PIL.Image.new(opaque.mode, opaque.size, "white")
    return PIL.Image.composite(opaque, white, part.getchannel("A"))


def _narrow(
    part: PIL.Image.Image, picture: PIL.Image.Image, limits: tuple[float, float]
) -> PIL.Image.Image:
    """Scale grey of more than 8 bits to 0..255, with white where a 16-bit PNG has its key."""
    values = np.asarray(part)
    if picture.mode.startswith("I;16"):
        grey = _from_16_bits(values)
        key = picture.info.get("transparency")
        if isinstance(key, int):
            grey[values == key] = 255
    else:
        grey = _from_range(values, *limits)
    return PIL.Image.fromarray(grey)


def _from_16_bits(values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Nearest level: v * 255 / 65535 = v / 257, and (v + 128) // 257 is it rounded."""
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _extremes(picture: PIL.Image.Image) -> list[tuple[float, float]]:
    """Smallest and largest number of each strip; strips without a finite one stay out."""
    width, height = picture.size
    # In strips, because a copy of the whole would double the memory.
    rows = max(1, _STRIP_PIXELS // width)
    tops = range(0, height, rows)
    strips = (
        np.asarray(picture.crop((0, top, width, min(top + rows, height)))) for top in tops
    )
    finite = (strip[np.isfinite(strip)] for strip in strips)
    return [(float(strip.min()), float(strip.max())) for strip in finite if strip.size]


def _from_range(
    values: npt.NDArray[np.generic], low: float, high: float
) -> npt.NDArray[np.uint8]:
    wide = np.nan_to_num(values.astype(np.float64), nan=low, posinf=high, neginf=low)
    span = (high - low) or 1.0
    return np.rint((wide - low) / span * 255.0).astype(np.uint8)
