"""Backpropagation: one tiny network, forward and back, with every number."""

from core.lessons.backprop import BackpropLesson
from core.ui import backprop as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/backprop.py", BackpropLesson)

show(
    this_page,
    Plan(
        lesson=BackpropLesson,
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
