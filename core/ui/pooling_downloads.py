"""What the page "Pooling and unpooling" gives to take home."""

from __future__ import annotations

from core.export.chain_picture import chain_gif, chain_png
from core.export.chain_table import chain_csv
from core.export.pooling_code import pooling_script
from core.lessons.pooling_case import PoolingCase
from core.ui import downloads
from core.ui.page import Page
from core.ui.pooling import facts_of


def files(case: PoolingCase) -> None:
    """A button that opens the downloads of the stage, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look, facts = downloads.theme(), facts_of(case)
    caption = f"Height of the pooled map: {facts.rows.text}. Width: {facts.columns.text}."
    with menu:
        downloads.button(
            "Picture of the stage (PNG)",
            lambda: chain_png(case.chain, case.chosen_cell, look, caption),
            "pooling.png",
        )
        downloads.button(
            "Animation, step by step (GIF)",
            lambda: chain_gif(case.chain, look, caption),
            "pooling.gif",
        )
        downloads.button("All numbers (CSV)", lambda: chain_csv(case.chain), "pooling.csv")


def code(page: Page, case: PoolingCase) -> None:
    """The Keras script with the stage's numbers."""
    downloads.show_script(page, case.lesson, pooling_script(case))
