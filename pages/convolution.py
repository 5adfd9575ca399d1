"""Convolution: input, kernel and output, linked cell by cell."""

from core.lessons.convolution import ConvolutionLesson
from core.ui import convolution as views
from core.ui import downloads, page
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/convolution.py", ConvolutionLesson)

show(
    this_page,
    Plan(
        lesson=ConvolutionLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_stage,
        ask=views.ask,
        guessed=views.guessed,
        download=downloads.convolution,
        code=downloads.convolution_code,
        views={
            "facts": views.show_facts,
            "matrix": views.show_matrix,
            "photo": views.show_photo,
        },
        secret=("facts", "code"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
