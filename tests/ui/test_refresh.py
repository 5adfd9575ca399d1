"""Which parts of a page a change draws anew."""

import pytest
import streamlit as st

from core.ui import refresh
from tests.pages.test_pages import opened


@pytest.fixture
def redrawn(monkeypatch):
    """Lists of parts that were asked for, in a session of its own."""
    asked = []
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "rerun", asked.append)
    return asked


def test_a_main_slider_leaves_a_view_that_stands_still(redrawn):
    refresh.slid()
    for part in (refresh.STAGE, refresh.VIEW):
        refresh.drawn(part)
    refresh.stands(True)
    refresh.slid()
    refresh.drawn(refresh.STAGE)
    refresh.stands(False)
    refresh.slid()
    both = [refresh.STAGE, refresh.VIEW]
    assert redrawn == [both, [refresh.STAGE], both]


def test_a_view_that_was_asked_for_before_comes_all_the_same(redrawn):
    """The run that would have drawn it was stopped by the next change."""
    refresh.stands(True)
    refresh.stage()
    refresh.slid()
    assert redrawn[-1] == [refresh.STAGE, refresh.VIEW]


@pytest.mark.parametrize(
    ("slug", "link", "still"),
    [
        ("yolo", {"view": "output"}, True),
        ("yolo", {"view": "output", "predict": "true"}, False),
        ("yolo", {"view": "facts"}, False),
        ("yolo", {"view": "notes"}, True),
        ("pooling", {"view": "notes"}, True),
        ("pooling", {"view": "facts"}, False),
    ],
)
def test_a_view_stands_still_where_it_says_nothing_of_the_stage(slug, link, still):
    at = opened(slug, **link)
    assert at.session_state["_view_stands"] is still
