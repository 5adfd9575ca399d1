"""The page "U-Net": bare, with every preset, every view, odd links. No engine."""

import re

import pytest

from core.architecture.unet import PUBLISHED, ladder
from core.lessons.unet import PUBLISHED_LESSON, UNetLesson
from core.presets import PRESETS
from core.training.segmentation import SegmentationSpec
from core.ui.page import PAGES
from core.ui.share import query
from core.ui.unet.ladder import compared, drawing, table
from tests.pages.test_pages import errors, opened, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "unet")


def test_it_starts_with_the_defaults_and_an_empty_link():
    at = opened("unet")
    assert errors(at) == []
    shown = settings_drawn(at, UNetLesson())
    assert len(shown) >= 30
    assert shown == {name: getattr(UNetLesson(), name) for name in shown}
    assert dict(at.query_params) == {}
    assert not {b.key: b for b in at.button}["run_start"].disabled


def test_the_defaults_are_those_of_a_run():
    assert UNetLesson().run_spec() == SegmentationSpec()


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_a_run(view):
    at = opened("unet", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("unet"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset):
    at = opened("unet", **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"unet_rate": "100"}, "Learning rate cannot be '100'"),
        ({"unet_depth": "9"}, "Depth cannot be '9'"),
        ({"scene_fewest": "5"}, "Most shapes is now 5 instead of 3"),
        ({"scene_smallest": "60"}, "Largest (%) is now 60 instead of 40"),
        ({"unet_data": "own", "view": "data"}, "no own pictures with masks yet"),
        ({"unet_padding": "valid"}, "64 pixels do not go through this network: pictures of 92"),
    ],
)
def test_an_odd_link_is_told_in_words(link, told):
    at = opened("unet", **link)
    assert errors(at) == []
    assert told in words(at)


def test_the_published_ladder_stands_in_the_drawing():
    rungs = ladder(PUBLISHED, (572, 572), 1, 2)
    svg = drawing(rungs, 4)
    for size in ("572 x 572", "388 x 388", "28 x 28", "1024"):
        assert size in svg
    assert re.findall(r"crop (\d+)", svg) == ["4", "16", "40", "88"]
    assert svg.count("<rect") == len(rungs) - 4  # an enlargement stands in the box of its skip
    rows = compared(PUBLISHED_LESSON)
    assert [row["valid: crop"] for row in rows] == [88, 40, 16, 4, None]
    assert [row["valid: up"] for row in rows] == [388, 196, 100, 52, 28]
    assert {row["same: crop"] for row in rows} == {0, None}
    assert sum(row["parameters"] for row in table(rungs)) == 31_030_658


def test_the_published_ladder_is_told_on_the_page():
    text = words(opened("unet", view="ladder", **query(PUBLISHED_LESSON)))
    assert "572 x 572 x 1 in, 388 x 388 x 2 out" in text
    assert "31,030,658 parameters" in text


def test_settings_that_are_none_are_refused_in_words():
    at = opened("unet", view="compare")
    bad = ("run.json", b'{"epochs": "many"}', "application/json")
    at.file_uploader(key="unet_settings").set_value(bad).run()
    assert errors(at) == []
    assert "These are not the settings of a run of this page" in words(at)
