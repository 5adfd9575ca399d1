"""Pooling and unpooling: windows, what they take, the gradient's way back, larger again."""

from core.lessons.pooling import PoolingLesson
from core.ui import page, pooling_downloads
from core.ui import pooling as stage
from core.ui import pooling_views as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/pooling.py", PoolingLesson)

show(
    this_page,
    Plan(
        lesson=PoolingLesson,
        case=stage.case_of,
        sliders=stage.draw_main,
        settings=stage.draw_settings,
        stage=stage.draw_stage,
        ask=stage.ask,
        guessed=stage.guessed,
        download=pooling_downloads.files,
        code=pooling_downloads.code,
        views={
            "facts": views.show_facts,
            "shift": views.show_shift,
            "photo": views.show_photo,
        },
        secret=("facts", "shift", "code"),
        hideable=stage.HIDEABLE,
        components=stage.load_components,
    ),
)
