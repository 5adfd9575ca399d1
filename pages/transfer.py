"""Transfer learning: a pretrained network is taught other classes, in three ways."""

from core.lessons.transfer import TransferLesson
from core.ui import page
from core.ui.training.run_page import RunPlan, show
from core.ui.training.session import TRANSFER
from core.ui.transfer import parts as views

this_page = page.begin("pages/transfer.py", TransferLesson)

show(
    this_page,
    RunPlan(
        lesson=TransferLesson,
        seat=TRANSFER,
        stage=views.show_stage,
        settings=views.draw_settings,
        view=views.show_view,
        live=views.LIVE,
        download=views.download,
        hideable=views.HIDEABLE,
        components=views.load_components,
        asks=True,
    ),
)
