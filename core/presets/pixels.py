"""Presets of the page "Image as numbers"."""

from __future__ import annotations

from core.lessons.pixels import PixelLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(slug: str, title: str, topic: str, decks: Decks, lesson: Lesson, look: str) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "coimbra-triples",
    "Red, green and blue as triples",
    "Pixels",
    ("Coimbra",),
    Lesson(picture="triples", top=0, left=0, rows=1, columns=3),
    "Three pixels, nine numbers: (255, 0, 0), (0, 255, 0), (0, 0, 255). In grey they are 76, "
    "150 and 29: to the eye green is the brightest.",
)
_add(
    "oslo-indices",
    "Indices x[i, j, c]",
    "Pixels",
    ("Oslo",),
    Lesson(side=64, top=20, left=30, rows=5, columns=5, cells="indices"),
    "i counts down, j to the right, both from 0 to 4; c is the plane. Each cell shows its own "
    "address; switch the cells to values to see what is stored there.",
)
_add(
    "coimbra-grid",
    "What the computer sees",
    "Pixels",
    ("Coimbra",),
    Lesson(side=32, top=5, left=8, rows=16, columns=16),
    "You see a picture, the network gets this grid of numbers: the semantic gap. Nothing in it "
    "says where the cat is.",
)
_add(
    "one-bit",
    "One bit per channel",
    "Levels and size",
    (),
    Lesson(side=256, bits=1, top=96, left=96),
    "Each channel is 0 or 255: eight colours in all. The shape is still there.",
)
_add(
    "sixteen-levels",
    "Four bits per channel",
    "Levels and size",
    (),
    Lesson(side=256, bits=4, top=96, left=96),
    "16 levels a channel instead of 256: look for bands where brightness changes slowly.",
)
_add(
    "tiny",
    "Sixteen pixels wide",
    "Levels and size",
    (),
    Lesson(side=16, top=0, left=0, rows=11, columns=16),
    "Raise the size step by step: at how many pixels does the hall recognise it?",
)
_add(
    "aliasing",
    "Aliasing: the brick wall, nearest neighbour",
    "Levels and size",
    (),
    Lesson(side=48, method="nearest", top=16, left=16),
    "Choose the brick wall as the current image, then compare nearest with area: dropping "
    "pixels makes patterns that are not there.",
)
_add(
    "hue",
    "Hue, saturation, value",
    "Colour",
    (),
    Lesson(side=64, space="hsv", top=24, left=24),
    "The same pixels as an angle on the colour wheel, a purity and a brightness. Hue jumps "
    "where there is hardly any colour.",
)
_add(
    "lab",
    "Lightness apart from colour",
    "Colour",
    (),
    Lesson(side=64, space="lab", top=24, left=24),
    "L* alone is the black-and-white photo; a* and b* are what colour adds.",
)
