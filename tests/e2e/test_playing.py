"""Stepping through the windows: player, keys, scrubber, speed, and what is read aloud."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import expect_setting
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

_COUNT_CHANGES = """(count, wait) => new Promise(resolve => {
    let changes = 0;
    const observer = new MutationObserver(() => changes += 1);
    observer.observe(count, { childList: true });
    setTimeout(() => { observer.disconnect(); resolve(changes); }, wait);
})"""


def test_it_plays_and_pauses(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.button("Play").click()
    expect(stage.count).to_have_text("3 of 9")
    stage.button("Pause").click()
    expect(stage.button("Play")).to_be_visible()
    stood = stage.count.inner_text()
    assert stage.count.evaluate(_COUNT_CHANGES, 700) == 0
    assert stage.count.inner_text() == stood


def test_the_speed_slider_makes_it_faster(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    speed = stage.root.get_by_role("slider", name="Speed")
    speed.press("Home")
    stage.button("Play").click()
    slow = stage.count.evaluate(_COUNT_CHANGES, 1000)
    speed.press("End")
    fast = stage.count.evaluate(_COUNT_CHANGES, 1000)
    assert slow <= 1
    assert fast >= 4


def test_it_steps_forward_and_back(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    for count, total in (("2 of 9", "12"), ("3 of 9", "17"), ("4 of 9", "10")):
        stage.button("Step forward").click()
        expect(stage.count).to_have_text(count)
        stage.expect_sum(total)
    stage.button("Step back").click()
    expect(stage.where).to_have_text("output [0, 2]")
    stage.button("First window").click()
    expect(stage.count).to_have_text("1 of 9")
    stage.button("Step back").click()
    expect(stage.count).to_have_text("9 of 9")
    stage.expect_sum("14")


def test_the_scrubber_goes_anywhere(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    box = stage.scrubber.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=5)
    expect(stage.count).to_have_text("5 of 9")
    stage.expect_sum("17")
    page.mouse.move(box["x"] + box["width"] - 2, y, steps=5)
    page.mouse.up()
    expect(stage.count).to_have_text("9 of 9")
    stage.scrubber.press("Space")
    expect(stage.button("Pause")).to_be_visible()


def test_the_keyboard_alone_plays_the_lesson(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    output = stage.grid("output")
    output.focus()
    for key, place, total in (
        ("ArrowRight", "[0, 1]", "12"),
        ("ArrowDown", "[1, 1]", "17"),
        ("ArrowLeft", "[1, 0]", "10"),
        ("End", "[2, 2]", "14"),
        ("ArrowUp", "[1, 2]", "19"),
        ("Home", "[0, 0]", "12"),
    ):
        page.keyboard.press(key)
        expect(stage.where).to_have_text(f"output {place}")
        stage.expect_sum(total)
    page.keyboard.press("Space")
    expect(stage.count).not_to_have_text("1 of 9")
    page.keyboard.press("Space")
    expect(stage.button("Play")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect_setting(page, "cell", "2,2")
    page.keyboard.press("Escape")
    expect_setting(page, "cell", None)


def test_a_keyboard_step_is_read_aloud_with_its_arithmetic(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    expect(stage.spoken).to_have_attribute("aria-live", "polite")
    stage.grid("output").press("ArrowRight")
    expect(stage.spoken).to_have_text(
        "row 0, column 1: 0*3 + 1*2 + 2*1 + 2*0 + 2*1 + 0*3 + 0*1 + 1*2 + 2*2 = 12"
    )
    stage.grid("input").press("ArrowRight")
    expect(stage.spoken).to_have_text("input [0, 0, 0] = 3 feeds 1 output cell")
