"""Image as numbers: a picture, a crop of it, and the numbers that it is."""

import streamlit as st

from core.lessons.pixels import PixelLesson
from core.ui import downloads, frame, page, predict, presets, refresh, share, state
from core.ui import pixels as views
from core.ui.controls import Controls
from core.ui.notes import note

this_page = page.begin("pages/image.py", PixelLesson)


@st.fragment(key=refresh.STAGE)
def stage() -> None:
    """What follows a main slider; the boards are sent first."""
    bar, sliders = st.container(horizontal=True, vertical_alignment="center"), st.container()
    controls = Controls(PixelLesson, refresh.STAGE, refresh.stage)
    case = views.case_of(controls.lesson)
    if predict.on():
        views.ask(case)
    views.draw_boards(case, large=frame.presenting(), settle=controls.ranges_moved())
    presets.describe(controls.lesson)
    controls.show_notices()
    with bar:
        presets.picker(controls.lesson)
        share.share(this_page, controls.lesson, views.HIDEABLE)
        downloads.pixels(case)
        predict.switch()
    with sliders:
        views.draw_main(controls)
    controls.settle()


@st.fragment(key=refresh.SETTINGS)
def settings() -> None:
    """The crop, and everything else."""
    controls = Controls(PixelLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    views.draw_settings(controls)
    controls.settle()


@st.fragment(key=refresh.VIEW)
def view() -> None:
    """What stands below the boards."""
    chosen = page.views(this_page)
    case = views.case_of(state.current(PixelLesson))
    if predict.on() and not views.guessed(case) and chosen in ("facts", "vector"):
        st.info("Hidden until the guesses are in: this would give the answer away.")
    elif chosen == "facts":
        views.show_facts(case)
    elif chosen == "histogram":
        views.show_histogram(case)
    elif chosen == "vector":
        views.show_vector(case)
    elif chosen == "code":
        downloads.pixels_code(this_page, case)
    else:
        st.markdown(note("image"))


stage_side, settings_side = st.columns([3, 1], gap="medium")
with stage_side:
    stage()
with settings_side:
    settings()
view()
views.load_components()
