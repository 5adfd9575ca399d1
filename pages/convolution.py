"""Convolution: input, kernel and output, linked cell by cell."""

import streamlit as st

from core.lessons.convolution import ConvolutionLesson
from core.ui import convolution as views
from core.ui import downloads, frame, page, predict, presets, share
from core.ui.controls import Controls
from core.ui.notes import note

this_page = page.begin("pages/convolution.py")


@st.fragment
def lesson() -> None:
    """One step of a slider runs this and nothing else."""
    bar = st.container(horizontal=True, vertical_alignment="center")
    controls = Controls(ConvolutionLesson)
    controls.show_notices()
    views.draw_main(controls)
    stage_side, settings_side = st.columns([3, 1], gap="medium")
    with settings_side:
        views.draw_settings(controls)
    case = views.case_of(controls.lesson)
    facts = views.facts_of(case)
    with bar:
        presets.picker(case.lesson)
        share.share(this_page, case.lesson, views.HIDEABLE)
        downloads.convolution(case)
        predicting = predict.switch()
    with stage_side:
        presets.describe(case.lesson)
        conceal = views.ask(case, facts) if predicting else ""
        views.draw_stage(case, conceal=conceal, large=frame.presenting())
    view = page.views("Facts", "Matrix", "On the photo", "Code", "Notes")
    if conceal and view in ("Facts", "Code"):
        st.info("Hidden until the guesses are in: this would give the answer away.")
    elif view == "Facts":
        views.show_facts(case, facts)
    elif view == "Matrix":
        views.show_matrix(case, hidden=bool(conceal))
    elif view == "On the photo":
        views.show_photo(case)
    elif view == "Code":
        downloads.convolution_code(this_page, case)
    else:
        st.markdown(note("convolution"))


lesson()
