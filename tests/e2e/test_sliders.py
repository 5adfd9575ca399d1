"""The controls of the convolution page: sliders by mouse and by key, ranges that follow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, choose, expect_setting, settings, switch, tab
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_dragging_the_stride_to_2_leaves_the_four_corners(visit: Visit) -> None:
    page = visit("/convolution")
    stage, stride = Stage(page), Slider(page, "stride_height")
    stride.drag(2)
    stage.expect_shape(2, 2)
    stride.expect_value(2)
    assert stage.rows() == "12 17 / 9 14"
    expect_setting(page, "stride_height", "2")


def test_an_arrow_key_on_the_dilation_leaves_one_window(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    Slider(page, "dilation_height").press("ArrowRight")
    stage.expect_shape(1, 1)
    assert stage.rows() == "14"
    expect_setting(page, "dilation_height", "2")


def test_dragging_there_and_back_leaves_a_bare_link(visit: Visit) -> None:
    page = visit("/convolution")
    stage, stride = Stage(page), Slider(page, "stride_height")
    stride.drag(3)
    stage.expect_shape(1, 1)
    stride.drag(1)
    stage.expect_shape(3, 3)
    expect_setting(page, "stride_height", None)


def test_ranges_follow_the_other_controls(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    kernel, height = Slider(page, "kernel_height"), Slider(page, "height")
    kernel.expect_ends(1, 5)
    height.expect_ends(3, 32)
    kernel.press("End")
    stage.expect_shape(1, 1)
    height.expect_ends(5, 32)
    height.press("ArrowRight", times=2)
    stage.expect_shape(3, 3)
    kernel.expect_ends(1, 7)


def test_height_and_width_can_be_set_apart(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    tab(page, "More")
    switch(page, "apart")
    Slider(page, "stride_width").press("ArrowRight")
    stage.expect_shape(3, 2)
    # Columns 0 and 2 of the deck's output.
    assert stage.rows() == "12 17 / 10 19 / 9 14"


def test_padding_gives_the_numbers_of_the_deck(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    Slider(page, "pad_height").press("ArrowRight")
    stage.expect_shape(5, 5)
    assert stage.rows() == (
        "6 14 17 11 3 / 14 12 12 17 11 / 8 10 17 19 13 / 11 9 6 14 12 / 6 4 4 6 4"
    )
    tab(page, "Border")
    choose(page, "padding_mode", "reflect")
    expect_setting(page, "padding_mode", "reflect")
    stage.expect_sum("12")
    assert stage.rows() == (
        "12 16 24 16 16 / 14 12 12 17 17 / 10 10 17 19 23 / 11 9 6 14 16 / 8 4 8 12 14"
    )


def test_true_convolution_flips_the_kernel(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    tab(page, "Layer")
    switch(page, "flip")
    stage.expect_sum("18")
    assert stage.rows() == "18 20 19 / 10 9 17 / 11 8 14"
    assert settings(page) == {"flip": "true"}


def test_no_key_is_lost_however_soon_it_comes(visit: Visit) -> None:
    page = visit("/convolution")
    stage, kernel = Stage(page), Slider(page, "kernel_height")
    for key, size in (("ArrowRight", 4), ("ArrowRight", 5), ("ArrowLeft", 4), ("ArrowLeft", 3)):
        kernel.press(key)
        expect(stage.title("kernel")).to_have_text(f"Kernel {size} x {size} x 1")
    stage.expect_sum("12")
    expect_setting(page, "kernel_height", None)
