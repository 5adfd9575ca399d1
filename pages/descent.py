"""Descent: optimisers on the surface of a loss, step by step."""

from core.lessons.descent import DescentLesson
from core.ui import descent as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/descent.py", DescentLesson)

show(
    this_page,
    Plan(
        lesson=DescentLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=views.download,
        code=views.show_code,
        views={"facts": views.show_facts},
        secret=("facts", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
