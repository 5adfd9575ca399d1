"""The page "Detect": its stage and its views."""

from core.ui.detect.facts import show_facts
from core.ui.detect.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)
from core.ui.detect.taking import download, show_code
from core.ui.detect.thresholds import show_thresholds
from core.ui.detect.timing import show_time
from core.ui.detect.zoo import show_zoo

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
    "show_thresholds",
    "show_time",
    "show_zoo",
]
