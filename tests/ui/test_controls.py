"""Every field of every lesson becomes a control with the field's own words and range."""

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.base import Lesson, options, stops
from core.lessons.convolution import ConvolutionLesson
from core.lessons.normalization import NormLesson
from core.lessons.pixels import PixelLesson
from core.lessons.pooling import PoolingLesson

KINDS = (ConvolutionLesson, PixelLesson, PoolingLesson, NormLesson)
LESSONS = {kind.page: kind for kind in KINDS}
FIELDS = [(page, name) for page, kind in LESSONS.items() for name in kind.model_fields]
WIDGETS = {bool: "toggle", int: "select_slider", float: "number_input", str: "text_input"}
PINS = {"cell": "1,1", "pixel": "1,1", "pool_cell": "1,1,0", "norm_cell": "1,0,1,2"}


def draw_all(page: str, limits: dict[str, int]) -> None:
    """A page that draws each field, and says what the controls read and decided."""
    import streamlit as st

    from core.lessons.convolution import ConvolutionLesson
    from core.lessons.normalization import NormLesson
    from core.lessons.pixels import PixelLesson
    from core.lessons.pooling import PoolingLesson
    from core.ui.controls import Controls

    kinds = (ConvolutionLesson, PixelLesson, PoolingLesson, NormLesson)
    kind = {kind.page: kind for kind in kinds}[page]
    controls = Controls(kind, "part", lambda: None)
    for name, highest in limits.items():
        controls.limit(name, highest)
    controls.show_notices()
    controls.draw(*kind.model_fields)
    st.session_state["_test_lesson"] = controls.lesson.model_dump()


def drawn(page: str, limits: dict[str, int] | None = None, **session: object) -> AppTest:
    at = AppTest.from_function(draw_all, default_timeout=60, args=(page, limits or {}))
    for name, value in session.items():
        at.session_state[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.fixture(scope="module")
def pages() -> dict[str, AppTest]:
    return {page: drawn(page) for page in LESSONS}


def widget_of(at: AppTest, kind: type[Lesson], name: str):
    annotation = kind.model_fields[name].annotation
    element = "selectbox" if options(kind, name) else WIDGETS[annotation]
    element = "select_slider" if stops(kind, name) else element
    return next(widget for widget in at.get(element) if widget.key == name)


@pytest.mark.parametrize(("page", "name"), FIELDS)
def test_a_field_is_drawn_with_its_words_and_its_default(page, name, pages):
    kind = LESSONS[page]
    info = kind.model_fields[name]
    widget = widget_of(pages[page], kind, name)
    assert widget.label == info.title
    assert widget.help == (info.description or "")
    assert widget.value == info.default


def room_for(page: str, name: str) -> dict[str, object]:
    """Settings with which the field has more than one value."""
    if "output_padding" in name:
        return {"transposed": True, "stride_height": 8, "stride_width": 8}
    return {"channels": 6, "filters": 6, "height": 12} if page == "convolution" else {}


@pytest.mark.parametrize(("page", "name"), FIELDS)
def test_a_field_keeps_the_value_that_a_link_gives(page, name):
    kind = LESSONS[page]
    info = kind.model_fields[name]
    if info.annotation is bool:
        other = not info.default
    elif info.annotation is int:
        roomy = kind(**room_for(page, name))
        other = next(v for v in reversed(roomy.choices(name)) if v != info.default)
    elif choices := options(kind, name):
        other = choices[-1]
    elif info.annotation is float:
        other = next((v for v in stops(kind, name) if v != info.default), -7.0)
    else:
        other = PINS.get(name, "1 2")
    lesson, _ = kind.nearest(kind().model_dump() | room_for(page, name) | {name: other})
    assert getattr(lesson, name) == other
    assert other != info.default
    at = drawn(page, **lesson.model_dump())
    assert widget_of(at, kind, name).value == getattr(lesson, name)
    assert at.session_state["_test_lesson"] == lesson.model_dump()


@pytest.mark.parametrize("seed", range(12))
def test_a_slider_offers_what_has_a_result(seed, convolution_case):
    lesson = convolution_case(seed).lesson
    at = drawn("convolution", **lesson.model_dump())
    for slider in at.select_slider:
        offered = [int(option) for option in slider.options]
        choices = lesson.choices(slider.key)
        assert slider.disabled == (len(choices) == 1)
        if slider.disabled:
            assert offered == sorted({slider.value, slider.value + 1})
            assert slider.value == choices[0]
        else:
            assert offered == choices
            expected = getattr(lesson, slider.key)
            assert slider.value == (min(expected, max(choices)))


def test_a_slider_without_a_choice_is_disabled(pages):
    groups = widget_of(pages["convolution"], ConvolutionLesson, "groups")
    assert ConvolutionLesson().choices("groups") == [1]
    assert groups.disabled
    assert groups.value == 1
    assert not widget_of(pages["convolution"], ConvolutionLesson, "stride_height").disabled


def test_a_filter_that_is_not_there_any_more_becomes_the_last():
    at = drawn("convolution", filters=3, filter=7)
    assert widget_of(at, ConvolutionLesson, "filter").value == 3
    at = drawn("convolution", filters=1, filter=7)
    assert widget_of(at, ConvolutionLesson, "filter").value == 1


def test_a_limit_cuts_a_slider_and_moves_its_value():
    at = drawn("image", {"top": 5}, top=30)
    slider = widget_of(at, PixelLesson, "top")
    assert [int(option) for option in slider.options] == list(range(6))
    assert slider.value == 5
    at = drawn("image", {"top": 0}, top=30)
    slider = widget_of(at, PixelLesson, "top")
    assert (slider.value, slider.disabled) == (0, True)


def test_numbers_stay_within_the_bounds_of_their_field(pages):
    box = widget_of(pages["convolution"], ConvolutionLesson, "padding_value")
    assert (box.min, box.max) == (-255, 255)
    box = widget_of(pages["convolution"], ConvolutionLesson, "bias_value")
    assert (box.min, box.max) == (-1000, 1000)


def test_a_decimal_slider_offers_its_marks_and_where_it_is(pages):
    slider = widget_of(pages["normalisation"], NormLesson, "norm_epsilon")
    assert [float(option) for option in slider.options] == list(stops(NormLesson, slider.key))
    at = drawn("normalisation", norm_epsilon=0.37)
    slider = widget_of(at, NormLesson, "norm_epsilon")
    assert slider.value == 0.37
    assert "0.37" in slider.options


def test_choices_are_slugs_so_that_links_last(pages):
    for page, kind in LESSONS.items():
        for widget in pages[page].selectbox:
            assert widget.options == list(options(kind, widget.key))
            assert all(option == option.lower() for option in widget.options)


def test_hidden_controls_are_not_drawn():
    at = drawn("convolution", hide=["kernel", "seed"])
    keys = {slider.key for slider in at.select_slider}
    assert not {"kernel_height", "kernel_width", "seed"} & keys
    assert not any(box.key == "kernel" for box in at.selectbox)
    assert "stride_height" in keys


def test_what_could_not_be_taken_is_said():
    at = drawn("convolution", dilation_height=7)
    assert "Dilation is now 2 instead of 7" in at.warning[0].value
    at = drawn("convolution")
    assert not at.warning


def test_a_changed_widget_is_the_lesson_of_the_next_run():
    at = drawn("convolution")
    widget_of(at, ConvolutionLesson, "stride_height").set_value(2).run()
    assert at.session_state["_test_lesson"]["stride_height"] == 2
    widget_of(at, ConvolutionLesson, "image").set_value("ramp").run()
    assert at.session_state["_test_lesson"]["image"] == "ramp"
