"""What can be taken home from the page "Masks"."""

from __future__ import annotations

import streamlit as st

from core.export.masks_code import PAINTED_FILE, TRUTH_FILE, masks_script
from core.export.masks_table import masks_csv, masks_json
from core.images.masks import encode_mask
from core.lessons.masks_case import MasksCase
from core.lessons.masks_pictures import counted
from core.ui import downloads
from core.ui.page import Page
from core.ui.pictures import png


def download(case: MasksCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    truth, found = case.subject.truth, case.comparison
    with menu:
        downloads.button("Painted mask (PNG)", lambda: encode_mask(case.mask), PAINTED_FILE)
        downloads.button("Picture (PNG)", lambda: png(case.subject.picture), "picture.png")
        if truth is None or found is None:
            st.caption("The rest comes with the truth.")
            return
        downloads.button("True mask (PNG)", lambda: encode_mask(truth), TRUTH_FILE)
        downloads.button(
            "Pixels counted, in colour (PNG)",
            lambda: png(counted(case.subject.picture, found)),
            "counted.png",
        )
        downloads.button("Numbers (CSV)", lambda: masks_csv(case), "masks.csv")
        downloads.button("Numbers (JSON)", lambda: masks_json(case), "masks.json")


def show_code(page: Page, case: MasksCase) -> None:
    """The script with the numbers of the stage."""
    if not case.lesson.cells:
        st.caption(
            f"The script reads both masks from `{TRUTH_FILE}` and `{PAINTED_FILE}`: see "
            "Download."
        )
    downloads.show_script(page, case.lesson, masks_script(case))
