"""A link carries every setting, and nothing that is not needed."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import streamlit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.lessons.base import Lesson, bounds, options
from core.lessons.convolution import ConvolutionLesson
from core.lessons.pixels import PixelLesson
from core.presets import PRESETS
from core.ui import share
from core.ui.page import PAGES

PAGE = {page.slug: page for page in PAGES}


def values(kind: type[Lesson], name: str) -> st.SearchStrategy:
    info = kind.model_fields[name]
    if info.annotation is bool:
        return st.booleans()
    if info.annotation is int:
        whole = bounds(kind, name)
        return st.integers(whole[0], whole[-1])
    if info.annotation is float:
        whole = bounds(kind, name)
        return st.floats(whole[0], whole[-1])
    if choices := options(kind, name):
        return st.sampled_from(choices)
    if name in ("cell", "pixel"):
        return st.just("") | st.tuples(st.integers(0, 60), st.integers(0, 60)).map(
            lambda place: f"{place[0]},{place[1]}"
        )
    return st.text(max_size=40) | st.sampled_from(
        ["1 2 / 3 4 | 5 6 / 7 8 ; 1 & 2", "x.0.0.0=-3.5 k.1.1.0.0=7", "a=b&c=d+e%20#f?g"]
    )


def lessons(kind: type[Lesson]) -> st.SearchStrategy[Lesson]:
    some = {name: values(kind, name) for name in kind.model_fields}
    return st.fixed_dictionaries({}, optional=some).map(lambda given: kind.nearest(given)[0])


def carried(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session of its own, in which nothing has been chosen yet."""
    chosen = {}
    monkeypatch.setattr(streamlit, "session_state", chosen)
    return chosen


@given(lessons(ConvolutionLesson))
@settings(max_examples=300, deadline=None)
@example(ConvolutionLesson(image="own", image_numbers="1 0 / 0 1 | 2&3 / +4 #5", apart=True))
def test_a_link_to_a_convolution_leads_back_to_it(lesson):
    address = share.link(PAGE["convolution"], lesson)
    assert ConvolutionLesson.nearest(carried(address)) == (lesson, [])


@given(lessons(PixelLesson))
@settings(max_examples=200, deadline=None)
def test_a_link_to_a_crop_leads_back_to_it(lesson):
    address = share.link(PAGE["image"], lesson)
    assert PixelLesson.nearest(carried(address)) == (lesson, [])


@given(lessons(ConvolutionLesson))
def test_a_link_carries_only_what_differs(lesson):
    start = ConvolutionLesson()
    differing = {
        name
        for name in ConvolutionLesson.model_fields
        if getattr(lesson, name) != getattr(start, name)
    }
    assert set(carried(share.link(PAGE["convolution"], lesson))) == differing


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_the_link_of_a_preset_is_short_enough_for_its_code(preset):
    address = share.link(PAGE[preset.lesson.page], preset.lesson)
    assert type(preset.lesson).nearest(carried(address)) == (preset.lesson, [])
    assert len(address) < share.LONGEST_QR
    assert address.isascii()


@pytest.mark.parametrize("lesson", [ConvolutionLesson(), PixelLesson()], ids=lambda x: x.page)
def test_defaults_give_the_bare_address(lesson, session):
    bare = f"http://localhost:8501/{lesson.page}"
    assert share.link(PAGE[lesson.page], lesson) == bare
    session |= {"photo": "chelsea", "hide": [], "present": False, "predict": False}
    session |= {"view": "facts"}
    assert share.link(PAGE[lesson.page], lesson) == bare


@pytest.mark.parametrize("page", [page for page in PAGE.values() if page.views])
def test_a_link_carries_the_view_unless_the_page_opens_with_it(page, session):
    for view in page.views:
        session |= {"view": view}
        told = carried(share.link(page, PixelLesson())).get("view")
        assert told == (None if view == page.views[0] else view)


def test_a_link_carries_what_all_pages_share(session):
    session |= {"photo": "rocket", "hide": ["stride", "pad"], "present": True, "predict": True}
    session |= {"view": "photo", "stride_height": 7}
    address = share.link(PAGE["convolution"], ConvolutionLesson(stride_height=2))
    assert parse_qs(urlsplit(address).query) == {
        "stride_height": ["2"],
        "photo": ["rocket"],
        "hide": ["stride", "pad"],
        "present": ["true"],
        "predict": ["true"],
        "view": ["photo"],
    }


def test_switches_are_written_as_streamlit_reads_them():
    assert share.query(ConvolutionLesson(flip=True, bias=True, bias_value=-2)) == {
        "flip": "true",
        "bias": "true",
        "bias_value": "-2.0",
    }


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (None, "http://localhost:8501/convolution"),
        ("https://lab.example/convolution?stride_height=3", "https://lab.example/convolution"),
        ("https://lab.example/course/", "https://lab.example/course/convolution"),
    ],
)
def test_the_address_is_that_of_the_page(here, expected, monkeypatch):
    monkeypatch.setattr(type(streamlit.context), "url", here)
    assert share.link(PAGE["convolution"], ConvolutionLesson()) == expected


def test_the_code_for_the_hall_is_a_drawing_with_a_quiet_zone():
    svg = share._qr_svg("http://localhost:8501/convolution")
    assert svg.startswith("<svg")
    assert 'fill="#fff"' in svg
    assert svg != share._qr_svg("http://localhost:8501/image")
