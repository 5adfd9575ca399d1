"""The page "Pooling and unpooling": links, sliders, pointing, editing, keys, sharing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.chain import ChainOfGrids
from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, choose, expect_setting, menu, settings, tab, view
from tests.e2e.server import Server, serving

pytestmark = pytest.mark.e2e


@pytest.fixture
def unvisited(tmp_path: Path) -> Iterator[Server]:
    """A server that has just started."""
    with serving(tmp_path / "app.log") as server:
        yield server


def test_a_deep_link_as_the_very_first_visit(unvisited: Server, visit: Visit) -> None:
    page = visit("/pooling?pool_kind=average&pool_cell=1,0,0", server=unvisited)
    chain = ChainOfGrids(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pooling and unpooling")
    chain.expect_reading("pooled [1, 0]", "(8 + 9 + 12 + 13) / 4 = 10.5")
    expect_setting(page, "pool_kind", "average")


def test_a_window_slider_changes_the_pooled_map(visit: Visit) -> None:
    page = visit("/pooling")
    chain, size = ChainOfGrids(page), Slider(page, "pool_size")
    chain.expect_reading("pooled [0, 0]", "max(0, 1, 4, 5) = 5, at index 5: row 1, column 1")
    size.press("ArrowRight")
    expect(chain.title(1)).to_have_text("Pooled 1 x 1 x 1")
    chain.expect_reading(
        "pooled [0, 0]",
        "max(0, 1, 2, 4, 5, 6, 8, 9, 10) = 10, at index 10: row 2, column 2",
    )
    size.press("ArrowLeft")
    expect(chain.title(1)).to_have_text("Pooled 2 x 2 x 1")
    expect_setting(page, "pool_size", None)


def test_padding_goes_up_to_half_of_the_window(visit: Visit) -> None:
    page = visit("/pooling")
    chain, pad = ChainOfGrids(page), Slider(page, "pool_pad")
    pad.expect_ends(0, 1)
    pad.press("ArrowRight")
    expect(chain.title(0)).to_have_text("Input 4 x 4 x 1, padded to 6 x 6")
    chain.point(0, 0, 0)
    expect(chain.where).to_contain_text("padding of the input = -\u221e")
    expect(chain.terms).to_have_text("is read by 1 window, and never wins")


def test_pointing_says_who_reads_and_who_takes(visit: Visit) -> None:
    page = visit("/pooling")
    chain = ChainOfGrids(page)
    chain.point(0, 1, 1)
    chain.expect_reading("input [1, 1] = 5", "is read by 1 window; taken by pooled [0, 0]")
    chain.point(0, 0, 0)
    chain.expect_reading("input [0, 0] = 0", "is read by 1 window; taken by none")
    chain.point(1, 1, 1)
    expect(chain.terms).to_contain_text("= 15, at index 15")
    chain.leave()
    expect(chain.where).to_have_text("pooled [0, 0]")


def test_a_click_pins_and_the_link_keeps_it(visit: Visit) -> None:
    page = visit("/pooling")
    chain = ChainOfGrids(page)
    chain.click(1, 1, 0)
    expect_setting(page, "pool_cell", "1,0,0")
    chain.leave()
    expect(chain.where).to_have_text("pooled [1, 0]")
    chain.click(1, 1, 0)
    expect_setting(page, "pool_cell", None)


def test_a_changed_cell_wins_and_can_be_taken_back(visit: Visit) -> None:
    page = visit("/pooling")
    chain = ChainOfGrids(page)
    chain.double_click(0, 0, 0)
    chain.editor.fill("99")
    chain.editor.press("Enter")
    expect_setting(page, "pool_edits", "x.0.0.0=99")
    chain.leave()
    chain.expect_reading("pooled [0, 0]", "max(99, 1, 4, 5) = 99, at index 0: row 0, column 0")
    tab(page, "Shift")
    page.get_by_text("Pinned and changed cells").click()
    page.get_by_role("button", name="Take back the last change").click()
    expect(chain.terms).to_contain_text("= 5, at index 5")


def test_playing_and_keys(visit: Visit) -> None:
    page = visit("/pooling")
    chain = ChainOfGrids(page)
    chain.grid(1).focus()
    for key, where in (
        ("ArrowRight", "[0, 1]"), ("ArrowDown", "[1, 1]"), ("Home", "[0, 0]"),
        ("End", "[1, 1]"), ("ArrowLeft", "[1, 0]"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(chain.where).to_have_text(f"pooled {where}")
    expect(chain.spoken).to_contain_text("pooled [1, 0]: max(8, 9, 12, 13) = 13")
    page.keyboard.press("Enter")
    expect_setting(page, "pool_cell", "1,0,0")
    chain.button("First cell").click()
    chain.button("Play").click()
    expect(chain.count).to_have_text("4 of 4")
    chain.grid(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(chain.where).to_have_text("input [0, 1] = 1")
    page.keyboard.press("Enter")
    expect(chain.editor).to_be_visible()
    page.keyboard.press("Escape")


def test_the_gradient_goes_back_to_the_maximum(visit: Visit) -> None:
    page = visit("/pooling")
    chain = ChainOfGrids(page)
    choose(page, "pool_shows", "gradient")
    chain.expect_reading("gradient [0, 0] = 1", "1*1 = 1 goes to gradient at the input [1, 1]")
    choose(page, "pool_kind", "average")
    expect(chain.terms).to_contain_text("0.25*1 = 0.25 goes to")
    chain.double_click(1, 0, 0)
    chain.editor.fill("8")
    chain.editor.press("Enter")
    expect_setting(page, "pool_edits", "g.0.0.0=8")
    expect(chain.terms).to_contain_text("0.25*8 = 2 goes to")


def test_the_checkerboard_goes_with_an_even_kernel(visit: Visit) -> None:
    page = visit("/pooling?pool_shows=unpool&pool_back=transposed&pool_input=ones"
                 "&pool_height=8&pool_width=8")  # fmt: skip
    chain = ChainOfGrids(page)
    chain.point(2, 2, 2)
    expect(chain.terms).to_have_text("1*1 + 1*1 + 1*1 + 1*1 = 4")
    chain.point(2, 3, 3)
    expect(chain.terms).to_have_text("1*1 = 1")
    Slider(page, "pool_taps").press("ArrowRight")
    chain.point(2, 3, 3)
    expect(chain.terms).to_have_text("1*1 + 1*1 + 1*1 + 1*1 = 4")


def test_flattening_reads_row_by_row(visit: Visit) -> None:
    page = visit("/pooling?pool_shows=flatten&pool_units=2")
    chain = ChainOfGrids(page)
    expect(chain.title(2)).to_have_text("Flattened, 4 numbers")
    expect(chain.title(3)).to_have_text("Dense layer, 2 units")
    expect(chain.where).to_have_text("dense [0]")
    expect(chain.terms).to_have_text(re.compile(r"^\(?-?\d\)?\*5 \+ .*\*15 = -?\d+$"))


def test_the_shift_is_measured(visit: Visit) -> None:
    page = visit("/pooling?view=shift")
    change = page.locator(".chain.plain .where")
    expect(change).to_have_text("change [0, 0] = 2")
    expect(page.get_by_text("Before pooling 100% of the values changed")).to_be_visible()
    expect(page.get_by_text("Maximum, blurred 1 4 6 4 1")).to_be_visible()
    tab(page, "Shift")
    Slider(page, "pool_shift_right").press("ArrowRight")
    expect(page.get_by_text("equivariance, not invariance")).to_be_visible()


def test_the_link_carries_the_settings_to_others(visit: Visit) -> None:
    page = visit("/pooling?hide=pool_seed")
    choose(page, "pool_kind", "l2")
    Slider(page, "pool_stride").press("ArrowLeft")
    expect_setting(page, "pool_stride", "1")
    view(page, "code")
    expect_setting(page, "view", "code")
    link = menu(page, "Share").locator("code").inner_text()
    assert settings(page).items() >= {"pool_kind": "l2", "pool_stride": "1"}.items()
    other = visit(link[link.index("/pooling") :])
    chain = ChainOfGrids(other)
    chain.expect_reading("pooled [0, 0]", "sqrt(0^2 + 1^2 + 4^2 + 5^2) = 6.481")
    expect(other.locator(".st-key-pool_seed")).to_have_count(0)
    expect(other.get_by_text("Keras has no L2 pooling")).to_be_visible()


def test_numbers_stand_in_tables_too(visit: Visit) -> None:
    page = visit("/pooling?pool_pad=1")
    chain = ChainOfGrids(page)
    chain.tables.locator("summary").click()
    tables = chain.tables.locator("table")
    expect(tables).to_have_count(2)
    expect(tables.first.locator("caption")).to_contain_text("padded to 6 x 6")
    expect(tables.first.locator("td").first).to_have_text("-\u221e")
    expect(tables.last.locator("td")).to_have_text(
        ["0", "2", "3", "8", "10", "11", "12", "14", "15"]
    )


def test_predict_first_hides_the_pooled_map(visit: Visit) -> None:
    page = visit("/pooling?predict=true")
    chain = ChainOfGrids(page)
    expect(chain.title(1)).to_have_text("Pooled ? x ?")
    expect(chain.terms).to_have_text("max(0, 1, 4, 5) = ?")
    for label, guess in (("Height", "2"), ("Width", "2"), ("Parameters", "0")):
        page.get_by_label(label, exact=True).first.fill(guess)
        page.keyboard.press("Enter")
    expect(chain.title(1)).to_have_text("Pooled 2 x 2 x 1")
    expect(chain.terms).to_have_text("max(0, 1, 4, 5) = ?")
    page.get_by_label("Value", exact=True).fill("15")
    page.keyboard.press("Enter")
    expect(chain.terms).to_contain_text("= 5, at index 5")
