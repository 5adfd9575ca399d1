"""A mask is painted in the browser: its numbers are Python's of the mask that came back."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.images.masks import decode_mask, encode_mask
from core.lessons.masks import MasksLesson
from core.lessons.masks_case import drawn, square
from core.vision.metrics import compare
from core.vision.metrics.formulas import MEASURES, counts_of
from tests.e2e.pages import (
    Slider,
    choose,
    eventually,
    expect_setting,
    follow,
    hears_late,
    late,
    menu,
    quiet,
    settings,
    tab,
    view,
)
from tests.e2e.test_taking_home import fetch

pytestmark = pytest.mark.e2e

SQUARE = "?mask_truth=square&mask_diameter=64"
EMPTY = f"{SQUARE}&mask_start=empty"
# The square has the pixels 32 to 95 of 128: a quarter of the side is free all around.


@pytest.fixture
def masks(visit):
    """Open the page with a query, once the picture is there and its boundary compared."""

    def open_page(query: str = "", **options) -> Page:
        page = visit(f"/masks{query}", **options)
        page.locator(
            ".painter[data-waiting='false'][data-pictured][data-fresh='true']"
        ).wait_for()
        return page

    return open_page


def spot(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place on the picture, by shares of its sides."""
    box = page.locator(".painter .top").bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Paint from place to place with the mouse."""
    page.mouse.move(*spot(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*spot(page, *place), steps=6)
    page.mouse.up()


def number(page: Page, measure: str) -> str:
    return page.locator(f".painter [data-measure='{measure}'] b").text_content() or ""


def counts(page: Page) -> dict[str, int]:
    """What the legend says."""
    words = page.locator(".painter .legend b").all_text_contents()
    return {kind: int(count) for kind, count in (word.split() for word in words)}


def fresh(page: Page) -> None:
    """Until Python has what was painted."""
    page.locator(".painter[data-fresh='true']").wait_for()


def test_painting_counts_pixels_and_python_counts_the_same(masks):
    page = masks(EMPTY)
    assert number(page, "iou") == "0.000"
    assert counts(page) == {"TP": 0, "FP": 0, "FN": 64 * 64, "TN": 128 * 128 - 64 * 64}
    page.mouse.move(*spot(page, 0.3, 0.5))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.6, 0.5), steps=4)
    # While the button is still down: what is under the brush is counted.
    eventually(page, lambda: counts(page)["TP"] > 0, True)
    page.mouse.move(*spot(page, 0.8, 0.6), steps=4)
    page.mouse.up()
    fresh(page)
    name, data = fetch(page, menu(page, "Download"), "Painted mask (PNG)")
    assert name == "painted.png"
    painted = decode_mask(data, (128, 128)).mask
    found = compare(square(64), painted)
    assert counts(page) == counts_of(found)
    for slug, measure in MEASURES.items():
        assert number(page, slug) == f"{getattr(found, slug):.3f}"
        line = page.locator(f".painter [data-measure='{slug}'] code").text_content()
        assert f"{measure.title} = {line}" == measure.line(counts_of(found))
    assert found.counts[0] > 300
    assert found.counts[1] > 50


def test_undo_redo_eraser_and_keys(masks):
    page = masks(EMPTY)
    stroke(page, (0.4, 0.5), (0.6, 0.5))
    first = counts(page)["TP"]
    stroke(page, (0.4, 0.6), (0.6, 0.6))
    eventually(page, lambda: counts(page)["TP"] > first, True)
    both = counts(page)["TP"]
    page.get_by_role("button", name="Undo").click()
    eventually(page, lambda: counts(page)["TP"], first)
    page.get_by_role("button", name="Redo").click()
    eventually(page, lambda: counts(page)["TP"], both)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "true")
    stroke(page, (0.35, 0.5), (0.65, 0.5))
    eventually(page, lambda: counts(page)["TP"] < both, True)
    page.keyboard.press("z")
    eventually(page, lambda: counts(page)["TP"], both)
    page.get_by_role("button", name="Clear").click()
    eventually(page, lambda: counts(page)["TP"], 0)
    page.get_by_role("button", name="Invert").click()
    eventually(page, lambda: number(page, "recall"), "1.000")
    assert number(page, "iou") == "0.250"


def test_a_polygon_around_the_square_is_the_square(masks):
    page = masks(EMPTY)
    page.get_by_role("button", name="Polygon").click()
    corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    for corner in corners[:2]:
        page.mouse.click(*spot(page, *corner))
    page.keyboard.press("Escape")
    for corner in corners:
        page.mouse.click(*spot(page, *corner))
    page.keyboard.press("Enter")
    eventually(page, lambda: float(number(page, "iou")) > 0.97, True)
    for corner in [(0.1, 0.1), (0.2, 0.1)]:
        page.mouse.click(*spot(page, *corner))
    page.mouse.dblclick(*spot(page, 0.2, 0.2))
    eventually(page, lambda: counts(page)["FP"] > 50, True)
    # Cut out again, closed by its first corner.
    page.keyboard.down("Shift")
    for corner in [(0.05, 0.05), (0.24, 0.05), (0.24, 0.24), (0.05, 0.24), (0.05, 0.05)]:
        page.mouse.click(*spot(page, *corner))
    page.keyboard.up("Shift")
    eventually(page, lambda: counts(page)["FP"] < 20, True)


def test_the_keyboard_alone_paints(masks):
    page = masks(EMPTY)
    page.locator(".painter .top").focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    eventually(page, lambda: counts(page)["TP"] > 80, True)
    fresh(page)
    assert number(page, "boundary_f") != "\u2026"


def test_what_was_painted_outlives_another_setting_and_another_page(masks):
    page = masks(EMPTY)
    stroke(page, (0.4, 0.5), (0.6, 0.5))
    fresh(page)
    painted = counts(page)["TP"]
    choose(page, "mask_start", "full")
    eventually(page, lambda: number(page, "recall"), "1.000")
    choose(page, "mask_start", "empty")
    eventually(page, lambda: counts(page)["TP"], painted)
    page.get_by_role("link", name="Softmax").click()
    page.locator(".softmax[data-ready='true']").wait_for()
    page.get_by_role("link", name="Masks", exact=True).click()
    fresh(page)
    eventually(page, lambda: counts(page)["TP"], painted)


def test_the_truth_moved_by_a_slider_and_its_boundary(masks):
    page = masks(f"{SQUARE}&mask_right=0&mask_down=0")
    assert number(page, "iou") == "1.000"
    Slider(page, "mask_grow").press("ArrowLeft")
    eventually(page, lambda: number(page, "iou"), f"{(62 / 64) ** 2:.3f}")
    view(page, "boundary")
    expect(page.locator(".st-key-masks_boundary li")).to_have_count(2)
    tab(page, "Shown")
    Slider(page, "mask_tolerance").press("Home")
    fresh(page)
    eventually(page, lambda: number(page, "boundary_f"), "0.000")


def test_the_slider_of_the_view_imbalance_is_in_the_link(masks):
    page = masks("?view=imbalance")
    expect(page.get_by_text("0 / (0 + 0 + 200)", exact=True)).to_be_visible()
    Slider(page, "mask_share").press("ArrowRight")
    expect(page.get_by_text("0 / (0 + 0 + 500)", exact=True)).to_be_visible()
    choose(page, "mask_says", "everything")
    expect(page.get_by_text("500 / (500 + 9500 + 0)", exact=True)).to_be_visible()
    Slider(page, "mask_right").press("ArrowRight")
    expect_setting(page, "mask_right", "7")
    assert (settings(page)["mask_share"], settings(page)["mask_says"]) == ("5.0", "everything")
    view(page, "facts")
    view(page, "imbalance")
    expect(page.get_by_text("500 / (500 + 9500 + 0)", exact=True)).to_be_visible()


def test_cells_of_the_example_are_pressed_and_painted(masks):
    page = masks("?mask_truth=example&view=example")
    assert number(page, "iou") == "0.400"
    predicted = page.locator(".cells section").nth(1).get_by_role("button")
    predicted.nth(4 * 6 + 1).click()  # one of the missed cells
    eventually(page, lambda: counts(page)["TP"], 7)
    expect(page.locator(".cells h4 small").nth(2)).to_have_text("TP 7, FP 3, FN 5, TN 21")
    page.locator(".painter .top").click(position={"x": 20, "y": 20})  # the first cell
    eventually(page, lambda: counts(page)["FP"], 4)
    rows = "100000-001110-001110-001110-010000-000000"
    expect_setting(page, "mask_said_cells", rows)
    expect(page.locator(".cells h4 small").nth(2)).to_have_text("TP 7, FP 4, FN 5, TN 20")
    follow(page, f"/masks?mask_truth=example&mask_said_cells={rows}")
    eventually(page, lambda: number(page, "iou"), f"{7 / 16:.3f}")


def test_an_own_mask_is_compared_and_a_wrong_size_refused(visit):
    page = visit("/masks?mask_truth=file&mask_start=full&photo=coffee")
    truth = drawn(MasksLesson(mask_truth="square")).truth
    files = page.locator(".st-key-masks_file input[type='file']")
    files.set_input_files(
        {"name": "small.png", "mimeType": "image/png", "buffer": encode_mask(truth)}
    )
    expect(
        page.get_by_text("The mask has 128 x 128 pixels, the picture 600 x 400")
    ).to_be_visible()
    half = np.zeros((400, 600), bool)
    half[:, :300] = True
    files.set_input_files(
        {"name": "half.png", "mimeType": "image/png", "buffer": encode_mask(half)}
    )
    expect(page.get_by_text("In use: half.png, 50.0% inside.")).to_be_visible()


def test_on_a_phone_nothing_sticks_out(masks):
    page = masks(SQUARE, viewport={"width": 390, "height": 844})
    main = page.locator("[data-testid='stMain']")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
    assert page.locator(".painter").evaluate("part => part.scrollWidth") <= 390
    assert re.fullmatch(r"0\.\d{3}", number(page, "iou"))
    assert settings(page)["mask_truth"] == "square"


def test_a_view_left_and_opened_again_on_a_slow_line_comes_whole(masks):
    page = masks("?view=imbalance")
    hears_late(page)
    expect(page.get_by_text("0 / (0 + 0 + 200)", exact=True)).to_be_visible()
    for _ in range(4):  # runs of the page without the view
        menu(page, "Download")
        quiet(page)
        page.keyboard.press("Escape")
        quiet(page)
    late(page, 1200)
    view(page, "facts")
    page.wait_for_timeout(700)  # it has been drawn, but the browser does not know
    view(page, "imbalance")
    page.wait_for_timeout(3_000)
    late(page, 0)
    expect(page.get_by_text("0 / (0 + 0 + 200)", exact=True)).to_be_visible()
