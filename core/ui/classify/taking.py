"""What can be taken home from the page "Classify"."""

from __future__ import annotations

import streamlit as st

from core.export.classify_code import SHOWN_FILE, classify_script
from core.export.classify_table import answers_csv, curve_csv
from core.images.samples import SAMPLES
from core.lessons.classify_case import WORK_SIDE, ClassifyCase, Image
from core.ui import current_image, downloads
from core.ui.classify.stage import behind_of
from core.ui.page import Page
from core.ui.pictures import png
from core.vision.seen import steps


def whole(case: ClassifyCase) -> Image:
    """(H, W, 3) the picture with everything that is done to it, the patch included."""
    return case.lesson.changes.apply(case.picture, behind_of(case.lesson))


def download(case: ClassifyCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    spec = case.lesson.spec(case.answered[0].network)
    with menu:
        downloads.button("Picture as shown (PNG)", lambda: png(whole(case)), SHOWN_FILE)
        downloads.button(
            "What the network sees (PNG)", lambda: png(steps(whole(case), spec).pixels),
            "seen.png",
        )  # fmt: skip
        downloads.button("Answers (CSV)", lambda: answers_csv(case), "answers.csv")
        downloads.button("Curve (CSV)", lambda: curve_csv(case), "curve.csv")


def show_code(page: Page, case: ClassifyCase) -> None:
    """The Keras script with the same answer."""
    sample = SAMPLES.get(current_image.photo().sample)
    as_it_is = sample is not None and sample.as_stored and not case.changed
    small = max(current_image.photo().pixels.shape[:2]) <= WORK_SIDE
    file = sample.file if sample and as_it_is and small else None
    if file is None:
        st.caption(f"The script reads the picture from `{SHOWN_FILE}`: see Download.")
    downloads.show_script(page, case.lesson, classify_script(case, file))
