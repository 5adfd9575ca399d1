"""Convolution: input, kernel and output, linked cell by cell."""

import streamlit as st

from core import numbers
from core.lessons.convolution import ConvolutionLesson, build
from core.ui import page, state
from core.ui.components.stage import stage
from core.ui.controls import Controls

page.begin("pages/convolution.py")
st.title("Convolution")

def on_edit():
    message = st.session_state["stage"]["edit"]
    lesson = state.current(ConvolutionLesson)
    edits = numbers.parse_edits(f"{lesson.edits} {message}")
    state.assign(lesson.with_value("edits", numbers.format_edits(edits)))

def on_pin():
    cell, f = st.session_state["stage"]["pin"].split(";")
    lesson = state.current(ConvolutionLesson)
    state.assign(lesson.with_value("cell", cell).with_value("filter", int(f)))

def on_filter():
    lesson = state.current(ConvolutionLesson)
    state.assign(lesson.with_value("filter", st.session_state["stage"]["filter"]))

@st.fragment
def lesson_body():
    left, right = st.columns([3, 1])
    with right:
        c = Controls(ConvolutionLesson)
        for n in c.notices: st.info(n)
        c.draw("kernel_height","stride_height","pad_height","dilation_height","height","width","channels","filters","groups","padding","padding_mode","image","kernel","apart","flip","transposed","bias","cell","edits","filter")
        if c.before.apart: c.draw("kernel_width","stride_width")
        if c.before.padding=="sides": c.draw("pad_top")
    with left:
        stage(build(c.lesson), key="stage", on_edit=on_edit, on_pin=on_pin, on_filter=on_filter)
lesson_body()
