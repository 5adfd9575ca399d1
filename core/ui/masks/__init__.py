"""The page "Masks": its stage and its views."""

from core.ui.masks.boundary import show_boundary
from core.ui.masks.case import case_of
from core.ui.masks.example import show_example
from core.ui.masks.facts import show_facts
from core.ui.masks.imbalance import show_imbalance
from core.ui.masks.settings import draw_main, draw_settings
from core.ui.masks.stage import HIDEABLE, ask, draw_stage, guessed, load_components
from core.ui.masks.taking import download, show_code

__all__ = [
    "HIDEABLE",
    "ask",
    "case_of",
    "download",
    "draw_main",
    "draw_settings",
    "draw_stage",
    "guessed",
    "load_components",
    "show_boundary",
    "show_code",
    "show_example",
    "show_facts",
    "show_imbalance",
]
