"""The colours of every picture and component: safe for colour-blind eyes, light and dark.

Meaning is fixed: grey-blue is a picture (dark is low, as in a photo), blue-white-orange is a
signed number (blue below 0, orange above), and one colour each follows the window, the kernel
and the output through all pictures. Colour never stands alone: the numbers, the frames and the
hatch of the padding say the same.

Source: Okabe & Ito 2008, "Color Universal Design"; contrast after WCAG 2.2, criterion 1.4.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
Rgb = tuple[int, int, int]

OKABE_ITO = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#000000",
)
"""For classes: orange, sky blue, green, yellow, blue, vermilion, purple, black."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, as `#RRGGBB`.

    Attributes:
        background: behind everything.
        text: words and numbers on the background.
        muted: captions and axis labels on the background.
        grid: lines between cells.
        sequential: evenly spaced stops from the lowest value to the highest.
        diverging: evenly spaced stops from the most negative value over 0 to the most positive.
        window: frame of the window in the input.
        kernel: frame of the kernel.
        output: frame of the cell in the output.
        hatch: lines across padded and inserted cells.
        right: an answer that is right, as text or frame on the background.
        wrong: an answer that is wrong.
        lines: for curves, in this order; each shows on the background by itself.
        categorical: for classes, in this order.
    """

    background: str
    text: str
    muted: str
    grid: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    window: str
    kernel: str
    output: str
    hatch: str
    right: str
    wrong: str
    lines: tuple[str, ...]
    categorical: tuple[str, ...] = OKABE_ITO


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        background="#FFFFFF",
        text="#1A2330",
        muted="#55606E",
        grid="#8A95A3",
        sequential=("#26364A", "#566B84", "#8CA0B7", "#C3D0DD", "#F7FAFC"),
        diverging=(
            "#084A8C", "#3D8BC8", "#A9CFEA", "#FAFAFA", "#FBC38A", "#E07B1A", "#8F3F00",
        ),
        window="#C64600",
        kernel="#00795A",
        output="#A03C7C",
        hatch="#6F7B89",
        right="#00795A",
        wrong="#B84300",
        lines=(
            "#0072B2", "#BC3A00", "#00665E", "#A3478C", "#1A2330",
            "#B38600", "#3393D0", "#E0638E",
        ),
    ),
    "dark": Palette(
        background="#030508",
        text="#F2F5F8",
        muted="#A9B4C0",
        grid="#4A5563",
        sequential=("#141C27", "#3A4B61", "#6C829B", "#A6B9CC", "#EAF1F7"),
        diverging=(
            "#8CC8FF", "#3F8FD2", "#1F4E7A", "#20262E", "#7A4310", "#D27A22", "#FFBE7A",
        ),
        window="#FF8F4A",
        kernel="#2CCB9B",
        output="#F093CB",
        hatch="#8B97A5",
        right="#2CCB9B",
        wrong="#FF8F4A",
        lines=(
            "#56B4E9", "#FFA23A", "#1ED9A8", "#DD78B0", "#F2F5F8",
            "#F7EC4A", "#2F6FC4", "#B85A12",
        ),
    ),
}  # fmt: skip


def rgb(colour: str) -> Rgb:
    """(red, green, blue) 0..255 of `#RRGGBB`.

    Example:
        >>> rgb("#0072B2")
        (0, 114, 178)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def blend(stops: Sequence[str], fraction: float) -> Rgb:
    """The colour at `fraction` (0..1, clipped) of the way along evenly spaced stops.

    Example:
        >>> blend(("#000000", "#FFFFFF"), 0.5)
        (128, 128, 128)
    """
    place = min(max(fraction, 0.0), 1.0) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    share = place - index
    start, end = rgb(stops[index]), rgb(stops[index + 1])
    red, green, blue = (int(a + (b - a) * share + 0.5) for a, b in zip(start, end, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class ColourScale:
    """From values to colours.

    Attributes:
        stops: `#RRGGBB`, evenly spaced.
        low: value of the first stop.
        high: value of the last stop, more than `low`.
    """

    stops: tuple[str, ...]
    low: float
    high: float

    def colour(self, value: float) -> Rgb:
        """The value's colour; values outside of the range get the nearest end."""
        return blend(self.stops, (value - self.low) / (self.high - self.low))


def value_scale(palette: Palette, smallest: float, largest: float) -> ColourScale:
    """The scale of values that lie between the two.

    Values without a negative one get grey-blue from 0 up; others get blue-white-orange with 0
    in the middle.
    """
    if smallest < 0:
        reach = max(-smallest, largest)
        return ColourScale(palette.diverging, -reach, reach)
    return ColourScale(palette.sequential, 0.0, largest or 1.0)


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white). Source: WCAG 2.2, "relative luminance"."""
    shares = (c / 255 for c in colour)
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 (none) to 21. Source: WCAG 2.2, "contrast ratio".

    Example:
        >>> contrast((0, 0, 0), (255, 255, 255))
        21.0
    """
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def text_colour(background: Rgb) -> Rgb:
    """Black or white, whichever is easier to read on it; the contrast is 4.58 or more."""
    black, white = (0, 0, 0), (255, 255, 255)
    return max(black, white, key=lambda colour: contrast(colour, background))
