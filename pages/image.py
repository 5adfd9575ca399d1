"""Image as numbers: a picture, a crop of it, and the numbers that it is."""

import streamlit as st

from core.lessons.pixels import PixelLesson
from core.ui import downloads, frame, page, predict, presets, share
from core.ui import pixels as views
from core.ui.controls import Controls
from core.ui.notes import note

this_page = page.begin("pages/image.py")


@st.fragment
def lesson() -> None:
    """One step of a slider runs this and nothing else."""
    bar = st.container(horizontal=True, vertical_alignment="center")
    controls = Controls(PixelLesson)
    controls.show_notices()
    views.draw_main(controls)
    boards_side, settings_side = st.columns([3, 1], gap="medium")
    with settings_side:
        views.draw_settings(controls)
    case = views.case_of(controls.lesson)
    with bar:
        presets.picker(controls.lesson)
        share.share(this_page, controls.lesson, views.HIDEABLE)
        downloads.pixels(case)
        predicting = predict.switch()
    with boards_side:
        presets.describe(controls.lesson)
        hidden = predicting and len(views.ask(case)) < views.QUESTIONS
        views.draw_boards(case, large=frame.presenting())
    view = page.views("Facts", "Histogram", "Vector", "Code", "Notes")
    if hidden and view in ("Facts", "Vector"):
        st.info("Hidden until the guesses are in: this would give the answer away.")
    elif view == "Facts":
        views.show_facts(case)
    elif view == "Histogram":
        views.show_histogram(case)
    elif view == "Vector":
        views.show_vector(case)
    elif view == "Code":
        downloads.pixels_code(this_page, case)
    else:
        st.markdown(note("image"))


lesson()
