"""Segment: which pixels of the current image are the object, by networks and without."""

from core.lessons.segment import SegmentLesson
from core.ui import page
from core.ui import segment as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/segment.py", SegmentLesson)

show(
    this_page,
    Plan(
        lesson=SegmentLesson,
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
            "steps": views.show_steps,
            "instances": views.show_instances,
        },
        secret=("facts", "steps"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
