"""Kernels: what a hand-made filter does to a photo."""

from core.lessons.kernels import KernelLesson
from core.ui import downloads, page
from core.ui import kernels as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/kernels.py", KernelLesson)

show(
    this_page,
    Plan(
        lesson=KernelLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=downloads.kernels,
        code=downloads.kernels_code,
        views={
            "facts": views.show_facts,
            "row": views.show_row,
            "factors": views.show_factors,
            "frequency": views.show_frequency,
            "edges": views.show_edges,
            "exercise": views.show_exercise,
            "learn": views.show_learning,
        },
        secret=("facts", "row", "frequency", "exercise", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
