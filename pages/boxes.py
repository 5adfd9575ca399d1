"""Boxes: intersection over union, and what detections are worth."""

from core.lessons.boxes import BoxesLesson
from core.ui import boxes as views
from core.ui import page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/boxes.py", BoxesLesson)

show(
    this_page,
    Plan(
        lesson=BoxesLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=views.download,
        code=views.show_code,
        views={
            "precision": views.show_judged,
            "anchors": views.show_anchors,
            "facts": views.show_facts,
        },
        secret=("facts", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
