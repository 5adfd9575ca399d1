"""The same colours in other coordinates: RGB, grey, HSV, CIELAB and YCrCb.

Values have the ranges of the textbooks, not those that fit OpenCV's 8 bits (there H is
halved, L stretched to 255, a and b shifted by 128).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from core.images.pixels import Image

Values = npt.NDArray[np.float32]

GREY_FORMULA = "Y = 0.299 R + 0.587 G + 0.114 B"
"""Luma of ITU-R BT.601-7, section 2.5.1: what eyes find bright weighs more."""

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_CR_SPAN, _CB_SPAN = 1.402, 1.772
"""2 * (1 - 0.299) and 2 * (1 - 0.114): they bring R - Y and B - Y to -127.5..127.5."""

_RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ],
    dtype=np.float64,
)
"""Linear sRGB to CIE XYZ, white D65 (from the primaries of IEC 61966-2-1)."""

_WHITE = _RGB_TO_XYZ.sum(axis=1)
_DELTA = 6 / 29
"""Where CIELAB's cube root turns into a line (CIE 15:2004, 8.2.1)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One coordinate of a colour space and its range."""

    slug: str
    title: str
    low: float
    high: float
    unit: str
    explanation: str


@dataclass(frozen=True, eq=False, slots=True)
class Plane:
    """One channel of an image.

    Attributes:
        slug: name for links.
        title: name for the screen.
        values: (H, W) float32 from low to high, read-only.
        low: smallest value possible.
        high: largest value possible.
        unit: unit of the values, '' for a plain number.
        explanation: one sentence on what the channel means.
    """

    slug: str
    title: str
    values: Values
    low: float
    high: float
    unit: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space: its channels and the way there and back.

    Attributes:
        slug: name for links.
        title: name for the screen.
        explanation: one sentence on what it is good for.
        channels: its coordinates, in order.
        forward: (H, W, 3) float32 RGB in 0..255 to (H, W, channels) float32.
        backward: the inverse; colours outside sRGB may leave 0..255.
    """

    slug: str
    title: str
    explanation: str
    channels: tuple[Channel, ...]
    forward: Callable[[Values], Values]
    backward: Callable[[Values], Values]


def planes(image: Image, space: str) -> tuple[Plane, ...]:
    """Split an image into the channels of a colour space.

    Args:
        image: (H, W, 3) uint8 RGB (sRGB).
        space: a slug of `SPACES`.

    Returns:
        One plane for each channel, values in the channel's own range.

    Raises:
        ValueError: no such colour space, or the image is not RGB.
    """
    chosen = _space(space)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"shape {image.shape} is not (height, width, 3), as RGB needs.")
    values = chosen.forward(image.astype(np.float32))
    return tuple(
        _plane(channel, values[..., place]) for place, channel in enumerate(chosen.channels)
    )


def combine(channels: Sequence[Plane], space: str) -> Image:
    """Put the channels of a colour space together again: the inverse of `planes`.

    Grey has no way back to colour: it gives three equal channels.

    Args:
        channels: the planes of that space, in order, values (H, W).
        space: a slug of `SPACES`.

    Returns:
        (H, W, 3) uint8 RGB, rounded; colours that sRGB cannot show are clipped.

    Raises:
        ValueError: no such colour space, or the planes are not those of it.
    """
    chosen = _space(space)
    expected = [channel.slug for channel in chosen.channels]
    received = [plane.slug for plane in channels]
    if received != expected:
        raise ValueError(
            f"{chosen.title} is made of the channels {', '.join(expected)} in this order, "
            f"not of {', '.join(received) or 'none'}."
        )
    values = np.stack([plane.values for plane in channels], axis=-1)
    rgb = chosen.backward(values.astype(np.float32))
    return np.rint(rgb).clip(0, 255).astype(np.uint8)


def _space(slug: str) -> Space:
    if slug not in SPACES:
        raise ValueError(f"{slug!r} is no colour space here. Use one of {', '.join(SPACES)}.")
    return SPACES[slug]


def _plane(channel: Channel, values: Values) -> Plane:
    # Rounding in float32 may pass a bound by a millionth, and a histogram would lose it.
    bounded = values.clip(channel.low, channel.high)
    bounded.setflags(write=False)
    return Plane(
        channel.slug,
        channel.title,
        bounded,
        channel.low,
        channel.high,
        channel.unit,
        channel.explanation,
    )


def _same(values: Values) -> Values:
    return values


def _grey(rgb: Values) -> Values:
    """Rec. 601 luma, `GREY_FORMULA`, unrounded."""
    return (rgb @ _LUMA)[..., None]


def _grey_to_rgb(grey: Values) -> Values:
    return np.repeat(grey, 3, axis=-1)


def _hsv(rgb: Values) -> Values:
    """Hexcone model; H is 0 where there is no hue (Smith 1978)."""
    return np.asarray(cv2.cvtColor(rgb / 255, cv2.COLOR_RGB2HSV), dtype=np.float32)


def _hsv_to_rgb(hsv: Values) -> Values:
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), dtype=np.float32) * 255


def _lab(rgb: Values) -> Values:
    """CIE 1976 L*a*b* of sRGB, white D65 (IEC 61966-2-1; CIE 15:2004, 8.2.1).

    Computed here because OpenCV's tables are off by up to 0.3 from the definition.
    """
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    relative = linear @ (_RGB_TO_XYZ / _WHITE[:, None]).T.astype(np.float32)
    x, y, z = np.moveaxis(
        np.where(relative > _DELTA**3, np.cbrt(relative), relative / (3 * _DELTA**2) + 4 / 29),
        -1,
        0,
    )
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return lab.astype(np.float32)


def _lab_to_rgb(lab: Values) -> Values:
    lightness, a, b = np.moveaxis(lab.astype(np.float64), -1, 0)
    y = (lightness + 16) / 116
    roots = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    relative = np.where(roots > _DELTA, roots**3, 3 * _DELTA**2 * (roots - 4 / 29))
    linear = (relative * _WHITE) @ np.linalg.inv(_RGB_TO_XYZ).T
    # Colours outside sRGB have negative light; its root is none.
    curved = 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055
    share = np.where(linear <= 0.0031308, 12.92 * linear, curved)
    return np.asarray(share * 255, dtype=np.float32)


def _ycrcb(rgb: Values) -> Values:
    """Cr = (R - Y) / 1.402 + 128, Cb = (B - Y) / 1.772 + 128 (JFIF 1.02, page 3)."""
    y = rgb @ _LUMA
    cr = (rgb[..., 0] - y) / _CR_SPAN + 128
    cb = (rgb[..., 2] - y) / _CB_SPAN + 128
    return np.stack([y, cr, cb], axis=-1).astype(np.float32)


def _ycrcb_to_rgb(ycrcb: Values) -> Values:
    y, cr, cb = np.moveaxis(ycrcb, -1, 0)
    red = y + _CR_SPAN * (cr - 128)
    blue = y + _CB_SPAN * (cb - 128)
    green = (y - _LUMA[0] * red - _LUMA[2] * blue) / _LUMA[1]
    return np.stack([red, green, blue], axis=-1).astype(np.float32)


_LUMA_CHANNEL = Channel(
    "y", "Y luma", 0.0, 255.0, "", f"Brightness of the pixel: {GREY_FORMULA}."
)

SPACES: Mapping[str, Space] = MappingProxyType(
    {
        space.slug: space
        for space in (
            Space(
                "rgb",
                "RGB",
                "How much red, green and blue light: what screens and files store.",
                (
                    Channel("r", "R red", 0.0, 255.0, "", "Amount of red light."),
                    Channel("g", "G green", 0.0, 255.0, "", "Amount of green light."),
                    Channel("b", "B blue", 0.0, 255.0, "", "Amount of blue light."),
                ),
                _same,
                _same,
            ),
            Space(
                "grey",
                "Grey",
                "One number a pixel, the colour is lost.",
                (_LUMA_CHANNEL,),
                _grey,
                _grey_to_rgb,
            ),
            Space(
                "hsv",
                "HSV",
                "Which colour, how pure and how bright: for picking and selecting colours.",
                (
                    Channel(
                        "h",
                        "H hue",
                        0.0,
                        360.0,
                        "degrees",
                        "Angle on the colour wheel: red 0, green 120, blue 240; 0 for greys.",
                    ),
                    Channel("s", "S saturation", 0.0, 1.0, "", "0 is grey, 1 a pure colour."),
                    Channel("v", "V value", 0.0, 1.0, "", "Largest of R, G and B, over 255."),
                ),
                _hsv,
                _hsv_to_rgb,
            ),
            Space(
                "lab",
                "CIELAB",
                "Distances are roughly as large as they look to the eye.",
                (
                    Channel("l", "L* lightness", 0.0, 100.0, "", "0 is black, 100 is white."),
                    Channel("a", "a*", -128.0, 127.0, "", "Negative is green, positive red."),
                    Channel("b", "b*", -128.0, 127.0, "", "Negative is blue, positive yellow."),
                ),
                _lab,
                _lab_to_rgb,
            ),
            Space(
                "ycrcb",
                "YCrCb",
                "Brightness apart from colour: what JPEG and video compress.",
                (
                    _LUMA_CHANNEL,
                    Channel("cr", "Cr", 0.5, 255.5, "", "R - Y, scaled; 128 is no colour."),
                    Channel("cb", "Cb", 0.5, 255.5, "", "B - Y, scaled; 128 is no colour."),
                ),
                _ycrcb,
                _ycrcb_to_rgb,
            ),
        )
    }
)
"""The colour spaces, by slug, in teaching order."""
