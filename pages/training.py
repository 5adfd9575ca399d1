"""Training: a Keras model learns, and everybody watches."""

from core.lessons.training import TrainingLesson
from core.ui import page
from core.ui.training import parts as views
from core.ui.training.run_page import RunPlan, show
from core.ui.training.session import TRAINING

this_page = page.begin("pages/training.py", TrainingLesson)

show(
    this_page,
    RunPlan(
        lesson=TrainingLesson,
        seat=TRAINING,
        stage=views.show_stage,
        settings=views.draw_settings,
        view=views.show_view,
        live=views.LIVE,
        download=views.download,
        hideable=views.HIDEABLE,
        components=views.load_components,
    ),
)
