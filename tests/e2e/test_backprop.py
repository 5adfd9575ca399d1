"""The page "Backpropagation" as a person uses it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, choose, expect_setting, menu, path, switch

pytestmark = pytest.mark.e2e


class Network:
    """Graph, arithmetic, player and history."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".backprop")
        self.where = self.root.locator(".where")
        self.lines = self.root.locator(".lines")
        self.count = self.root.locator(".count")
        self.history = self.root.locator(".history h4")
        self.editor = self.root.locator(".number-editor")

    def part(self, name: str) -> Locator:
        """An input, the target or a parameter, as it can be pointed at and changed."""
        return self.root.locator(f"svg [data-name='{name}']")

    def value(self, name: str) -> Locator:
        """What stands in a node."""
        return self.root.locator(f"svg [data-value='{name}']")

    def gradient(self, name: str) -> Locator:
        """What stands below it on the way back."""
        return self.root.locator(f"svg [data-gradient='{name}']")

    def button(self, name: str) -> Locator:
        """One of the buttons."""
        return self.root.get_by_role("button", name=name, exact=True)

    def change(self, name: str, value: str) -> None:
        """Write a number into the graph."""
        self.part(name).click()
        self.editor.fill(value)
        self.editor.press("Enter")


def test_a_link_opens_the_pass_at_its_step(visit: Visit) -> None:
    page = visit("/backprop?pass_step=7")
    network = Network(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Backpropagation")
    expect(network.count).to_have_text("7 of 25, forward")
    # (1 / (1 + exp(-0.3727)) - 1)^2
    expect(network.value("L")).to_have_text("0.1664")
    expect(network.lines).to_contain_text("L = (p - y)² = (0.5921 - 1)² = 0.1664")
    expect(network.gradient("v1")).to_have_text("")


def test_stepping_reveals_one_number_after_the_other(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    network.button("First step").click()
    expect(network.value("z1")).to_have_text("0.65")
    expect(network.lines).to_contain_text("0.4*1 + 0.3*0.5 + 0.1 = 0.65")
    expect(network.value("h1")).to_have_text("?")
    network.button("Step forward").click()
    expect(network.value("h1")).to_have_text("0.657")
    network.button("Step back").click()
    expect(network.value("h1")).to_have_text("?")
    expect_setting(page, "pass_step", "1")
    network.root.locator(".scrubber").fill("8")
    expect(network.count).to_have_text("8 of 25, backward")
    expect(network.gradient("p")).to_have_text("∂ -0.8158")


def test_pointing_at_a_weight_shows_every_factor_of_its_gradient(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    network.part("w21").hover()
    expect(network.where).to_contain_text("The gradient of w21")
    expect(network.root.locator("svg .badge")).to_have_count(5)
    expect(network.lines).to_contain_text("∂p/∂z")
    # -0.8158 * 0.2415 * 0.7 * 0.2253 * 0.5
    expect(network.lines.locator("b")).to_have_text("-0.01554")
    network.part("v2").hover()
    expect(network.root.locator("svg .badge")).to_have_count(3)
    page.mouse.move(2, 2)
    expect(network.where).to_contain_text("all nine at once")


def test_numbers_are_changed_in_the_graph(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    network.change("x1", "2")
    expect(network.value("z1")).to_have_text("1.05")
    expect_setting(page, "x_one", "2.0")
    Slider(page, "x_one").expect_value(2.0)  # type: ignore[arg-type]
    network.change("v1", "-1,5")
    expect_setting(page, "v_one", "-1.5")
    network.part("b2").click()
    network.editor.fill("three")
    network.editor.press("Enter")
    expect(network.editor).to_have_attribute("title", "Write a number between -100 and 100.")
    network.editor.press("Escape")
    expect(network.editor).to_have_count(0)
    network.part("y").focus()
    page.keyboard.press("Enter")
    expect(network.editor).to_be_focused()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect_setting(page, "y_target", "0.0")


def test_one_update_and_many(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    network.button("One update").click()
    expect(network.history).to_have_text("Mean loss, 1 update done")
    expect(network.value("L")).to_have_text("0.133")
    expect_setting(page, "updates_done", "1")
    network.button("Ten").click()
    expect(network.history).to_have_text("Mean loss, 11 updates done")
    Slider(page, "updates_done").press("ArrowRight")
    expect(network.history).to_have_text("Mean loss, 15 updates done")
    other = Network(visit(path(page)))
    expect(other.value("L")).to_have_text(network.value("L").text_content() or "")


def test_a_slider_changes_the_update(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    expect(network.lines).to_contain_text("0.7 - 0.5*(-0.1294) = 0.7647")
    Slider(page, "step_rate").press("ArrowRight")
    expect(network.lines).to_contain_text("0.7 - 0.7*(-0.1294) = 0.7906")


def test_xor_is_learned_and_shared(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    presets = menu(page, "Presets")
    presets.get_by_role("button", name="XOR, learned by two hidden units").click()
    expect(network.root.locator(".remark")).to_contain_text("Example 1 of 4: (0, 0)")
    page.keyboard.press("Escape")
    assert float(network.value("p").text_content() or 1) < 0.05
    link = urlsplit(menu(page, "Share").locator("code").inner_text())
    other = Network(visit(f"{link.path}?{link.query}"))
    expect(other.history).to_have_text("Mean loss, 3000 updates done")
    other.button("One update").click()
    expect(other.root.locator(".remark")).to_contain_text("Example 2 of 4: (0, 1)")
    assert float(other.value("p").text_content() or 0) > 0.95


def test_another_activation_is_named_in_the_graph(visit: Visit) -> None:
    page = visit("/backprop")
    network = Network(page)
    choose(page, "hidden_activation", "relu")
    expect(network.root.locator("svg .kind").first).to_have_text("relu")
    expect(network.value("h1")).to_have_text("0.65")
    choose(page, "error", "cross_entropy")
    network.root.locator(".scrubber").fill("9")
    expect(network.lines).to_contain_text("∂L/∂z = p - y")


def test_predict_first_hides_the_numbers(visit: Visit) -> None:
    page = visit("/backprop?predict=true")
    network = Network(page)
    expect(network.value("p")).to_have_text("?")
    boxes = page.locator("[class*='st-key-guess_'] input")
    for number, guess in enumerate(("0.65", "-1")):
        boxes.nth(number).fill(guess)
        boxes.nth(number).press("Tab")
    expect(page.get_by_text("Right: 0.65")).to_be_visible()
    expect(page.get_by_text("Not -1 but 1")).to_be_visible()
    expect(network.value("p")).to_have_text("0.5921")


def test_the_graph_can_be_touched_on_a_phone(visit: Visit) -> None:
    page = visit("/backprop", viewport={"width": 390, "height": 844}, has_touch=True,
                 is_mobile=True)  # fmt: skip
    network = Network(page)
    network.part("x2").tap()
    network.editor.fill("0")
    network.editor.press("Enter")
    expect(network.value("z1")).to_have_text("0.5")


def test_the_equations_are_taken_home(visit: Visit, tmp_path: Path) -> None:
    page = visit("/backprop")
    files = menu(page, "Download")
    with page.expect_download() as table:
        files.get_by_role("button", name="Every equation (CSV)").click()
    table.value.save_as(tmp_path / "backprop.csv")
    lines = (tmp_path / "backprop.csv").read_text().splitlines()
    assert lines[1].startswith("1,forward,z1,w11*x1 + w21*x2 + b1,0.4*1 + 0.3*0.5 + 0.1,0.65")


def test_a_click_on_the_hidden_curve_says_nothing(visit: Visit) -> None:
    network = Network(page := visit("/backprop"))
    expect(network.history).to_contain_text("0 updates")
    switch(page, "predict")
    expect(network.where).to_have_text("Guess first: the numbers wait.")
    curve = network.root.locator(".chart .top")
    curve.click(position={"x": 120, "y": 60})
    expect(network.where).to_have_text("Guess first: the numbers wait.")
