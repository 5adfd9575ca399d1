"""Pointing at the grids of the convolution stage; the numbers are Penn's and NTU's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import expect_setting, settled
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

FIRST_CELL = "0*3 + 1*3 + 2*2 + 2*0 + 2*0 + 0*1 + 0*3 + 1*1 + 2*2 = 12"


def test_the_first_window_is_written_out_in_full(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    expect(stage.where).to_have_text("output [0, 0]")
    expect(stage.terms).to_have_text(FIRST_CELL)
    expect(stage.count).to_have_text("1 of 9")


def test_pointing_at_each_output_cell_gives_the_nine_numbers_of_the_deck(
    visit: Visit,
) -> None:
    stage = Stage(visit("/convolution"))
    assert stage.rows() == "12 12 17 / 10 17 19 / 9 6 14"
    expect(stage.terms).to_have_text(FIRST_CELL)


def test_an_input_cell_says_how_many_outputs_it_feeds(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    for row, column, fed in (
        (0, 0, "1 output cell"),
        (2, 2, "9 output cells"),
        (0, 2, "3 output cells"),
        (4, 4, "1 output cell"),
    ):
        stage.point("input", row, column)
        expect(stage.where).to_have_text(re.compile(rf"^input \[{row}, {column}, 0\] ="))
        expect(stage.where).to_have_text(re.compile(rf"feeds {fed}$"))


def test_a_weight_says_that_it_meets_nine_inputs(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    stage.point("kernel", 1, 0)
    expect(stage.where).to_contain_text("weight [1, 0] of filter 1, channel 0 = 2")
    expect(stage.where).to_contain_text("multiplies 9 input cells")
    expect(stage.terms.locator(".lit")).to_have_text("2*0")


def test_a_click_pins_a_cell_for_good_and_a_second_one_lets_it_go(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    stage.click("output", 1, 2)
    expect_setting(page, "cell", "1,2")
    stage.leave()
    stage.expect_sum("19")
    page.reload()
    settled(page)
    expect(stage.where).to_have_text("output [1, 2]")
    stage.expect_sum("19")
    stage.click("output", 1, 2)
    expect_setting(page, "cell", None)


def test_a_clicked_input_cell_stays_lit_until_it_is_clicked_again(visit: Visit) -> None:
    stage = Stage(visit("/convolution"))
    stage.click("input", 2, 2)
    stage.leave()
    expect(stage.where).to_have_text("input [2, 2, 0] = 2 feeds 9 output cells")
    stage.click("input", 2, 2)
    stage.leave()
    expect(stage.where).to_have_text("output [0, 0]")


def test_padding_says_that_it_is_padding(visit: Visit) -> None:
    stage = Stage(visit("/convolution?pad_height=1"))
    expect(stage.title("input")).to_have_text("Input 5 x 5 x 1, padded to 7 x 7")
    stage.point("input", 0, 0)
    expect(stage.where).to_have_text("padding = 0 feeds 1 output cell")
    stage.point("input", 1, 1)
    expect(stage.where).to_have_text("input [0, 0, 0] = 3 feeds 4 output cells")


def test_after_thirty_rapid_moves_over_a_large_output_the_last_cell_is_read(
    visit: Visit,
) -> None:
    page = visit("/convolution?image=random&height=32&width=32&channels=3&filters=6")
    stage = Stage(page)
    stage.expect_shape(30, 30)
    canvas = stage.grid("output")
    box = canvas.bounding_box()
    assert box
    # The first of six planes stands in the upper left corner, 18 px below its title.
    size = next(
        size
        for across in (1, 2, 3, 6)
        if (size := (box["width"] - 2 - (across - 1) * 14) / (30 * across))
        and abs(6 / across * (30 * size + 18) + (6 / across - 1) * 8 + 2 - box["height"]) < 2
    )
    left, top = box["x"] + 1, box["y"] + 1 + 18
    page.mouse.move(left + 0.5 * size, top + 0.5 * size)
    page.mouse.move(left + 29.5 * size, top + 11.5 * size, steps=30)
    expect(stage.where).to_have_text("output [11, 29] of filter 1")
