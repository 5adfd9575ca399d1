"""A network answers in the browser: temperature, challenges, patch, zoo, upload."""

import re

import cv2
import pytest
from playwright.sync_api import Page, expect
from skimage import data

from tests.e2e.pages import (
    Slider,
    choose,
    eventually,
    expect_setting,
    settings,
    upload,
    view,
)

pytestmark = pytest.mark.e2e

PATIENCE = 180_000
CATS = re.compile("tabby cat|tiger cat|Egyptian Mau")


def answered(page: Page) -> Page:
    """Wait until everything that was asked is answered."""
    page.locator(".sight[data-waiting='false'] ol li").first.wait_for(timeout=PATIENCE)
    return page


def names(page: Page) -> list[str]:
    return page.locator(".sight .name span").all_text_contents()


def shares(page: Page) -> list[str]:
    return page.locator(".sight li b").all_text_contents()


@pytest.fixture
def classify(visit):
    """Open the page with a query, once the network has answered."""

    def open_page(query: str = "", **options) -> Page:
        return answered(visit(f"/classify{query}", **options))

    return open_page


def test_the_page_stands_before_the_network_has_answered(visit):
    page = visit("/classify")
    picture = page.locator(".sight img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 451
    answered(page)
    expect(page.locator(".sight .name").first).to_have_text(CATS)
    expect(page.locator(".sight .rest")).to_contain_text("The other 995 classes share")


def test_temperature_keeps_the_order_and_stands_in_the_link(classify):
    page = classify()
    before, sure = names(page), shares(page)
    Slider(page, "class_temperature").press("End")
    eventually(page, lambda: shares(page)[0] != sure[0], True)
    assert names(page) == before
    expect(page.locator(".sight .panel small")).to_have_text("T = 20")
    expect_setting(page, "class_temperature", "20.0")
    expect(page.locator(".sight .terms")).to_contain_text(") / 20)")


def test_the_curve_covers_the_slider_and_marks_where_it_stands(classify):
    page = classify("?challenge=light")
    chart = page.locator(".receptive-curves .plots")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Marked: here: 0 at 0\."))
    Slider(page, "hard_light").press("ArrowLeft", 4)
    expect_setting(page, "hard_light", "-2.0")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Marked: here: -2 at -2\."))
    expect(page.locator(".sight h4").first).to_have_text(re.compile("light -2 stops"))
    expect(page.locator(".sight li s").first).to_be_visible()
    page.locator(".receptive-curves summary").click()
    rows = page.locator(".receptive-curves tbody th").all_text_contents()
    assert len(rows) == 25


def test_the_patch_is_dragged_and_the_answer_follows(classify):
    page = classify("?challenge=patch&hard_patch=20.0")
    box = page.locator(".sight .view").bounding_box()
    patch = page.locator(".sight .patch").bounding_box()
    before = shares(page)
    x, y = patch["x"] + patch["width"] / 2, patch["y"] + patch["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 0.3 * box["width"], y, steps=5)
    page.mouse.up()
    eventually(page, lambda: settings(page).get("patch_across") in ("19", "20", "21"), True)
    answered(page)
    eventually(page, lambda: shares(page) != before, True)
    moved = page.locator(".sight .patch").bounding_box()
    # At 20 % of the area it is 45 % wide: its middle cannot lie left of 22 %.
    assert moved["x"] == pytest.approx(box["x"], abs=3)
    page.locator(".sight .patch").press("ArrowDown")
    expect_setting(page, "patch_down", "52")


def test_another_challenge_brings_its_slider(classify):
    page = classify()
    choose(page, "challenge", "size")
    expect(page.locator(".st-key-hard_size")).to_be_visible()
    expect(page.locator(".st-key-hard_rotation")).to_be_hidden()
    answered(page)
    chart = page.locator(".receptive-curves .plots")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Probability by size \(%\)"))


def test_right_and_wrong_preprocessing_stand_side_by_side(classify):
    page = classify()
    view(page, "seen")
    tiles = page.locator(".st-key-seen_scalings li")
    expect(tiles).to_have_count(6, timeout=PATIENCE)
    expect(tiles.locator(".sign svg")).to_have_count(1)
    expect(page.get_by_text(re.compile(r"\d+ - 127\) / 128 = "))).not_to_have_count(0)


def test_the_zoo_is_sorted_and_searched_and_says_what_is_here(classify):
    page = classify("?view=zoo")
    zoo = page.locator(".zoo[data-ready='true']")
    zoo.wait_for(timeout=PATIENCE)
    zoo.get_by_role("button", name="Top-1 %").click()
    first = zoo.locator("tbody th span").first
    expect(first).to_have_text("ConvNeXtXLarge")
    expect(zoo.locator("th[aria-sort='descending']")).to_have_text("Top-1 %")
    zoo.get_by_role("searchbox").fill("lite0")
    expect(zoo.locator("tbody tr")).to_have_count(1)
    expect(zoo.locator("tbody tr")).to_contain_text("Here")
    expect(zoo.get_by_role("button", name="Use: EfficientNet-Lite0")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_an_own_picture_is_named(classify):
    page = classify()
    _, content = cv2.imencode(".jpg", data.coffee()[..., ::-1])
    upload(page, "cup.jpg", "image/jpeg", content.tobytes())
    expect(page.locator(".sight h4").first).to_have_text("Your image")
    answered(page)
    expect(page.locator(".sight .name").first).to_have_text(
        re.compile("espresso|cup|coffee mug"), timeout=PATIENCE
    )


def test_on_a_phone_nothing_sticks_out(classify):
    page = classify("?challenge=patch&hard_patch=20.0", viewport={"width": 390, "height": 844})
    wide = page.evaluate("document.querySelector('.sight')?.scrollWidth ?? 0")
    main = page.locator("[data-testid='stMain']")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
    assert wide <= 390
