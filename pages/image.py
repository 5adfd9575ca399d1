"""Image as numbers: a picture, a crop of it, and the numbers that it is."""

from core.lessons.pixels import PixelLesson
from core.ui import downloads, page
from core.ui import pixels as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/image.py", PixelLesson)

show(
    this_page,
    Plan(
        lesson=PixelLesson,
        case=views.case_of,
        sliders=views.draw_main,
        settings=views.draw_settings,
        stage=views.draw_boards,
        ask=views.ask,
        guessed=views.guessed,
        download=downloads.pixels,
        code=downloads.pixels_code,
        views={
            "facts": views.show_facts,
            "histogram": views.show_histogram,
            "vector": views.show_vector,
        },
        secret=("facts", "vector"),
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
