"""Inside YOLO: from the numbers of one cell to a box, and from many boxes to a few."""

from core.lessons.yolo import YoloLesson
from core.ui import page
from core.ui import yolo as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/yolo.py", YoloLesson)

show(
    this_page,
    Plan(
        lesson=YoloLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=views.download,
        code=views.show_code,
        views={"output": views.show_output, "facts": views.show_facts},
        secret=("output", "facts", "code"),
        still=("output",),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
