"""The page "Kernels": its stage and its views."""

from core.ui.kernels.edges import show_edges
from core.ui.kernels.exercise import show_exercise
from core.ui.kernels.facts import show_factors, show_facts, show_frequency, show_row
from core.ui.kernels.learn import show_learning
from core.ui.kernels.stage import (
    HIDEABLE,
    ask,
    case_of,
    draw_main,
    draw_settings,
    draw_stage,
    guessed,
    load_components,
)

__all__ = [
    "HIDEABLE",
    "ask",
    "case_of",
    "draw_main",
    "draw_settings",
    "draw_stage",
    "guessed",
    "load_components",
    "show_edges",
    "show_exercise",
    "show_factors",
    "show_facts",
    "show_frequency",
    "show_learning",
    "show_row",
]
