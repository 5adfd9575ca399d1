"""Masks: paint one, compare it with the truth, and see what each measure counts."""

from core.lessons.masks import MasksLesson
from core.ui import masks as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/masks.py", MasksLesson)

show(
    this_page,
    Plan(
        lesson=MasksLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=views.download,
        code=views.show_code,
        views={
            "facts": views.show_facts,
            "example": views.show_example,
            "imbalance": views.show_imbalance,
            "boundary": views.show_boundary,
        },
        secret=("facts", "example", "boundary"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
