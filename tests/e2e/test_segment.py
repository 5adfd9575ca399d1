"""Pictures are divided in the browser: a network answers, parts are switched, boxes drawn."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import Slider, choose, eventually, expect_setting, settings, view

pytestmark = pytest.mark.e2e

PATIENCE = 180_000


@pytest.fixture
def segment(visit):
    """Open the page with a query, once every method has answered."""

    def open_page(query: str = "", **options) -> Page:
        page = visit(f"/segment{query}", **options)
        page.locator(".segments[data-waiting='false']").wait_for(timeout=PATIENCE)
        return page

    return open_page


def summary(page: Page, place: int = 0) -> str:
    return page.locator(".segments .summary").nth(place).text_content() or ""


def source(page: Page) -> str:
    return page.locator(".segments img").first.get_attribute("src") or ""


def test_the_network_finds_the_cup_and_the_threshold_acts_at_once(segment):
    page = segment("?photo=coffee")
    expect(page.locator(".segments .summary")).to_have_text(
        re.compile(r"The object has 4\d\.\d % of the picture")
    )
    before = summary(page)
    Slider(page, "seg_cut").press("End")
    eventually(page, lambda: summary(page) != before, True)
    expect_setting(page, "seg_cut", "99")
    choose(page, "seg_shows", "cutout")
    expect(page.locator(".segments img")).to_have_attribute("alt", re.compile("cut out"))


def test_two_methods_stand_side_by_side_with_their_iou(segment):
    page = segment("?seg_method=threshold&photo=coins")
    choose(page, "seg_second", "watershed")
    expect(page.locator(".segments .panel")).to_have_count(2)
    expect(page.locator(".segments .between")).to_have_text(
        re.compile(r"Threshold and Watershed: IoU 0\.\d\d, Dice 0\.\d\d")
    )
    expect(page.get_by_text("boundary F", exact=False)).to_be_visible()


def test_parts_are_switched_in_the_list(segment):
    page = segment("?seg_method=kmeans&seg_shows=mask&photo=coffee")
    rows = page.locator(".segments li button")
    expect(rows).to_have_count(4)
    expect(rows.first).to_have_attribute("aria-pressed", "false")
    before = source(page)
    rows.first.click()
    expect(rows.first).to_have_attribute("aria-pressed", "true")
    expect_setting(page, "seg_object", "0, 1, 2, 3")
    eventually(page, lambda: source(page) != before, True)
    rows.nth(1).press("Enter")
    expect_setting(page, "seg_object", "0, 2, 3")
    page.locator(".segments .view").click(position={"x": 4, "y": 4})
    eventually(page, lambda: settings(page).get("seg_object") != "0, 2, 3", True)


def test_a_box_is_drawn_and_the_cut_follows(segment):
    page = segment("?seg_method=grabcut&photo=coffee")
    frame = page.locator(".segments .view").bounding_box()
    before = source(page)
    page.mouse.move(frame["x"] + 0.3 * frame["width"], frame["y"] + 0.2 * frame["height"])
    page.mouse.down()
    page.mouse.move(
        frame["x"] + 0.7 * frame["width"], frame["y"] + 0.6 * frame["height"], steps=5
    )
    page.mouse.up()
    eventually(page, lambda: settings(page).get("seg_left") in ("29", "30", "31"), True)
    assert settings(page)["seg_bottom"] in ("59", "60", "61")
    eventually(page, lambda: source(page) != before, True)
    box = page.locator(".segments .box").bounding_box()
    assert box["width"] == pytest.approx(0.4 * frame["width"], rel=0.05)


def test_the_steps_of_a_method_are_shown(segment):
    page = segment("?seg_method=watershed&photo=coins")
    view(page, "steps")
    expect(page.locator(".st-key-segment_steps_0 li")).to_have_count(4)


def test_on_a_phone_nothing_sticks_out(segment):
    page = segment(
        "?seg_method=kmeans&seg_second=threshold", viewport={"width": 390, "height": 844}
    )
    main = page.locator("[data-testid='stMain']")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
    assert page.locator(".segments").evaluate("part => part.scrollWidth") <= 390
