"""What the page "Normalisation" gives to take home."""

from __future__ import annotations

from core.export.norm_code import norm_script
from core.export.norm_picture import norm_gif, norm_png
from core.export.norm_table import norm_csv
from core.lessons.normalization_case import NormCase
from core.ui import downloads
from core.ui.page import Page


def files(case: NormCase) -> None:
    """A button that opens the downloads of the stage, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look, place = downloads.theme(), case.chosen_cell
    with menu:
        downloads.button(
            "Picture of the stage (PNG)",
            lambda: norm_png(case, place, look),
            "normalisation.png",
        )
        downloads.button(
            "Animation, line by line (GIF)",
            lambda: norm_gif(case, place, look),
            "normalisation.gif",
        )
        downloads.button("All numbers (CSV)", lambda: norm_csv(case), "normalisation.csv")


def code(page: Page, case: NormCase) -> None:
    """The Keras script with the stage's numbers."""
    downloads.show_script(page, case.lesson, norm_script(case))
