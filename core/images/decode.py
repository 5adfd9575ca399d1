"""The one way by which a picture from outside becomes an array.

File names and MIME types are never asked: the bytes decide. The header is checked before a
pixel is decoded, a large picture is reduced strip by strip, and whatever goes wrong reaches
the page as one sentence in an `ImageError`.

Memory: decoding the largest picture accepted takes for a moment (measured, 50 million pixels)
60 MB as JPEG, 300 MB as progressive JPEG or PNG with alpha, 390 MB as TIFF, 450 MB as AVIF and
770 MB as WebP, whose decoder keeps three canvases; afterwards a picture takes at most 7.7 MB.
Of an animation or a TIFF of many pages only the first frame is read.
"""

import hashlib
import io
import re

import numpy as np
import numpy.typing as npt
import PIL.Image
from PIL import ExifTags, features

from core.images.modes import flatten, repair_colour_key, value_range
from core.images.profiles import to_srgb
from core.images.signatures import describe

MAX_BYTES = 20 * 1024 * 1024
"""Largest file accepted, in bytes."""

MAX_PIXELS = 50_000_000
"""Largest picture accepted, in pixels as its header states them."""

WORK_SIDE = 1600
"""Longest side of a decoded picture, in pixels; larger ones are reduced to it."""

FORMATS: tuple[str, ...] = (
    *("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"),
    *(("AVIF",) if "avif" in features.modules and features.check("avif") else ()),
)
"""Pillow's names of the formats tried, all others stay closed."""

FORMAT_NAMES = " or ".join(", ".join(FORMATS).replace("WEBP", "WebP").rsplit(", ", maxsplit=1))
"""The same for a sentence: 'JPEG, PNG, ... or AVIF'."""

_STRIP_PIXELS = 4_000_000
_REDUCING_GAP = 2.0

_TURNS: dict[int, PIL.Image.Transpose] = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}
"""EXIF tag 274 to the move that turns the picture upright (Exif 2.32, section 4.6.4)."""


class ImageError(ValueError):
    """A picture that cannot be used; its text is meant for the person at the page."""


def decode_image(data: bytes) -> npt.NDArray[np.uint8]:
    """Decode an uploaded picture into RGB.

    JPEG, PNG, WebP, GIF, BMP and TIFF work, and AVIF where Pillow has it. The picture is
    turned upright by its EXIF orientation, brought from its embedded colour profile to sRGB,
    laid over white where it is transparent, and reduced so that its long side is at most
    `WORK_SIDE`. 16-bit grey is scaled to 8 bits, not clipped.

    Args:
        data: the file's bytes, at most `MAX_BYTES`.

    Returns:
        (H, W, 3) uint8, RGB, C-contiguous, read-only.

    Raises:
        ImageError: the bytes are no picture, a damaged one or one too large. Nothing else
            is raised, whatever the bytes are.
    """
    _check_length(data)
    picture = _open(data)
    width, height = picture.size
    _check_pixels(width, height)
    try:
        return _decode(picture, data)
    # Decoders meet hostile bytes here. Pillow raises OSError, ValueError, TypeError,
    # SyntaxError, NotImplementedError, IndexError, KeyError, struct.error, zlib.error,
    # EOFError, OverflowError and MemoryError, and a truncated file fails only now: a list
    # of types would be wrong with the next release.
    except Exception as error:
        name = _format_name(picture)
        raise ImageError(
            f"The {name} picture of {width} x {height} pixels is damaged or incomplete "
            f"({len(data):,} bytes arrived). Save it again as PNG or JPEG and try again."
        ) from error


def digest(image: npt.NDArray[np.uint8]) -> str:
    """Short name of an image's content, for cache keys.

    Args:
        image: array of any shape; two images are the same when shape, dtype and every
            value are.

    Returns:
        32 hexadecimal digits (BLAKE2b, 128 bits).
    """
    head = f"{image.shape}{image.dtype.str}".encode()
    state = hashlib.blake2b(head, digest_size=16)
    state.update(np.ascontiguousarray(image).data)
    return state.hexdigest()


def _check_length(data: bytes) -> None:
    if not data:
        raise ImageError(
            f"The file is empty (0 bytes). Choose a {FORMAT_NAMES} picture and try again."
        )
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} "
            f"({MAX_BYTES // 1024**2} MB) work. Save the picture smaller and try again."
        )


def _check_pixels(width: int, height: int) -> None:
    pixels = width * height
    if pixels > MAX_PIXELS:
        raise ImageError(
            f"The picture has {width} x {height} = {_millions(pixels)} million pixels; "
            f"at most {_millions(MAX_PIXELS)} million work. Make it smaller and try again."
        )
    if pixels == 0:
        raise ImageError(
            f"The picture has {width} x {height} pixels, so there is nothing to see. "
            "Choose a picture with at least one pixel."
        )


def _open(data: bytes) -> PIL.Image.Image:
    """Read the header only; no pixel is decoded here."""
    try:
        return PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        # Pillow's own limit strikes before `_check_pixels` and hides width and height.
        raise _too_many_pixels(error) from error
    # As in `decode_image`: a broken header can raise nearly anything.
    except Exception as error:
        raise ImageError(describe(data, FORMAT_NAMES)) from error


def _too_many_pixels(error: Exception) -> ImageError:
    found = re.search(r"(\d+) pixels", str(error))
    count = f"{_millions(int(found[1]))} million" if found else "far too many"
    return ImageError(
        f"The picture has {count} pixels; at most {_millions(MAX_PIXELS)} million work. "
        "Make it smaller and try again."
    )


def _millions(pixels: int) -> str:
    """Millions, rounded up to a tenth so that a number over a limit never reads as it."""
    tenths = -(-pixels // 100_000)
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def _format_name(picture: PIL.Image.Image) -> str:
    """What the format is called; MPO is how Pillow calls a JPEG with a second picture."""
    name = picture.format or "uploaded"
    return {"MPO": "JPEG", "WEBP": "WebP"}.get(name, name)


def _decode(picture: PIL.Image.Image, data: bytes) -> npt.NDArray[np.uint8]:
    target = _work_size(*picture.size)
    # Only JPEG can decode at 1/2, 1/4 or 1/8 of its size; elsewhere this gives None.
    drafted = picture.draft(picture.mode, target)
    extent = drafted[1][2:] if drafted else picture.size
    picture.load()
    repair_colour_key(picture, data)
    small = _reduce(picture, target, extent)
    upright = _turn_upright(to_srgb(small, picture.info.get("icc_profile")), picture)
    image = np.array(upright, dtype=np.uint8)
    image.setflags(write=False)
    return image


def _work_size(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= WORK_SIDE:
        return width, height
    scale = WORK_SIDE / longest
    return max(1, round(width * scale)), max(1, round(height * scale))


def _reduce(
    picture: PIL.Image.Image, target: tuple[int, int], extent: tuple[float, float]
) -> PIL.Image.Image:
    """Bring a loaded picture to mode L, RGB or CMYK and to the target size.

    Averages whole blocks first while the picture is more than twice too large, then
    resamples with Lanczos: what `Image.resize(..., reducing_gap=2.0)` does, but strip by
    strip, so that no second copy of a huge picture is made.

    Args:
        picture: any Pillow mode.
        target: width and height wanted.
        extent: width and height the picture covers; a drafted JPEG ends inside a pixel.
    """
    factors = (
        int(extent[0] / target[0] / _REDUCING_GAP) or 1,
        int(extent[1] / target[1] / _REDUCING_GAP) or 1,
    )
    limits = value_range(picture)
    if max(factors) == 1:
        blocks = flatten(picture, limits)
    else:
        blocks = _reduce_strips(picture, limits, factors)
    right, bottom = extent[0] / factors[0], extent[1] / factors[1]
    if blocks.size == target and right == target[0] and bottom == target[1]:
        return blocks
    return blocks.resize(target, PIL.Image.Resampling.LANCZOS, box=(0, 0, right, bottom))


def _reduce_strips(
    picture: PIL.Image.Image, limits: tuple[float, float], factors: tuple[int, int]
) -> PIL.Image.Image:
    width, height = picture.size
    across, down = factors
    rows = max(1, _STRIP_PIXELS // (width * down)) * down
    strips = [
        flatten(picture, limits, (0, top, width, min(top + rows, height))).reduce(factors)
        for top in range(0, height, rows)
    ]
    whole = PIL.Image.new(strips[0].mode, (-(-width // across), -(-height // down)))
    for index, strip in enumerate(strips):
        whole.paste(strip, (0, index * rows // down))
    return whole


def _turn_upright(image: PIL.Image.Image, picture: PIL.Image.Image) -> PIL.Image.Image:
    """Turn `image` as the EXIF orientation of `picture`, its source, says."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    # Broken EXIF (struct.error, SyntaxError, UnicodeError...) is no reason to refuse a
    # picture that can be seen: it stays as it is stored.
    except Exception:
        return image
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)
