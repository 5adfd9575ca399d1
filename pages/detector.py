"""Detector: a network learns to find objects, and everybody watches its boxes tighten."""

from core.lessons.detector import DetectorLesson
from core.ui import page
from core.ui.detector import parts as views
from core.ui.detector import settings, taking
from core.ui.training.run_page import RunPlan, show
from core.ui.training.session import DETECTOR

this_page = page.begin("pages/detector.py", DetectorLesson)

show(
    this_page,
    RunPlan(
        lesson=DetectorLesson,
        seat=DETECTOR,
        stage=views.show_stage,
        settings=settings.draw,
        view=views.show_view,
        live=views.LIVE,
        download=taking.download,
        hideable=settings.HIDEABLE,
        components=views.load_components,
    ),
)
