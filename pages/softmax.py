"""Softmax: from scores to probabilities, loss and gradient."""

from core.lessons.softmax import SoftmaxLesson
from core.ui import page
from core.ui import softmax as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/softmax.py", SoftmaxLesson)

show(
    this_page,
    Plan(
        lesson=SoftmaxLesson,
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
