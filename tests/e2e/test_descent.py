"""The page "Descent" as a person uses it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    Slider,
    choose,
    eventually,
    expect_setting,
    menu,
    path,
    settings,
    tab,
)

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
Window = tuple[float, float, float, float]
BOWL: Window = (-2.8, 2.8, -2.4, 2.4)


class Descent:
    """Surface, losses, racers and arithmetic."""

    def __init__(self, page: Page, window: Window = BOWL) -> None:
        self.page = page
        self.window = window
        self.root = page.locator(".descent")
        self.where = self.root.locator(".where")
        self.work = self.root.locator(".work")
        self.count = self.root.locator(".count")
        self.remark = self.root.locator(".remark")
        self.surface = self.root.locator(".map canvas.top")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the surface is on the page."""
        self.surface.scroll_into_view_if_needed()
        box = self.surface.bounding_box()
        frame = self.surface.get_attribute("data-frame")
        assert box and frame
        left, top, width, height = map(float, frame.split())
        low_x, high_x, low_y, high_y = self.window
        return (
            box["x"] + left + (x - low_x) / (high_x - low_x) * width,
            box["y"] + top + (high_y - y) / (high_y - low_y) * height,
        )

    def button(self, name: str) -> Locator:
        """One of the player's buttons."""
        return self.root.get_by_role("button", name=name, exact=True)

    def new_weights(self) -> list[str]:
        """The two numbers at the end of the arithmetic."""
        return self.work.locator("tr").last.locator("b").all_inner_texts()

    def expect_new_weights(self, *numbers: str) -> None:
        """The step shown comes to lead to these weights."""
        eventually(self.page, self.new_weights, list(numbers))


def test_a_link_opens_the_step_that_it_names(visit: Visit) -> None:
    page = visit("/descent?rate_a=1.1&descent_steps=20&shown_step=3")
    descent = Descent(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Descent")
    expect(descent.count).to_have_text("3 of 20")
    # y is multiplied by 1 - 1.1 * 2 = -1.2 at each step, x by 1 - 1.1 * 0.2 = 0.78.
    expect(descent.where).to_contain_text("from x = -1.338, y = 2.304")
    descent.expect_new_weights("-1.044", "-2.765")
    expect(descent.remark).to_contain_text(
        "1 - 1.1 * 2 = -1.2: it grows. The limit is 2 / 2 = 1."
    )


def test_a_slider_changes_the_path_and_the_link(visit: Visit) -> None:
    page = visit("/descent")
    descent = Descent(page)
    descent.expect_new_weights("-2.024", "0.32")
    Slider(page, "rate_a").press("ArrowRight")  # from 0.4 to 0.5
    descent.expect_new_weights("-1.98", "0")
    expect_setting(page, "rate_a", "0.5")
    other = Descent(visit(path(page)))
    other.expect_new_weights("-1.98", "0")


def test_stepping_forward_and_back_and_playing(visit: Visit) -> None:
    page = visit("/descent?rate_a=0.5&descent_steps=4")
    descent = Descent(page)
    descent.button("Step forward").click()
    expect(descent.count).to_have_text("2 of 4")
    descent.expect_new_weights("-1.782", "0")
    descent.button("Step back").click()
    expect(descent.count).to_have_text("1 of 4")
    descent.expect_new_weights("-1.98", "0")
    descent.root.locator(".speed input").fill("4")
    descent.button("Play").click()
    expect(descent.count).to_have_text("4 of 4")
    expect(descent.button("Play")).to_be_visible()
    descent.surface.focus()
    page.keyboard.press("Home")
    expect(descent.count).to_have_text("1 of 4")
    descent.root.locator(".scrubber").fill("3")
    expect(descent.count).to_have_text("3 of 4")


def test_pointing_at_a_step_shows_its_arithmetic_and_a_click_keeps_it(visit: Visit) -> None:
    page = visit("/descent?rate_a=0.5&descent_steps=6")
    descent = Descent(page)
    # After three steps x is -2.2 * 0.9^3 = -1.604.
    page.mouse.move(*descent.place(-1.604, 0))
    expect(descent.count).to_have_text("3 of 6")
    expect(descent.work).to_contain_text("-0.5*(-0.3564) = 0.1782")
    page.mouse.move(*descent.place(1, -1.5))
    expect(descent.count).to_have_text("1 of 6")
    page.mouse.click(*descent.place(-1.604, 0))
    expect_setting(page, "shown_step", "3")
    page.mouse.move(*descent.place(1, -1.5))
    expect(descent.count).to_have_text("3 of 6")


def test_the_start_is_set_by_a_click_and_by_dragging_the_flag(visit: Visit) -> None:
    page = visit("/descent")
    descent = Descent(page)
    page.mouse.click(*descent.place(1, -1.5))
    expect(descent.where).to_contain_text("from x = 1, y = -1.5")
    expect_setting(page, "start", "1,-1.5")
    page.mouse.move(*descent.place(1, -1.45))
    page.mouse.down()
    page.mouse.move(*descent.place(2, 1), steps=8)
    # The path follows before the flag is put down.
    expect(descent.where).to_contain_text(re.compile(r"from x = 2, y = (1|0\.9\d*|1\.0\d*),"))
    page.mouse.up()
    eventually(page, lambda: settings(page).get("start", "").split(",")[0], "2")
    expect(page.locator(".st-key-start input")).to_have_value(re.compile("^2,"))


def test_a_race_with_its_racers_one_by_one(visit: Visit) -> None:
    page = visit("/descent")
    descent = Descent(page)
    tab(page, "Racers")
    choose(page, "optimizer_b", "adam")
    racers = descent.root.locator(".racers button")
    expect(racers).to_have_count(2)
    expect(racers.nth(1)).to_contain_text("Adam, 0.3")
    racers.nth(1).click()
    # Adam's first step is the learning rate in both weights, whatever the gradient.
    descent.expect_new_weights("-1.9", "1.3")
    expect(descent.work).to_contain_text("m without its bias towards 0")
    expect_setting(page, "shown_lane", "b")
    descent.surface.focus()
    page.keyboard.press("ArrowUp")
    expect(descent.where).to_contain_text("of A SGD")


def test_a_new_surface_comes_with_its_own_start_and_rate(visit: Visit) -> None:
    page = visit("/descent?start=1,1")
    descent = Descent(page)
    choose(page, "surface", "rosenbrock")
    expect(descent.where).to_contain_text("from x = -1.2, y = 1, loss 24.2")
    descent.expect_new_weights("-0.9844", "1.088")
    expect_setting(page, "rate_a", "0.001")
    expect_setting(page, "start", None)


def test_clipping_keeps_the_weights_on_the_cliff(visit: Visit) -> None:
    page = visit("/descent")
    descent = Descent(page)
    presets = menu(page, "Presets")
    presets.get_by_role("button", name="At the cliff, without clipping").click()
    expect(descent.remark).to_contain_text("threw the weights")
    presets.get_by_role("button", name="At the cliff, with clipping by norm").click()
    expect(descent.root.locator(".racers .how")).to_have_text("arrives")
    expect(descent.work).to_contain_text("clipped by norm")
    page.keyboard.press("Escape")


def test_a_shared_link_opens_the_same_race(visit: Visit) -> None:
    page = visit("/descent?surface=himmelblau&rate_a=0.01&optimizer_b=momentum&rate_b=0.002")
    descent = Descent(page, (-5.5, 5.5, -5, 5))
    page.mouse.click(*descent.place(2, -3.5))
    expect(descent.where).to_contain_text("from x = 2")
    shared = menu(page, "Share")
    link = urlsplit(shared.locator("code").inner_text())
    other = Descent(visit(f"{link.path}?{link.query}"))
    expect(other.where).to_have_text(descent.where.inner_text())
    racers = [d.root.locator(".racers").inner_text() for d in (descent, other)]
    assert racers[0] == racers[1]


def test_predict_first_hides_the_path(visit: Visit) -> None:
    page = visit("/descent?rate_a=1.1&descent_steps=10&predict=true")
    descent = Descent(page)
    expect(descent.count).to_have_text("step ?")
    expect(descent.remark).to_have_text("")
    boxes = page.locator("[class*='st-key-guess_'] input")
    for number, guess in enumerate(("-1.716", "-1.92", "1")):
        boxes.nth(number).fill(guess)
        boxes.nth(number).press("Tab")
    expect(page.get_by_text("Right: -1.716 x -1.92")).to_be_visible()
    expect(descent.count).to_have_text("1 of 10")


def test_the_picture_and_the_table_are_taken_home(visit: Visit, tmp_path: Path) -> None:
    page = visit("/descent?descent_steps=5")
    files = menu(page, "Download")
    with page.expect_download() as picture:
        files.get_by_role("button", name="Picture (PNG)").click()
    picture.value.save_as(tmp_path / "descent.png")
    with Image.open(tmp_path / "descent.png") as image:
        assert image.width > 900
    with page.expect_download() as table:
        files.get_by_role("button", name="Every step (CSV)").click()
    table.value.save_as(tmp_path / "descent.csv")
    lines = (tmp_path / "descent.csv").read_text().splitlines()
    assert lines[0] == "racer,optimizer,learning_rate,step,quantity,first,second"
    assert lines[1] == "A,SGD,0.4,0,weights,-2.2,1.6"


def test_a_finger_sets_the_start(visit: Visit) -> None:
    page = visit("/descent", viewport=PHONE, has_touch=True, is_mobile=True)
    descent = Descent(page)
    page.touchscreen.tap(*descent.place(1, -1.5))
    expect(descent.where).to_contain_text(re.compile(r"from x = (1|1\.0\d|0\.9\d), y = -1\.5"))


def test_the_paths_are_there_as_tables(visit: Visit) -> None:
    page = visit("/descent?rate_a=0.5&descent_steps=2")
    descent = Descent(page)
    descent.root.get_by_text("Numbers as tables").click()
    rows = descent.root.locator(".tables tbody tr")
    expect(rows).to_have_count(3)
    assert rows.nth(2).locator("td").all_inner_texts() == ["-1.782", "0", "0.3176"]
