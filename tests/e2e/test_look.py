"""Light and dark, wide and narrow, and what a screen reader finds."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, eventually
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

PAGES = (
    "/",
    "/image",
    "/convolution",
    "/kernels",
    "/pooling",
    "/normalisation",
    "/descent",
    "/backprop",
    "/softmax",
    "/training",
    "/augmentation",
    "/classify",
)
PHONE = {"width": 390, "height": 844}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` or `rgb(...)`, as WCAG 2.2 defines it."""
    if colour.startswith("#"):
        channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    else:
        channels = [int(word) for word in re.findall(r"\d+", colour)[:3]]
    linear = [
        c / 12.92 if (c := value / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def background(page: Page) -> str:
    """The colour behind everything."""
    colour: str = page.locator("[data-testid='stApp']").evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    return colour


def window_colour(stage: Stage) -> str:
    """The colour of the window's frame."""
    colour: str = stage.root.evaluate(
        "stage => getComputedStyle(stage).getPropertyValue('--window').trim()"
    )
    return colour


def test_dark_and_light_are_each_made_on_purpose(visit: Visit) -> None:
    frames = {}
    for scheme in ("light", "dark"):
        page = visit("/convolution", color_scheme=scheme)
        behind = luminance(background(page))
        assert behind < 0.05 if scheme == "dark" else behind > 0.9
        stage = Stage(page)
        frames[scheme] = window_colour(stage)
        assert contrast(frames[scheme], background(page)) >= 4.5
        words = stage.terms.evaluate("terms => getComputedStyle(terms).color")
        assert contrast(words, background(page)) >= 7
    assert frames["light"] != frames["dark"]


def test_the_stage_follows_when_the_theme_changes(visit: Visit) -> None:
    page = visit("/convolution", color_scheme="light")
    stage = Stage(page)
    before, picture = window_colour(stage), stage.root.screenshot()
    page.emulate_media(color_scheme="dark")
    eventually(page, lambda: luminance(background(page)) < 0.05, expected=True)
    eventually(page, lambda: window_colour(stage) != before, expected=True)
    assert stage.root.screenshot() != picture
    stage.expect_sum("12")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(visit: Visit, path: str) -> None:
    page = visit(path, viewport=PHONE, has_touch=True, is_mobile=True)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    overhang = page.locator("[data-testid='stMain']").evaluate(
        "main => main.scrollWidth - main.clientWidth"
    )
    assert overhang <= 0
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_be_in_viewport()
    if path != "/":
        component = page.locator(
            ".stage .input canvas.top, .pixels .whole canvas.top, .descent .map canvas.top, "
            ".backprop svg, .softmax .arithmetic, .chain .grid0 canvas.top, "
            ".block .input canvas.top, .bench .view canvas.top, .sight .view, "
            ".draws .original > .shot, "
            ".st-key-run_buttons"
        )
        expect(component).to_be_visible()
        box = component.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_the_stage_can_be_tapped_on_a_phone(visit: Visit) -> None:
    page = visit("/convolution", viewport=PHONE, has_touch=True, is_mobile=True)
    stage = Stage(page)
    page.touchscreen.tap(*stage.place("output", 2, 2))
    stage.expect_sum("14")


def test_whatever_takes_the_keyboard_has_a_name(visit: Visit) -> None:
    for path, component in (
        ("/convolution", ".stage"),
        ("/image", ".pixels"),
        ("/kernels?view=learn", ".bench"),
        ("/kernels?view=learn", ".learning"),
        ("/pooling", ".chain"),
        ("/normalisation", ".block"),
        ("/descent", ".descent"),
        ("/backprop", ".backprop"),
        ("/softmax", ".softmax"),
    ):
        page = visit(path)
        takers = page.locator(component).locator("[tabindex='0'], button, input, summary")
        assert takers.count() >= 5
        for number in range(takers.count()):
            expect(takers.nth(number)).to_have_accessible_name(re.compile(r"\w"))


def table(place: Locator, caption: str) -> list[list[str]]:
    """The cells of a table, found by its caption."""
    rows = place.locator("table").filter(has_text=caption).locator("tbody tr")
    return [rows.nth(r).locator("td").all_inner_texts() for r in range(rows.count())]


def test_the_numbers_are_there_as_tables(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.root.get_by_text("Numbers as tables").click()
    output = [["12", "12", "17"], ["10", "17", "19"], ["9", "6", "14"]]
    eventually(page, lambda: table(stage.root, "Output"), output)
    assert table(stage.root, "Kernel") == [["0", "1", "2"], ["2", "2", "0"], ["0", "1", "2"]]
    assert table(stage.root, "Input")[0] == ["3", "3", "2", "1", "0"]
    Slider(page, "stride_height").press("ArrowRight")
    eventually(page, lambda: table(stage.root, "Output"), [["12", "17"], ["9", "14"]])


def test_the_image_page_has_tables_too(visit: Visit) -> None:
    page = visit("/image?picture=triples&top=0&left=0&rows=1&columns=3")
    boards = page.locator(".pixels")
    boards.get_by_text("Numbers as tables").click()
    eventually(page, lambda: table(boards, "R red"), [["255", "0", "0"]])
    assert table(boards, "B blue") == [["0", "0", "255"]]
    assert table(boards, "Y luma") == [["76.245", "149.685", "29.07"]]
