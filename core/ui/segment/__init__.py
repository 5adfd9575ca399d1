"""The page "Segment": its stage and its views."""

from core.ui.segment.facts import show_facts
from core.ui.segment.instances import show_instances
from core.ui.segment.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)
from core.ui.segment.steps import show_steps
from core.ui.segment.taking import download, show_code

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
    "show_instances",
    "show_steps",
]
