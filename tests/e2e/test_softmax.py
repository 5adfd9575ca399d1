"""The page "Softmax" as a person uses it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, eventually, expect_setting, menu, path, settings, tab

pytestmark = pytest.mark.e2e


class Board:
    """Table, arithmetic, player and the naive form."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".softmax")
        self.where = self.root.locator(".where")
        self.lines = self.root.locator(".lines")
        self.count = self.root.locator(".count")
        self.verdict = self.root.locator(".verdict")

    def cell(self, key: str, row: int = 0) -> Locator:
        """A cell of the table, by its column and the place of its class."""
        return self.root.locator(f".board td.{key}").nth(row)

    def button(self, name: str) -> Locator:
        """One of the buttons."""
        return self.root.get_by_role("button", name=name, exact=True)


def test_a_link_opens_the_published_example(visit: Visit) -> None:
    page = visit(
        "/softmax?logit_a=-2.85&logit_b=0.86&logit_c=0.28&right_class=3&class_names=a+b+c"
    )
    board = Board(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax")
    # CS231n: 0.016, 0.631, 0.353 and 1.04
    for row, share in enumerate(("0.01545", "0.6312", "0.3534")):
        expect(board.cell("probabilities", row)).to_have_text(share)
    expect(board.cell("loss")).to_have_text("loss 1.04")
    expect(board.cell("gradients", 2)).to_have_text("-0.6466")


def test_a_slider_moves_all_probabilities(visit: Visit) -> None:
    page = visit("/softmax?logit_a=0.0&logit_b=0.0&logit_c=0.0")
    board = Board(page)
    expect(board.cell("probabilities", 0)).to_have_text("0.3333")
    Slider(page, "logit_a").press("ArrowRight", times=10)
    # e / (e + 2)
    expect(board.cell("probabilities", 0)).to_have_text("0.5761")
    expect(board.cell("probabilities", 2)).to_have_text("0.2119")
    expect_setting(page, "logit_a", "1.0")
    other = Board(visit(path(page)))
    expect(other.cell("probabilities", 0)).to_have_text("0.5761")


def test_a_logit_is_dragged_in_the_table(visit: Visit) -> None:
    page = visit("/softmax")
    board = Board(page)
    box = board.cell("logits", 2).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, y, steps=6)
    # Three quarters of the way from -10 to 10.
    expect(board.cell("logits", 2)).to_have_text("5")
    expect(board.cell("probabilities", 2)).to_have_text("0.9362")
    page.mouse.up()
    eventually(page, lambda: settings(page).get("logit_c"), "5.0")
    Slider(page, "logit_c").expect_value(5.0)  # type: ignore[arg-type]
    board.cell("logits", 2).focus()
    page.keyboard.press("ArrowRight")
    expect_setting(page, "logit_c", "5.1")


def test_the_columns_fill_up_step_by_step(visit: Visit) -> None:
    page = visit("/softmax?softmax_step=4")
    board = Board(page)
    expect(board.count).to_have_text("4 of 10")
    expect(board.lines).to_contain_text("car: exp(-1) = 0.3679")
    expect(board.cell("probabilities").locator(".number")).to_be_hidden()
    board.button("Step forward").click()
    expect(board.lines).to_contain_text("sum: 1 + 0.3679 + 0.1496 = 1.517")
    board.button("Step forward").click()
    expect(board.cell("probabilities")).to_have_text("0.659")
    board.button("Step back").click()
    expect(board.cell("probabilities").locator(".number")).to_be_hidden()
    expect_setting(page, "softmax_step", "5")


def test_pointing_at_a_cell_lights_what_it_is_made_of(visit: Visit) -> None:
    page = visit("/softmax")
    board = Board(page)
    board.cell("probabilities", 1).hover()
    expect(board.lines).to_have_text("car: 0.3679/1.517 = 0.2424")
    lit = board.root.locator(".board td.lit")
    expect(lit).to_have_count(2)
    expect(lit.nth(1)).to_have_text("sum 1.517")
    board.cell("total").hover()
    expect(lit).to_have_count(3)


def test_another_class_is_made_the_right_one(visit: Visit) -> None:
    page = visit("/softmax")
    board = Board(page)
    board.button("bird: make it the right class").click()
    expect(board.cell("targets", 2)).to_have_text("1")
    expect(board.cell("loss")).to_have_text("loss 2.317")
    expect_setting(page, "right_class", "3")


def test_the_naive_form_breaks_and_the_safe_one_does_not(visit: Visit) -> None:
    page = visit("/softmax")
    board = Board(page)
    expect(board.verdict).to_contain_text("Nothing breaks here")
    tab(page, "Numbers")
    Slider(page, "shift_all").press("End")
    expect(board.verdict).to_contain_text("inf / inf is not a number")
    expect(board.root.locator(".naive td.bad")).to_have_count(8)
    expect(board.cell("probabilities")).to_have_text("0.659")
    expect(board.cell("logits")).to_have_text("1002")


def test_ten_classes_from_a_preset_are_shared(visit: Visit) -> None:
    page = visit("/softmax")
    presets = menu(page, "Presets")
    presets.get_by_role("button", name="Ten classes, and the network knows nothing").click()
    board = Board(page)
    expect(board.cell("loss")).to_have_text("loss 2.303")
    expect(board.root.locator(".board tbody tr")).to_have_count(10)
    page.keyboard.press("Escape")
    link = urlsplit(menu(page, "Share").locator("code").inner_text())
    other = Board(visit(f"{link.path}?{link.query}"))
    expect(other.cell("loss")).to_have_text("loss 2.303")
    expect(other.cell("gradients", 3)).to_have_text("-0.9")


def test_predict_first_hides_the_numbers(visit: Visit) -> None:
    page = visit("/softmax?predict=true&logit_a=0.0&logit_b=0.0&logit_c=0.0")
    board = Board(page)
    expect(board.cell("probabilities")).to_have_text("?")
    boxes = page.locator("[class*='st-key-guess_'] input")
    for number, guess in enumerate(("0.333", "1")):
        boxes.nth(number).fill(guess)
        boxes.nth(number).press("Tab")
    expect(page.get_by_text("Right: 0.333")).to_be_visible()
    expect(board.cell("probabilities")).to_have_text("0.3333")


def test_a_phone_scrolls_to_the_column_of_the_step(visit: Visit) -> None:
    page = visit("/softmax", viewport={"width": 390, "height": 844}, has_touch=True,
                 is_mobile=True)  # fmt: skip
    board = Board(page)
    expect(board.cell("gradients")).to_be_in_viewport()
    board.button("First step").click()
    expect(board.cell("logits")).to_be_in_viewport()


def test_the_numbers_are_taken_home(visit: Visit, tmp_path: Path) -> None:
    page = visit("/softmax")
    files = menu(page, "Download")
    with page.expect_download() as table:
        files.get_by_role("button", name="All numbers (CSV)").click()
    table.value.save_as(tmp_path / "softmax.csv")
    lines = (tmp_path / "softmax.csv").read_text().splitlines()
    assert lines[0].startswith("class,logits,scaled,shifted,exponentials,total,probabilities")
    assert lines[1].startswith("plane,2,2,0,1,1.5174")
