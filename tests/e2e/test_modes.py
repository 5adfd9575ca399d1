"""Predict first, and the projector's look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    alerts,
    eventually,
    expect_setting,
    settled,
    sidebar,
    switch,
    view,
)
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

_FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? "";
}"""


def guess(page: Page, **numbers: int) -> None:
    """Type guesses, each followed by Enter."""
    for name, value in numbers.items():
        box = page.get_by_role("spinbutton", name=name, exact=True)
        box.fill(str(value))
        box.press("Enter")


def root_size(page: Page) -> str:
    """The size of the type that all other sizes follow."""
    size: str = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    return size


def test_results_stay_hidden_until_the_guesses_are_in(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    switch(page, "predict")
    expect(stage.title("output")).to_have_text("Output ? x ? x 1")
    expect(stage.count).to_have_text("window ?")
    stage.expect_sum("?")
    hidden = page.get_by_text("Hidden until the guesses are in")
    expect(hidden).to_be_visible()
    view(page, "code")
    expect(hidden).to_be_visible()
    expect(page.locator("[data-testid='stCode']")).to_have_count(0)

    guess(page, Height=4, Width=4)
    expect(alerts(page).get_by_text("Not 4 x 4 but 3 x 3.")).to_be_visible()
    expect(stage.title("output")).to_have_text("Output 3 x 3 x 1")
    stage.expect_sum("?")
    guess(page, Parameters=9)
    expect(alerts(page).get_by_text("Right: 9.")).to_be_visible()
    guess(page, Value=12)
    expect(alerts(page).get_by_text("Right: 12.")).to_be_visible()
    stage.expect_sum("12")
    assert stage.rows() == "12 12 17 / 10 17 19 / 9 6 14"
    expect(hidden).to_have_count(0)
    expect(page.locator("[data-testid='stCode']")).to_be_visible()


def test_a_wrong_sum_is_put_right_with_its_arithmetic(visit: Visit) -> None:
    page = visit("/convolution?predict=true&cell=1,2")
    stage = Stage(page)
    expect(stage.title("output")).to_have_text("Output ? x ? x 1")
    guess(page, Height=3, Width=3, Parameters=10, Value=20)
    expect(alerts(page).get_by_text("Right: 3 x 3.")).to_be_visible()
    expect(alerts(page).get_by_text("Not 10 but 9.")).to_be_visible()
    expect(alerts(page).get_by_text("Not 20 but 19.")).to_be_visible()
    stage.expect_sum("19")


def test_what_is_hidden_is_not_given_away_by_the_tables(visit: Visit) -> None:
    stage = Stage(visit("/convolution?predict=true"))
    stage.root.get_by_text("Numbers as tables").click()
    output = stage.root.locator("table").last
    expect(output.locator("td").first).to_have_text("?")


def test_the_image_page_asks_too(visit: Visit) -> None:
    page = visit("/image?predict=true&bits=4")
    expect(page.get_by_text("Hidden until the guesses are in")).to_be_visible()
    guess(page, Numbers=8256, Colours=16)
    expect(alerts(page).get_by_text("Right: 8256.")).to_be_visible()
    expect(alerts(page).get_by_text("Not 16 but 4096.")).to_be_visible()
    expect(page.get_by_text("Hidden until the guesses are in")).to_have_count(0)


def test_present_enlarges_folds_and_hands_the_keyboard_to_the_stage(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    small = root_size(page)
    expect(sidebar(page).get_by_text("Current image")).to_be_in_viewport()
    switch(page, "present")
    eventually(page, lambda: float(root_size(page)[:-2]) > float(small[:-2]), expected=True)
    expect(sidebar(page).get_by_text("Current image")).not_to_be_in_viewport()
    eventually(page, lambda: page.evaluate(_FOCUSED).split(".")[0], "Output")
    page.keyboard.press("Space")
    expect(stage.count).to_have_text("2 of 9")
    page.keyboard.press("Space")
    expect(stage.button("Play")).to_be_visible()
    expect_setting(page, "present", "true")
    switch(page, "present")
    eventually(page, lambda: root_size(page), small)
    expect(sidebar(page).get_by_text("Current image")).to_be_in_viewport()
    expect_setting(page, "present", None)


def test_a_link_opens_in_present_mode(visit: Visit) -> None:
    page = visit("/convolution?present=true")
    stage = Stage(page)
    assert float(root_size(page)[:-2]) > 16
    expect(sidebar(page).get_by_text("Current image")).not_to_be_in_viewport()
    eventually(page, lambda: page.evaluate(_FOCUSED).split(".")[0], "Output")
    page.keyboard.press("ArrowRight")
    expect(stage.count).to_have_text("2 of 9")
    settled(page)
    box = stage.root.locator(".arithmetic").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 900, "grids, player and arithmetic fit on the projector"
