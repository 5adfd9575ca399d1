"""Classify: a pretrained network names the current image."""

from core.lessons.classify import ClassifyLesson
from core.ui import classify as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/classify.py", ClassifyLesson)

show(
    this_page,
    Plan(
        lesson=ClassifyLesson,
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
            "seen": views.show_seen,
            "time": views.show_time,
            "zoo": views.show_zoo,
        },
        secret=("facts", "seen", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
