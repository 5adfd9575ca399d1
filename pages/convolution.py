"""Convolution: input, kernel and output, linked cell by cell."""

import streamlit as st

from core.lessons.convolution import ConvolutionLesson
from core.ui import convolution as views
from core.ui import downloads, frame, page, predict, presets, refresh, share, state
from core.ui.controls import Controls
from core.ui.notes import note

this_page = page.begin("pages/convolution.py", ConvolutionLesson)


@st.fragment(key=refresh.STAGE)
def stage() -> None:
    """What follows a main slider; the stage is sent first."""
    bar, sliders = st.container(horizontal=True, vertical_alignment="center"), st.container()
    controls = Controls(ConvolutionLesson, refresh.STAGE, refresh.stage)
    case = views.case_of(controls.lesson)
    conceal = views.ask(case) if predict.on() else ""
    large, settle = frame.presenting(), controls.ranges_moved()
    views.draw_stage(case, conceal=conceal, large=large, settle=settle)
    presets.describe(case.lesson)
    controls.show_notices()
    with bar:
        presets.picker(case.lesson)
        share.share(this_page, case.lesson, views.HIDEABLE)
        downloads.convolution(case)
        predict.switch()
    with sliders:
        views.draw_main(controls)
    controls.settle()


@st.fragment(key=refresh.SETTINGS)
def settings() -> None:
    """All other settings."""
    controls = Controls(ConvolutionLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    views.draw_settings(controls)
    controls.settle()


@st.fragment(key=refresh.VIEW)
def view() -> None:
    """What stands below the stage."""
    chosen = page.views(this_page)
    case = views.case_of(state.current(ConvolutionLesson))
    hidden = predict.on() and not views.guessed(case)
    if hidden and chosen in ("facts", "code"):
        st.info("Hidden until the guesses are in: this would give the answer away.")
    elif chosen == "facts":
        views.show_facts(case)
    elif chosen == "matrix":
        views.show_matrix(case, hidden=hidden)
    elif chosen == "photo":
        views.show_photo(case)
    elif chosen == "code":
        downloads.convolution_code(this_page, case)
    else:
        st.markdown(note("convolution"))


stage_side, settings_side = st.columns([3, 1], gap="medium")
with stage_side:
    stage()
with settings_side:
    settings()
view()
views.load_components()
