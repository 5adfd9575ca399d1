"""Normalisation: which cells share a mean, and what becomes of them, line by line."""

from core.lessons.normalization import NormLesson
from core.ui import normalisation as stage
from core.ui import normalisation_downloads, page
from core.ui import normalisation_views as views
from core.ui.lesson_page import Plan, show

this_page = page.begin("pages/normalisation.py", NormLesson)

show(
    this_page,
    Plan(
        lesson=NormLesson,
        case=stage.case_of,
        sliders=stage.draw_main,
        settings=stage.draw_settings,
        stage=stage.draw_stage,
        ask=stage.ask,
        guessed=stage.guessed,
        download=normalisation_downloads.files,
        code=normalisation_downloads.code,
        views={
            "facts": views.show_facts,
            "algorithm": views.show_algorithm,
            "running": views.show_running,
            "histograms": views.show_histograms,
        },
        secret=("facts", "algorithm", "code"),
        hideable=stage.HIDEABLE,
        components=stage.load_components,
    ),
)
