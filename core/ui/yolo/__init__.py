"""The page "Inside YOLO": its stage and its views."""

from core.ui.yolo.facts import show_facts
from core.ui.yolo.output import show_output
from core.ui.yolo.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)
from core.ui.yolo.taking import download, show_code

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
    "show_code",
    "show_facts",
    "show_output",
]
