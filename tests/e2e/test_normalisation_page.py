"""The page "Normalisation": links, sliders, pointing, lines, editing, keys, sharing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, choose, expect_setting, menu, settled, tab, view
from tests.e2e.server import Server, serving

pytestmark = pytest.mark.e2e

ALGORITHM = "/normalisation?norm_input=own&norm_numbers=1 ; 2 ; 3 ; 6&norm_samples=4" \
    "&norm_channels=1&norm_height=1&norm_width=1&norm_epsilon=0.5"  # fmt: skip
"""1, 2, 3, 6: mean 3, variance 3.5, and with epsilon 0.5 a root of 2."""


@pytest.fixture
def unvisited(tmp_path: Path) -> Iterator[Server]:
    """A server that has just started."""
    with serving(tmp_path / "app.log") as server:
        yield server


class BlockOfCells:
    """The block, the result of the line on show, and the arithmetic."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".block")
        self.where = self.root.locator(".where")
        self.lines = self.root.locator(".terms .part")
        self.now = self.root.locator(".terms .now")
        self.count = self.root.locator(".count")
        self.editor = self.root.locator(".cell-editor")

    def grid(self, name: str) -> Locator:
        """The canvas of a grid: input, result, gamma or beta."""
        return self.root.locator(f".{name} canvas.top")

    def title(self, name: str) -> Locator:
        """What stands above a grid."""
        return self.root.locator(f".{name} h4")

    def button(self, name: str) -> Locator:
        """One of the player's buttons."""
        return self.root.get_by_role("button", name=name, exact=True)

    def kind(self, name: str) -> Locator:
        """One of the five blocks."""
        return self.root.get_by_role("radio", name=re.compile(f"^{name}:"))

    def middle(
        self, name: str, sample: int, samples: int, channel: int, channels: int
    ) -> tuple[float, float]:
        """The middle of the plane of one sample and channel, in a grid of 1 x 1 planes."""
        canvas = self.grid(name)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        x = box["x"] + box["width"] * (channel + 0.5) / channels
        return x, box["y"] + box["height"] * (sample + 0.7) / samples


def test_a_deep_link_as_the_very_first_visit(unvisited: Server, visit: Visit) -> None:
    page = visit("/normalisation?norm_kind=layer&norm_cell=1,0,0,2", server=unvisited)
    block = BlockOfCells(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Normalisation")
    expect(block.where).to_have_text("x [1, 0, 0, 2] = -1.3 shares its mean with 15 others")
    expect(block.kind("Layer")).to_have_attribute("aria-checked", "true")


def test_the_algorithm_line_by_line(visit: Visit) -> None:
    page = visit(ALGORITHM)
    block = BlockOfCells(page)
    page.mouse.move(*block.middle("input", 3, 4, 0, 1))
    expect(block.where).to_have_text("x [3, 0, 0, 0] = 6 shares its mean with 3 others")
    expect(block.lines).to_have_text([
        "1. Mean: (1 + 2 + 3 + 6) / 4 = 3",
        "2. Variance: ((1 - 3)^2 + (2 - 3)^2 + (3 - 3)^2 + (6 - 3)^2) / 4 = 3.5",
        "3. Normalised: (6 - 3) / sqrt(3.5 + 0.5) = 1.5",
        "4. Scaled, shifted: 1 * 1.5 + 0 = 1.5",
    ])  # fmt: skip
    page.mouse.move(1, 1)
    block.button("First line").click()
    expect(block.title("result")).to_have_text("1. Mean")
    expect(block.now).to_contain_text("1. Mean")
    block.button("Step forward").click()
    expect(block.title("result")).to_have_text("2. Variance")
    block.button("Play").click()
    expect(block.count).to_have_text("line 4 of 4")
    expect(block.title("result")).to_have_text("4. Scaled, shifted")


def test_sliders_of_gamma_and_beta(visit: Visit) -> None:
    page = visit(ALGORITHM)
    block = BlockOfCells(page)
    expect(block.now).to_have_text("4. Scaled, shifted: 1 * (-1) + 0 = -1")
    Slider(page, "norm_gamma").press("ArrowRight")
    expect(block.now).to_have_text("4. Scaled, shifted: 1.5 * (-1) + 0 = -1.5")
    expect_setting(page, "norm_gamma", "1.5")
    Slider(page, "norm_beta").press("ArrowRight")
    expect(block.now).to_have_text("4. Scaled, shifted: 1.5 * (-1) + 0.5 = -1")
    Slider(page, "norm_gamma").press("ArrowLeft")
    expect(block.now).to_have_text("4. Scaled, shifted: 1 * (-1) + 0.5 = -0.5")
    expect_setting(page, "norm_gamma", None)


def test_a_block_chooses_its_norm(visit: Visit) -> None:
    page = visit("/normalisation")
    block = BlockOfCells(page)
    expect(block.where).to_contain_text("shares its mean with 11 others")
    block.kind("Instance").click()
    expect_setting(page, "norm_kind", "instance")
    expect(block.where).to_contain_text("shares its mean with 3 others")
    block.kind("RMS").click()
    expect(block.where).to_contain_text("shares its mean square with 15 others")
    expect(block.title("beta")).to_be_hidden()
    expect(page.locator(".st-key-norm_beta")).to_have_count(0)
    expect(block.lines).to_have_count(3)


def test_a_changed_cell_moves_its_neighbours(visit: Visit) -> None:
    page = visit(ALGORITHM)
    block = BlockOfCells(page)
    page.mouse.dblclick(*block.middle("input", 3, 4, 0, 1))
    block.editor.fill("2")
    block.editor.press("Enter")
    expect_setting(page, "norm_edits", "x.3.0.0.0=2")
    page.mouse.move(1, 1)
    expect(block.lines.first).to_have_text("1. Mean: (1 + 2 + 3 + 2) / 4 = 2")
    page.mouse.dblclick(*block.middle("gamma", 0, 1, 0, 1))
    block.editor.fill("4")
    block.editor.press("Enter")
    expect_setting(page, "norm_edits", "x.3.0.0.0=2 g.0=4")
    expect(block.now).to_contain_text("4. Scaled, shifted: 4 * 0 + 0 = 0")
    tab(page, "More")
    page.get_by_role("button", name="Take back the last change").click()
    expect(block.now).to_contain_text("1 * 0 + 0 = 0")


def test_pins_and_keys(visit: Visit) -> None:
    page = visit("/normalisation")
    block = BlockOfCells(page)
    block.grid("input").focus()
    for key, where in (
        ("ArrowRight", "[0, 0, 1, 0]"), ("ArrowRight", "[0, 0, 0, 1]"),
        ("ArrowDown", "[0, 1, 0, 1]"), ("ArrowDown", "[1, 0, 0, 1]"),
        ("ArrowLeft", "[1, 0, 1, 0]"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(block.where).to_contain_text(f"x {where} =")
    page.keyboard.press("Enter")
    expect(block.editor).to_be_visible()
    page.keyboard.press("Escape")
    block.grid("result").focus()
    page.keyboard.press("Enter")
    expect_setting(page, "norm_cell", "1,0,1,0")
    page.keyboard.press("Home")
    expect(block.title("result")).to_have_text("1. Mean")


def test_inference_takes_running_statistics(visit: Visit) -> None:
    page = visit("/normalisation")
    block = BlockOfCells(page)
    choose(page, "norm_phase", "inference")
    expect(block.where).to_contain_text("with the running statistics of its channel")
    expect(block.lines.first).to_contain_text("1. Running mean: kept from training =")
    settled(page)  # the slider comes from its tab to the row above the stage
    before = block.now.inner_text()
    Slider(page, "norm_momentum").press("ArrowLeft")
    expect(block.now).not_to_have_text(before)
    expect_setting(page, "norm_momentum", "0.95")
    choose(page, "norm_phase", "training")
    tab(page, "Norm")  # where the slider stands again
    expect(Slider(page, "norm_momentum").thumb).to_be_visible()
    settled(page)
    Slider(page, "norm_momentum").press("ArrowLeft")
    expect_setting(page, "norm_momentum", "0.9")
    choose(page, "norm_phase", "inference")
    view(page, "running")
    expect(page.get_by_text("of the start (mean 0, variance 1) is still in it")).to_be_visible()


def test_every_view_has_its_words(visit: Visit) -> None:
    page = visit(ALGORITHM)
    view(page, "algorithm")
    expect(page.get_by_text("Ioffe & Szegedy 2015, algorithm 1")).to_be_visible()
    expect(page.get_by_text("(1 + 2 + 3 + 6) / 4 = 3", exact=True)).to_be_visible()
    view(page, "histograms")
    expect(page.get_by_role("heading", name="Behind the norm")).to_be_visible()
    view(page, "facts")
    expect(page.get_by_text("Learned: 2 numbers")).to_be_visible()


def test_the_link_carries_the_settings_to_others(visit: Visit) -> None:
    page = visit("/normalisation?hide=norm_seed")
    choose(page, "norm_kind", "group")
    choose(page, "norm_place", "before")
    expect_setting(page, "norm_place", "before")
    link = menu(page, "Share").locator("code").inner_text()
    other = visit(link[link.index("/normalisation") :])
    block = BlockOfCells(other)
    expect(block.kind("Group")).to_have_attribute("aria-checked", "true")
    expect(block.title("result")).to_have_text("5. ReLU")
    expect(other.locator(".st-key-norm_seed")).to_have_count(0)


def test_predict_first_hides_results(visit: Visit) -> None:
    page = visit(f"{ALGORITHM}&predict=true")
    block = BlockOfCells(page)
    expect(block.lines.first).to_have_text("1. Mean: (1 + 2 + 3 + 6) / 4 = ?")
    for label, guess in (("Sets", "1"), ("Mean", "3"), ("Result", "-1")):
        page.get_by_label(label, exact=True).fill(guess)
        page.keyboard.press("Enter")
    expect(block.lines.first).to_have_text("1. Mean: (1 + 2 + 3 + 6) / 4 = 3")
