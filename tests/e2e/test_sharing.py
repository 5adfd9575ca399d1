"""Links that carry the settings, and presets that set them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    Slider,
    address,
    alerts,
    eventually,
    expect_setting,
    follow,
    hears_late,
    late,
    menu,
    path,
    quiet,
    settings,
    settled,
)
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_a_shared_link_opens_the_same_figure_elsewhere(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    Slider(page, "pad_height").press("ArrowRight")
    stage.expect_shape(5, 5)
    Slider(page, "stride_height").press("ArrowRight")
    stage.expect_shape(3, 3)
    stage.click("output", 1, 0)
    expect_setting(page, "cell", "1,0")
    shared = menu(page, "Share")
    expect(shared.get_by_role("img", name="QR code of http")).to_be_visible()
    link = urlsplit(shared.locator("code").inner_text())
    page.keyboard.press("Escape")

    other_page = visit(f"{link.path}?{link.query}")
    other = Stage(other_page)
    expect(other_page.get_by_role("heading", level=1)).to_have_text("Convolution")
    expect(other.where).to_have_text("output [1, 0]")
    other.expect_sum("8")
    # The numbers of the deck for padding 1 and stride 2.
    assert other.rows() == stage.rows() == "6 17 3 / 8 17 13 / 6 4 4"
    carried = {"pad_height": "1", "stride_height": "2", "cell": "1,0"}
    assert carried.items() <= settings(other_page).items()
    assert carried.items() <= settings(page).items()


def test_the_address_bar_is_a_link_as_well(visit: Visit) -> None:
    page = visit("/convolution?height=7&kernel_height=5&dilation_height=1&bias=true")
    stage = Stage(page)
    Slider(page, "pad_height").press("ArrowRight")
    stage.expect_shape(5, 5)
    expect_setting(page, "pad_height", "1")
    other = Stage(visit(path(page)))
    other.expect_shape(5, 5)
    assert other.terms.inner_text() == stage.terms.inner_text()


def test_a_link_hides_controls_and_keeps_their_values(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    for query in ("hide=stride&hide=dilation", "hide=stride,dilation"):
        follow(page, f"/convolution?stride_height=2&{query}")
        expect(Slider(page, "kernel_height").thumb).to_be_visible()
        expect(Slider(page, "stride_height").box).to_have_count(0)
        expect(Slider(page, "dilation_height").box).to_have_count(0)
        assert stage.rows() == "12 17 / 9 14"


def test_controls_are_hidden_from_the_share_menu(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    Slider(page, "stride_height").press("ArrowRight")
    stage.expect_shape(2, 2)
    shared = menu(page, "Share")
    shared.get_by_role("combobox").click()
    page.get_by_role("option", name="stride", exact=True).click()
    expect(Slider(page, "stride_height").box).to_have_count(0)
    stage.expect_shape(2, 2)
    expect(shared.locator("code")).to_contain_text("stride_height=2")
    expect(shared.locator("code")).to_contain_text("hide=stride")
    expect_setting(page, "hide", "stride")


def test_nonsense_in_a_link_gives_a_notice_and_a_figure(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    for query, notice in {
        "stride_height=two": "Stride cannot be 'two'",
        "image=cat&cell=zz&flip=perhaps": "Input cannot be 'cat'",
        "kernel_height=11": "Padding is now 3 instead of 0: the kernel spans 11 pixels",
        "kernel_height=-3&dilation_height=1e9&height=%00": "Kernel cannot be '-3'",
        "edits=%25%25%25": "is not a changed cell",
    }.items():
        follow(page, f"/convolution?{query}")
        expect(page.get_by_text(notice).first).to_be_attached()
        expect(page.locator("[data-testid='stException']")).to_have_count(0)
        expect(stage.title("input")).to_contain_text("Input 5 x 5 x 1")
        stage.point("output", 0, 0)
        expect(stage.where).to_have_text("output [0, 0]")


def test_the_notice_goes_with_the_next_change(visit: Visit) -> None:
    page = visit("/convolution?stride_height=99")
    expect(alerts(page).get_by_text("Stride cannot be")).to_be_visible()
    Slider(page, "dilation_height").press("ArrowRight")
    Stage(page).expect_shape(1, 1)
    expect(alerts(page).get_by_text("Stride cannot be")).to_have_count(0)


def test_nonsense_on_the_image_page_gives_a_notice_too(visit: Visit) -> None:
    page = visit("/image?bits=12&space=purple&top=500&pixel=9,9,9&changes=q")
    expect(alerts(page).get_by_text("Bits per channel cannot be '12'")).to_be_visible()
    expect(page.locator(".pixels .where")).to_contain_text("pixel [")


def test_a_preset_is_found_and_sets_the_whole_page(visit: Visit) -> None:
    page = visit("/convolution?stride_height=2&dilation_height=2")
    stage = Stage(page)
    presets = menu(page, "Presets")
    search = presets.get_by_role("textbox", name="Search")
    search.fill("Coimbra padding")
    search.press("Enter")
    presets.get_by_role("button", name="Sharpening with a ring of zeros").click()
    stage.expect_shape(5, 5)
    stage.expect_sum("114")
    expect(
        alerts(page).get_by_text("Coimbra: Sharpening with a ring of zeros.")
    ).to_be_visible()
    page.keyboard.press("Escape")
    assert stage.rows() == (
        "114 328 -26 470 158 / 53 266 -61 -30 344 / 403 116 -47 295 244 / "
        "108 -135 256 -128 344 / 314 346 279 153 421"
    )
    expect_setting(page, "stride_height", None)
    expect_setting(page, "pad_height", "1")


def test_the_back_button_leads_out_of_a_preset(visit: Visit) -> None:
    page = visit("/convolution")
    stage = Stage(page)
    before = page.evaluate("history.length")
    presets = menu(page, "Presets")
    presets.get_by_role("button", name="The worked example with stride 2").click()
    stage.expect_shape(2, 2)
    expect_setting(page, "kernel_numbers", "0 1 2 / 2 2 0 / 0 1 2")
    quiet(page)
    for _ in range(page.evaluate("history.length") - before):
        here = address(page)
        page.go_back()
        eventually(page, lambda here=here: address(page) != here, expected=True)
        page.wait_for_timeout(300)  # a person looks before going on
        quiet(page)
    assert settings(page) == {}
    stage.expect_shape(3, 3)
    stage.expect_sum("12")
    Slider(page, "stride_height").expect_value(1)


def test_the_home_page_finds_the_preset_with_760_parameters(visit: Visit) -> None:
    page = visit("/")
    search = page.get_by_role("textbox", name="Search")
    search.fill("760")
    search.press("Enter")
    page.get_by_role("link", name="How many parameters?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Convolution")
    settled(page)
    expect(Stage(page).title("output")).to_have_text("Output 28 x 28 x 10")
    expect(page.get_by_text("(5*5*3 + 1) * 10 = 760")).to_be_visible()


def test_searching_for_nothing_that_there_is_says_so(visit: Visit) -> None:
    page = visit("/")
    search = page.get_by_role("textbox", name="Search")
    search.fill("zebra")
    search.press("Enter")
    expect(page.get_by_text("No preset has 'zebra'")).to_be_visible()
    search.fill("reflect")
    search.press("Enter")
    expect(page.get_by_role("link", name="Padding by reflection")).to_be_visible()


def test_what_the_settings_say_on_a_slow_line_undoes_no_click(visit: Visit) -> None:
    page = visit("/convolution")
    hears_late(page)
    stage = Stage(page)
    stage.expect_shape(3, 3)
    Slider(page, "pad_height").press("ArrowRight")
    stage.expect_shape(5, 5)
    # The settings ask for themselves when the stage has rested; what the click brought is
    # still on its way to the browser then.
    late(page, 900)
    stage.click("output", 1, 0)
    quiet(page)
    page.wait_for_timeout(2_000)
    late(page, 0)
    expect_setting(page, "cell", "1,0")
    shared = menu(page, "Share")
    expect(shared.locator("code")).to_contain_text("cell=1%2C0")
