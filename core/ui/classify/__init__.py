"""The page "Classify": its stage and its views."""

from core.ui.classify.facts import show_facts
from core.ui.classify.seen import show_seen
from core.ui.classify.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)
from core.ui.classify.taking import download, show_code
from core.ui.classify.time import show_time
from core.ui.classify.zoo import show_zoo

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
    "show_seen",
    "show_time",
    "show_zoo",
]
