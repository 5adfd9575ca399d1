"""Detect: what is where in the current image, and in several at once."""

from core.lessons.detect import DetectLesson
from core.ui import detect as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/detect.py", DetectLesson)

show(
    this_page,
    Plan(
        lesson=DetectLesson,
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
            "thresholds": views.show_thresholds,
            "time": views.show_time,
            "zoo": views.show_zoo,
        },
        secret=("facts", "thresholds", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
