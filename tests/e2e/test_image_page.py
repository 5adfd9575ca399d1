"""The page "Image as numbers"; the pixels are read with Pillow, not with the app's code."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.boards import Boards
from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    Slider,
    choose,
    eventually,
    expect_setting,
    menu,
    numbers_in,
    settled,
    view,
)

pytestmark = pytest.mark.e2e

CHELSEA = Path(skimage.__file__).parent / "data" / "chelsea.png"
TRIPLES = "/image?picture=triples&top=0&left=0&rows=1&columns=3"


def test_coimbras_triples_are_red_green_and_blue(visit: Visit) -> None:
    page = visit("/image")
    menu(page, "Presets").get_by_role("button", name="Red, green and blue as triples").click()
    boards = Boards(page)
    expect(boards.root.locator(".cropped h4")).to_have_text("Crop, 1 x 3")
    page.keyboard.press("Escape")
    settled(page)
    # Luma of ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.
    for column, (colour, grey) in enumerate(
        [((255, 0, 0), "76.245"), ((0, 255, 0), "149.685"), ((0, 0, 255), "29.07")]
    ):
        boards.point("Crop", 0, column)
        expect(boards.where).to_contain_text(f"pixel [0, {column}] of the crop")
        boards.expect_pixel(*colour)
        expect(boards.what).to_have_text(re.compile(rf"= {re.escape(grey)}$"))


def test_picture_crop_planes_and_vector_are_linked(visit: Visit) -> None:
    page = visit("/image?method=nearest&top=10&left=20")
    boards = Boards(page)
    small = np.asarray(
        Image.open(CHELSEA).convert("RGB").resize((64, 43), Image.Resampling.NEAREST)
    )
    for title, channel, row, column in (
        ("Crop", 0, 0, 0), ("R red", 0, 6, 6), ("G green", 1, 2, 5), ("B blue", 2, 4, 1),
    ):  # fmt: skip
        boards.point(title, row, column)
        expect(boards.where).to_contain_text(f"[{10 + row}, {20 + column}] of the picture")
        index = (row * 7 + column) * 3 + channel
        expect(boards.where).to_contain_text(f"x[{row}, {column}, {channel}] is number")
        expect(boards.where).to_contain_text(f"= {index} of the vector")
        boards.expect_pixel(*small[10 + row, 20 + column])
    page.mouse.move(*boards.pixel_of_picture(13, 24))
    expect(boards.where).to_contain_text("pixel [3, 4] of the crop, [13, 24] of the picture")
    boards.expect_pixel(*small[13, 24])
    boards.strip.scroll_into_view_if_needed()
    box = boards.strip.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 100.5 / 147, box["y"] + 10)
    # Number 100 is the second channel of pixel 33, which is [4, 5].
    expect(boards.where).to_contain_text("x[4, 5, 1] is number (4 * 7 + 5) * 3 + 1 = 100")
    boards.expect_pixel(*small[14, 25])


def test_at_full_size_the_pixels_are_those_of_the_file(visit: Visit) -> None:
    boards = Boards(visit("/image?side=451&top=100&left=200&rows=4&columns=4"))
    whole = np.asarray(Image.open(CHELSEA).convert("RGB"))
    expect(boards.root.locator(".whole h4")).to_have_text("Picture, 300 x 451 x 3")
    for row, column in ((0, 0), (3, 2)):
        boards.point("B blue", row, column)
        expect(boards.where).to_contain_text(f"[{100 + row}, {200 + column}] of the picture")
        boards.expect_pixel(*whole[100 + row, 200 + column])


def test_dragging_the_frame_moves_the_crop_and_the_link(visit: Visit) -> None:
    page = visit("/image?top=24&left=24")
    boards = Boards(page)
    page.mouse.move(*boards.pixel_of_picture(27, 27))
    page.mouse.down()
    page.mouse.move(*boards.pixel_of_picture(17, 47), steps=8)
    page.mouse.up()
    expect_setting(page, "top", "14")
    expect_setting(page, "left", "44")
    Slider(page, "top").expect_value(14)
    # The pointer is still where the button was let go.
    expect(boards.where).to_contain_text("[17, 47] of the picture")
    boards.picture.press("ArrowDown")
    boards.picture.press("ArrowLeft")
    expect_setting(page, "top", "15")
    expect_setting(page, "left", "43")
    page.reload()
    settled(page)
    expect(boards.where).to_contain_text("[15, 43] of the picture")


def test_the_crop_sliders_move_and_size_the_crop(visit: Visit) -> None:
    page = visit("/image?top=24&left=24")
    boards = Boards(page)
    Slider(page, "left").expect_ends(0, 57)
    Slider(page, "top").expect_ends(0, 36)
    Slider(page, "top").press("ArrowRight")
    expect(boards.where).to_contain_text("[25, 24] of the picture")
    Slider(page, "rows").press("Home")
    expect(boards.root.locator(".cropped h4")).to_have_text("Crop, 1 x 7")
    Slider(page, "top").expect_ends(0, 42)
    Slider(page, "columns").drag(16)
    expect(boards.root.locator(".cropped h4")).to_have_text("Crop, 1 x 16")
    Slider(page, "left").expect_ends(0, 48)


def test_a_pixel_is_changed_and_taken_back(visit: Visit) -> None:
    page = visit(TRIPLES)
    boards = Boards(page)
    page.mouse.dblclick(*boards.place("G green", 0, 2))
    boards.editor.fill("99")
    boards.editor.press("Enter")
    expect_setting(page, "changes", "x.0.2.1=99")
    boards.point("Crop", 0, 2)
    boards.expect_pixel(0, 99, 255)
    # 0.587 * 99 + 0.114 * 255
    expect(boards.what).to_contain_text("= 87.183")
    other = Boards(visit(f"{TRIPLES}&changes=x.0.2.1%3D99"))
    other.point("R red", 0, 2)
    other.expect_pixel(0, 99, 255)
    page.get_by_text("Pinned and changed pixels").click()
    page.get_by_role("button", name="Take back the last change").click()
    boards.point("Crop", 0, 1)
    boards.point("Crop", 0, 2)
    boards.expect_pixel(0, 0, 255)
    expect_setting(page, "changes", None)


def test_a_pixel_is_pinned_by_a_click(visit: Visit) -> None:
    page = visit("/image")
    boards = Boards(page)
    page.mouse.click(*boards.place("Crop", 3, 5))
    expect_setting(page, "pixel", "3,5")
    page.reload()
    settled(page)
    expect(boards.where).to_contain_text("pixel [3, 5] of the crop")


def test_one_bit_leaves_black_and_white_in_each_channel(visit: Visit) -> None:
    page = visit("/image")
    boards = Boards(page)
    Slider(page, "bits").press("Home")
    expect_setting(page, "bits", "1")
    expect(page.get_by_text("1 bits per channel: 2 levels, 8 colours.")).to_be_visible()
    for row in range(0, 7, 2):
        boards.point("R red", row, row)
        expect(boards.where).to_contain_text(f"pixel [{row}, {row}] of the crop")
        assert set(numbers_in(boards.what.inner_text())[:3]) <= {0, 255}


def test_the_colour_space_changes_the_planes(visit: Visit) -> None:
    page = visit(TRIPLES)
    boards = Boards(page)
    assert boards.titles() == ["R red", "G green", "B blue", "Y luma"]
    choose(page, "space", "hsv")
    expect_setting(page, "space", "hsv")
    eventually(page, lambda: boards.titles()[0][0], "H")
    # Red, green and blue are a third of the colour wheel apart, pure and fully bright.
    for column, hue in enumerate((0, 120, 240)):
        boards.point("Crop", 0, column)
        expect(boards.where).to_contain_text(f"pixel [0, {column}] of the crop")
        shown = numbers_in(boards.what.inner_text().split(";")[0])
        assert shown == [hue, 1, 1]
    choose(page, "space", "grey")
    eventually(page, lambda: len(boards.titles()), 1)


def test_the_vector_lists_the_numbers_pixel_by_pixel(visit: Visit) -> None:
    page = visit(TRIPLES)
    view(page, "vector")
    expect(page.locator("[data-testid='stCode']")).to_contain_text(
        "[255, 0, 0, 0, 255, 0, 0, 0, 255]"
    )
    expect(page.get_by_text("1 * 3 * 3 = 9")).to_be_visible()


def test_the_facts_count_the_bytes(visit: Visit) -> None:
    page = visit("/image")
    expect(page.get_by_text("43 * 64 * 3 * 1 byte = 8,256")).to_be_visible()
    expect(page.get_by_text("(300, 451, 3)")).to_be_visible()
    view(page, "histogram")
    expect(page.get_by_role("figure", name="Histogram of")).to_be_visible()
