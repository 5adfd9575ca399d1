"""Named settings of the pages. Importing the package registers the presets of every page."""

from core.presets import convolution as convolution
from core.presets import descent as descent
from core.presets import pixels as pixels
from core.presets.registry import DECKS, PRESETS, Deck, Expect, Preset, Presets

__all__ = ["DECKS", "PRESETS", "Deck", "Expect", "Preset", "Presets"]
