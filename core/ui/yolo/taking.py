"""What can be taken home from the page "Inside YOLO"."""

from __future__ import annotations

import streamlit as st

from core.export.yolo_code import yolo_script
from core.export.yolo_table import cell_csv, cell_json, meetings_csv, walk_json
from core.lessons.yolo_case import YoloCase
from core.ui import downloads
from core.ui.page import Page


def download(case: YoloCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    with menu:
        if case.lesson.yolo_shows == "suppression":
            _suppressed(case)
        else:
            _decoded(case)


def _suppressed(case: YoloCase) -> None:
    if (walk := case.walk) is None:
        st.caption("The files come with the network's answer.")
        return
    downloads.button("Every meeting (CSV)", lambda: meetings_csv(walk), "suppression.csv")
    downloads.button("Boxes before and after (JSON)", lambda: walk_json(walk), "boxes.json")


def _decoded(case: YoloCase) -> None:
    if (cell := case.cell) is None:
        st.caption("The files come with the network's answer.")
        return
    downloads.button("Numbers of the cell (CSV)", lambda: cell_csv(cell), "cell.csv")
    downloads.button("Boxes and arithmetic (JSON)", lambda: cell_json(cell), "cell.json")


def show_code(page: Page, case: YoloCase) -> None:
    """The script that gives the same numbers."""
    if script := yolo_script(case):
        downloads.show_script(page, case.lesson, script)
    else:
        st.info("The script comes with the network's answer.")
