"""Training: a Keras model learns, and everybody watches."""

import streamlit as st

from core.lessons.training import TrainingLesson
from core.ui import page, presets, refresh, share, state
from core.ui.training import parts as views
from core.ui.training.session import TRAINING

this_page = page.begin("pages/training.py", TrainingLesson)
views.prepare()
stage_side, settings_side = st.columns([3, 1], gap="medium")
with stage_side:
    stage_place = st.container()
    chosen = page.views(this_page)
going = TRAINING.going()
heartbeat = views.HEARTBEAT if going else None


@st.fragment(key=refresh.BAR)
def bar() -> None:
    """What can be taken and shared. It stands still: a button redrawn under a click is lost."""
    lesson = state.current(TrainingLesson)
    with st.container(horizontal=True, vertical_alignment="center"):
        presets.picker(lesson)
        share.share(this_page, lesson, views.HIDEABLE)
        views.download()
    refresh.drawn(refresh.BAR)


@st.fragment(key=refresh.STAGE, run_every=heartbeat)
def stage() -> None:
    """The run: buttons, how it goes, curves, what can be changed on the way."""
    lesson = state.current(TrainingLesson)
    views.show_stage(lesson, live=going is not None)
    presets.describe(lesson)


@st.fragment(key=refresh.SETTINGS)
def settings() -> None:
    """What the next run is made of."""
    views.draw_settings()


@st.fragment(key=refresh.VIEW, run_every=heartbeat if chosen in views.LIVE else None)
def view() -> None:
    """A closer look."""
    views.show_view(chosen, this_page)


with stage_place:
    bar()
    stage()
with settings_side:
    settings()
with stage_side:
    view()
views.load_components()
