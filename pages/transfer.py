"""Transfer learning: a pretrained network is taught other classes, in three ways."""

import streamlit as st

from core.lessons.transfer import TransferLesson
from core.ui import page, predict, presets, refresh, share, state
from core.ui.transfer import parts as views

this_page = page.begin("pages/transfer.py", TransferLesson)
views.prepare()
stage_side, settings_side = st.columns([3, 1], gap="medium")
with stage_side:
    stage_place = st.container()
    chosen = page.views(this_page)
going = views.busy()
heartbeat = views.HEARTBEAT if going else None


@st.fragment(key=refresh.BAR)
def bar() -> None:
    """What can be taken and shared. It stands still: a button redrawn under a click is lost."""
    lesson = state.current(TransferLesson)
    with st.container(horizontal=True, vertical_alignment="center"):
        presets.picker(lesson)
        share.share(this_page, lesson, views.HIDEABLE)
        views.download()
        predict.switch()
    refresh.drawn(refresh.BAR)


@st.fragment(key=refresh.STAGE, run_every=heartbeat)
def stage() -> None:
    """The three ways: buttons, cards, all of them over one another."""
    lesson = state.current(TransferLesson)
    views.show_stage(lesson, live=going)
    presets.describe(lesson)


@st.fragment(key=refresh.SETTINGS)
def settings() -> None:
    """What the next runs are made of."""
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
