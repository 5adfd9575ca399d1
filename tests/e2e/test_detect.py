"""Objects are found in the browser: thresholds act at once, names never hide each other."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import Slider, eventually, expect_setting

pytestmark = pytest.mark.e2e

PATIENCE = 180_000


@pytest.fixture
def detect(visit):
    """Open the page with a query, once the detector has answered."""

    def open_page(query: str = "", **options) -> Page:
        page = visit(f"/detect{query}", **options)
        page.locator(".detections[data-waiting='false']").wait_for(timeout=PATIENCE)
        return page

    return open_page


def hidden_tabs(page: Page) -> list[list[float]]:
    """Tabs that overlap another one or leave the picture."""
    found: list[list[float]] = page.locator(".detections .view").first.evaluate("""view => {
        const frame = view.getBoundingClientRect(), places = tab => tab.getBoundingClientRect();
        const tabs = [...view.querySelectorAll(".tab")].map(places);
        const outside = a => a.left < frame.left - 1 || a.top < frame.top - 1
            || a.right > frame.right + 1 || a.bottom > frame.bottom + 1;
        const meet = (a, b) => a !== b && a.left < b.right && b.left < a.right
            && a.top < b.bottom && b.top < a.bottom;
        return tabs.filter(a => outside(a) || tabs.some(b => meet(a, b)))
            .map(a => [a.left, a.top, a.right, a.bottom]);
    }""")
    return found


def widths(page: Page) -> list[int]:
    """Of the pictures that have come, in pixels."""
    found: list[int] = page.locator(".detections img").evaluate_all(
        "images => images.map(image => image.naturalWidth)"
    )
    return found


def test_the_cup_is_found_and_the_thresholds_act_at_once(detect):
    page = detect("?photo=coffee&det_side=288")
    tabs = page.locator(".detections .tab")
    expect(tabs).to_have_text([re.compile(r"cup 0\.\d\d")])
    expect(page.locator(".detections .summary")).to_contain_text("Of 1,215 candidates")
    eventually(page, lambda: widths(page), [600])
    Slider(page, "det_confidence").press("Home")
    expect_setting(page, "det_confidence", "1")
    eventually(page, lambda: tabs.count() > 1, True)
    Slider(page, "det_iou").press("End")
    expect_setting(page, "det_iou", "100")
    expect(page.locator(".detections .summary")).to_contain_text("none has to give way")
    assert hidden_tabs(page) == []
    Slider(page, "det_confidence").press("End")
    expect(tabs).to_have_count(0)
    expect(page.locator(".detections .summary")).to_contain_text("The surest is cup")


def test_a_box_tells_its_numbers_to_pointer_and_keys(detect):
    page = detect("?photo=coffee&det_side=288")
    frame = page.locator(".detections .view")
    tip = page.locator(".detections .tip")
    expect(tip).to_be_hidden()
    frame.hover()
    expect(tip).to_contain_text("objectness")
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    frame.focus()
    frame.press("ArrowRight")
    expect(tip).to_contain_text(re.compile(r"cup 0\.\d+"))
    expect(page.locator(".detections .spoken")).to_contain_text("cup")
    frame.press("Escape")
    expect(tip).to_be_hidden()


def test_on_a_phone_faces_are_found_without_a_network_and_nothing_sticks_out(detect):
    page = detect(
        "?det_method=faces&photo=astronaut&det_iou=60&det_confidence=10",
        viewport={"width": 390, "height": 844},
    )
    tabs = page.locator(".detections .tab")
    eventually(page, lambda: tabs.count() > 3, True)
    assert hidden_tabs(page) == []
    main = page.locator("[data-testid='stMain']")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
