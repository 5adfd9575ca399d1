"""The page "Augmentation" in a browser, with the real engine."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import eventually, settings

pytestmark = pytest.mark.e2e

PATIENCE = 90_000
"""Milliseconds: the first draw of a server loads TensorFlow."""


@pytest.fixture
def drawn(visit: Visit):
    """The page, once its draws are there."""

    def open_page(query: str = "", **options) -> Page:
        page = visit(f"/augmentation{query}", **options)
        expect(page.locator(".drawn, .step")).not_to_have_count(0, timeout=PATIENCE)
        expect(page.locator(".drawn")).not_to_have_count(0, timeout=PATIENCE)
        expect(page.locator(".draws")).to_have_attribute("data-stale", "false")
        return page

    return open_page


def captions(page: Page) -> list[str]:
    return page.locator(".drawn .caption").all_inner_texts()


def pixels(page: Page, place: int) -> list[int]:
    """Some values of a drawn picture."""
    return (
        page.locator(".drawn canvas")
        .nth(place)
        .evaluate(
            "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
            ".filter((_, k) => k % 997 === 0))"
        )
    )


def test_a_slider_changes_pictures_and_words_and_a_new_draw_others(drawn):
    page = drawn("?augment_step=rotation-degrees30-fillconstant")
    expect(page.locator(".drawn")).to_have_count(8)
    before, picture = captions(page), pixels(page, 0)
    assert all(re.fullmatch(r"angle [+-]\d+\.\d degrees", text) for text in before)
    slider = page.get_by_role("slider", name="Up to (degrees)")
    slider.focus()
    slider.press("ArrowRight")
    eventually(page, lambda: captions(page) != before, True)
    eventually(page, lambda: pixels(page, 0) != picture, True)
    assert [text[6] for text in captions(page)] == [text[6] for text in before]  # the signs
    eventually(page, lambda: settings(page).get("augment_step"),
               "rotation-degrees31-fillconstant")  # fmt: skip
    page.get_by_role("button", name="New draw").click()
    after = captions(page)
    eventually(page, lambda: captions(page) != after, True)
    eventually(page, lambda: settings(page).get("augment_seed", "0") != "0", True)


def test_a_pipeline_is_put_together_and_followed_step_by_step(drawn):
    page = drawn("?augment_mode=pipeline&augment_steps=rotation&augment_draws=4")
    expect(page.locator(".trail li")).to_have_count(2)
    page.get_by_role("button", name="Add a step", exact=True).click()
    page.get_by_placeholder(re.compile("search", re.IGNORECASE)).fill("cutout")
    page.keyboard.press("Enter")
    expect(page.locator(".trail li")).to_have_count(3)
    eventually(page, lambda: settings(page).get("augment_steps"), "rotation_cutout")
    third = page.locator(".drawn .shot").nth(2)
    expect(third).to_have_accessible_name(re.compile("Draw 3, "))
    third.click()
    expect(page.locator(".way h4")).to_have_text("Draw 3, step by step")
    expect(page.locator(".drawn.chosen")).to_have_count(1)
    page.get_by_role("switch", name="step 1, Rotation: on").uncheck(force=True)
    eventually(page, lambda: settings(page).get("augment_steps"), "off-rotation_cutout")
    expect(page.locator(".trail .detail").nth(1)).to_have_text("off")


def test_boxes_go_with_the_picture_and_are_drawn_by_hand(drawn):
    page = drawn(
        "?augment_mode=boxes&photo=astronaut&augment_draws=1"
        "&augment_steps=flip.horizontal-probability1"
    )
    first, mirrored = (
        page.locator(f".{kind} .frame").nth(0).evaluate("e => [e.style.left, e.style.width]")
        for kind in ("original", "drawn")
    )
    left, width = (float(text.rstrip("%")) for text in first)
    assert float(mirrored[0].rstrip("%")) == pytest.approx(100 - left - width, abs=0.5)
    area = page.locator(".original .frames").bounding_box()
    page.mouse.move(area["x"] + 0.05 * area["width"], area["y"] + 0.45 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.2 * area["width"], area["y"] + 0.6 * area["height"], steps=4)
    page.mouse.up()
    expect(page.locator(".drawn .frame")).to_have_count(4)
    expect(page.locator(".drawn .frame span").nth(3)).to_have_text("object")
    head = page.locator(".original .frame").nth(0)
    expect(head).to_have_accessible_name(re.compile("Box head: arrow keys move it"))
    head.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".drawn .frame")).to_have_count(3)


def test_without_and_with_are_trained_and_the_test_is_drawn(drawn):
    page = drawn(
        "?augment_picture=digit&augment_step=rotation-degrees15-fillconstant&view=training"
        "&help_epochs=5&help_images=50"
    )
    page.get_by_role("button", name="Train without and with").click()
    expect(page.get_by_text("Test-time augmentation")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile("validation loss ends at"))).to_be_visible()
    expect(page.locator(".receptive-curves")).to_contain_text("with, validation")
    page.get_by_role("button", name="Judge the test pictures").click()
    expect(page.get_by_text(re.compile("of one look")).first).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(drawn, width):
    page = drawn(
        "?augment_mode=boxes&augment_steps=mosaic", viewport={"width": width, "height": 844}
    )
    box = page.locator(".draws").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
