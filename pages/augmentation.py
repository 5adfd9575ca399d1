"""Augmentation: a picture drawn anew, alone or by a pipeline, with its boxes and masks."""

from core.lessons.augmentation import AugmentationLesson
from core.ui import page
from core.ui.augmentation import asking, facts, settings, stage, taking, views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/augmentation.py", AugmentationLesson)
views.prepare()

show(
    this_page,
    Plan(
        lesson=AugmentationLesson,
        case=asking.case_of,
        sliders=settings.draw_main,
        settings=settings.draw_settings,
        stage=stage.draw_stage,
        ask=stage.ask,
        guessed=stage.guessed,
        download=taking.files,
        code=taking.code,
        views={
            "facts": facts.show,
            "safety": views.safety,
            "training": views.training,
            "speed": views.speed,
        },
        secret=("facts", "code"),
        hideable=settings.HIDEABLE,
        components=views.load_components,
    ),
)
