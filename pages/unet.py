"""U-Net: a network learns the class of every pixel, and everybody watches."""

from core.lessons.unet import UNetLesson
from core.ui import page
from core.ui.training.run_page import RunPlan, show
from core.ui.training.session import UNET
from core.ui.unet import parts as views
from core.ui.unet import settings, taking

this_page = page.begin("pages/unet.py", UNetLesson)

show(
    this_page,
    RunPlan(
        lesson=UNetLesson,
        seat=UNET,
        stage=views.show_stage,
        settings=settings.draw,
        view=views.show_view,
        live=views.LIVE,
        download=taking.download,
        hideable=settings.HIDEABLE,
        components=views.load_components,
    ),
)
