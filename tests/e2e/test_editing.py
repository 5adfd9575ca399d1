"""Cells of input and kernel changed by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import expect_setting, path, tab
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_a_double_click_changes_an_input_cell_and_every_output_that_it_feeds(
    visit: Visit,
) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.double_click("input", 0, 2)
    expect(stage.editor).to_have_value("2")
    stage.editor.fill("5")
    stage.editor.press("Enter")
    # Input [0, 2] feeds the first row, with the weights 2, 1 and 0: 3 more are 6, 3 and 0 more.
    stage.leave()
    stage.expect_sum("18")
    assert stage.rows() == "18 15 17 / 10 17 19 / 9 6 14"
    expect_setting(page, "edits", "x.0.2.0=5")
    tab(page, "More")
    page.get_by_role("button", name="Take back the last change of a cell").click()
    stage.expect_sum("12")
    assert stage.rows() == "12 12 17 / 10 17 19 / 9 6 14"
    expect_setting(page, "edits", None)


def test_the_link_carries_the_changed_cells(visit: Visit) -> None:
    page = visit("/convolution?edits=x.0.2.0%3D5")
    stage = Stage(page)
    stage.expect_sum("18")
    stage.double_click("kernel", 0, 0)
    stage.editor.fill("-1")
    stage.editor.press("Enter")
    stage.leave()
    # One weight from 0 to -1 takes input [0, 0] = 3 off the first sum.
    stage.expect_sum("15")
    expect_setting(page, "edits", "x.0.2.0=5 k.0.0.0.0=-1")
    other = Stage(visit(path(page)))
    other.expect_sum("15")
    assert other.rows() == stage.rows()


def test_the_keyboard_edits_too(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.grid("kernel").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(stage.editor).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(stage.editor).to_have_count(0)
    stage.expect_sum("15")
    expect(stage.grid("kernel")).to_be_focused()
    expect_setting(page, "edits", "k.0.0.0.0=1")


def test_escape_leaves_a_cell_as_it_was(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.grid("input").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    stage.editor.fill("77")
    page.keyboard.press("Escape")
    expect(stage.editor).to_have_count(0)
    stage.point("input", 0, 0)
    expect(stage.where).to_contain_text("input [0, 0, 0] = 3")
    expect_setting(page, "edits", None)


def test_nonsense_is_refused_in_place(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    for nonsense in ("three", "", "1e9"):
        stage.double_click("input", 1, 1)
        stage.editor.fill(nonsense)
        stage.editor.press("Enter")
        expect(stage.editor).to_have_class("cell-editor wrong")
        expect(stage.editor).to_have_attribute(
            "title", "Write a number between -1000000 and 1000000."
        )
        stage.editor.press("Escape")
        expect(stage.editor).to_have_count(0)
    stage.expect_sum("12")
    expect_setting(page, "edits", None)


def test_padding_is_not_edited_by_hand(visit: Visit) -> None:
    stage = Stage(visit("/convolution?pad_height=1"))
    stage.double_click("input", 0, 0)
    expect(stage.editor).to_have_count(0)
    expect(stage.spoken).to_contain_text("This cell is padding")


def test_with_the_edit_button_one_click_is_enough(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.button("Edit cells").click()
    expect(stage.button("Edit cells")).to_have_attribute("aria-pressed", "true")
    stage.click("kernel", 2, 2)
    stage.editor.fill("0")
    stage.editor.press("Enter")
    stage.leave()
    # The weight 2 met input [2, 2] = 2.
    stage.expect_sum("8")
