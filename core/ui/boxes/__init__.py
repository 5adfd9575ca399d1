"""The page "Boxes": its stage and its views."""

from core.ui.boxes.anchors import show_anchors
from core.ui.boxes.facts import show_facts
from core.ui.boxes.judging import show_judged
from core.ui.boxes.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)
from core.ui.boxes.taking import download, show_code

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
    "show_anchors",
    "show_code",
    "show_facts",
    "show_judged",
]
